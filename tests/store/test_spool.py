"""The spool, tried on a real disk, on full ones, and with processes that are killed."""

import errno
import json
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from smsgw.domain.messages import Delivery, Part, Receipt, SmsReceived
from smsgw.settings import ROOT
from smsgw.store import spool as spools
from smsgw.store.kept import Damaged, Kept, read, written
from smsgw.store.spool import Spool, Standing, wrong_with
from tests.disks import small_disk

AT = datetime(2026, 11, 23, 2, 0, 0, 5, tzinfo=UTC)
TEXT = SmsReceived("simulator", "demo", "m1", "+84900000001", "8079", "PA mất nước \U0001f4a7\ud83d \u0000", AT)
SMS = Kept(TEXT, AT)
PART = Kept(replace(TEXT, part=Part(reference=300, total=3, number=2)), AT)
RECEIPT = Kept(Receipt("twilio", Delivery.DELIVERED, "ref", "SM1", "30003", opted_out=True), AT, outbox_id=7)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "far" / "spool")


@pytest.mark.parametrize("kept", [SMS, RECEIPT, Kept(replace(TEXT, sent_at=None), AT), PART])
def test_what_is_read_is_what_was_kept(spool: Spool, kept: Kept) -> None:
    spool.keep(kept)
    (file,) = spool.waiting(AT)
    assert spool.read(file) == kept


def test_only_we_may_read_it_and_its_name_tells_nothing_of_anybody(spool: Spool) -> None:
    spool.keep(SMS)
    (file,) = spool.waiting(AT)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((spool.folder / "bad").stat().st_mode) == 0o700
    assert not any(told in file.name for told in ("900", "m1", "demo", "simulator"))
    assert json.loads(file.read_bytes())["message"]["text"] == TEXT.text


def test_they_come_out_in_the_order_they_came_in(spool: Spool) -> None:
    moments = [AT + timedelta(microseconds=step) for step in (999_999, 0, 1, 86_400_000_000, 70)]
    for moment in moments:
        spool.keep(Kept(TEXT, moment))
    assert [spool.read(file).received_at for file in spool.waiting(AT)] == sorted(moments)


def test_many_at_once_in_the_same_moment_are_all_kept(spool: Spool) -> None:
    with ThreadPoolExecutor(16) as crowd:
        list(crowd.map(lambda number: spool.keep(Kept(replace(TEXT, provider_ref=str(number)), AT)), range(200)))
    refs = {spool.read(file).message.provider_ref for file in spool.waiting(AT)}
    assert refs == set(map(str, range(200)))
    assert spool.standing() == Standing(waiting=200, bad=0)


def test_an_empty_spool_and_a_missing_one_hold_nothing(spool: Spool) -> None:
    assert (spool.waiting(AT), spool.standing()) == ([], Standing(0, 0))
    spool.prepare()
    assert (spool.waiting(AT), spool.standing()) == ([], Standing(0, 0))


def test_a_file_in_its_place_holds_nothing_and_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    spool = Spool(tmp_path / "spool")
    assert (spool.waiting(AT), spool.standing()) == ([], Standing(0, 0))
    with pytest.raises(FileExistsError):
        spool.keep(SMS)


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_a_cut_off_file_is_damaged(cut: int) -> None:
    with pytest.raises(Damaged):
        read(written(SMS)[:cut])


def test_a_file_in_which_any_one_byte_changed_is_damaged_or_tells_the_same() -> None:
    whole = written(SMS)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0x01
        try:
            assert read(bytes(changed)) == SMS
        except Damaged:
            continue


@pytest.mark.parametrize("data", [b"[]", b"null", b"7", b"{}", b'{"sha256": 1}', bytes(range(256)), b"[" * 100_000])
def test_what_was_never_ours_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        read(data)


def test_a_file_that_was_cut_off_by_a_crash_waits_a_minute(spool: Spool) -> None:
    spool.prepare()
    part = spool.folder / "20261123T020000.000000-abc.part"
    part.write_bytes(written(SMS))
    written_at = datetime.fromtimestamp(part.stat().st_mtime, UTC)
    assert spool.waiting(written_at + timedelta(seconds=59)) == []
    assert spool.waiting(written_at + timedelta(seconds=61)) == [part]


def for_ever(act: Callable[[], object]) -> None:
    while True:
        act()


class TestTheReserve:
    """On a disk of 24 MB."""

    @pytest.fixture
    def spool(self, tmp_path: Path) -> Iterator[Spool]:
        with small_disk(tmp_path / "disk", megabytes=24):
            yield Spool(tmp_path / "disk" / "spool")

    def fill(self, spool: Spool) -> None:
        """Every last block, as a database that grows would."""
        with (spool.folder.parent / "greedy").open("ab", buffering=0) as out:
            for block in (b"x" * 2**20, b"x" * 4096, b"x"):
                with pytest.raises(OSError, match="No space"):
                    for_ever(partial(out.write, block))

    def test_lets_texts_be_kept_on_a_full_disk(self, spool: Spool) -> None:
        spool.prepare()
        self.fill(spool)
        for number in range(300):
            spool.keep(Kept(replace(TEXT, provider_ref=str(number)), AT))
        assert spool.standing().waiting == 300

    def test_is_not_taken_all_at_once_by_who_else_is_short_of_space(self, spool: Spool) -> None:
        spool.prepare()
        for number in range(20):
            self.fill(spool)
            spool.keep(Kept(replace(TEXT, provider_ref=str(number)), AT))
        assert spool.standing().waiting == 20

    def test_when_it_is_used_up_nothing_is_said_to_be_kept(self, spool: Spool) -> None:
        spool.prepare()
        self.fill(spool)
        (spool.folder / "reserve").unlink()
        with pytest.raises(OSError, match="No space"):
            for_ever(lambda: spool.keep(SMS))
        kept = spool.waiting(AT + timedelta(days=9000))
        assert all(spool.read(file) == SMS for file in kept)

    def test_is_made_again_when_there_is_room(self, spool: Spool) -> None:
        spool.prepare()
        self.fill(spool)
        spool.keep(SMS)
        assert (spool.folder / "reserve").stat().st_size < spools.RESERVE_BYTES
        spool.prepare()
        assert (spool.folder / "reserve").stat().st_size < spools.RESERVE_BYTES
        (spool.folder.parent / "greedy").unlink()
        spool.prepare()
        assert (spool.folder / "reserve").stat().st_size == spools.RESERVE_BYTES
        assert (spool.folder / "reserve").stat().st_blocks * 512 >= spools.RESERVE_BYTES


def test_a_write_that_fails_half_way_raises_and_leaves_nothing(spool: Spool) -> None:
    """A limit on file sizes stands in for a disk that fails in the middle of a file."""
    spool.prepare()
    script = f"""
import resource, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.store.test_spool import AT, SMS
from smsgw.store.spool import Spool
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    Spool(Path({str(spool.folder)!r})).keep(SMS)
except OSError as trouble:
    sys.exit(trouble.errno)
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == errno.EFBIG
    assert spool.standing() == Standing(0, 0)


def killed_after(spool: Spool, step: str) -> None:
    """A process that keeps a text and is killed at this step of it."""
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from smsgw.store import spool as spools
from tests.store.test_spool import SMS
class Doomed(type(Path())):
    def rename(self, target):
        if {step!r} == "fsync":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().rename(target)
spools.Path = Doomed
spools.Spool(Path({str(spool.folder)!r})).keep(SMS)
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -signal.SIGKILL


def test_a_process_killed_before_it_could_answer_leaves_the_text(spool: Spool) -> None:
    killed_after(spool, "keep")
    (file,) = spool.waiting(AT)
    assert spool.read(file) == SMS


def test_a_process_killed_before_the_file_had_its_name_leaves_the_text_for_later(spool: Spool) -> None:
    killed_after(spool, "fsync")
    assert spool.waiting(AT) == []
    (file,) = spool.waiting(datetime.now(UTC) + timedelta(minutes=2))
    assert spool.read(file) == SMS


def test_a_folder_that_could_be_made_is_nothing_wrong(tmp_path: Path) -> None:
    assert wrong_with(tmp_path / "a" / "b") == ""


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    assert wrong_with(tmp_path / "spool") == f"{tmp_path / 'spool'} is no folder"
    assert wrong_with(tmp_path / "spool" / "inner") == f"{tmp_path / 'spool'} is no folder"


def test_a_folder_on_a_disk_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=1, read_only=True):
        assert wrong_with(tmp_path / "disk" / "spool") == f"{tmp_path / 'disk'} cannot be written"
        with pytest.raises(OSError, match="Read-only"):
            Spool(tmp_path / "disk" / "spool").keep(SMS)
