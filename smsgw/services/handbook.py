"""What the locality decided, as it stands at this moment: units, offices, routing, deadline rules, calendar."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smsgw.domain.coaching import USUAL, Coaching
from smsgw.domain.deadlines import Counting, Level, Measure, Rule, RuleBook, Step
from smsgw.domain.routing import Matrix
from smsgw.domain.verdicts import USUAL as USUAL_WINDOW
from smsgw.domain.verdicts import Window
from smsgw.domain.vigilance import USUAL as WATCHFUL
from smsgw.domain.vigilance import Vigilance
from smsgw.domain.workdays import Calendar
from smsgw.store import directory
from smsgw.store.calendar import calendar, closures
from smsgw.store.tables import DeadlineRule, Route, Unit

KEPT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the rules need it."""

    id: int
    code: str
    kind: str
    name: str
    parent_id: int | None
    duty_phone: str


@dataclass(frozen=True, slots=True)
class Handbook:
    """`duty_phone` is the deployment's, for units without one of their own. `every_rule` has, by id, rules of units too that
    are no more: a complaint keeps the one it came under. `calendar` is that of all; `closures` are days on which one unit is
    closed besides.

    `ended` are units and offices that are no more, by id.

    With `confirmed_only` (production) a date is told only where the locality confirmed the rule it comes from."""

    places: Mapping[int, Place]
    by_code: Mapping[str, Place]
    matrix: Matrix
    book: RuleBook
    every_rule: Mapping[int, Rule]
    calendar: Calendar
    closures: Mapping[int, frozenset[date]]
    duty_phone: str
    confirmed_only: bool
    coaching: Coaching = USUAL
    window: Window = USUAL_WINDOW
    vigilance: Vigilance = WATCHFUL
    ended: Mapping[int, Place] = field(default_factory=dict)

    def place(self, unit_id: int) -> Place:
        """The unit, or of one that is no more its successor under the old name."""
        return self.places.get(unit_id) or self.ended.get(unit_id) or self.places[self.matrix.home_id]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The whole table of terms, past and future ones too."""
        return self.book.rules

    def calendar_of(self, unit_id: int) -> Calendar:
        """When the offices of this ward or commune work."""
        closed = self.closures.get(unit_id)
        return replace(self.calendar, closed=self.calendar.closed | closed) if closed else self.calendar

    def duty_phone_of(self, unit_id: int) -> str:
        """The phone that an emergency in this unit is texted to; empty when there is none."""
        return self.place(unit_id).duty_phone or self.duty_phone

    def name_of(self, unit_id: int | None) -> str:
        place = self.places.get(unit_id or 0) or self.ended.get(unit_id or 0)
        return place.name if place else ""


class Recent:
    """Reads a handbook that is at most a second old: batch after batch of a stream of texts shares one."""

    def __init__(self, fresh: Callable[[Session], Handbook], now: Callable[[], datetime]) -> None:
        self._fresh, self._now = fresh, now
        self._read: tuple[datetime, Handbook] | None = None

    def __call__(self, session: Session) -> Handbook:
        now = self._now()
        if self._read is None or not timedelta(0) <= now - self._read[0] < KEPT:
            self._read = now, self._fresh(session)
        return self._read[1]


def load(
    session: Session,
    today: date,
    *,
    home_code: str,
    duty_phone: str,
    confirmed_only: bool,
    coaching: Coaching = USUAL,
    window: Window = USUAL_WINDOW,
    vigilance: Vigilance = WATCHFUL,
) -> Handbook:
    """Reads what is valid today."""
    units = session.scalars(select(Unit).where(*_valid(Unit, today))).all()
    places = {u.id: Place(u.id, u.code, u.kind, u.name, u.parent_id, u.duty_phone) for u in units}
    by_code = {place.code: place for place in places.values()}
    rows = session.scalars(select(DeadlineRule)).all()
    ended = _ended(session, places, today)
    named = {code: place.id for code, place in ended.values()} | {place.code: place.id for place in by_code.values()}
    off = directory.fields_off(session)
    routes = session.scalars(select(Route).where(*_valid(Route, today))).all()
    return Handbook(
        places=places,
        by_code=by_code,
        matrix=Matrix(
            offices={
                (row.category, row.unit_id): row.office_id
                for row in routes
                if row.office_id in places and row.category not in off
            },
            units=named,
            home_id=_home(named, places.values(), home_code),
        ),
        book=RuleBook(_rule(row, places) for row in rows if _speaks(row, places)),
        every_rule={row.id: _rule(row, places) for row in rows},
        calendar=calendar(session, today),
        closures=closures(session),
        duty_phone=duty_phone,
        confirmed_only=confirmed_only,
        coaching=coaching,
        window=window,
        vigilance=vigilance,
        ended={id_: place for id_, (_, place) in ended.items()},
    )


def _ended(session: Session, places: Mapping[int, Place], today: date) -> dict[int, tuple[str, Place]]:
    """Units and offices that are no more, by id: their code, and their successor in force under the old name."""
    over = Unit.valid_to < today, Unit.successor_id.is_not(None), Unit.kind != "former"
    rows = session.execute(select(Unit.id, Unit.code, Unit.name, Unit.successor_id).where(*over)).all()
    later = {row.id: row.successor_id for row in rows}
    found = {}
    for row in rows:
        last: int | None = row.successor_id
        for _ in rows:
            last = last if last in places else later.get(last or 0)
        if last is not None and last in places:
            found[row.id] = row.code, replace(places[last], name=row.name)
    return found


def _home(named: Mapping[str, int], places: Iterable[Place], home_code: str) -> int:
    """The unit that checks what has no place: the named one or its successor, else the first ward or commune."""
    if home_code in named:
        return named[home_code]
    return min(place.id for place in places if place.kind in ("ward", "commune"))


def _valid(table: type[Unit | Route], today: date) -> tuple[ColumnElement[bool], ...]:
    return table.valid_from <= today, or_(table.valid_to.is_(None), table.valid_to >= today)


def _speaks(row: DeadlineRule, places: Mapping[int, Place]) -> bool:
    """A rule of a unit that is no more must not become one for all."""
    return row.unit_id is None or row.unit_id in places


def _rule(row: DeadlineRule, places: Mapping[int, Place]) -> Rule:
    unit = places.get(row.unit_id or 0)
    return Rule(
        category=row.category,
        level=Level(row.level),
        amount=row.amount,
        measure=Measure(row.measure),
        source=row.source,
        confirmed=row.confirmed,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        unit=unit.code if unit else None,
        step=Step(row.step),
        counting=Counting(row.counting),
        pause_days=row.pause_days,
        id=row.id,
    )
