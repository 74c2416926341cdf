"""Group commit, tried with real threads on a real file."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from smsgw.store.away import Away, Watch
from smsgw.store.database import LOCK_WAIT_MS, Database, insert_once
from smsgw.store.tables import Base, Role
from smsgw.store.together import Cut, Together, Told
from tests.ops.toys import eventually

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
    """Holds the first writer before it commits, or while it waits for the lock, until the others have come."""

    def __init__(self, database: Database, *, before_the_lock: bool = False) -> None:
        self._before_the_lock = before_the_lock
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.transactions = 0
        self._database = database
        self.together = Together(self._open, Watch(self._open))

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        self.transactions += 1
        if self._before_the_lock:
            self._holds()
        with self._database._writing.begin() as connection:
            yield connection
            self._holds()

    def _holds(self) -> None:
        self.entered.set()
        assert self.go_on.wait(10)

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


def test_who_comes_while_the_first_waits_for_the_lock_is_taken_along(database: Database) -> None:
    gathering = Gathering(database, before_the_lock=True)
    with ThreadPoolExecutor(SEVERAL + 1) as pool:
        ended = gathering.behind(
            [*(role(f"role {n}") for n in range(SEVERAL - 1)), {"name": None, "description": ""}], pool
        )
    assert [isinstance(end, IntegrityError) for end in ended] == [*[False] * (SEVERAL - 1), True]
    assert roles(database) == SEVERAL
    assert gathering.transactions == 2 + SEVERAL, (
        "all together, the lock again for each because one is wrong, none behind"
    )


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


class Moody:
    """A database that is away, or says nothing at all, while the test wants it to; it counts how often it was asked."""

    def __init__(self, database: Database, patience: float = 10) -> None:
        self.asked = 0
        self.away = True
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.database = database
        self.watch = Watch(self.open)
        self.together = Together(self.open, self.watch, patience)

    @contextmanager
    def open(self) -> Iterator[Connection]:
        self.asked += 1
        self.entered.set()
        assert self.go_on.wait(10)
        if self.away:
            raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        with self.database._writing.begin() as connection:
            yield connection

    def adds(self, name: str) -> None:
        self.together.add(ADDED, role(name))

    def is_back(self) -> None:
        self.away = False
        self.go_on.set()
        eventually(lambda: not self.watch.is_away)


def test_a_database_in_trouble_is_told_to_everybody_who_waits_and_asked_once_for_all(database: Database) -> None:
    moody = Moody(database)
    with ThreadPoolExecutor(SEVERAL) as pool:
        jobs = [pool.submit(moody.adds, "first")]
        assert moody.entered.wait(10)
        jobs += [pool.submit(moody.adds, name) for name in "abc"]
        while len(moody.together._wishes) < 3:
            threading.Event().wait(0.005)
        assert moody.asked == 1
        moody.go_on.set()
        assert sorted(type(job.exception()).__name__ for job in jobs) == ["Away", "Away", "Away", "OperationalError"]
    moody.is_back()


def test_while_the_database_is_away_nobody_waits_for_it_and_once_it_is_back_all_is_well(database: Database) -> None:
    moody = Moody(database)
    moody.go_on.set()
    with pytest.raises(OperationalError):
        moody.adds("first")
    moody.go_on.clear()  # whoever asked the database now would wait
    for _ in range(100):
        with pytest.raises(Away):
            moody.adds("more")
    moody.is_back()
    moody.adds("later")
    assert roles(database) == 1


def test_for_a_database_that_says_nothing_nobody_waits_longer_than_a_provider_would(database: Database) -> None:
    moody = Moody(database, patience=0.2)
    moody.away = False
    with ThreadPoolExecutor(SEVERAL) as pool:
        first = pool.submit(moody.adds, "first")
        assert moody.entered.wait(10)
        others = [pool.submit(moody.adds, name) for name in "abc"]
        assert {type(job.exception()) for job in [first, *others]} == {Away}
    moody.is_back()
    moody.adds("later")
    assert roles(database) == 2, "the one that was being written is, and none of those that were not"


def test_who_is_told_hears_of_all_that_one_commit_made_durable_at_once(database: Database) -> None:
    gathering = Gathering(database)
    heard: list[list[str]] = []
    together = gathering.together
    first = together.put(ADDED, role("first"), Told(heard.append, "first"))
    assert gathering.entered.wait(10)
    others = [together.put(ADDED, role(name), Told(heard.append, name)) for name in "abc"]
    assert heard == []
    gathering.go_on.set()
    eventually(lambda: len(heard) == 2)
    assert heard == [["first"], ["a", "b", "c"]]
    for wish in [first, *others]:
        together.settled(wish)
    assert roles(database) == 4


def test_who_is_told_hears_of_what_the_database_refused_too(database: Database) -> None:
    heard: list[list[str]] = []
    wish = database.put_together(Role, {"name": None, "description": ""}, Told(heard.append, "it"))
    eventually(lambda: heard == [["it"]])
    with pytest.raises(IntegrityError):
        database.settled(wish)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_was_ended_leaves_nobody_waiting_and_the_next_row_finds_another(database: Database) -> None:
    entered, go_on = threading.Event(), threading.Event()

    @contextmanager
    def ends() -> Iterator[Connection]:
        entered.set()
        assert go_on.wait(10)
        raise SystemExit  # or whatever else ends a thread from outside
        yield

    together = Together(ends, Watch(ends))
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(together.add, ADDED, role("first"))]
        assert entered.wait(10)
        jobs.append(pool.submit(together.add, ADDED, role("second")))
        while not together._wishes:
            threading.Event().wait(0.005)
        go_on.set()
        assert [type(job.exception()) for job in jobs] == [Cut, Cut]
    together._write = database._writing.begin
    together.add(ADDED, role("third"))
    assert roles(database) == 1


def test_where_no_thread_is_to_be_had_nobody_waits_and_nothing_is_written_behind_their_backs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as few:
        few.setattr(threading.Thread, "start", _no_thread)
        with pytest.raises(Away):
            database.add_together(Role, role("first"))
    database.add_together(Role, role("second"))
    assert roles(database) == 1


def _no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_a_writer_that_nobody_needed_for_a_while_is_there_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsgw.store.together.IDLE_S", 0.01)
    for number in range(5):
        database.add_together(Role, role(f"role {number}"))
        eventually(lambda: database._together._writer is None)
    assert roles(database) == 5


def test_who_lets_go_in_the_moment_it_would_lead_leaves_nobody_waiting(database: Database) -> None:
    """Patience as long as a write takes: many let go just when their turn comes."""
    moody = Moody(database, patience=0.002)
    moody.away = False
    moody.go_on.set()
    told: list[type] = []

    def adds(number: int) -> None:
        try:
            moody.adds(f"role {number}")
        except Away:
            told.append(Away)

    with ThreadPoolExecutor(SEVERAL) as pool:
        list(pool.map(adds, range(600)))
    assert roles(database) >= 600 - len(told)
    assert not moody.together._wishes
    moody.is_back()
    moody.together._patience = 10
    moody.adds("later")


def test_one_who_asks_for_something_wrong_sends_nobody_home(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.add_together(Role, {"name": None, "description": ""})
    assert not database._watch.is_away


def test_what_waiting_cannot_mend_is_not_waited_for(tmp_path: Path) -> None:
    """A database file that may only be read is no lock that somebody will let go of."""
    file = tmp_path / "kept.db"
    first = Database(f"sqlite:///{file}")
    Base.metadata.create_all(first.engine)
    first.close()
    database = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="readonly"), database.write() as session:
        insert_once(session, Role, role("focal"))
    assert time.monotonic() - began < LOCK_WAIT_MS / 1000
    database.close()


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
