"""The log of what administrators changed: written by the session itself, so that no page can forget it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import History

from smsgw.store.tables import Change

PAGE = 50
WHO = "changes are by"
# What an administrator decides. Complaints have a history of their own.
WATCHED: Final = frozenset(
    {
        "units",
        "officials",
        "routes",
        "fields_off",
        "deadline_rules",
        "office_hours",
        "calendar_days",
        "unit_closures",
        "seal_keepers",
        "provider_health",
        "duty_shifts",
        "leaves",
        "templates",
        "registered_texts",
    }
)
SECRET: Final = frozenset({"password"})  # that it changed is told, never what it is
LEFT_OUT: Final = frozenset(
    {"fs_uniquifier", "failures", "counted_from", "calls", "troubles", "calls_before", "troubles_before"}
    | {"digested_on", "changed_at", "changed_by", "added_at", "added_by"}
    | {"closed_until", "probed_at", "returned_at", "why"}
)
LISTS: Final = ("roles",)

Row = dict[str, Any]


def watch(session: Session, official_id: int | None, now: datetime) -> None:
    """From now on until the session ends, whatever is changed in it by way of objects is logged with it, in its transaction.
    No official stands for a command of the operator's."""

    def note(flushed: Session, _context: object) -> None:
        rows = [
            {"at": now, "official_id": official_id, **told}
            for act, objects in (("added", flushed.new), ("changed", flushed.dirty), ("removed", flushed.deleted))
            for one in objects
            if (told := _told(act, one))
        ]
        if rows:
            flushed.connection().execute(insert(Change), rows)

    session.info[WHO] = official_id, now
    event.listen(session, "after_flush", note)


def record(
    session: Session, what: str, row: str, named: str, *, before: Row | None = None, after: Row | None = None
) -> None:
    """The same of a change that was not made by way of objects; nothing where nobody watches."""
    if WHO not in session.info:
        return
    official_id, now = session.info[WHO]
    act = "changed" if before and after else "added" if after else "removed"
    told = {"what": what, "row": row, "named": named, "act": act, "before": before or {}, "after": after or {}}
    session.execute(insert(Change), {"at": now, "official_id": official_id, **told})


def listed(session: Session, what: str = "", page: int = 1) -> Sequence[Change]:
    """A page of the log, newest first; one row more than a page tells that another follows."""
    query = select(Change).options(joinedload(Change.official)).order_by(Change.id.desc())
    if what:
        query = query.where(Change.what == what)
    return session.scalars(query.offset((max(page, 1) - 1) * PAGE).limit(PAGE + 1)).all()


def _told(act: str, one: object) -> Row | None:
    """What became of one row; None where nothing that is logged did."""
    state = inspect(one)
    table = state.mapper.local_table.name
    if table not in WATCHED:
        return None
    before, after = _sides(act, state)
    if before == after:
        return None
    keys = state.mapper.primary_key_from_instance(one)
    named = getattr(one, "name", "") or getattr(one, "title", "")
    row = " ".join(str(_plain(key)) for key in keys)
    return {"what": table, "row": row, "named": str(named), "act": act, "before": before, "after": after}


def _sides(act: str, state: Any) -> tuple[Row, Row]:
    """The columns that differ; of a row that is new or gone, all that say something."""
    before: Row = {}
    after: Row = {}
    columns = (column.key for column in state.mapper.column_attrs)
    for name in (*columns, *(name for name in LISTS if name in state.attrs)):
        if name in LEFT_OUT:
            continue
        history = state.attrs[name].history
        if act != "added":
            _put(before, name, _before(history))
        if act != "removed":
            _put(after, name, _after(history))
    if act == "changed":
        same = [name for name in {*before, *after} if before.get(name) == after.get(name)]
        for name in same:
            before.pop(name, None)
            after.pop(name, None)
    return _veiled(before, after)


def _put(side: Row, name: str, values: Sequence[Any]) -> None:
    known = [_plain(value) for value in values if value is not None]
    if name in LISTS:
        side[name] = sorted(known)
    elif known and known[0] != "":
        side[name] = known[0]


def _before(history: History) -> Sequence[Any]:
    return [*(history.deleted or ()), *(history.unchanged or ())]


def _after(history: History) -> Sequence[Any]:
    return [*(history.added or ()), *(history.unchanged or ())]


def _plain(value: Any) -> Any:
    """As JSON holds it: a moment or a day in ISO's spelling, a role by its name."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else getattr(value, "name", str(value))


def _veiled(before: Row, after: Row) -> tuple[Row, Row]:
    """Without secrets: only whether there was one, and whether it is another."""
    for name in SECRET & {*before, *after}:
        for side, word in ((before, "old"), (after, "new")):
            if name in side:
                side[name] = word
    return before, after
