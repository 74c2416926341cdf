"""Units and offices begin, end, become one and are split. What is open goes to the successor; what was done stays where it was.

An office or unit that has ended names its successor, and whatever is still open there, with its people, follows: at
once when the day has come, else by the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.marks import N_
from smsgw.domain.routing import WhyTriage
from smsgw.domain.workdays import VIETNAM
from smsgw.services import roster
from smsgw.services.history import note
from smsgw.services.roster import KINDS, RosterError
from smsgw.store import contributions, directory, searching
from smsgw.store.database import Database
from smsgw.store.tables import OPEN_STATES, ApprovedField, Complaint, Contribution, DutyShift, Official, Route, Unit

BATCH = 50
A_DAY = timedelta(days=1)


def merge(session: Session, old: Unit, into: Unit, *, first: date, today: date) -> None:
    """From `first` on, `into` answers for `old`, which ends the day before. Its routes, and of a ward or commune its
    offices, go to those of the same kind there; an office that has none there leaves its complaints to the focal
    official."""
    _as_they_stand(session, old, into)
    if first < today:
        raise RosterError(N_("The first day cannot lie in the past: what was done stays as it was."))
    if old.id == into.id or not (_stands(old, first) and _stands(into, first)):
        raise RosterError(N_("Choose another one that is in force on that day."))
    alike = (old.kind == into.kind == "office" and old.parent_id == into.parent_id) or (
        old.kind in KINDS and into.kind in KINDS
    )
    if not alike:
        raise RosterError(N_("An office becomes one with another of the same unit, a ward or commune with another."))
    if old.kind == "office":
        _end(session, old, into, first)
        return
    theirs = {_short(office): office for office in _offices(session, into, first)}
    for office in _offices(session, old, first):
        _end(session, office, theirs.get(_short(office)), first)
    _end(session, old, into, first)


def _as_they_stand(session: Session, *units: Unit) -> None:
    """Locked and read anew: another administrator may have ended one of them a moment ago."""
    theirs = select(Unit).where(Unit.id.in_([unit.id for unit in units])).order_by(Unit.id)
    session.scalars(theirs.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def split(
    session: Session,
    old: Unit,
    new: Unit,
    *,
    fields: Sequence[CategoryCode] = (),
    named: Sequence[str] = (),
    now: datetime,
) -> int:
    """Moves what is open from `old` to `new`: of an office the complaints of these fields, of a ward or commune those
    whose text named one of these places. What is handled with another one of them stays with it. How many went."""
    mine = Complaint.office_id == old.id if old.kind == "office" else Complaint.unit_id == old.id
    places = {roster.bare(name) for name in named}
    moved = 0
    rows = session.scalars(
        select(Complaint).where(mine, Complaint.state.in_(OPEN_STATES)).with_for_update(key_share=True)
    ).all()
    leading = {complaint.id: complaint for complaint in rows}
    offices = {_short(office): office for office in _offices(session, new, now.astimezone(VIETNAM).date())}
    for complaint in rows:
        main = leading.get(complaint.merged_into_id or 0, complaint)
        if main.category in fields or (main.ward and roster.bare(main.ward) in places):
            _move(session, complaint, new, offices, now)
            moved += 1
    return moved


def copy_offices(session: Session, old: Unit, new: Unit, *, today: date) -> None:
    """A ward or commune that was split off begins with offices like those of the old one, and their fields."""
    for office in _offices(session, old, today):
        mine = Route.office_id == office.id, *_in_force(today)
        fields = [CategoryCode(code) for code in session.scalars(select(Route.category).where(*mine))]
        code = f"{new.code}-{_short(office)}"
        roster.add_office(session, office.name, new, code=code, fields=fields, today=today)


def _end(session: Session, old: Unit, into: Unit | None, first: date) -> None:
    """Closes `old`, and gives the fields that went to it to its successor."""
    old.valid_to, old.successor_id = first - A_DAY, into.id if into else None
    column = Route.office_id if old.kind == "office" else Route.unit_id
    for route in session.scalars(select(Route).where(column == old.id, *_from(first))).all():
        begins, ends = max(route.valid_from, first), route.valid_to
        if route.valid_from >= first:
            session.delete(route)
        else:
            route.valid_to = first - A_DAY
        session.flush()
        if old.kind == "office" and into is not None and into.parent_id == route.unit_id:
            session.add(
                Route(
                    category=route.category,
                    unit_id=route.unit_id,
                    office_id=into.id,
                    valid_from=begins,
                    valid_to=ends,
                )
            )
    session.flush()


@dataclass(frozen=True, slots=True)
class Settler:
    """Brings what is open, and people, from what has ended to its successor."""

    database: Database
    now: Callable[[], datetime]

    def batch(self) -> int:
        """A few complaints, then people and what was set up there; 0 when nothing is left. What another transaction holds is
        for the next time."""
        now = self.now()
        with self.database.read() as session:
            over = _over(session, now.astimezone(VIETNAM).date())
            if not over or not (_left(session, over) or _people(session, over) or _set_up(session, over)):
                return 0
        with self.database.write() as session:
            over = _over(session, now.astimezone(VIETNAM).date())
            moved = self._complaints(session, over, now)
            for official in [] if moved else _people(session, over):
                official.unit_id = over[official.unit_id].id
                moved += 1
            return moved or _hand_on(session, over)

    def _complaints(self, session: Session, over: Mapping[int, Unit], now: datetime) -> int:
        rows = _left(session, over, locked=True)
        for complaint in rows:
            unit, office = over.get(complaint.unit_id), over.get(complaint.office_id or 0)
            if unit is None and office is not None:
                _place(session, complaint, complaint.unit, office, now)
            elif unit is not None:
                _place(session, complaint, unit, office, now)
        return len(rows)


def _over(session: Session, today: date) -> Mapping[int, Unit]:
    """What has ended, by id, with the one in force that answers for it today. Units of before this house hold nothing."""
    units = {unit.id: unit for unit in directory.units(session)}
    ended = [one for one in units.values() if one.successor_id and one.kind != "former" and not _stands(one, today)]
    found = {}
    for one in ended:
        last, seen = one, {one.id}
        while not _stands(last, today) and last.successor_id in units and last.successor_id not in seen:
            seen.add(last.successor_id)
            last = units[last.successor_id]
        if _stands(last, today):
            found[one.id] = last
    return found


def _left(session: Session, over: Mapping[int, Unit], *, locked: bool = False) -> Sequence[Complaint]:
    """Open complaints that still lie there."""
    there = or_(Complaint.unit_id.in_(over), Complaint.office_id.in_(over))
    query = select(Complaint).where(Complaint.state.in_(OPEN_STATES), there).order_by(Complaint.id).limit(BATCH)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True) if locked else query).all()


def _people(session: Session, over: Mapping[int, Unit]) -> Sequence[Official]:
    return session.scalars(select(Official).where(Official.unit_id.in_(over))).all()


def _set_up(session: Session, over: Mapping[int, Unit]) -> list[DutyShift | Contribution | ApprovedField]:
    """Watches, parts that are owed, and fields whose answers the leader approves, of units and offices that have ended."""
    shifts = session.scalars(select(DutyShift).where(DutyShift.unit_id.in_(over))).all()
    owed = select(Contribution).where(Contribution.office_id.in_(over), Contribution.given_at.is_(None))
    fields = session.scalars(select(ApprovedField).where(ApprovedField.unit_id.in_(over))).all()
    return [*shifts, *session.scalars(owed).all(), *fields]


def _hand_on(session: Session, over: Mapping[int, Unit]) -> int:
    """To the successor, unless it has the same already; how many."""
    found = _set_up(session, over)
    for one in found:
        match one:
            case DutyShift():
                one.unit_id = over[one.unit_id].id
            case Contribution():
                to = over[one.office_id].id
                if contributions.asked_of(session, one.complaint_id, to) is None and to != one.complaint.office_id:
                    one.office_id = to
                else:
                    session.delete(one)
            case ApprovedField():
                key = over[one.unit_id].id, one.category
                if session.get(ApprovedField, key) is None:
                    session.add(ApprovedField(unit_id=key[0], category=key[1], set_at=one.set_at, set_by=one.set_by))
                session.delete(one)
        session.flush()
    return len(found)


def _move(session: Session, complaint: Complaint, new: Unit, offices: Mapping[str, Unit], now: datetime) -> None:
    """To an office, or to a unit and the office there that is called like the one it lay with."""
    if new.kind == "office":
        _place(session, complaint, complaint.unit, new, now)
    else:
        _place(session, complaint, new, offices.get(_short(complaint.office)) if complaint.office else None, now)


def _place(session: Session, complaint: Complaint, unit: Unit, office: Unit | None, now: datetime) -> None:
    """Puts it there with a line in its history. Without an office it waits for the focal official; the due date stays."""
    left = (complaint.office or complaint.unit).name
    unit_before = complaint.unit_id
    complaint.unit_id, complaint.office_id = unit.id, office.id if office else None
    if unit.id != unit_before:
        searching.keep(session, complaint, unit_before=unit_before)
    if office is None:
        complaint.triage_reason = WhyTriage.NO_OFFICE.value
        complaint.state = "received" if complaint.state == "assigned" else complaint.state
    reached = f"{office.name}, {unit.name}" if office else unit.name
    note(session, complaint.id, "reshaped", at=now, left=left, reached=reached)


def _offices(session: Session, unit: Unit, on: date) -> Sequence[Unit]:
    query = select(Unit).where(Unit.parent_id == unit.id, Unit.kind == "office").order_by(Unit.id)
    return [office for office in session.scalars(query) if _stands(office, on)]


def _stands(unit: Unit, on: date) -> bool:
    return unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)


def _short(office: Unit) -> str:
    """The part of its code that offices of the same kind share."""
    return office.code.rpartition("-")[2]


def _from(first: date) -> tuple[ColumnElement[bool], ...]:
    return (or_(Route.valid_to.is_(None), Route.valid_to >= first),)


def _in_force(today: date) -> tuple[ColumnElement[bool], ...]:
    return (Route.valid_from <= today, *_from(today))
