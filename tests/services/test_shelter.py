"""Nothing that a provider brought is lost or doubled, whatever becomes of the database, the disk or the process."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from smsgw.domain.messages import Delivery, Part, Receipt, SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import shelter
from smsgw.settings import ROOT
from smsgw.store.database import LOCK_WAIT_MS, Database, StoreError
from smsgw.store.kept import Kept
from smsgw.store.spool import Spool, Standing
from smsgw.store.tables import Inbound, PartRow, ReceiptRow
from tests.conftest import MONDAY_MORNING as AT
from tests.conftest import Clock
from tests.disks import remount, small_disk

TEXT = SmsReceived("simulator", "demo", "m1", "+84900000001", "8079", "PA mat nuoc")
RECEIPT = Receipt("simulator", Delivery.DELIVERED, None, "sim-1", "ok")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    """An open house on either database."""
    found: Gateway = request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")
    return found


def texts(database: Database) -> list[tuple[str, datetime]]:
    with database.read() as session:
        return [(row.provider_ref, row.received_at) for row in session.scalars(select(Inbound).order_by(Inbound.id))]


def keep(spool: Spool, *refs: str) -> None:
    for number, ref in enumerate(refs):
        spool.keep(Kept(replace(TEXT, provider_ref=ref), AT + timedelta(seconds=number)))


@contextmanager
def locked(house: Gateway) -> Iterator[None]:
    """Somebody else holds SQLite's one write lock."""
    with closing(Database(house.settings.database_url)) as other, other.write() as session:
        session.connection()
        yield


@pytest.mark.sqlite
def test_a_text_that_comes_while_the_database_is_locked_is_kept_and_brought_in_once(
    gateway: Gateway, spool: Spool, clock: Clock
) -> None:
    with locked(gateway):
        shelter.take_in(gateway.database, spool, TEXT, AT)
        assert spool.standing() == Standing(waiting=1, bad=0)
        with pytest.raises(OperationalError):
            shelter.bring_in(gateway.database, spool, AT)
        assert spool.standing() == Standing(waiting=1, bad=0)
    later = clock.moves(hours=3)
    assert shelter.bring_in(gateway.database, spool, later) == 1
    assert texts(gateway.database) == [("m1", AT)], "its terms count from when it came"
    assert shelter.bring_in(gateway.database, spool, later) == 0
    assert spool.standing() == Standing(0, 0)


def test_a_part_of_a_long_text_is_kept_as_one_and_comes_in_as_one(house: Gateway, spool: Spool) -> None:
    part = replace(TEXT, part=Part(reference=300, total=3, number=2))
    spool.keep(Kept(part, AT))
    assert shelter.bring_in(house.database, spool, AT) == 1
    assert texts(house.database) == []
    with house.database.read() as session:
        row = session.scalars(select(PartRow)).one()
    assert (row.reference, row.total, row.number, row.received_at) == (300, 3, 2, AT)


def test_what_the_provider_brings_again_meanwhile_is_still_one_text(house: Gateway, spool: Spool) -> None:
    keep(spool, "m1", "m1")
    shelter.take_in(house.database, spool, TEXT, AT)
    assert shelter.bring_in(house.database, spool, AT) == 2
    assert len(texts(house.database)) == 1


@pytest.mark.sqlite
def test_without_a_spool_either_the_provider_hears_no(gateway: Gateway, spool: Spool) -> None:
    spool.folder.parent.mkdir(exist_ok=True)
    spool.folder.touch()
    with locked(gateway):
        with pytest.raises(StoreError):
            shelter.take_in(gateway.database, spool, TEXT, AT)
        with pytest.raises(StoreError):
            shelter.record(gateway.database, spool, RECEIPT, None, AT)


def test_a_receipt_is_kept_the_same_way(gateway: Gateway, spool: Spool) -> None:
    with locked(gateway):
        shelter.record(gateway.database, spool, RECEIPT, None, AT)
    shelter.bring_in(gateway.database, spool, AT + timedelta(hours=1))
    with gateway.database.read() as session:
        row = session.scalars(select(ReceiptRow)).one()
    assert (row.provider_ref, row.delivery, row.received_at) == ("sim-1", "delivered", AT)


def test_a_receipt_that_comes_again_after_it_was_kept_is_one_receipt(house: Gateway, spool: Spool) -> None:
    spool.keep(Kept(RECEIPT, AT))
    shelter.bring_in(house.database, spool, AT)
    shelter.record(house.database, spool, RECEIPT, None, AT)
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReceiptRow)) == 1


def test_hundreds_are_brought_in_oldest_first(house: Gateway, spool: Spool) -> None:
    refs = [f"m{number:04}" for number in range(250)]
    keep(spool, *refs)
    assert shelter.bring_in(house.database, spool, AT) == 250
    assert [ref for ref, _ in texts(house.database)] == refs


def test_damaged_files_are_set_aside_and_the_rest_comes_in(house: Gateway, spool: Spool) -> None:
    keep(spool, "m1", "m2", "m3", "m4")
    first, second, third, _ = spool.waiting(AT)
    first.write_bytes(first.read_bytes()[:50])
    second.write_bytes(b"")
    third.write_bytes(third.read_bytes().replace(b"PA mat nuoc", b"PA mat dien"))
    shelter.bring_in(house.database, spool, AT)
    assert [ref for ref, _ in texts(house.database)] == ["m4"]
    assert spool.standing() == Standing(waiting=0, bad=3)
    assert {file.name for file in (spool.folder / "bad").iterdir()} == {first.name, second.name, third.name}


def test_a_message_that_the_database_refuses_is_set_aside_and_takes_nobody_along(house: Gateway, spool: Spool) -> None:
    keep(spool, "m1")
    spool.keep(Kept(replace(TEXT, provider_ref=None), AT + timedelta(seconds=5)))  # type: ignore[arg-type]
    spool.keep(Kept(replace(TEXT, provider_ref="m2"), AT + timedelta(seconds=9)))
    shelter.bring_in(house.database, spool, AT)
    assert [ref for ref, _ in texts(house.database)] == ["m1", "m2"]
    assert spool.standing() == Standing(waiting=0, bad=1)


@pytest.mark.postgres
def test_a_message_larger_than_an_index_takes_is_set_aside_and_holds_nobody_up(
    on_postgres: Gateway, spool: Spool
) -> None:
    noise = Random(1).randbytes(20_000).hex()  # PostgreSQL packs what repeats itself
    shelter.record(on_postgres.database, spool, replace(RECEIPT, code=noise), None, AT)
    keep(spool, "m2")
    shelter.bring_in(on_postgres.database, spool, AT + timedelta(seconds=1))
    assert [ref for ref, _ in texts(on_postgres.database)] == ["m2"]
    assert spool.standing() == Standing(waiting=0, bad=1)


def test_a_file_that_cannot_be_read_stays_and_holds_nobody_up(gateway: Gateway, spool: Spool) -> None:
    keep(spool, "m1")
    odd = spool.folder / "00000000T000000.000000-odd.json"
    odd.mkdir()
    shelter.bring_in(gateway.database, spool, AT)
    assert len(texts(gateway.database)) == 1
    assert odd.exists()


def test_two_who_bring_in_at_once_do_no_harm(house: Gateway, spool: Spool) -> None:
    refs = [f"m{number:04}" for number in range(150)]
    keep(spool, *refs)
    with ThreadPoolExecutor(3) as clocks:
        jobs = [clocks.submit(shelter.bring_in, house.database, spool, AT) for _ in range(3)]
        assert [job.exception() for job in jobs] == [None] * 3
    assert sorted(ref for ref, _ in texts(house.database)) == refs
    assert spool.standing() == Standing(0, 0)


DOOMED = """
import os, signal, sys
from pathlib import Path
from datetime import datetime
from smsgw.services import shelter
from smsgw.store.database import Database
from smsgw.store.spool import Spool

class Doomed(Spool):
    def forget(self, file):
        os.kill(os.getpid(), signal.SIGKILL)

shelter.bring_in(Database(sys.argv[1]), Doomed(Path(sys.argv[2])), datetime.fromisoformat(sys.argv[3]))
"""


def test_a_process_killed_between_the_database_and_the_file_doubles_nothing(house: Gateway, spool: Spool) -> None:
    keep(spool, "m1", "m2")
    url = house.settings.database_url
    command = [sys.executable, "-c", DOOMED, url, str(spool.folder), AT.isoformat()]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert len(texts(house.database)) == 2
    assert spool.standing() == Standing(waiting=2, bad=0)
    shelter.bring_in(house.database, spool, datetime.now(UTC))
    assert len(texts(house.database)) == 2
    assert spool.standing() == Standing(0, 0)


def keeps_what_can_not_be_written(url: str, spool: Spool) -> None:
    with closing(Database(url)) as database:
        began = time.monotonic()
        shelter.take_in(database, spool, TEXT, AT)
        assert time.monotonic() - began < LOCK_WAIT_MS / 1000, "no use in waiting"
        with pytest.raises(StoreError):
            shelter.bring_in(database, spool, AT)
    assert spool.standing() == Standing(waiting=1, bad=0)


def brings_in_what_can_be_written_again(url: str, spool: Spool) -> None:
    with closing(Database(url)) as database:
        assert shelter.bring_in(database, spool, AT) == 1
        assert texts(database) == [("m1", AT)]


@pytest.mark.sqlite
def test_a_disk_that_can_only_be_read_any_more_costs_no_text(gateway: Gateway, spool: Spool, tmp_path: Path) -> None:
    gateway.database.close()
    disk = tmp_path / "disk"
    with small_disk(disk, megabytes=8):
        (disk / "smsgw.db").write_bytes((gateway.settings.home / "smsgw.db").read_bytes())
        remount(disk, "ro")
        keeps_what_can_not_be_written(f"sqlite:///{disk / 'smsgw.db'}", spool)
        remount(disk, "rw")
        brings_in_what_can_be_written_again(f"sqlite:///{disk / 'smsgw.db'}", spool)


@pytest.mark.postgres
def test_a_postgresql_that_lets_nobody_write_costs_no_text(on_postgres: Gateway, spool: Spool) -> None:
    url = on_postgres.settings.database_url
    with on_postgres.database.engine.connect() as line:
        name = line.scalar(text("select current_database()"))
        line.execute(text(f"alter database {name} set default_transaction_read_only = on"))
        line.commit()
        keeps_what_can_not_be_written(url, spool)
        line.execute(text(f"alter database {name} reset default_transaction_read_only"))
        line.commit()
    brings_in_what_can_be_written_again(url, spool)
