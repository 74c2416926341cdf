"""Works through the texts that wait: understands a batch outside any transaction, then acts on it in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from smsgw.domain.grammar import Command, Verb, parse
from smsgw.domain.understanding import Intent, Reader, Understanding
from smsgw.services.conversation import Conversation
from smsgw.services.handbook import Handbook
from smsgw.store.database import Database
from smsgw.store.tables import Inbound
from smsgw.text.speech import Speech

BATCH = 64
STRIKES = 3

UNREAD = Understanding(Intent.NEW_COMPLAINT, reasons=("could not be read by machine",))


class Waiting(NamedTuple):
    """A text that waits, and how often it was tried."""

    id: int
    body: str
    attempts: int


Understood = tuple[int, Understanding, Command]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Listener:
    """What is needed to work through texts."""

    database: Database
    reader: Reader
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Works through up to `BATCH` waiting texts, oldest first; how many it took up, 0 when none waits.

        A text that fails takes nothing with it: the batch is done again one text at a time. Each try is counted before
        anything is read. After three, the text goes unread into triage, where a person reads it; what cannot even be filed
        is set apart. Trouble of the database is raised: it is no text's fault.
        """
        waiting = self._take_up()
        if not waiting:
            return 0
        read = [one for text in waiting if (one := self._understand(text))]
        try:
            self._act(read)
        except OperationalError:
            raise
        except Exception:
            log.exception("a batch of texts failed; each is tried alone", texts=len(read))
            for one in read:
                self._alone(one)
        return len(waiting)

    def _take_up(self) -> Sequence[Waiting]:
        with self.database.write() as session:
            session.execute(
                update(Inbound)
                .where(Inbound.state == "received", Inbound.attempts > STRIKES)
                .values(state="quarantined", reason="could not be filed")
            )
            query = select(Inbound.id, Inbound.body, Inbound.attempts).where(Inbound.state == "received")
            oldest = query.order_by(Inbound.id).limit(BATCH).with_for_update(skip_locked=True)
            rows = [Waiting(*row) for row in session.execute(oldest)]
            if rows:
                ids = [row.id for row in rows]
                session.execute(update(Inbound).where(Inbound.id.in_(ids)).values(attempts=Inbound.attempts + 1))
        return rows

    def _understand(self, text: Waiting) -> Understood | None:
        if text.attempts >= STRIKES:
            return text.id, UNREAD, Command(Verb.COMPLAINT, text.body)
        try:
            read = self.reader.read(text.body)
            return text.id, read, read.command or parse(text.body)
        except Exception:
            log.exception("a text could not be read", inbound=text.id)
            return None

    def _act(self, read: Sequence[Understood]) -> None:
        """Asks the database nothing that a change not yet written would alter, so changes go out together at the end."""
        now = self.now()
        with self.database.write() as session, session.no_autoflush:
            ids = [row_id for row_id, _, _ in read]
            mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received").values(state="processed")
            rows = {row.id: row for row in session.scalars(mine.returning(Inbound))}
            conversation = Conversation(session, self.handbook(session), self.speech)
            conversation.meet((row.sender for row in rows.values()), now)
            for row_id, understood, command in read:
                if row_id in rows:
                    conversation.answer(rows[row_id], understood, command, now)

    def _alone(self, one: Understood) -> None:
        try:
            self._act([one])
        except Exception:
            log.exception("a text could not be worked on", inbound=one[0])


def waiting(session: Session) -> int:
    """How many texts wait to be worked on."""
    return session.scalar(select(func.count()).where(Inbound.state == "received")) or 0
