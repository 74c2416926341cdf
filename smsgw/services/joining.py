"""Makes texts of parts: a long text once it is whole, one with gaps once its time is up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import Session

from smsgw.domain.messages import SmsReceived
from smsgw.domain.parts import REST_COMES_WITHIN, WAIT, Piece, Pieces, by_text, is_rest_of, without
from smsgw.services.intake import receive
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.tables import PART_WAITS, Inbound, PartRow

AT_ONCE = 64

log = structlog.get_logger()


class Mark(NamedTuple):
    """What the parts of one text have in common."""

    provider: str
    sender: str
    recipient: str
    reference: int
    total: int

    def is_of(self) -> list[ColumnElement[bool]]:
        """What its parts are found by."""
        return [column == value for column, value in zip(COLUMNS, self, strict=True)]


class Before(NamedTuple):
    """A text released before, and what is known of it by number."""

    inbound_id: int
    texts: Mapping[int, str]


COLUMNS = (PartRow.provider, PartRow.sender, PartRow.recipient, PartRow.reference, PartRow.total)


_READY = (
    select(*COLUMNS)
    .where(text(PART_WAITS))
    .group_by(*COLUMNS)
    .having(
        or_(
            func.count(PartRow.number.distinct()) >= PartRow.total,
            func.min(PartRow.received_at) <= bindparam("came_by"),
        )
    )
    .order_by(func.min(PartRow.id))
    .limit(AT_ONCE)
)


def ready(session: Session, now: datetime) -> Sequence[Mark]:
    """Where parts wait that may be a whole text, or that have waited long enough. An index of those that wait holds all
    that is asked, in this order."""
    return [Mark(*row) for row in session.execute(_READY, {"came_by": now - WAIT})]


def join(database: Database, marks: Sequence[Mark], now: datetime) -> None:
    """Each in a transaction of its own: parts that cannot be joined keep nobody else's text waiting."""
    for mark in marks:
        try:
            with database.write() as session:
                _join(session, mark, now)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("parts of a text could not be joined", total=mark.total)


def _join(session: Session, mark: Mark, now: datetime) -> None:
    """Under the parts' locks: whoever comes second finds none of them waiting."""
    waiting = (
        select(PartRow)
        .where(*mark.is_of(), PartRow.inbound_id.is_(None))
        .order_by(PartRow.id)
        .with_for_update(key_share=True)
    )
    rows = {row.id: row for row in session.scalars(waiting)}
    for row_id, inbound_id in _texts_before(session, rows):
        rows.pop(row_id).inbound_id = inbound_id
    for pieces in by_text(map(_piece, rows.values())):
        if pieces.whole:
            _release(session, rows, pieces)
        elif pieces.waits_until() <= now:
            _give_up(session, mark, rows, pieces)


def _texts_before(session: Session, rows: Iterable[int]) -> Sequence[tuple[int, int]]:
    """Parts that came before as texts of their own, from a list that did not say that they are parts; and as which."""
    same = (getattr(Inbound, name) == getattr(PartRow, name) for name in ("provider", "account", "provider_ref"))
    query = select(PartRow.id, Inbound.id).join(Inbound, and_(*same)).where(PartRow.id.in_(rows))
    return [(row_id, inbound_id) for row_id, inbound_id in session.execute(query)]


def _piece(row: PartRow) -> Piece:
    return Piece(row.id, row.number, row.total, row.body, row.received_at)


def _give_up(session: Session, mark: Mark, rows: Mapping[int, PartRow], pieces: Pieces) -> None:
    """What came is a text with gaps, or the rest of one given up before. The rest waits until that one was worked on, so
    that it is known what it opened."""
    before = _given_up_before(session, mark, pieces)
    if before is None or not is_rest_of(pieces, before.texts):
        _release(session, rows, pieces, incomplete=True)
    elif session.get_one(Inbound, before.inbound_id).state != "received":
        news = without(pieces, before.texts)
        if news.came:
            _release(session, rows, news, continues=before.inbound_id)
        for piece in pieces.came:
            rows[piece.id].inbound_id = rows[piece.id].inbound_id or before.inbound_id


def _given_up_before(session: Session, mark: Mark, pieces: Pieces) -> Before | None:
    """The newest text that parts of this mark were joined into not long ago, with whatever of it came since."""
    text = func.coalesce(Inbound.continues, Inbound.id)
    query = select(text, PartRow.number, PartRow.body).join(Inbound, Inbound.id == PartRow.inbound_id)
    since = pieces.came[0].came_at - REST_COMES_WITHIN
    known = session.execute(query.where(*mark.is_of(), PartRow.received_at >= since).order_by(PartRow.id)).all()
    if not known:
        return None
    newest = known[-1][0]
    return Before(newest, {number: body for inbound_id, number, body in known if inbound_id == newest})


def _release(
    session: Session,
    rows: Mapping[int, PartRow],
    pieces: Pieces,
    *,
    incomplete: bool = False,
    continues: int | None = None,
) -> None:
    """One text that waits to be worked on, as if it had come so; `sent_at` is its first part's."""
    first = rows[pieces.came[0].id]
    ref = f"parts:{first.id}"
    sms = SmsReceived(first.provider, first.account, ref, first.sender, first.recipient, pieces.said(), first.sent_at)
    inbound_id = receive(session, sms, pieces.came[-1].came_at)
    if inbound_id is None:
        raise RuntimeError(f"{ref} was a text before")
    row = session.get_one(Inbound, inbound_id)
    row.incomplete, row.continues = incomplete, continues
    for piece in pieces.came:
        rows[piece.id].inbound_id = inbound_id
    if incomplete:
        log.warning("a long text is worked on with parts missing", inbound=inbound_id)
