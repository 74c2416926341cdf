"""Opens a complaint: field and place → office → deadline, or triage with the reason shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from smsgw.domain.behalf import speaker
from smsgw.domain.deadlines import OF_THE_UNIT, Matter, Step, Term, due, look_again_at, pace_of
from smsgw.domain.progress import in_hand
from smsgw.domain.reference import reference_for
from smsgw.domain.routing import WhyTriage
from smsgw.domain.understanding import Sensitive, Understanding
from smsgw.domain.workdays import VIETNAM, AllHours, Calendar
from smsgw.services import coaching
from smsgw.services.handbook import Handbook
from smsgw.services.history import jot, note
from smsgw.store import extensions, searching
from smsgw.store.later import Later
from smsgw.store.tables import Citizen, Complaint

_OPENED = insert(Complaint)


@dataclass(frozen=True, slots=True)
class Filing:
    """What a complaint is opened with. `key` is unique for ever: the same filing twice is one complaint. With `coached` the
    first question is asked at once."""

    key: str
    channel: str
    text: str
    citizen: Citizen
    read: Understanding
    why: WhyTriage = WhyTriage.NONE
    coached: bool = True


@dataclass(frozen=True, slots=True)
class Filed:
    """What the receipt needs to know of a complaint just opened: `question` is the wording's code, empty for none."""

    id: int
    reference: str
    unit_id: int
    office_id: int | None
    due_at: datetime | None
    due_confirmed: bool
    question: str
    private: bool
    emergency: bool

    @property
    def offers(self) -> bool:
        """Whether name and hamlet are offered: not where the sender may wish not to be known."""
        return not (self.private or self.emergency)


def file(later: Later, handbook: Handbook, filing: Filing, now: datetime) -> Filed:
    """Opens the complaint. When `later` is written it raises `IntegrityError` if this key opened one before."""
    read = filing.read
    desk = handbook.matrix.desk(read, filing.why)
    matter = _matter(handbook, read.category, read.urgent, desk.unit_id, desk.office_id)
    clock = _clock(handbook, matter, handbook.calendar_of(desk.unit_id), now, has_office=desk.office_id is not None)
    term = clock.term
    complaint_id = later.id_for(Complaint)
    reference = reference_for(complaint_id)
    spoken = speaker(filing.text, filing.citizen.phone)
    asked = coaching.opened_with(read, handbook.coaching, now, asks=filing.coached)
    private = spoken.quiet or keeps_from_others(read, read.category, handbook)
    values: dict[str, Any] = {
        "id": complaint_id,
        "key": filing.key,
        "reference": reference,
        "citizen_id": filing.citizen.id,
        "channel": filing.channel,
        "text": filing.text,
        "category": read.category,
        "ward": read.ward,
        "place": read.place_text,
        "missing": sorted(read.missing),
        "urgent": read.urgent,
        "emergency": read.emergency,
        "sensitive": bool(read.sensitive) or read.emergency,
        "reasons": list(read.reasons),
        "unit_id": desk.unit_id,
        "office_id": desk.office_id,
        "triage_reason": desk.why.value,
        "state": "assigned" if desk.office_id else "received",
        "received_at": now,
        "due_at": term.at if term else None,
        "due_confirmed": bool(term and term.confirmed),
        "due_source": term.source if term else "",
        "rule_id": clock.rule_id,
        "steps": clock.steps,
        "unopened_since": now,
        "look_at": None if asked["asking"] and handbook.coaching.stops_clock else clock.look_at,
        "deadline_version": 1,
        "stage": "",
        **asked,
        "facts": {},
        "private": private,
        "on_behalf": spoken.for_another,
        "about_phone": spoken.phone,
        "version": 1,
    }
    later.add(_OPENED, values)
    searching.keep_later(later, values)
    told = {
        "channel": filing.channel,
        "category": read.category,
        "due": values["due_at"] and values["due_at"].isoformat(),
    }
    jot(later, complaint_id, "received", at=now, words=desk.why.value, **told)
    return Filed(
        id=complaint_id,
        reference=reference,
        unit_id=desk.unit_id,
        office_id=desk.office_id,
        due_at=values["due_at"],
        due_confirmed=values["due_confirmed"],
        question=coaching.words_for(asked["asking"], read.ward),
        private=private,
        emergency=read.emergency,
    )


def keeps_from_others(read: Understanding, category: str | None, handbook: Handbook) -> bool:
    """Whether the matter is one of which nobody who shares the phone may learn: violence, an accusation, a field that the
    locality named."""
    grave = Sensitive.VIOLENCE in read.sensitive or read.denunciation
    return grave or category in handbook.coaching.private_fields


def reopen(
    session: Session,
    handbook: Handbook,
    complaint: Complaint,
    now: datetime,
    *,
    why: str = "added",
    within: int | None = None,
    official_id: int | None = None,
    words: str = "",
) -> None:
    """An answered complaint goes on: the same office, a new term from now, whose clock runs; by itself, if it was handled with
    another. `why` is a word such as added, not_done, unclear; `within` so many working days at most it is due."""
    matter = _matter(handbook, complaint.category, complaint.urgent, complaint.unit_id, complaint.office_id)
    has_office = complaint.office_id is not None
    clock = _clock(handbook, matter, handbook.calendar_of(complaint.unit_id), now, has_office=has_office)
    complaint.state = in_hand(has_office=has_office).value
    complaint.answered_at, complaint.stage, complaint.look_at = None, "", clock.look_at
    forget_verdict(complaint)
    complaint.verdict = complaint.verdict if complaint.verdict == why else ""
    complaint.unopened_since, complaint.merged_into_id = now, None
    complaint.deadline_version += 1
    extensions.let_lapse(session, complaint.id, now)
    complaint.begun_at, complaint.stops = now, []
    complaint.due_at = complaint.due_at or complaint.due_before_pause
    complaint.paused_at = complaint.due_before_pause = None
    if term := clock.term:
        complaint.due_at, complaint.due_confirmed, complaint.due_source = term.at, term.confirmed, term.source
        complaint.rule_id, complaint.steps = clock.rule_id, clock.steps
    if within is not None:
        _hasten(handbook, complaint, within, now)
    due_at = complaint.due_at.isoformat() if complaint.due_at else None
    note(session, complaint.id, "reopened", at=now, official_id=official_id, words=words, why=why, due=due_at)


def _hasten(handbook: Handbook, complaint: Complaint, days: int, now: datetime) -> None:
    """Due within so many working days, where the table of terms gives more; alerts follow the new moment."""
    calendar = handbook.calendar_of(complaint.unit_id)
    soon = calendar.after_days(now, days)
    if complaint.due_at is None or complaint.due_at > soon:
        complaint.due_at, complaint.look_at = soon, now


def forget_verdict(complaint: Complaint) -> None:
    """No word of its citizen is waited for, and it is not closed. What was said last stays."""
    complaint.verdict_asked_at = complaint.verdict_at = complaint.silence_at = complaint.held_at = None
    complaint.ending, complaint.closed_at = "", None


@dataclass(frozen=True, slots=True)
class Clock:
    """What a matter's clock begins with: the answer's term and the row it comes from, the earlier steps' rows and due moments,
    and when to look first. All empty where no rule speaks of the matter."""

    term: Term | None
    rule_id: int | None
    steps: dict[str, Any]
    look_at: datetime | None


def _matter(handbook: Handbook, category: str | None, urgent: bool, unit_id: int, office_id: int | None) -> Matter:
    office = handbook.places.get(office_id or 0) or handbook.ended.get(office_id or 0)
    return Matter(category, urgent, handbook.place(unit_id).code, office.code if office else None)


def _clock(handbook: Handbook, matter: Matter, calendar: Calendar, received: datetime, *, has_office: bool) -> Clock:
    rules = handbook.book.of(matter, received.astimezone(VIETNAM).date())
    dues = {step: due(received, rule, calendar) for step, rule in rules.items()}
    steps = {
        step.value: {"rule": rules[step].id, "due": term.at.isoformat()}
        for step, term in dues.items()
        if step is not Step.ANSWER
    }
    minute = received.replace(second=0, microsecond=0)
    behind = OF_THE_UNIT if has_office else frozenset()
    looks = [
        _first_look(minute, term.at, pace_of(rules[step].counting, calendar))
        for step, term in dues.items()
        if step not in behind
    ]
    looks.append(_unopened(minute, calendar, handbook.vigilance.unopened_after))
    look_at = min((at for at in looks if at), default=None)
    if Step.ANSWER not in rules:
        return Clock(None, None, steps, look_at)
    return Clock(dues[Step.ANSWER], rules[Step.ANSWER].id, steps, look_at)


@lru_cache(maxsize=256)
def _first_look(received: datetime, due_at: datetime, pace: Calendar | AllHours) -> datetime | None:
    """To the minute: texts of one minute that are due together are looked at together."""
    return look_again_at(received, due_at, received, pace)


@lru_cache(maxsize=256)
def _unopened(received: datetime, calendar: Calendar, after: timedelta) -> datetime:
    """When a case that came in this minute will have lain unopened for too long."""
    return calendar.after_work(received, after)


def promised(complaint: Complaint | Filed, handbook: Handbook) -> datetime | None:
    """The date that a citizen may be told: in production only one from a rule that the locality confirmed."""
    return complaint.due_at if complaint.due_confirmed or not handbook.confirmed_only else None
