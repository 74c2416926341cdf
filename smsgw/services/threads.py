"""What each writer of a batch talks of: their complaints of late, the open questions, and where a text belongs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.answers import Answer, tells_a_matter
from smsgw.domain.coaching import Coaching, Question
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.threads import JUST_NOW, Asks, Joins, Thread, Verdict, belongs
from smsgw.domain.understanding import Intent, Understanding
from smsgw.services import citizens, coaching
from smsgw.services.citizens import Acquaintance
from smsgw.store.inbox import Arrived
from smsgw.store.later import Later
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint

TALK = "talk"  # the prompt that only says what was talked of just now
STILL = (*OPEN_STATES, "answered")
# What these say is said whatever was asked, unless nearly every word of it is the answer.
_PLAIN_INTENTS = frozenset({Intent.STOP, Intent.SPAM, Intent.MENU, Intent.HELP, Intent.STATUS, Intent.WRONG_NUMBER})
_SPOKEN_BESIDE = frozenset({Intent.THANKS, Intent.RATING})  # "cam on, o to 5" is an answer too


class Threads:
    """The conversations of one batch. Asked of the database once a batch; again only for who opened a complaint in it."""

    def __init__(self, session: Session, later: Later, coaching: Coaching) -> None:
        self._session, self._later, self._coaching = session, later, coaching
        self._met = Acquaintance()
        self._fresh: dict[int, Sequence[Complaint]] = {}
        self._stale: set[int] = set()

    def meet(self, phones: Iterable[str], now: datetime) -> None:
        """Makes out at once who wrote; without it each is asked for alone."""
        self._met = citizens.met(self._session, phones, now)

    def citizen(self, phone: str, now: datetime) -> Citizen:
        return self._met.citizens.get(phone) or citizens.citizen_of(self._session, phone, now)

    def is_first_heard(self, citizen: Citizen) -> bool:
        """Whether nothing is known of this citizen but the text at hand."""
        return citizen.id in self._met.strangers and citizen.id not in self._stale and citizen.id not in self._fresh

    def opened(self, citizen: Citizen) -> None:
        """This citizen has a complaint that still waits to be written."""
        self._stale.add(citizen.id)

    def written(self, citizen: Citizen) -> None:
        """Whoever asks the database for this citizen's complaints finds them all."""
        if citizen.id in self._stale:
            self._later.write()

    def talked_of(self, citizen: Citizen, now: datetime) -> Sequence[Complaint]:
        """The complaints that a text without a reference may belong to, newest first."""
        if citizen.id in self._stale or not self._is_met(citizen):
            self.written(citizen)
            self._stale.discard(citizen.id)
            self._fresh[citizen.id] = citizens.talked_of(self._session, citizen, now)
        found = self._fresh.get(citizen.id, self._met.talked_of.get(citizen.id, ()))
        return [complaint for complaint in found if complaint.state in STILL]

    def _is_met(self, citizen: Citizen) -> bool:
        return citizen.id in self._fresh or citizen.phone in self._met.citizens

    def belongs(self, text: Arrived, read: Understanding, citizen: Citizen, now: datetime) -> Verdict:
        """Where a text without a reference belongs. What only says when, where or who is of no field of its own."""
        if read.category and not tells_a_matter(read) and coaching.told_alone(text, read):
            read = replace(read, category=None)
        found = self.talked_of(citizen, now)
        threads = [_thread(complaint, citizen) for complaint in found]
        return belongs(text.body, read, threads, now, self._coaching.window)

    def waits(self, citizen: Citizen, now: datetime) -> bool:
        """Whether any of the citizen's complaints waits for an answer."""
        return any(coaching.open_question(complaint, now) for complaint in self.talked_of(citizen, now))

    def asked(
        self, text: Arrived, read: Understanding, command: Command, citizen: Citizen, now: datetime
    ) -> Complaint | None:
        """The complaint whose open question this text answers, or tries to; None where it speaks of something else. Of
        several the one that it answers, else the one asked last."""
        waiting = [c for c in self.talked_of(citizen, now) if _may_answer(command, coaching.open_question(c, now))]
        waiting.sort(key=lambda c: c.asked_at or c.received_at, reverse=True)
        answers = ((complaint, coaching.heard_as(complaint, text, read, now)) for complaint in waiting)
        meant = [one for one in answers if self._is_meant(*one, text, read, command, now)]
        best = max(meant, key=lambda one: (not _is_elsewhere(one[0], read), one[1].plainly, one[1].fills), default=None)
        return best[0] if best else None

    def _is_meant(
        self, complaint: Complaint, heard: Answer, text: Arrived, read: Understanding, command: Command, now: datetime
    ) -> bool:
        """Whether the text was written because this was asked."""
        question = coaching.open_question(complaint, now)
        if command.verb is Verb.COMPLAINT:
            return heard.fills and complaint.category is None
        if read.intent in _SPOKEN_BESIDE:
            return heard.plainly or (question is Question.FREE and read.intent is Intent.RATING)
        if read.intent in _PLAIN_INTENTS:
            return (heard.plainly and heard.bare) or (heard.knows_not and read.intent is Intent.HELP)
        if not tells_a_matter(read):
            return True
        if heard.bare or (question is Question.WHAT and heard.fills):
            return True
        alone = belongs(text.body, read, [_retold(complaint, now)], now, self._coaching.window)
        if question is Question.FREE:
            same_field = read.category in (None, complaint.category)
            return isinstance(alone, Joins) or same_field or not (heard.complains and read.place_text)
        return isinstance(alone, Joins) or (heard.fills and isinstance(alone, Asks))


def _may_answer(command: Command, question: Question | None) -> bool:
    """With its keyword a text is a complaint, unless it was asked what the complaint is."""
    return question is not None and (command.verb is not Verb.COMPLAINT or question is Question.WHAT)


def _is_elsewhere(complaint: Complaint, read: Understanding) -> bool:
    return bool(read.ward and complaint.ward and read.ward != complaint.ward)


def _thread(complaint: Complaint, citizen: Citizen) -> Thread:
    talked_at = max(at for at in (complaint.received_at, complaint.asked_at, complaint.answered_at) if at)
    if citizen.prompt == TALK and citizen.prompt_complaint_id == complaint.id and citizen.prompt_until:
        talked_at = max(talked_at, citizen.prompt_until - JUST_NOW)
    return Thread(
        id=complaint.id,
        category=complaint.category,
        ward=complaint.ward,
        place=complaint.place or "",
        text=complaint.text,
        talked_at=talked_at,
        hidden=complaint.private,
    )


def _retold(complaint: Complaint, now: datetime) -> Thread:
    """The complaint as just talked of: it waits for an answer."""
    return Thread(complaint.id, complaint.category, complaint.ward, complaint.place or "", complaint.text, now)
