"""The transaction of a command that changes what the locality decided: logged, under nobody's name."""

from collections.abc import Iterator
from contextlib import contextmanager

from handlers.guards import gateway
from smsgw.store import changes
from smsgw.store.database import Transaction


@contextmanager
def changing() -> Iterator[Transaction]:
    """Every change in it stands in the log as done by a command."""
    house = gateway()
    with house.database.write() as session:
        changes.watch(session, None, house.now())
        yield session
