"""Sealed matters: who may read whose, the list of them, their texts, and how many there are, which is all that others learn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, exists, func, literal, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from smsgw.store.tables import (
    KEEPERS_TO_TELL,
    Citizen,
    Complaint,
    Inbound,
    Official,
    Sealed,
    SealedLine,
    SealedText,
    SealKeeper,
    Unit,
)

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many matters of a unit nobody has handed over or released yet, how many people are named to read them, and of how
    many matters none of these may read a word."""

    unit: str
    sealed: int
    keepers: int
    closed_to_all: int


def units_kept_by(session: Session, official_id: int) -> frozenset[int]:
    """Ids of the units whose sealed texts this official may read now; of the province: those of every unit in it."""
    named = select(SealKeeper.unit_id).where(SealKeeper.official_id == official_id, SealKeeper.ended_at.is_(None))
    units = set(session.scalars(named))
    if units:
        units.update(session.scalars(select(Unit.id).where(Unit.parent_id.in_(units), Unit.kind != "office")))
    return frozenset(units)


def keepers_of(session: Session, unit_id: int) -> Sequence[Official]:
    """Who may read this unit's: those named for it and for the province above it."""
    parent = select(Unit.parent_id).where(Unit.id == unit_id).scalar_subquery()
    named = (SealKeeper.unit_id == unit_id) | (SealKeeper.unit_id == parent)
    query = select(Official).join(SealKeeper, SealKeeper.official_id == Official.id)
    return session.scalars(
        query.where(named, SealKeeper.ended_at.is_(None), Official.active).distinct().order_by(Official.id)
    ).all()


def named(session: Session) -> Sequence[SealKeeper]:
    """Everybody who is or was named, newest first."""
    people = joinedload(SealKeeper.official), joinedload(SealKeeper.unit)
    return session.scalars(select(SealKeeper).options(*people).order_by(SealKeeper.id.desc()).limit(MOST)).all()


def listed(session: Session, units: Collection[int]) -> Sequence[Sealed]:
    """The matters of these units, those nobody has dealt with first, newest first."""
    query = select(Sealed).where(Sealed.unit_id.in_(units)).options(joinedload(Sealed.unit))
    return session.scalars(query.order_by((Sealed.state == "sealed").desc(), Sealed.id.desc()).limit(MOST)).all()


def within(session: Session, units: Collection[int], number: int, *, to_change: bool = False) -> Sealed | None:
    """The matter of this number; None when there is none and when it is of another unit alike. To change it, its citizen is
    locked first, as wherever a citizen's text is read: then no text joins it meanwhile, and none waits in a ring."""
    meant = Sealed.id == number, Sealed.unit_id.in_(units)
    query = select(Sealed).where(*meant)
    if not to_change:
        return session.scalars(query).one_or_none()
    session.scalars(
        select(Citizen).join(Sealed).where(*meant).with_for_update(key_share=True, of=Citizen)
    ).one_or_none()
    return session.scalars(query.with_for_update(key_share=True, of=Sealed)).one_or_none()


def texts(session: Session, sealed_ids: Collection[int]) -> dict[int, list[Inbound]]:
    """The texts of these matters, oldest first."""
    found: dict[int, list[Inbound]] = {sealed_id: [] for sealed_id in sealed_ids}
    query = select(SealedText.sealed_id, Inbound).join(Inbound, Inbound.id == SealedText.inbound_id)
    for sealed_id, row in session.execute(query.where(SealedText.sealed_id.in_(sealed_ids)).order_by(Inbound.id)):
        found[sealed_id].append(row)
    return found


def history(session: Session, sealed_id: int) -> Sequence[SealedLine]:
    """Who did what with it, oldest first."""
    query = select(SealedLine).where(SealedLine.sealed_id == sealed_id).options(joinedload(SealedLine.official))
    return session.scalars(query.order_by(SealedLine.id)).all()


def newest_of(session: Session, citizen_id: int) -> Sealed | None:
    """The citizen's last matter, still sealed or handed over; a released one is an ordinary complaint."""
    mine = Sealed.citizen_id == citizen_id, Sealed.state != "released"
    return session.scalars(select(Sealed).where(*mine).order_by(Sealed.id.desc()).limit(1)).one_or_none()


def made_of(session: Session, citizen_id: int, reference: str) -> Sealed | None:
    """The same, made of the citizen's own complaint of this reference when an official put it under seal."""
    key = literal("complaint:") + cast(Complaint.id, String)
    mine = Sealed.citizen_id == citizen_id, Sealed.state != "released", Complaint.reference == reference
    return session.scalars(select(Sealed).join(Complaint, Sealed.key == key).where(*mine)).one_or_none()


def counted(session: Session, units: Collection[int]) -> int:
    """How many of these units still lie sealed."""
    query = select(func.count()).select_from(Sealed).where(Sealed.unit_id.in_(units), Sealed.state == "sealed")
    return session.scalar(query) or 0 if units else 0


def received(session: Session, begins: datetime, ends: datetime, units: Collection[int] | None = None) -> int:
    """How many came from `begins` until before `ends`, whatever became of them; of these units, or of all."""
    own = (Sealed.unit_id.in_(units),) if units is not None else ()
    span = Sealed.received_at >= begins, Sealed.received_at < ends, *own
    return session.scalar(select(func.count()).select_from(Sealed).where(*span)) or 0


def still_sealed(session: Session) -> Sequence[Sealed]:
    """What nobody has handed over or released yet, by unit."""
    query = select(Sealed).join(Unit, Unit.id == Sealed.unit_id).where(Sealed.state == "sealed")
    return session.scalars(query.options(contains_eager(Sealed.unit)).order_by(Unit.name, Unit.id)).all()


def untold(session: Session) -> Sequence[Sealed]:
    """Those of which no keeper was told that something waits, where anybody is named whom a text can reach."""
    above = select(Unit.parent_id).where(Unit.id == Sealed.unit_id).correlate(Sealed).scalar_subquery()
    reached = SealKeeper.ended_at.is_(None), Official.active, Official.phone != ""
    of_it = (SealKeeper.unit_id == Sealed.unit_id) | (SealKeeper.unit_id == above)
    kept = exists().where(SealKeeper.official_id == Official.id, of_it, *reached)
    query = select(Sealed).where(text(KEEPERS_TO_TELL), Sealed.state == "sealed", kept)
    return session.scalars(query.order_by(Sealed.id)).all()


def to_tell(session: Session, sealed_ids: Collection[int]) -> Sequence[Sealed]:
    """Which of these are still untold, to change. Rows that another clock holds are skipped (PostgreSQL)."""
    query = select(Sealed).where(Sealed.id.in_(sealed_ids), text(KEEPERS_TO_TELL), Sealed.state == "sealed")
    return session.scalars(query.order_by(Sealed.id).with_for_update(skip_locked=True, key_share=True, of=Sealed)).all()
