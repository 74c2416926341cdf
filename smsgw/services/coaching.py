"""Asks a citizen for the one thing that is missing, keeps what they answer, and goes on without it after a silence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from smsgw.domain.answers import Answer, answer, is_finer_than, is_numbered, tells_a_matter
from smsgw.domain.coaching import Coaching, Question, next_question, serves
from smsgw.domain.understanding import Missing, Understanding
from smsgw.domain.workdays import VIETNAM
from smsgw.services import waiting
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.inbox import Arrived
from smsgw.store.tables import ASKED, OPEN_STATES, Citizen, Complaint

BATCH = 100
LONGEST_FACT = 300
AFTER_A_FAILURE = timedelta(hours=1)
OWN = frozenset({Question.WHAT, Question.PLACE, Question.WARD, Question.WHEN, Question.WHO})
FACTS = ("place", "when", "day", "who", "name", "home")
_ALWAYS_KEPT = frozenset({"name", "home"})

log = structlog.get_logger()


def opened_with(read: Understanding, coaching: Coaching, now: datetime, *, asks: bool = True) -> Mapping[str, Any]:
    """The columns of a complaint just opened that hold its first question. In an emergency nothing is asked."""
    only_ward = read.ward is None and is_numbered(read.place_text or "-")
    most = coaching.most if asks and not read.emergency else 0
    question = next_question(read.missing, (), ward_only=only_ward, most=most)
    return {
        "asked": [question.value] if question else [],
        "asking": question.value if question else "",
        "asked_at": now if question else None,
        "asking_until": now + coaching.silence if question else None,
    }


def words_for(question: str, ward: str | None) -> str:
    """Which wording of a question fits: of a place in a known ward only the spot is asked."""
    return "spot" if question == Question.PLACE and ward else question


def open_question(complaint: Complaint, now: datetime) -> Question | None:
    """The question that still waits for an answer."""
    waits = complaint.asking_until is not None and complaint.asking_until > now
    return Question(complaint.asking) if complaint.asking and waits else None


def asks(complaint: Complaint, question: Question, now: datetime, until: datetime) -> None:
    """Remembers what was asked, so that a short answer is understood."""
    complaint.asking, complaint.asked_at, complaint.asking_until = question.value, now, until


def waits_longer(complaint: Complaint, until: datetime | None) -> None:
    """An answer to the open question is waited for until then at least."""
    if complaint.asking_until is not None and until is not None:
        complaint.asking_until = max(complaint.asking_until, until)


def heard_as(complaint: Complaint, text: Arrived, read: Understanding, now: datetime) -> Answer:
    """The text in the light of the question that this complaint waits with."""
    return answer(open_question(complaint, now), text.body, read, text.received_at.astimezone(VIETNAM).date())


def told_alone(text: Arrived, read: Understanding) -> bool:
    """Whether the text tells when, where or who, asked or not."""
    return bool(answer(None, text.body, read, text.received_at.astimezone(VIETNAM).date()).told)


def learn(
    session: Session,
    handbook: Handbook,
    complaint: Complaint,
    text: Arrived,
    read: Understanding,
    now: datetime,
    *,
    replies: bool = True,
) -> Question | None:
    """Keeps what a text that joined tells, as values of their own, each with a line in the history. An answer that does not
    fill its gap ends the question all the same; one that tells something else leaves it open. The question to ask next,
    None where nothing is asked now. With `replies` false the text was written before the question was read: it may answer
    it, but neither ends it otherwise nor brings the next one."""
    question = open_question(complaint, now)
    heard = heard_as(complaint, text, read, now)
    complaint.ward = complaint.ward or read.ward
    news = _news(complaint, question, heard)
    keep(complaint, news)
    filled = [gap for gap in complaint.missing if _is_filled(complaint, gap, read, news)]
    _reckon_gaps(complaint, read, filled)
    for fact in (*news, *(["what"] if Missing.WHAT in filled else [])):
        if fact != "day":
            note(session, complaint.id, "filled", at=now, words=news.get(fact, ""), gap=fact)
    told_else = bool(news or filled)
    ends = heard.fills or (replies and (heard.knows_not or not told_else or question is Question.FREE))
    if question is None or not ends:
        return None
    _closes(session, handbook, complaint, now)
    goes_on = replies and question in OWN and complaint.state != "waiting"
    return asks_next(handbook, complaint, now) if goes_on else None


def _news(complaint: Complaint, question: Question | None, heard: Answer) -> dict[str, str]:
    """What the text tells of this complaint: for a gap, for what was asked, and who sent it; not each time it mentions."""
    told = dict(heard.told)
    if Missing.WHO in complaint.missing and "name" in told:
        told.setdefault("who", told["name"])
    served = serves(question) if question else None
    wanted = {*complaint.missing, *_ALWAYS_KEPT, served.value if served else ""}
    if "when" in told and "when" in wanted:
        wanted.add("day")
    return {key: told[key] for key in FACTS if key in told and key in wanted}


def keep(complaint: Complaint, news: Mapping[str, str]) -> None:
    """What was told before stays; more of the same goes behind it."""
    facts = dict(complaint.facts or {})
    for key, value in news.items():
        before = facts.get(key, "")
        if key == "day":
            facts[key] = before or value
        elif value not in before:
            facts[key] = f"{before}; {value}".removeprefix("; ")[:LONGEST_FACT]
    if news:
        complaint.facts = facts
    if "place" in news and Missing.PLACE in complaint.missing:
        complaint.place = facts["place"]


def _is_filled(complaint: Complaint, gap: str, read: Understanding, news: Mapping[str, str]) -> bool:
    match gap:
        case Missing.WHAT:
            return tells_a_matter(read) or read.category is not None
        case Missing.PLACE:
            told_more = "place" in news or read.ward is not None
            return told_more and _has_place(complaint) and not lacks_only_ward(complaint)
        case _:
            return gap in news


def _has_place(complaint: Complaint) -> bool:
    return "place" in (complaint.facts or {}) or is_finer_than(complaint.place or "", complaint.ward)


def lacks_only_ward(complaint: Complaint) -> bool:
    """A hamlet's number alone is a place only together with its ward or commune."""
    if complaint.ward or not _has_place(complaint):
        return False
    told = (complaint.facts or {}).get("place") or complaint.place or ""
    return is_numbered(told)


def _reckon_gaps(complaint: Complaint, read: Understanding, filled: Iterable[str]) -> None:
    """Once it is known what happened, it shows whether a time or a name is needed too."""
    left = [gap for gap in complaint.missing if gap not in set(filled)]
    if Missing.WHAT in set(filled):
        known = set(complaint.facts or {})
        left += [
            gap for gap in (Missing.WHEN, Missing.WHO) if gap in read.missing and gap not in left and gap not in known
        ]
    complaint.missing = [str(gap) for gap in left]


def _closes(session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
    waiting.ends(session, handbook, complaint, now)
    complaint.asking, complaint.asked_at, complaint.asking_until = "", None, None


def asks_next(handbook: Handbook, complaint: Complaint, now: datetime) -> Question | None:
    """The coach's next question about an open complaint, remembered as asked. The coach goes on only where it had begun:
    what an official wants to know, they ask."""
    if complaint.state not in OPEN_STATES or complaint.emergency:
        return None
    coaching = handbook.coaching
    only_ward = lacks_only_ward(complaint)
    question = next_question(complaint.missing, complaint.asked or [], ward_only=only_ward, most=coaching.most)
    if question:
        complaint.asked = [*(complaint.asked or []), question.value]
        asks(complaint, question, now, now + coaching.silence)
        waiting.begins(complaint, stops_clock=coaching.stops_clock)
    return question


@dataclass(frozen=True, slots=True)
class Coach:
    """What it takes to notice that no answer came."""

    database: Database
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Lets up to `BATCH` complaints whose question nobody answered go on as they are; how many."""
        now = self.now()
        with self.database.read() as session:
            citizens = _keeping_silent(session, now)
        if not citizens:
            return 0
        with self.database.write() as session:
            handbook = self.handbook(session)
            session.scalars(
                select(Citizen).where(Citizen.id.in_(citizens)).order_by(Citizen.id).with_for_update(key_share=True)
            ).all()
            silent = _silent(session, citizens, now)
            for complaint in silent:
                self._goes_on(session, handbook, complaint, now)
        return len(silent)

    def _goes_on(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        """One that fails is pushed an hour ahead and does not stop the others; trouble of the database does."""
        try:
            with session.begin_nested():
                goes_on(session, handbook, complaint, now)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a complaint could not go on after a silence", reference=complaint.reference)
            later = update(Complaint).where(Complaint.id == complaint.id).values(asking_until=now + AFTER_A_FAILURE)
            session.execute(later, execution_options={"synchronize_session": False})
            session.expire(complaint)


def goes_on(session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
    """The case goes on as it is, marked incomplete where something is still missing; nothing more is asked by itself."""
    asked = complaint.asking
    if complaint.state in OPEN_STATES:
        _closes(session, handbook, complaint, now)
        if complaint.state == "waiting":
            complaint.state = "assigned" if complaint.office_id else "received"
        note(session, complaint.id, "went_on", at=now, asked=asked, missing=list(complaint.missing))
    else:
        complaint.asking, complaint.asked_at, complaint.asking_until = "", None, None


def _keeping_silent(session: Session, now: datetime) -> list[int]:
    query = select(Complaint.citizen_id).where(_is_over(now)).order_by(Complaint.asking_until).limit(BATCH)
    return sorted(set(session.scalars(query)))


def _silent(session: Session, citizens: list[int], now: datetime) -> list[Complaint]:
    """Their citizens are locked before them, as wherever a complaint is changed."""
    query = select(Complaint).where(Complaint.citizen_id.in_(citizens), _is_over(now)).order_by(Complaint.id)
    return list(session.scalars(query.with_for_update(key_share=True, of=Complaint)))


def _is_over(now: datetime) -> ColumnElement[bool]:
    """While the clock stands the silence is not over: it ends with the stop, of which the citizen is told."""
    return and_(sql(ASKED), Complaint.asking_until <= now, Complaint.paused_at.is_(None))
