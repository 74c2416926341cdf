"""Opens the database: SQLite with a durable log, or PostgreSQL; one engine a process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

Transaction = Session  # the name for rooms that hand it on and ask it nothing

StoreError = SQLAlchemyError  # what a door catches when nothing could be stored

LOCK_WAIT_MS = 3_000
STATEMENT_TIMEOUT_MS = 5_000


class Database:
    """Sessions that read, and sessions that write. On SQLite a writer takes the one write lock when it begins, so that it
    can never lose it half-way ("database is locked" in the middle of a transaction)."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = self.engine.execution_options(smsgw_writes=True)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a transaction: committed at the end, rolled back when anything is raised."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine with the settings that durability needs (SQLite: WAL, synchronous FULL, foreign keys)."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_MS / 1000, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c synchronous_commit=on"
    return create_engine(url, pool_pre_ping=True, pool_size=8, connect_args={"options": options, "connect_timeout": 3})


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("smsgw_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_once(session: Session, table: type[Any], values: Mapping[str, Any]) -> int | None:
    """Inserts a row unless one of its unique keys is taken; its id, or None when it was there already."""
    target: Table = table.__table__
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(target).values(**values).on_conflict_do_nothing().returning(target.c.id)
    return session.execute(statement).scalar_one_or_none()
