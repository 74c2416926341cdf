"""What a citizen says of an answer, and what follows: it closes, or the office goes on, and the second time those above it.

Of several complaints handled as one, everybody's word is kept. Whoever says "not done" opens the matter again: the first by
itself, later ones go on with it; what others said of theirs stands, and what has closed stays out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain import verdicts as rules
from smsgw.domain.notices import Lane, VerdictAlert, VerdictHeard, WhichVerdict
from smsgw.domain.progress import Act, Duty, Party, may
from smsgw.domain.verdicts import TWICE, Said, Verdict
from smsgw.services import citizens, filing, merging, windows
from smsgw.services.filing import promised
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_official
from smsgw.services.tracking import named
from smsgw.store import merged, officials
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint, Official
from smsgw.text.speech import Speech

WHICH = "verdict:"  # the prompt by which a citizen was asked which answer is meant, with the verdict
WHICH_WAITS = timedelta(hours=24)
STILL_SAID = timedelta(days=30)  # after it closed: "not done" opens it again
ACTS = {Verdict.DONE: Act.CONFIRM, Verdict.NOT_DONE: Act.DENY, Verdict.UNCLEAR: Act.NOT_UNDERSTAND}
DIGITS = {verdict: digit for digit, verdict in rules.BY_DIGIT.items()}


@dataclass(frozen=True, slots=True)
class Judged:
    """About which complaint it was, and what to say: perhaps that the citizen must say which one is meant."""

    complaint: Complaint
    notice: VerdictHeard | WhichVerdict


def said_in(citizen: Citizen, text: str, now: datetime) -> Said | None:
    """The verdict that a text is, read in the light of our question which one is meant."""
    said = rules.read(text)
    prompt = citizens.pending_prompt(citizen, now)
    if said is None and prompt.startswith(WHICH) and (reference := rules.only_reference(text)):
        return Said(Verdict(prompt.removeprefix(WHICH)), reference)
    return said


def awaited(known: Sequence[Complaint], now: datetime) -> Sequence[Complaint]:
    """Those of a citizen's complaints that a verdict without a number may be about."""
    return [
        one
        for one in known
        if one.state == "answered"
        and one.verdict_asked_at
        and not _may_be_called_back(one, now)
        and (not one.closed_at or now - one.closed_at <= STILL_SAID)
    ]


def _may_be_called_back(complaint: Complaint, now: datetime) -> bool:
    """Whether the answer has yet to go out: nobody has read it, so that no word is about it."""
    return complaint.verdict_asked_at is not None and complaint.verdict_asked_at > now


def hear(
    session: Session,
    handbook: Handbook,
    speech: Speech,
    citizen: Citizen,
    known: Sequence[Complaint],
    said: Said,
    *,
    now: datetime,
    prompted_at: datetime | None = None,
) -> Judged | None:
    """Does what the verdict asks for; None where it is about none of the citizen's answers. `prompted_at` is when the citizen
    was last asked something else that such a text would answer: then it is that answer. The citizen must be locked."""
    if said.reference:
        found = named(known, said.reference)
        meant = [found] if found and not _may_be_called_back(found, now) else []
    elif prompted_at is None and (again := _said_already(known, said, now)):
        return _heard(handbook, again, said)
    else:
        asked = awaited(known, now)
        meant = list(rules.meant(asked))
        newest = max((one.verdict_asked_at for one in meant if one.verdict_asked_at), default=None)
        if newest is None or (prompted_at is not None and prompted_at >= newest):
            return None
        if len(meant) > 1 and (which := _asks_which(citizen, meant, said, now)):
            return which
    act = ACTS[said.verdict]
    if not meant or not may(act, meant[0].stands, [Party.CITIZEN], has_office=meant[0].office_id is not None):
        return None
    if citizen.prompt.startswith(WHICH):
        citizens.forget_prompt(citizen)
    _does(session, handbook, speech, meant[0], said, now)
    return _heard(handbook, meant[0], said)


def _heard(handbook: Handbook, complaint: Complaint, said: Said) -> Judged:
    hidden = complaint.private and said.reference != complaint.reference
    due = promised(complaint, handbook) if said.verdict is not Verdict.DONE else None
    return Judged(complaint, VerdictHeard("" if hidden else complaint.reference or "", said.verdict.value, due))


def _said_already(known: Sequence[Complaint], said: Said, now: datetime) -> Complaint | None:
    """What the same was said of, and is not answered anew yet, while no other answer waits for a word."""
    if any(one.verdict_asked_at and not one.ending and not _may_be_called_back(one, now) for one in known):
        return None
    return next((one for one in known if one.state in OPEN_STATES and one.verdict == said.verdict), None)


def _asks_which(citizen: Citizen, meant: Sequence[Complaint], said: Said, now: datetime) -> Judged | None:
    """Once: said again without a number, it is about the one asked of last. Private ones are not offered: phones are shared."""
    offered = [one for one in meant if not one.private][:2]
    if len(offered) < 2 or citizens.pending_prompt(citizen, now).startswith(WHICH):
        return None
    citizens.ask(citizen, f"{WHICH}{said.verdict.value}", offered[0].id, now, within=WHICH_WAITS)
    references = tuple(one.reference or "" for one in offered)
    return Judged(offered[0], WhichVerdict(references, DIGITS[said.verdict]))


def _does(
    session: Session,
    handbook: Handbook,
    speech: Speech,
    complaint: Complaint,
    said: Said,
    now: datetime,
) -> None:
    for one in _of_this_phone(session, complaint):
        if said.verdict is Verdict.DONE:
            windows.confirm(session, one, now)
        elif one is complaint:
            _goes_on(session, handbook, speech, one, said.verdict, now)
        else:
            merging.follow(session, complaint, one, said.verdict.value, now)


def _of_this_phone(session: Session, complaint: Complaint) -> list[Complaint]:
    """The complaint, and what the same phone reported of the same matter: its answer came under this one's number alone."""
    family = merged.family(session, complaint, to_change=True)
    others = [
        one
        for one in family
        if one.id != complaint.id
        and one.citizen_id == complaint.citizen_id
        and one.state == "answered"
        and not one.ending
        and one.verdict_asked_at is None
        and windows.is_asked(one)
    ]
    return [complaint, *others]


def _goes_on(
    session: Session,
    handbook: Handbook,
    speech: Speech,
    complaint: Complaint,
    verdict: Verdict,
    now: datetime,
) -> None:
    """A new answer is due: in the office's usual time, or soon where the last one was only unclear."""
    lead = session.get(Complaint, complaint.merged_into_id) if complaint.merged_into_id else None
    if lead is None or lead.state not in OPEN_STATES:
        lead = None
    times, news = _reckoned(session, complaint, lead, verdict)
    line = note(session, complaint.id, verdict.value, at=now, times=times)
    if lead:
        merging.follow(session, lead, complaint, verdict.value, now)
    else:
        within = handbook.window.explain_days if verdict is Verdict.UNCLEAR else None
        merging.go_on_together(session, complaint)
        filing.reopen(session, handbook, complaint, now, why=verdict.value, within=within)
    if news:
        _tell(session, speech, lead or complaint, verdict, line.id, now)


def _reckoned(session: Session, complaint: Complaint, lead: Complaint | None, verdict: Verdict) -> tuple[int, bool]:
    """How often the matter was said not done, by whomever of its reporters, once an answer; and whether that is news to the
    office. What is not done is not only unclear."""
    matter = [lead] if lead else [*merged.family(session, complaint)]
    before = max(one.not_done for one in (complaint, *matter))
    counted = lead is not None and lead.verdict == Verdict.NOT_DONE
    news = not counted and (lead is None or lead.verdict != verdict)
    times = before + (verdict is Verdict.NOT_DONE and not counted)
    for one in (complaint, *([lead] if lead and not counted else [])):
        one.verdict, one.not_done = verdict.value, times
    return times, news


def _tell(
    session: Session, speech: Speech, complaint: Complaint, verdict: Verdict, line_id: int, now: datetime
) -> None:
    rises = verdict is Verdict.NOT_DONE and complaint.not_done >= TWICE
    told = list(_told(session, complaint, rises=rises))
    if rises:
        note(session, complaint.id, "raised", at=now, times=complaint.not_done, told=[one.id for one in told])
    for official in told:
        alert = VerdictAlert(complaint.reference or "", verdict.value, complaint.due_at, complaint.not_done)
        envelope = Envelope(f"said:{line_id}:{official.phone}", Lane.REMINDER, complaint.id)
        tell_official(session, speech, official, alert, envelope, now=now)


def _told(session: Session, complaint: Complaint, *, rises: bool) -> Iterator[Official]:
    """Who hears of it, each phone once: whoever answers for it; the second time the head of the office and the leader of the
    unit, and the office's own people where neither has a phone."""
    people, _of_office = officials.answering_for(session, complaint)
    heads = officials.with_phone(session, complaint.office_id, (Duty.HEAD,)) if complaint.office_id else ()
    above = [*heads, *officials.with_phone(session, complaint.unit_id, (Duty.LEADER,))]
    yield from {one.phone: one for one in ((above or people) if rises else people)}.values()
