"""A provider that keeps failing is left alone for a while."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from smsgw.domain.messages import Accepted, TryLater
from smsgw.gateway import Gateway
from smsgw.services import health
from tests.ops.toys import eventually


def test_two_senders_may_use_a_provider_for_the_first_time_at_once(
    on_postgres: Gateway, pool: ThreadPoolExecutor
) -> None:
    database, now = on_postgres.database, on_postgres.now()

    def other() -> None:
        with database.write() as session:
            health.record(session, [("new", TryLater("busy")), ("newer", Accepted())], now)

    def waits() -> bool:
        with database.read() as session:
            return bool(session.scalar(text("select count(*) from pg_locks where not granted")))

    with database.write() as session:
        health.record(session, [("newer", Accepted()), ("new", Accepted())], now)
        second = pool.submit(other)
        eventually(waits, lambda: "the second sender to wait for the first")
    second.result(10)
    with database.read() as session:
        known = health.standings(session, ["new", "newer"])
    assert (known["new"].calls, known["new"].troubles, known["newer"].calls) == (2, 1, 2)


def test_five_failures_in_a_row_rest_a_provider(gateway: Gateway) -> None:
    with gateway.database.write() as session:
        health.record(session, [("one", TryLater("busy"))] * 4 + [("two", TryLater("busy"))] * 5, gateway.now())
        assert [one.rests for one in health.standings(session, ["one", "two", "never used"]).values()] == [
            False,
            True,
            False,
        ]
