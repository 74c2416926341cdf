"""Group commit, tried with real threads on a real file."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

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


def role(name: str) -> dict[str, str]:
    return {"name": name, "description": ""}


def roles(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Role)) or 0


class Gathering:
    """Holds the first writer inside its transaction until the others have queued up behind it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.sessions: dict[str, int] = {}

    def first(self, session: Session) -> None:
        self.entered.set()
        assert self.go_on.wait(10)

    def write(self, name: str) -> int | None:
        def work(session: Session) -> int | None:
            self.sessions[name] = id(session)
            if name == "broken":
                session.execute(text("insert into heartbeats (name, at) values (null, null)"))
            return insert_once(session, Role, role(name))

        return self.database.write_together(work)

    def behind(self, names: list[str], pool: ThreadPoolExecutor) -> list[object]:
        """What became of writers that all came while the first was at work."""
        began = pool.submit(self.database.write_together, self.first)
        assert self.entered.wait(10)
        jobs = [pool.submit(self.write, name) for name in names]
        while self.database._together._wishes.qsize() < len(names):
            threading.Event().wait(0.005)
        self.go_on.set()
        began.result()
        return [job.exception() or job.result() for job in jobs]


def test_those_who_wait_share_one_transaction(database: Database) -> None:
    gathering = Gathering(database)
    names = [f"role {n}" for n in range(SEVERAL)]
    with ThreadPoolExecutor(SEVERAL + 1) as pool:
        ids = gathering.behind(names, pool)
    assert sorted(ids) == list(range(1, SEVERAL + 1))
    assert roles(database) == SEVERAL
    assert len(set(gathering.sessions.values())) == 1


def test_one_who_fails_takes_nobody_along(database: Database) -> None:
    gathering = Gathering(database)
    with ThreadPoolExecutor(SEVERAL) as pool:
        ended = gathering.behind(["one", "broken", "two"], pool)
    assert [isinstance(end, IntegrityError) for end in ended] == [False, True, False]
    assert roles(database) == 2


def test_what_was_there_already_is_none(database: Database) -> None:
    assert database.write_together(lambda session: insert_once(session, Role, role("focal"))) == 1
    assert database.write_together(lambda session: insert_once(session, Role, role("focal"))) is None


def test_a_database_in_trouble_is_told_to_everybody_and_not_asked_again_for_each() -> None:
    asked: list[int] = []
    entered, go_on = threading.Event(), threading.Event()

    @contextmanager
    def locked() -> Iterator[Session]:
        asked.append(1)
        entered.set()
        assert go_on.wait(10)
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        yield

    together = Together(locked)
    with ThreadPoolExecutor(SEVERAL) as pool:
        jobs = [pool.submit(together.write, lambda _session: None)]
        assert entered.wait(10)
        jobs += [pool.submit(together.write, lambda _session: None) for _ in "abc"]
        while together._wishes.qsize() < 3:
            threading.Event().wait(0.005)
        go_on.set()
        assert {type(job.exception()) for job in jobs} == {OperationalError}
    together.close()
    assert len(asked) == 2


def test_a_writer_gets_its_turn_when_another_process_lets_go(database: Database) -> None:
    other = Database(str(database.engine.url))
    with ThreadPoolExecutor(1) as pool:
        with other.write() as session:
            insert_once(session, Role, role("auditor"))
            waiting = pool.submit(database.write_together, lambda s: insert_once(s, Role, role("focal")))
            assert not waiting.done()
        assert waiting.result() == 2
    other.close()
