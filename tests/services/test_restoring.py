"""After a backup is put back nothing goes twice unmarked, and what came in since is taken in again."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import SmsReceived
from smsgw.domain.notices import Lane
from smsgw.gateway import Gateway
from smsgw.services.restoring import Restored, suspect_all
from smsgw.store.tables import Inbound
from tests.conftest import Clock
from tests.services.offices import SortingOffice


def put_one_of_each_lane(office: SortingOffice) -> None:
    for lane in Lane:
        office.put(lane.name, lane)


def goes_on_after_it(office: SortingOffice) -> Restored:
    with office.gateway.database.write() as session:
        return suspect_all(session, office.gateway.now())


def copied(source: Path, target: Path) -> None:
    """As SQLite's own backup does it, the log included."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


@pytest.mark.sqlite
def test_what_was_sent_since_the_backup_goes_flagged_or_not_at_all(
    gateway: Gateway, pool: ThreadPoolExecutor, clock: Clock, tmp_path: Path
) -> None:
    office = SortingOffice.open(gateway, pool)
    put_one_of_each_lane(office)
    file, backup = gateway.settings.home / "smsgw.db", tmp_path / "backup.db"
    copied(file, backup)
    office.postman.batch()
    first = [message.text for message in office.first.sent]
    gateway.database.close()
    copied(backup, file)
    clock.moves(minutes=30)
    assert goes_on_after_it(office) == Restored(3, len(Lane) - 3)
    office.goes_on()
    again = [message.text for message in office.first.sent[len(first) :]]
    vital = [lane.name for lane in (Lane.URGENT, Lane.RECEIPT, Lane.ANSWER)]
    assert sorted(again) == sorted(f"tin {name}" for name in vital)
    assert {row.key for row in office.rows() if row.possible_duplicate} == set(vital)
    assert {row.key for row in office.rows() if row.state == "cancelled"} == {lane.name for lane in Lane} - set(vital)


@pytest.mark.parametrize("house", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_saying_it_twice_is_as_once_and_new_texts_are_none_of_it(
    house: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor
) -> None:
    office = SortingOffice.open(request.getfixturevalue(house), pool)
    put_one_of_each_lane(office)
    assert goes_on_after_it(office) == Restored(3, len(Lane) - 3)
    assert goes_on_after_it(office) == Restored(0, 0)
    office.put("new")
    assert not office.row("new").possible_duplicate


class Lists:
    """A provider whose list holds one text."""

    can = frozenset({Capability.LISTS_RECEIVED})

    def __init__(self, sms: SmsReceived) -> None:
        self.sms = sms

    def received_since(self, since: datetime) -> Iterator[SmsReceived]:
        if self.sms.sent_at and self.sms.sent_at >= since:
            yield self.sms


@pytest.mark.sqlite
def test_texts_that_came_since_the_backup_are_taken_in_again_where_a_provider_lists_them(
    gateway: Gateway, clock: Clock, tmp_path: Path
) -> None:
    sms = SmsReceived("lister", "us", "m1", "+84900000001", "8079", "PA mat nuoc", clock.moves(days=2))
    clock.moves(days=-2)
    reconciler = replace(gateway.reconciler(), providers={"lister": Lists(sms)}, heard=["lister"], sending=[])
    reconciler.look_for_missed()
    file, backup = gateway.settings.home / "smsgw.db", tmp_path / "backup.db"
    copied(file, backup)
    clock.moves(days=2, minutes=6)
    assert reconciler.look_for_missed() == 1
    gateway.database.close()
    copied(backup, file)
    clock.moves(minutes=6)
    assert reconciler.look_for_missed() == 1
    with gateway.database.read() as session:
        assert session.scalars(select(Inbound.provider_ref)).all() == ["m1"]
