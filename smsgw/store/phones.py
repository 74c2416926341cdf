"""Officials' numbers: whose one is, whether that was proved, and which of them texts fail to reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.database import insert_once
from smsgw.store.tables import Official, OfficialPhone, Outgoing, Unit

LOST = frozenset({"failed", "undelivered"})
SETTLED = LOST | {"accepted", "delivered", "delivery_unknown"}
IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Known:
    """An official and what is known of their number; None for nothing."""

    official: Official
    phone: OfficialPhone | None

    @property
    def verified(self) -> bool:
        """Whether the number that the official has now was proved to be theirs."""
        return bool(self.phone and self.phone.verified_at and self.phone.phone == self.official.phone)

    @property
    def locked(self) -> bool:
        return bool(self.phone and self.phone.locked_at)


def holder(session: Session, number: str) -> Known | None:
    """The active official of this number, of several the one who proved it; what is known of it is locked."""
    query = select(Official.id).where(Official.phone == number, Official.active).order_by(Official.id)
    found = [known for each in session.scalars(query) if (known := of(session, each, to_change=True))]
    return next((one for one in found if one.verified), found[0] if found else None)


def of(session: Session, official_id: int, *, to_change: bool = False) -> Known | None:
    """One official's. To change it, its row is locked so that whoever names the official in a row of theirs need not wait."""
    official = session.get(Official, official_id)
    query = select(OfficialPhone).where(OfficialPhone.official_id == official_id)
    if to_change:
        query = query.with_for_update(key_share=True)
    return Known(official, session.scalars(query).one_or_none()) if official else None


def open_locks(session: Session, locked_before: datetime) -> None:
    """Numbers that wrong codes locked long enough ago: whoever forges a number silences nobody for good."""
    opened = update(OfficialPhone).where(OfficialPhone.locked_at <= locked_before)
    session.execute(opened.values(wrong=0, wrong_since=None, locked_at=None))


def is_verified(session: Session, official: Official) -> bool:
    """The same in one look, for those who only hand something out."""
    mine = OfficialPhone.official_id == official.id, OfficialPhone.phone == official.phone
    proved = select(OfficialPhone.official_id).where(
        *mine, OfficialPhone.verified_at.is_not(None), OfficialPhone.locked_at.is_(None)
    )
    return session.scalar(proved) is not None


def made(session: Session, official: Official) -> OfficialPhone:
    """What is known of the official's number, locked; of another number than before nothing is."""
    fresh = {"official_id": official.id, "phone": official.phone, "digest": ""}
    insert_once(session, OfficialPhone, {**fresh, "tries": 0, "serial": 0, "lately": 0, "wrong": 0})
    query = select(OfficialPhone).where(OfficialPhone.official_id == official.id)
    row = session.scalars(query.with_for_update(key_share=True)).one()
    if row.phone != official.phone:
        row.phone, row.digest, row.verified_at, row.verified_by = official.phone, "", None, None
    return row


def is_anothers(session: Session, official: Official) -> bool:
    """Whether somebody else has proved this number to be theirs."""
    query = select(OfficialPhone.official_id).join(Official, Official.id == OfficialPhone.official_id)
    proved = OfficialPhone.phone == official.phone, Official.phone == official.phone
    others = query.where(*proved, OfficialPhone.verified_at.is_not(None), OfficialPhone.official_id != official.id)
    return session.scalar(others.limit(1)) is not None


def free(session: Session, official: Official) -> None:
    """Whoever had this number before has it no more."""
    before = OfficialPhone.phone == official.phone, OfficialPhone.official_id != official.id
    session.execute(update(OfficialPhone).where(*before).values(verified_at=None))


def everyone(session: Session) -> Sequence[Known]:
    """All active officials, by unit and name."""
    query = (
        select(Official, OfficialPhone)
        .join(Official.unit)
        .outerjoin(OfficialPhone, OfficialPhone.official_id == Official.id)
        .where(Official.active)
        .options(joinedload(Official.unit).joinedload(Unit.parent))
        .order_by(Unit.code, Official.username)
    )
    return [Known(official, phone) for official, phone in session.execute(query)]


def failing(session: Session, numbers: Collection[str]) -> frozenset[str]:
    """Numbers of these that none of the last few texts reached."""
    place = func.row_number().over(partition_by=Outgoing.recipient, order_by=Outgoing.id.desc()).label("place")
    sent = select(Outgoing.recipient, Outgoing.state, place).where(
        Outgoing.recipient.in_(numbers), Outgoing.state.in_(SETTLED)
    )
    latest = sent.subquery()
    lost: dict[str, int] = {}
    for number, state in session.execute(select(latest.c.recipient, latest.c.state).where(latest.c.place <= IN_A_ROW)):
        lost[number] = lost.get(number, 0) + (state in LOST)
    return frozenset(number for number, count in lost.items() if count == IN_A_ROW)
