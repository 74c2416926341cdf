"""Group commit, tried with real threads on a real file."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from smsgw.store.database import Database, insert_once
from smsgw.store.tables import Base, Role
from smsgw.store.together import Together

SEVERAL = 8


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'together.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


ADDED = insert(Role)


def role(name: str) -> dict[str, str | None]:
    return {"name": name, "description": ""}


def roles(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Role)) or 0


class Gathering:
    """Holds the first writer inside its transaction until the others have queued up behind it."""

    def __init__(self, database: Database) -> None:
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.transactions = 0
        self._database = database
        self.together = Together(self._open)

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        self.transactions += 1
        with self._database._writing.begin() as connection:
            self.entered.set()
            assert self.go_on.wait(10)
            yield connection

    def behind(self, rows: list[dict[str, str | None]], pool: ThreadPoolExecutor) -> list[BaseException | None]:
        """What became of writers that all came while the first was at work."""
        began = pool.submit(self.together.add, ADDED, role("first"))
        assert self.entered.wait(10)
        jobs = [pool.submit(self.together.add, ADDED, row) for row in rows]
        while len(self.together._wishes) < len(rows):
            threading.Event().wait(0.005)
        self.go_on.set()
        began.result()
        return [job.exception() for job in jobs]


def test_those_who_wait_share_one_transaction(database: Database) -> None:
    gathering = Gathering(database)
    with ThreadPoolExecutor(SEVERAL + 1) as pool:
        assert gathering.behind([role(f"role {n}") for n in range(SEVERAL)], pool) == [None] * SEVERAL
    assert roles(database) == SEVERAL + 1
    assert gathering.transactions == 2


def test_one_who_fails_takes_nobody_along(database: Database) -> None:
    gathering = Gathering(database)
    with ThreadPoolExecutor(SEVERAL) as pool:
        ended = gathering.behind([role("one"), {"name": None, "description": ""}, role("two")], pool)
    assert [isinstance(end, IntegrityError) for end in ended] == [False, True, False]
    assert roles(database) == 3


def test_what_was_there_already_stays_as_it_was(database: Database) -> None:
    database.add_together(Role, role("focal"))
    database.add_together(Role, {"name": "focal", "description": "another"})
    with database.read() as session:
        assert session.scalars(select(Role.description)).all() == [""]


def test_many_threads_at_once_are_all_written(database: Database) -> None:
    with ThreadPoolExecutor(SEVERAL) as pool:
        list(pool.map(lambda n: database.add_together(Role, role(f"role {n}")), range(400)))
    assert roles(database) == 400


def test_a_database_in_trouble_is_told_to_everybody_and_not_asked_again_for_each() -> None:
    asked: list[int] = []
    entered, go_on = threading.Event(), threading.Event()

    @contextmanager
    def locked() -> Iterator[Connection]:
        asked.append(1)
        entered.set()
        assert go_on.wait(10)
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        yield

    together = Together(locked)
    with ThreadPoolExecutor(SEVERAL) as pool:
        jobs = [pool.submit(together.add, ADDED, role("first"))]
        assert entered.wait(10)
        jobs += [pool.submit(together.add, ADDED, role(name)) for name in "abc"]
        while len(together._wishes) < 3:
            threading.Event().wait(0.005)
        go_on.set()
        assert {type(job.exception()) for job in jobs} == {OperationalError}
    assert len(asked) == 2


def test_a_writer_gets_its_turn_when_another_process_lets_go(database: Database) -> None:
    other = Database(str(database.engine.url))
    with ThreadPoolExecutor(1) as pool:
        with other.write() as session:
            insert_once(session, Role, role("auditor"))
            waiting = pool.submit(database.add_together, Role, role("focal"))
            assert not waiting.done()
        waiting.result()
    assert roles(database) == 2
    other.close()
