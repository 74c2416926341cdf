"""USSD sessions: the one a turn belongs to, one that was left behind, those to see to, and where they break off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from smsgw.domain.ussd.breaks import LONGEST_SESSION, Outcome
from smsgw.store.tables import Outgoing, Sitting

TRIED_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """The last screen of a session; with `more` it waits for an answer. `history` is what was typed, joined by `*`."""

    session_id: str
    text: str
    more: bool
    history: str


@dataclass(frozen=True, slots=True)
class Drops:
    """How many sessions broke off at a screen, and what became of them. Of `open` ones nothing has yet."""

    screen: str
    broke_off: int
    continued: int
    became: int
    told: int
    open: int


def last_shown(session: Session, provider: str, session_id: str, phone: str) -> Shown | None:
    """The session of this phone, or None."""
    query = select(Sitting).where(
        Sitting.provider == provider, Sitting.session_id == session_id, Sitting.phone == phone
    )
    row = session.scalars(query).one_or_none()
    return Shown(row.session_id, row.last_screen, row.more, row.last_history or "") if row else None


def has_begun(session: Session, provider: str, session_id: str, phone: str) -> bool:
    """Whether there is such a session of this phone."""
    mine = Sitting.provider == provider, Sitting.session_id == session_id, Sitting.phone == phone
    return session.scalar(select(exists().where(*mine))) or False


def held(session: Session, provider: str, session_id: str, phone: str) -> Sitting | None:
    """The session a turn belongs to, locked; None where it begins."""
    mine = Sitting.provider == provider, Sitting.session_id == session_id, Sitting.phone == phone
    return session.scalars(select(Sitting).where(*mine).with_for_update(key_share=True)).one_or_none()


def left_behind(session: Session, phone: str, besides: int, now: datetime) -> Sitting | None:
    """The newest session of this phone that may be gone on with, locked."""
    query = select(Sitting).where(Sitting.phone == phone, Sitting.id != besides, Sitting.open_until > now)
    return session.scalars(
        query.order_by(Sitting.touched_at.desc(), Sitting.id.desc()).limit(1).with_for_update(key_share=True)
    ).first()


def newest_after(session: Session, phone: str, sitting_id: int) -> Sitting | None:
    """The newest session of this phone that began later, locked."""
    query = select(Sitting).where(Sitting.phone == phone, Sitting.id > sitting_id)
    return session.scalars(query.order_by(Sitting.id.desc()).limit(1).with_for_update(key_share=True)).first()


def due(session: Session, now: datetime, limit: int) -> Sequence[tuple[int, str]]:
    """The ids and phones of those to look at, oldest first; none is locked."""
    query = select(Sitting.id, Sitting.phone).where(Sitting.look_at <= now)
    return [(row.id, row.phone) for row in session.execute(query.order_by(Sitting.look_at, Sitting.id).limit(limit))]


def still_due(session: Session, sitting_id: int, now: datetime) -> Sitting | None:
    """This one, locked; None where a turn or another clock saw to it meanwhile."""
    query = select(Sitting).where(Sitting.id == sitting_id, Sitting.look_at <= now)
    return session.scalars(query.with_for_update(key_share=True)).one_or_none()


def forget(session: Session, begun_before: datetime, now: datetime) -> None:
    """Those that nobody looks at or goes on with any more: numbers and words are not kept longer for their sake. What they
    became stays as a text."""
    is_done = Sitting.look_at.is_(None), or_(Sitting.open_until.is_(None), Sitting.open_until <= now)
    session.execute(delete(Sitting).where(Sitting.started_at < begun_before, *is_done))


def answers(session: Session, complaint_ids: Sequence[int]) -> Mapping[int, str]:
    """The newest answer's text of each of these complaints, as it was sent."""
    if not complaint_ids:
        return {}
    sent = Outgoing.complaint_id.in_(complaint_ids), Outgoing.kind == "OfficeAnswer", Outgoing.state != "cancelled"
    rows = session.execute(select(Outgoing.complaint_id, Outgoing.body).where(*sent).order_by(Outgoing.id))
    return {complaint_id: body for complaint_id, body in rows if complaint_id is not None}


def begun(session: Session, since: datetime) -> int:
    """How many sessions began since then."""
    return session.scalar(select(func.count()).where(Sitting.started_at >= since)) or 0


def drops(session: Session, since: datetime, now: datetime) -> Sequence[Drops]:
    """Of sessions begun since then, those whose last screen still waited for an answer when they were over, by screen, most
    first."""
    is_over = or_(Sitting.state == "ended", Sitting.touched_at < now - LONGEST_SESSION)
    broke_off = and_(Sitting.started_at >= since, Sitting.more, Sitting.screen != "", is_over)
    how_many = func.count()
    sums = [
        func.sum(case((Sitting.outcome == outcome, 1), else_=0))
        for outcome in (Outcome.CONTINUED, Outcome.BECAME, Outcome.TOLD, "")
    ]
    query = select(Sitting.screen, how_many, *sums).where(broke_off).group_by(Sitting.screen)
    return [Drops(*row) for row in session.execute(query.order_by(how_many.desc(), Sitting.screen))]
