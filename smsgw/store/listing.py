"""The desk's list: a page of a scope's complaints in the order of the day's work, and the figures above it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, Text, case, cast, func, select, text
from sqlalchemy.orm import Session

from smsgw.store import searching
from smsgw.store.complaints import with_people
from smsgw.store.officials import Scope
from smsgw.store.tables import ON_A_DESK, OPEN_STATES, Complaint

PAGE = 50
FARTHEST = 200  # pages: whoever turns so many narrows the list
REPORTED = (*OPEN_STATES, "answered")
NONE = "none"


class Turn(IntEnum):
    """When a complaint's turn comes, first goes first."""

    EMERGENCY = 0
    LATE = 1
    TODAY = 2
    NEW = 3
    IN_HAND = 4
    WAITS = 5
    OVER = 6


@dataclass(frozen=True, slots=True)
class Today:
    """What sorts the day's work: now, and when the day ends."""

    now: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: states (none for all), the digits a reference begins with, folded words, a field and an
    office ("none" for what has none, empty for all), `term` late or today, and marks by the names of `MARKS`."""

    states: tuple[str, ...] = OPEN_STATES
    reference: str = ""
    page: int = 1
    words: tuple[str, ...] = ()
    field: str = ""
    office: str = ""
    term: str = ""
    marks: frozenset[str] = frozenset()

    @property
    def of_work(self) -> bool:
        """Whether only what is open is wanted: that has an order of work, and the rest is told newest first."""
        return bool(self.states) and set(self.states) <= set(OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list and when its turn comes."""

    complaint: Complaint
    turn: Turn


@dataclass(frozen=True, slots=True)
class Counts:
    """How the scope stands. `late` and `nearly_due` are among those in hand; `answered` is out of those `received` since a
    moment."""

    in_hand: int
    nearly_due: int
    late: int
    answered: int
    received: int


MARKS: Mapping[str, Callable[[], ColumnExpressionArgument[bool]]] = {
    "emergency": lambda: Complaint.emergency,
    "urgent": lambda: Complaint.urgent,
    "incomplete": lambda: cast(Complaint.missing, Text) != "[]",
    "unverified": lambda: Complaint.facts["name"].as_string().is_(None),
    "together": lambda: Complaint.id.in_(select(Complaint.merged_into_id).where(Complaint.merged_into_id.is_not(None))),
    "private": lambda: Complaint.private,
    "for_another": lambda: Complaint.on_behalf,
}


def listed(session: Session, scope: Scope, wanted: Wanted, today: Today) -> list[Listed]:
    """A page of the scope's complaints: open ones in the order of work, others newest first. One row more than a page tells
    that another page follows. Only the page's own rows are read whole: the rest is sorted by what stands in an index."""
    turn = _turn(today)
    query = _narrowed(select(Complaint.id, turn).where(scope.condition()), scope, wanted, today)
    order = (turn, Complaint.due_at.asc().nulls_last()) if wanted.of_work else (Complaint.received_at.desc(),)
    skipped = (min(max(wanted.page, 1), FARTHEST) - 1) * PAGE
    turns = {
        row.id: Turn(row[1])
        for row in session.execute(query.order_by(*order, Complaint.id).offset(skipped).limit(PAGE + 1))
    }
    whole = select(Complaint).where(Complaint.id.in_(turns)).options(*with_people())
    found = {one.id: one for one in session.scalars(whole)}
    return [Listed(found[complaint_id], at) for complaint_id, at in turns.items()]


def counted(session: Session, scope: Scope, *, now: datetime, near_until: datetime, since: datetime) -> Counts:
    """The figures above the list: what is open is counted in the index of the desk, what came since then in that of states."""
    figures = (
        Complaint.id > 0,
        (Complaint.due_at >= now) & (Complaint.due_at <= near_until),
        Complaint.due_at < now,
    )
    sums = [func.coalesce(func.sum(case((figure, 1), else_=0)), 0) for figure in figures]
    in_hand, near, late = session.execute(select(*sums).where(scope.condition(), text(ON_A_DESK))).one()
    came = select(Complaint.state, func.count()).where(
        scope.condition(), Complaint.state.in_(REPORTED), Complaint.received_at >= since
    )
    states: dict[str, int] = dict(session.execute(came.group_by(Complaint.state)).all())
    return Counts(int(in_hand), int(near), int(late), states.get("answered", 0), sum(states.values()))


def _turn(today: Today) -> ColumnElement[int]:
    return case(
        (Complaint.state.not_in(OPEN_STATES), Turn.OVER),
        (Complaint.emergency, Turn.EMERGENCY),
        (Complaint.due_at < today.now, Turn.LATE),
        (Complaint.due_at < today.ends, Turn.TODAY),
        (Complaint.state == "received", Turn.NEW),
        (Complaint.state == "waiting", Turn.WAITS),
        else_=Turn.IN_HAND,
    )


def _narrowed(query: Select[int, int], scope: Scope, wanted: Wanted, today: Today) -> Select[int, int]:
    conditions: list[ColumnExpressionArgument[bool]] = []
    if wanted.of_work:  # in the index's own words: SQLite proves no others
        query = query.where(text(ON_A_DESK))
    if wanted.states and set(wanted.states) != set(OPEN_STATES):
        conditions.append(Complaint.state.in_(wanted.states))
    if wanted.reference:
        conditions.append(Complaint.reference.startswith(wanted.reference, autoescape=True))
    if wanted.words:
        conditions.append(Complaint.id.in_(searching.with_words(scope, wanted.words)))
    for column, value in ((Complaint.category, wanted.field), (Complaint.office_id, wanted.office)):
        if value:
            conditions.append(column.is_(None) if value == NONE else column == _typed(column, value))
    if wanted.term:
        ends = today.now if wanted.term == "late" else today.ends
        conditions += [Complaint.due_at < ends, Complaint.state.in_(OPEN_STATES)]
    conditions += [condition() for name, condition in MARKS.items() if name in wanted.marks]
    return query.where(*conditions)


def _typed(column: object, value: str) -> str | int:
    return int(value) if column is Complaint.office_id else value
