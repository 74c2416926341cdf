"""Works through the texts that wait: understands a batch outside any transaction, then acts on it in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.codes import Mint
from smsgw.domain.grammar import Command, Verb, parse
from smsgw.domain.orders import Order
from smsgw.domain.orders import parse as ordered
from smsgw.domain.understanding import Intent, Reader, Understanding
from smsgw.services import joining, repeating, sealing
from smsgw.services.conversation import USSD, Conversation
from smsgw.services.handbook import Handbook
from smsgw.services.obeying import Orderly
from smsgw.services.setting_apart import set_apart
from smsgw.store import inbox
from smsgw.store.away import is_away
from smsgw.store.database import Database, StoreError
from smsgw.store.inbox import Arrived, Outcome
from smsgw.text.speech import Speech

BATCH = 64
STRIKES = 3
HELD = timedelta(seconds=20)  # far longer than a batch takes; a dead worker's texts are free after it

UNREAD = Understanding(Intent.NEW_COMPLAINT, reasons=("could not be read by machine",))

log = structlog.get_logger()


class Understood(NamedTuple):
    """A text and what it means."""

    text: Arrived
    read: Understanding
    command: Command


@dataclass(frozen=True, slots=True)
class Listener:
    """What is needed to work through texts."""

    database: Database
    reader: Reader
    speech: Speech
    handbook: Callable[[Session], Handbook]
    repeaters: frozenset[str]
    now: Callable[[], datetime]
    mint: Mint

    def batch(self) -> int:
        """Works through up to `BATCH` waiting texts, oldest first; how many it took up, 0 when none waits.

        Texts are held while they are worked on, and each try is counted before anything is read: a text that ends the
        process is not tried for ever. A text that fails takes nothing with it: the batch is done again one text at a time.
        After three tries the text goes unread into triage, where a person reads it; what cannot even be filed is set
        apart, where a person sees it. Trouble of the database is no text's fault: it is raised, and the try does not count.
        """
        with self.database.read() as session:
            handbook = self.handbook(session)
            parts = joining.ready(session, self.now())
        joining.join(self.database, parts, self.now())
        waiting = self._take_up()
        if waiting:
            crash.point("after_take_up")
        read = [one for text in waiting if (one := self._understand(text))]
        try:
            rest = [one for one in read if not self._is_obeyed(one, handbook)]
            if not self._together(rest, handbook) or len(rest) < len(waiting):
                self._let_go(waiting)
        except StoreError as trouble:
            if is_away(trouble):
                self._give_back(waiting)
            raise
        return len(waiting)

    def _together(self, read: Sequence[Understood], handbook: Handbook) -> bool:
        """False when something failed."""
        try:
            self._act(read, handbook)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a batch of texts failed; each is tried alone", texts=len(read))
            for one in read:
                self._alone(one, handbook)
            return False
        return True

    def _take_up(self) -> Sequence[Arrived]:
        now = self.now()
        with self.database.write() as session:
            set_apart(session, self.speech, now, after_tries=STRIKES)
            return inbox.take_up(session, now, now + HELD, BATCH)

    def _give_back(self, texts: Sequence[Arrived]) -> None:
        """Where even this fails they are free when their time is up."""
        try:
            with self.database.write() as session:
                inbox.give_back(session, [text.id for text in texts])
        except StoreError:
            log.warning("texts could not be given back", texts=len(texts))

    def _let_go(self, texts: Sequence[Arrived]) -> None:
        with self.database.write() as session:
            inbox.let_go(session, [text.id for text in texts])

    def _understand(self, text: Arrived) -> Understood | None:
        """After three tries only the cry for help is still heard."""
        read = self._read(text)
        if text.attempts < STRIKES or (read and read.emergency):
            return Understood(text, read, read.command or parse(text.body)) if read else None
        return Understood(text, UNREAD, Command(Verb.COMPLAINT, text.body))

    def _read(self, text: Arrived) -> Understanding | None:
        try:
            sealing.found_in(text.body)
            return self.reader.read(text.body)
        except Exception:
            log.exception("a text could not be read", inbound=text.id)
            return None

    def _is_obeyed(self, one: Understood, handbook: Handbook) -> bool:
        """An official's order is done alone, in a transaction of its own, before the citizens' texts: it locks what the desk
        locks. Told by the form of the text, so that the database is asked for hardly any; True too for one that failed and is
        to be tried again."""
        order = ordered(one.text.body) if one.text.attempts < STRIKES and one.text.account != USSD else None
        if order is None:
            return False
        try:
            return self._obey(one, order, handbook)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("an order could not be worked on", inbound=one.text.id)
            return True

    def _obey(self, one: Understood, order: Order, handbook: Handbook) -> bool:
        with self.database.write() as session:
            if not inbox.still_waiting(session, [one.text.id]):
                return True
            orderly = Orderly(session, handbook, self.speech, self.mint, self.now())
            outcome = orderly.obey(one.text, order, emergency=one.read.emergency)
            if outcome:
                inbox.settle(session, [outcome])
        return outcome is not None

    def _act(self, read: Sequence[Understood], handbook: Handbook) -> None:
        """Asks the database nothing that a change not yet written would alter, so changes go out together at the end."""
        now = self.now()
        with self.database.write() as session, session.no_autoflush:
            free = inbox.still_waiting(session, [one.text.id for one in read])
            mine = [one for one in read if one.text.id in free]
            openings = sum(one.command.verb in (Verb.COMPLAINT, Verb.FREE) for one in mine)
            conversation = Conversation(session, handbook, self.speech, max(openings, 1), self.mint)
            conversation.meet((one.text.sender for one in mine), now)
            again = repeating.repeats(session, ((one.text, one.command) for one in mine), self.repeaters)
            outcomes: dict[int, Outcome] = {}
            for text, understood, command in mine:
                if first := again.get(text.id):
                    outcomes[text.id] = repeating.unanswered(text, command, first, outcomes)
                else:
                    outcomes[text.id] = conversation.answer(text, understood, command, now)
            conversation.finish()
            crash.point("mid_process")
            inbox.settle(session, outcomes.values())

    def _alone(self, one: Understood, handbook: Handbook) -> None:
        try:
            self._act([one], handbook)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a text could not be worked on", inbound=one.text.id)
