"""Calls to make: which citizens must be phoned because an office's text did not reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased, joinedload

from smsgw.domain.calls import Standing, Unheard
from smsgw.store.officials import Scope
from smsgw.store.tables import LOST_LETTERS, Call, Complaint, Event, Outgoing

OVER = ("withdrawn", "refused")
NOT_HEARD_BY_TEXT = (Standing.OPEN, Standing.TOLD, Standing.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Reach:
    """How answers of a period reached the citizens: `told_by_phone` and `to_phone` are among the `not_delivered`;
    of the `unknown`, sent long ago, no network ever reported."""

    not_delivered: int
    told_by_phone: int
    to_phone: int
    unknown: int


def lost(session: Session, limit: int) -> Sequence[int]:
    """Ids of the offices' texts that did not arrive and that no call was opened for, oldest first."""
    return session.scalars(select(Outgoing.id).where(*_is_lost()).order_by(Outgoing.id).limit(limit)).all()


def still_lost(session: Session, outbox_id: int) -> Outgoing | None:
    """The text, while that is so."""
    return session.scalars(select(Outgoing).where(Outgoing.id == outbox_id, *_is_lost())).one_or_none()


def _is_lost() -> tuple[ColumnElement[bool], ...]:
    """As `domain.calls.must_phone` says, of a complaint that goes on or was refused by it, and not made good by a later text.
    The first condition is written out: SQLite takes a partial index only where it reads the index's own words."""
    later = aliased(Outgoing)
    made_good = exists().where(
        later.complaint_id == Outgoing.complaint_id,
        later.kind == Outgoing.kind,
        later.id > Outgoing.id,
        later.state == "delivered",
    )
    wanted = exists().where(
        Complaint.id == Outgoing.complaint_id,
        or_(Complaint.state.not_in(OVER), Outgoing.kind == "NotAccepted"),
        or_(Outgoing.kind != "OfficeQuestion", Complaint.state != "answered"),
    )
    return (
        text(LOST_LETTERS),  # type: ignore[return-value]
        or_(Outgoing.state != "unknown", Outgoing.lease_until.is_(None)),
        wanted,
        ~made_good,
        ~exists().where(Call.outbox_id == Outgoing.id),
    )


def needless(session: Session, limit: int) -> Sequence[int]:
    """Ids of open calls that need not be made any more, oldest first."""
    query = select(Call.id).join(Call.complaint).outerjoin(Call.letter)
    wanted = query.where(Call.state == Standing.OPEN, _why_needless().is_not(None))
    return session.scalars(wanted.order_by(Call.id).limit(limit)).all()


def why_needless(session: Session, call_id: int) -> Standing | None:
    """How an open call would be closed by what happened meanwhile; None while somebody must still phone."""
    query = select(_why_needless()).select_from(Call).join(Call.complaint).outerjoin(Call.letter)
    why = session.scalar(query.where(Call.id == call_id, Call.state == Standing.OPEN))
    return Standing(why) if why else None


def _why_needless() -> ColumnElement[str | None]:
    """It arrived after all, or was sent again and arrived; the citizen took the complaint back; a question that perhaps
    went out was followed by the citizen's reply."""
    again = aliased(Outgoing)
    arrived = exists().where(
        again.complaint_id == Call.complaint_id,
        again.kind == Outgoing.kind,
        again.id >= Outgoing.id,
        again.state == "delivered",
    )
    wrote = exists().where(
        Event.complaint_id == Call.complaint_id, Event.kind == "added", Event.at > Outgoing.created_at
    )
    replied = and_(Call.unheard == Unheard.QUESTION, Outgoing.state.in_(("unknown", "accepted")), wrote)
    return case(
        (arrived, Standing.ARRIVED.value),
        (Complaint.state.in_(OVER) & (func.coalesce(Outgoing.kind, "") != "NotAccepted"), Standing.WITHDRAWN.value),
        (replied, Standing.REPLIED.value),
    )


def open_call(session: Session, complaint_id: int, *, to_change: bool = False) -> Call | None:
    """The call that this complaint waits for. To change it, lock its complaint first."""
    query = select(Call).where(Call.state == Standing.OPEN, Call.complaint_id == complaint_id)
    query = query.options(joinedload(Call.letter)).order_by(Call.id.desc()).limit(1)
    return session.scalars(query.with_for_update(key_share=True, of=Call) if to_change else query).one_or_none()


def unheard(session: Session, complaint_id: int) -> Unheard | None:
    """What the citizen must still be phoned about."""
    call = open_call(session, complaint_id)
    return Unheard(call.unheard) if call else None


def listed(session: Session, scope: Scope, limit: int) -> Sequence[Call]:
    """The open calls of a scope with their complaints, oldest first."""
    people = joinedload(Call.complaint)
    query = (
        select(Call)
        .join(Call.complaint)
        .where(Call.state == Standing.OPEN, scope.condition())
        .options(
            people.joinedload(Complaint.citizen), people.joinedload(Complaint.unit), people.joinedload(Complaint.office)
        )
    )
    return session.scalars(query.order_by(Call.opened_at, Call.id).limit(limit)).all()


def counted(session: Session) -> Mapping[str, int]:
    """How many calls there are, by where they stand."""
    return dict(session.execute(select(Call.state, func.count()).group_by(Call.state)).all())


def reach(session: Session, begins: datetime, ends: datetime, scope: Scope | None = None) -> Reach:
    """Of the answers written from `begins` until before `ends`, within the scope."""
    own = (Outgoing.complaint_id.in_(select(Complaint.id).where(scope.condition())),) if scope else ()
    written = Outgoing.kind == "OfficeAnswer", Outgoing.created_at >= begins, Outgoing.created_at < ends, *own
    calls = select(Call.state, func.count()).join(Call.letter).where(*written).group_by(Call.state)
    by = dict(session.execute(calls).all())
    silent = select(func.count()).select_from(Outgoing).where(*written, Outgoing.state == "delivery_unknown")
    return Reach(
        not_delivered=sum(by.get(state, 0) for state in NOT_HEARD_BY_TEXT),
        told_by_phone=by.get(Standing.TOLD, 0),
        to_phone=by.get(Standing.OPEN, 0),
        unknown=session.scalar(silent) or 0,
    )
