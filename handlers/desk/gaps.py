"""What a complaint still lacks and what was told since, in words for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.language import gettext
from handlers.words import GAPS, day, moment, visible
from smsgw.domain.coaching import Question
from smsgw.services.coaching import OWN, open_question
from smsgw.store.tables import Complaint

FACTS = ("place", "when", "who", "name", "home")


@dataclass(frozen=True, slots=True)
class Standing:
    """`lacks` names the gaps; `asked` says how asking for them stands; `told` is what answers told, by fact."""

    lacks: Sequence[str]
    asked: str
    told: dict[str, str]
    verified: bool


def standing(complaint: Complaint, now: datetime) -> Standing:
    """How complete it is."""
    lacks = [str(GAPS.get(gap, gap)) for gap in complaint.missing]
    facts = complaint.facts or {}
    news = [fact for fact in FACTS if fact in facts and facts[fact] != complaint.place]
    told = {fact: _told(fact, facts) for fact in news}
    return Standing(lacks, _asked(complaint, now), told, verified="name" in facts)


def _told(fact: str, facts: dict[str, str]) -> str:
    words = visible(facts[fact])
    if fact == "when" and "day" in facts:
        return f"{words} ({day(date.fromisoformat(facts['day']))})"
    return words


def _asked(complaint: Complaint, now: datetime) -> str:
    question = open_question(complaint, now)
    if question in OWN:
        return gettext("Asked by text; an answer is waited for until %(at)s.", at=moment(complaint.asking_until))
    if question in (Question.NAME, Question.FREE):
        return ""
    if complaint.missing and complaint.asked:
        return gettext("Asked by text; it was not answered. The case goes on as it is.")
    return ""
