"""Writes to a citizen for an office: an answer that ends the matter, or a question that it waits for."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from smsgw.domain.clarity import Lack, lacks
from smsgw.domain.coaching import Question
from smsgw.domain.notices import Lane, Notice, OfficeQuestion
from smsgw.domain.progress import Act, Refusal, State, decide
from smsgw.domain.second_look import Why
from smsgw.services import citizens, coaching, holding, merging, pausing, waiting, windows
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.standing import how_it_stood
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.services.wording import Findings, Written, look_over
from smsgw.store import calls, complaints
from smsgw.store.tables import Complaint, HeldLetter
from smsgw.text.fit import Fit, folded, measure, mended
from smsgw.text.speech import Speech

REPLY_WITHIN = timedelta(days=7)
MANY_SEGMENTS = 3
LONGEST = 1000


class Kind(StrEnum):
    """What a letter is."""

    ANSWER = "answer"
    QUESTION = "question"


class Flaw(StrEnum):
    """What is wrong with a letter. The first four stop it: a blank that is not filled in and signs that the carrier refuses
    are named in the findings."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    BLANKS = "blanks"
    REFUSED_SIGNS = "refused_signs"
    MANY_SEGMENTS = "many_segments"
    UNREGISTERED = "unregistered"


STOPPING = frozenset({Flaw.EMPTY, Flaw.TOO_LONG, Flaw.BLANKS, Flaw.REFUSED_SIGNS})


@dataclass(frozen=True, slots=True)
class Letter:
    """Words for the citizen. `proof` is that of the preview the official agreed to; `seen` the newest line of the
    history they had read; `at_once` their wish that it goes even in quiet hours; `asks` the gap that a
    question is about, which the reply fills."""

    kind: Kind
    text: str
    proof: str = ""
    seen: int = 0
    at_once: bool = False
    asks: Question = Question.FREE


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact text that would go out, what it takes on the air, what is wrong with it, what an answer lacks, what else was
    found in it, and its proof. `follows` is the text behind it that asks for a verdict, where it has no room for that."""

    body: str
    fit: Fit
    flaws: tuple[Flaw, ...]
    lacks: tuple[Lack, ...] = ()
    findings: Findings = field(default_factory=Findings)
    follows: str = ""

    @property
    def waits(self) -> tuple[Why, ...]:
        """Why a second person looks at it before it goes; nothing when it goes at once."""
        return self.findings.waits

    @property
    def proof(self) -> str:
        """A digest of the exact text: agreeing to it is agreeing to this text and no other."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def may_go(self) -> bool:
        """What is not ours is passed on, never answered away; of all else that it lacks the writer decides."""
        return not STOPPING.intersection(self.flaws) and Lack.HELP not in self.lacks


@dataclass(frozen=True, slots=True)
class Writer:
    """Who acts: an official's id and role names."""

    id: int
    duties: Collection[str]


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter is in the outbox."""

    body: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Nothing was sent: the text would now be another one, or something happened that the official has not read."""

    preview: Preview
    news: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The letter waits for a second person. The complaint stays as it is, and its clock runs."""

    number: int
    reasons: tuple[Why, ...]


Outcome = Sent | Held | LookAgain | Refusal


def preview(session: Session, speech: Speech, complaint: Complaint, letter: Letter) -> Preview:
    """The letter as this citizen would get it."""
    citizen, heard = complaint.citizen, complaints.provider_of(session, complaint.id)
    notice = _notice(complaint, letter)
    body = speech.text(notice, language=citizen.language, tone_marks=citizen.tone_marks, heard=heard)
    fit = measure(body)
    words = mended(letter.text) if citizen.tone_marks else folded(letter.text)
    written = Written(letter.text, body, fit.segments, answers=letter.kind is Kind.ANSWER)
    found = look_over(session, speech, complaint, written, heard)
    flaws = tuple(_flaws(letter.text.strip(), fit, found, says=any(sign.isalnum() for sign in words)))
    judged = letter.kind is Kind.ANSWER and not STOPPING.intersection(flaws)
    follows = windows.follows(session, speech, complaint, letter.text.strip()) if judged else ""
    return Preview(body, fit, flaws, tuple(lacks(letter.text)) if judged else (), found, follows)


def send(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    letter: Letter,
    writer: Writer,
    *,
    now: datetime,
    stops_clock: bool = False,
    goes_at: datetime | None = None,
) -> Outcome:
    """Sends what was agreed to, once, or keeps it until a second person has looked at it.

    An answer that did not arrive may be sent again; it counts from when it was first given. `stops_clock` is the
    locality's rule for the time that a question waits; before `goes_at` an answer waits, and its writer may take it back.
    """
    state = may_write(session, complaint, letter.kind, writer.duties)
    if isinstance(state, Refusal):
        return state
    shown = preview(session, speech, complaint, letter)
    news = complaints.newest_line(session, complaint.id) != letter.seen
    if news or shown.proof != letter.proof or not shown.may_go:
        return LookAgain(shown, news)
    if shown.waits:
        row = HeldLetter(
            kind=letter.kind.value,
            body=letter.text,
            asks=letter.asks.value,
            at_once=letter.at_once,
            written_by=writer.id,
        )
        return Held(holding.hold(session, complaint, row, shown.waits, now=now).id, shown.waits)
    let_out(
        session, speech, handbook, complaint, letter, writer, state, now=now, stops_clock=stops_clock, goes_at=goes_at
    )
    return Sent(shown.body)


def may_write(session: Session, complaint: Complaint, kind: Kind, duties: Collection[str]) -> State | Refusal:
    """The state after a letter of this kind by somebody with these role names, or why it cannot go now."""
    act = Act.ANSWER if kind is Kind.ANSWER else Act.ASK
    unheard = calls.unheard(session, complaint.id)
    return decide(act, complaint.stands, duties, has_office=complaint.office_id is not None, unheard=unheard)


def let_out(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    letter: Letter,
    writer: Writer,
    state: State,
    *,
    now: datetime,
    stops_clock: bool = False,
    goes_at: datetime | None = None,
) -> None:
    """The letter goes, and `state` is where that leads: whoever had to agree has agreed. An answer stops the deadline; a
    question waits seven days for a short reply, and stops the clock where the row of the complaint's term says so; then it
    waits as long as the clock stands, if that is longer."""
    holding.replace(session, complaint.id)
    before = how_it_stood(complaint)
    complaint.state = state
    if letter.kind is Kind.ANSWER:
        pausing.resume(session, handbook, complaint, pausing.Why.ANSWERED, now=now, official_id=writer.id)
        _answer(session, speech, complaint, letter, writer, now, before, goes_at or now)
    else:
        _ask(session, speech, complaint, letter, writer, now)
        waiting.begins(complaint, stops_clock=stops_clock)
        pausing.pause(session, handbook, complaint, now=now, official_id=writer.id)
        coaching.waits_longer(complaint, pausing.paused_until(complaint, handbook))


def _answer(
    session: Session,
    speech: Speech,
    complaint: Complaint,
    letter: Letter,
    writer: Writer,
    now: datetime,
    before: dict[str, Any],
    goes_at: datetime,
) -> None:
    complaint.answered_at, complaint.look_at, complaint.asking = complaint.answered_at or now, None, ""
    windows.answered(complaint, now)
    if complaint.citizen.prompt_complaint_id == complaint.id:
        citizens.forget_prompt(complaint.citizen)
    text = letter.text.strip()
    told = windows.tell_answer(session, speech, complaint, text, now=now, any_hour=letter.at_once, goes_at=goes_at)
    kept = {**told._asdict(), "lacks": [str(lack) for lack in lacks(letter.text)], "before": before}
    note(session, complaint.id, "answered", at=now, official_id=writer.id, words=text, **kept)
    merging.share_answer(session, speech, complaint, text, writer.id, now=now, goes_at=goes_at)


def _ask(session: Session, speech: Speech, complaint: Complaint, letter: Letter, writer: Writer, now: datetime) -> None:
    citizens.ask(complaint.citizen, "question", complaint.id, now, within=REPLY_WITHIN)
    coaching.asks(complaint, letter.asks, now, now + REPLY_WITHIN)
    line = note(session, complaint.id, "asked", at=now, official_id=writer.id)
    line.details = {"outbox_id": _tell(session, speech, complaint, letter, f"question:{line.id}", now)}


def _tell(
    session: Session,
    speech: Speech,
    complaint: Complaint,
    letter: Letter,
    key: str,
    now: datetime,
    goes_at: datetime | None = None,
) -> int | None:
    provider = complaints.provider_of(session, complaint.id)
    envelope = Envelope(key, Lane.ANSWER, complaint.id, provider=provider, any_hour=letter.at_once, goes_at=goes_at)
    return tell_citizen(session, speech, complaint.citizen, _notice(complaint, letter), envelope, now=now)


def _notice(complaint: Complaint, letter: Letter) -> Notice:
    reference, text = complaint.reference or "", letter.text.strip()
    if letter.kind is Kind.QUESTION:
        return OfficeQuestion(reference, text)
    return windows.answer_of(complaint, text)


def _flaws(text: str, fit: Fit, found: Findings, *, says: bool) -> Iterator[Flaw]:
    """`says` is whether a letter or digit is left of it on this citizen's phone: of emoji alone, nothing is."""
    if not says:
        yield Flaw.EMPTY
        return
    if len(text) > LONGEST:
        yield Flaw.TOO_LONG
        return
    if found.blanks:
        yield Flaw.BLANKS
    if found.refused:
        yield Flaw.REFUSED_SIGNS
    if fit.segments > MANY_SEGMENTS:
        yield Flaw.MANY_SEGMENTS
    if found.unregistered:
        yield Flaw.UNREGISTERED
