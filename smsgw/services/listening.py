"""Works through the texts that wait: understands a batch outside any transaction, then acts on it in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from smsgw.domain.grammar import Command, parse
from smsgw.domain.understanding import Reader, Understanding
from smsgw.services.conversation import Conversation
from smsgw.services.handbook import Handbook
from smsgw.store.database import Database
from smsgw.store.tables import Inbound
from smsgw.text.speech import Speech

BATCH = 64
STRIKES = 3

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
        anything is read; after three a person sees the text instead.
        """
        waiting = self._take_up()
        if not waiting:
            return 0
        read = [one for row_id, body in waiting if (one := self._understand(row_id, body))]
        try:
            self._act(read)
        except Exception:
            log.exception("a batch of texts failed; each is tried alone", texts=len(read))
            for one in read:
                self._alone(one)
        return len(waiting)

    def _take_up(self) -> Sequence[tuple[int, str]]:
        with self.database.write() as session:
            session.execute(
                update(Inbound)
                .where(Inbound.state == "received", Inbound.attempts >= STRIKES)
                .values(state="quarantined", reason="failed three times")
            )
            query = (
                select(Inbound.id, Inbound.body).where(Inbound.state == "received").order_by(Inbound.id).limit(BATCH)
            )
            rows = [(row.id, row.body) for row in session.execute(query.with_for_update(skip_locked=True))]
            if rows:
                ids = [row_id for row_id, _ in rows]
                session.execute(update(Inbound).where(Inbound.id.in_(ids)).values(attempts=Inbound.attempts + 1))
        return rows

    def _understand(self, row_id: int, body: str) -> Understood | None:
        try:
            read = self.reader.read(body)
            return row_id, read, read.command or parse(body)
        except Exception:
            log.exception("a text could not be read", inbound=row_id)
            return None

    def _act(self, read: Sequence[Understood]) -> None:
        with self.database.write() as session:
            ids = [row_id for row_id, _, _ in read]
            mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received").values(state="processed")
            rows = {row.id: row for row in session.scalars(mine.returning(Inbound))}
            conversation = Conversation(session, self.handbook(session), self.speech)
            for row_id, understood, command in read:
                if row_id in rows:
                    conversation.answer(rows[row_id], understood, command, self.now())

    def _alone(self, one: Understood) -> None:
        try:
            self._act([one])
        except Exception:
            log.exception("a text could not be worked on", inbound=one[0])


def waiting(session: Session) -> int:
    """How many texts wait to be worked on."""
    return session.scalar(select(func.count()).where(Inbound.state == "received")) or 0
