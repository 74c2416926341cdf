"""Works through the texts that wait: understands a batch outside any transaction, then acts on it in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
HELD = timedelta(seconds=20)  # far longer than a batch takes; a dead worker's texts are free after it

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

        Texts are held while they are worked on, and each try is counted before anything is read: a text that ends the
        process is not tried for ever. A text that fails takes nothing with it: the batch is done again one text at a time.
        After three tries the text goes unread into triage, where a person reads it; what cannot even be filed is set
        apart. Trouble of the database is no text's fault: it is raised, and the try does not count.
        """
        with self.database.read() as session:
            handbook = self.handbook(session)
        waiting = self._take_up()
        read = [one for text in waiting if (one := self._understand(text))]
        try:
            self._together(read, handbook)
            self._let_go([text.id for text in waiting])
        except OperationalError:
            self._give_back([text.id for text in waiting])
            raise
        return len(waiting)

    def _together(self, read: Sequence[Understood], handbook: Handbook) -> None:
        try:
            self._act(read, handbook)
        except OperationalError:
            raise
        except Exception:
            log.exception("a batch of texts failed; each is tried alone", texts=len(read))
            for one in read:
                self._alone(one, handbook)

    def _take_up(self) -> Sequence[Waiting]:
        now = self.now()
        free = (Inbound.state == "received") & (Inbound.held_until.is_(None) | (Inbound.held_until <= now))
        with self.database.write() as session:
            session.execute(
                update(Inbound)
                .where(free, Inbound.attempts > STRIKES)
                .values(state="quarantined", reason="could not be filed")
            )
            query = select(Inbound.id, Inbound.body, Inbound.attempts).where(free)
            oldest = query.order_by(Inbound.id).limit(BATCH).with_for_update(skip_locked=True)
            rows = [Waiting(*row) for row in session.execute(oldest)]
            if rows:
                held = update(Inbound).where(Inbound.id.in_([row.id for row in rows]))
                session.execute(held.values(attempts=Inbound.attempts + 1, held_until=now + HELD))
        return rows

    def _give_back(self, ids: Sequence[int]) -> None:
        """The try does not count, and the texts wait for the next one. Where even this fails they are free when their
        time is up."""
        mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received")
        try:
            with self.database.write() as session:
                session.execute(mine.values(attempts=Inbound.attempts - 1, held_until=None))
        except OperationalError:
            log.warning("texts could not be given back", texts=len(ids))

    def _let_go(self, ids: Sequence[int]) -> None:
        """What is still waiting after its try is free for the next one."""
        failed = select(Inbound.id).where(Inbound.id.in_(ids), Inbound.state == "received")
        with self.database.read() as session:
            left = session.scalars(failed).all()
        if left:
            with self.database.write() as session:
                session.execute(update(Inbound).where(Inbound.id.in_(left)).values(held_until=None))

    def _understand(self, text: Waiting) -> Understood | None:
        """After three tries only the cry for help is still heard."""
        read = self._read(text)
        if text.attempts < STRIKES or (read and read.emergency):
            return (text.id, read, read.command or parse(text.body)) if read else None
        return text.id, UNREAD, Command(Verb.COMPLAINT, text.body)

    def _read(self, text: Waiting) -> Understanding | None:
        try:
            return self.reader.read(text.body)
        except Exception:
            log.exception("a text could not be read", inbound=text.id)
            return None

    def _act(self, read: Sequence[Understood], handbook: Handbook) -> None:
        """Asks the database nothing that a change not yet written would alter, so changes go out together at the end."""
        now = self.now()
        with self.database.write() as session, session.no_autoflush:
            ids = [row_id for row_id, _, _ in read]
            mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received").values(state="processed")
            rows = {row.id: row for row in session.scalars(mine.returning(Inbound))}
            conversation = Conversation(session, handbook, self.speech)
            conversation.meet((row.sender for row in rows.values()), now)
            for row_id, understood, command in read:
                if row_id in rows:
                    conversation.answer(rows[row_id], understood, command, now)

    def _alone(self, one: Understood, handbook: Handbook) -> None:
        try:
            self._act([one], handbook)
        except OperationalError:
            raise
        except Exception:
            log.exception("a text could not be worked on", inbound=one[0])


def waiting(session: Session) -> int:
    """How many texts wait to be worked on."""
    return session.scalar(select(func.count()).where(Inbound.state == "received")) or 0
