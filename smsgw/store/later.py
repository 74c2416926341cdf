"""Rows that nobody asks for yet: kept until they must be there, then written together, like ones in one statement."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Insert, Table, func, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Base

_ORDER = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}


class Later:
    """What one transaction that writes inserts. Whoever asks the database for such rows calls `write` first, and so does
    whoever commits. `at_once` is how many ids are fetched together where they come from a sequence; one that is not used
    is never used."""

    def __init__(self, session: Session, at_once: int = 1) -> None:
        self._session = session
        self._at_once = at_once
        self._rows: dict[Insert, list[Mapping[str, Any]]] = {}
        self._ids: dict[type[Base], Iterator[int]] = {}

    def id_for(self, table: type[Base]) -> int:
        """The id that the next row of this table is to be given: nobody else gets it."""
        if table not in self._ids:
            self._ids[table] = self._fresh_ids(cast("Table", table.__table__))
        return next(self._ids[table])

    def add(self, statement: Insert, row: Mapping[str, Any]) -> None:
        """One row for a statement that is made once: rows are like when their statement is the same one."""
        self._rows.setdefault(statement, []).append(row)

    def write(self) -> None:
        """Inserts what was added, rows before those that name them."""
        if not self._rows:
            return
        rows, self._rows = self._rows, {}
        connection = self._session.connection()
        for statement in sorted(rows, key=_place):
            connection.execute(statement, rows[statement])

    def _fresh_ids(self, table: Table) -> Iterator[int]:
        """From PostgreSQL's sequence; on SQLite we hold the one write lock, so what follows the last id is ours."""
        key = table.c.id
        if self._session.get_bind().dialect.name == "sqlite":
            fresh = self._session.connection().execute(select(func.coalesce(func.max(key), 0))).scalar_one()
            while True:
                yield (fresh := fresh + 1)
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, self._at_once))
        while True:
            yield from self._session.connection().scalars(numbers).all()


def _place(statement: Insert) -> int:
    table = statement.table
    assert isinstance(table, Table)
    return _ORDER[table]
