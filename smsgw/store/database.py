"""Opens the database: SQLite with a durable log, or PostgreSQL; one engine a process."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Insert, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smsgw.store.away import Away, Watch, is_away
from smsgw.store.together import Together, Told, Wish

Transaction = Session  # the name for rooms that hand it on and ask it nothing

StoreError = SQLAlchemyError  # what a door catches when nothing could be stored

LOCK_WAIT_MS = 3_000
# Of that wait, between two questions for the lock: for who is waited for, and for who is not. Counted, not timed: on a busy
# machine each takes longer than it should.
SOON_MS = (0.5,) * 1_000 + (5.0,) * 500
LATER_MS = (3.0,) * 1_000
STATEMENT_TIMEOUT_MS = 5_000
SILENCE_MS = 10_000  # of a machine that went away without a word; without it the system waits a quarter of an hour


class Database:
    """Sessions that read, and sessions that write.

    On SQLite a writer takes the one write lock when it begins, so that it can never lose it half-way ("database is
    locked" in the middle of a transaction).
    """

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = self.engine.execution_options(smsgw_writes=True)
        self._writing_soon = self._writing.execution_options(smsgw_pauses_ms=SOON_MS)
        self._watch = Watch(self._writing.begin)
        self._together = Together(self._writing_soon.begin, self._watch)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a transaction: committed at the end, rolled back when anything is raised."""
        with self._session(self._writing) as session:
            yield session

    @contextmanager
    def write_soon(self) -> Iterator[Session]:
        """As `write`, for who is waited for: raises `Away` at once while the database is known to be."""
        if self._watch.is_away:
            raise Away("the database is away")
        try:
            with self._session(self._writing_soon) as session:
                yield session
        except SQLAlchemyError as trouble:
            if is_away(trouble):
                self._watch.found_away()
            raise

    @staticmethod
    @contextmanager
    def _session(engine: Engine) -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def add_together(self, table: type[Any], values: Mapping[str, Any]) -> None:
        """Adds a row, unless one of its unique keys is taken, in a transaction that it may share with others; returns once it
        is durable. Raises `Away` at once while the database is known to be."""
        self._together.add(_passing_over(table.__table__, self.engine.dialect.name), values)

    def put_together(self, table: type[Any], values: Mapping[str, Any], told: Told) -> Wish:
        """The same without waiting: who is `told` hears when it is done, and asks `settled` then, or when it waits no longer.
        Raises `Away` as that does."""
        return self._together.put(_passing_over(table.__table__, self.engine.dialect.name), values, told)

    def settled(self, wish: Wish) -> None:
        """Returns when the row is durable; raises what kept it out, and `Away` when that is not known yet."""
        self._together.settled(wish)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self._watch.close()
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine with the settings that durability needs (SQLite: WAL, synchronous FULL, foreign keys)."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": LOCK_WAIT_MS / 1000, "check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c synchronous_commit=on"
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        connect_args={"options": options, "connect_timeout": 3, "tcp_user_timeout": SILENCE_MS},
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("smsgw_writes"):
        _take_the_lock(connection, options.get("smsgw_pauses_ms", LATER_MS))
    else:
        connection.exec_driver_sql("BEGIN")


def _take_the_lock(connection: Connection, pauses_ms: Sequence[float]) -> None:
    """Waits `LOCK_WAIT_MS` for SQLite's one write lock, asking again after each pause: SQLite's own patience grows to steps of
    100 ms, in which other processes pass us by. Raises `OperationalError` in the end, and at once where waiting cannot help."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        for pause in pauses_ms:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as refused:
                if refused.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
            time.sleep(pause / 1000)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails in SQLAlchemy's words, or is lucky
    finally:
        driver.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")


def insert_once(session: Session, table: type[Any], values: Mapping[str, Any]) -> int | None:
    """Inserts a row unless one of its unique keys is taken; its primary key, or None when it was there already."""
    statement = _insert_once(table.__table__, session.get_bind().dialect.name)
    return session.execute(statement, values).scalar_one_or_none()


def inserting_once(session: Session, table: type[Any]) -> Insert:
    """The statement for many rows at once, which passes over those whose unique keys are taken."""
    return _passing_over(table.__table__, session.get_bind().dialect.name)


@cache
def _insert_once(table: Table, dialect: str) -> Executable:
    """Made once: building a statement costs more than running it."""
    return _passing_over(table, dialect).returning(*table.primary_key)


@cache
def _passing_over(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()
