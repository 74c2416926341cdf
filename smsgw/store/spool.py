"""The spool: a folder of files in which messages wait, durably, while the database takes nothing."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp

from smsgw import crash
from smsgw.store.kept import Kept, read, written

WHOLE, PART = ".json", ".part"
BAD = "bad"
RESERVE = "reserve"
RESERVE_BYTES = 4 * 2**20  # a thousand messages, each of which takes one block of 4 KB
SLICE_BYTES = 64 * 2**10
TO_SPARE = 4 * RESERVE_BYTES  # a reserve is no reason to fill a disk up
LEFT_BEHIND = timedelta(minutes=1)  # after which nobody is writing a file any more
FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_THERE = (FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many messages wait for the database, and how many files a person must look at."""

    waiting: int
    bad: int


@dataclass(frozen=True, slots=True)
class Spool:
    """One file a message, written under another name first. File names tell a moment and nothing of anybody.

    A reserve of disk space lies in the same folder. When the disk is full it is let go of slice by slice, so that
    another program that is short of space as well cannot take it all at once.
    """

    folder: Path

    def prepare(self) -> None:
        """Makes the folder, for us alone, and the reserve where the disk has room. Raises OSError."""
        self._make_folder()
        with suppress(OSError):  # better none than no spool
            self._make_reserve()

    def keep(self, kept: Kept) -> None:
        """The message is on the disk, to stay, when this returns. Raises OSError when it cannot be."""
        self._make_folder()
        data = written(kept)
        while True:
            try:
                return self._write(data, kept.received_at)
            except OSError as trouble:
                if trouble.errno not in FULL or not self._let_go_of_a_slice():
                    raise

    def waiting(self, now: datetime) -> list[Path]:
        """The files to bring in, oldest first. What was cut off while being written is among them after a minute: its
        provider was promised nothing, but it may be whole."""
        cut_off = (now - LEFT_BEHIND).timestamp()
        return sorted(file for file in self._files() if file.suffix == WHOLE or _written_before(file, cut_off))

    def read(self, file: Path) -> Kept:
        """Raises `Damaged`, or OSError; FileNotFoundError when another process was quicker."""
        return read(file.read_bytes())

    def forget(self, file: Path) -> None:
        """The database has it. Without fsync: a file that comes back after a power failure is brought in once more,
        which changes nothing."""
        file.unlink(missing_ok=True)

    def set_aside(self, file: Path) -> None:
        """Into the folder of what a person must look at."""
        with suppress(FileNotFoundError):
            file.rename(self.folder / BAD / file.name)

    def standing(self) -> Standing:
        return Standing(waiting=sum(1 for _ in self._files()), bad=_count(self.folder / BAD))

    def _write(self, data: bytes, at: datetime) -> None:
        handle, name = mkstemp(prefix=f"{at:%Y%m%dT%H%M%S.%f}-", suffix=PART, dir=self.folder)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            crash.point("mid_spool_write")
            part.rename(part.with_suffix(WHOLE))
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise
        _sync(self.folder)

    def _files(self) -> Iterator[Path]:
        with suppress(*NOT_THERE):
            yield from (file for file in self.folder.iterdir() if file.suffix in (WHOLE, PART))

    def _make_folder(self) -> None:
        if (self.folder / BAD).is_dir():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        (self.folder / BAD).mkdir(mode=0o700, exist_ok=True)
        _sync(self.folder)
        _sync(self.folder.parent)

    def _make_reserve(self) -> None:
        """Written out, not only promised: a hole in a file reserves nothing."""
        if shutil.disk_usage(self.folder).free < TO_SPARE:
            return
        with (self.folder / RESERVE).open("ab") as reserve:
            missing = RESERVE_BYTES - reserve.tell()
            if missing > 0:
                reserve.write(b"\0" * missing)
                reserve.flush()
                os.fsync(reserve.fileno())

    def _let_go_of_a_slice(self) -> bool:
        """False when the reserve is used up, or was never made."""
        reserve = self.folder / RESERVE
        try:
            left = reserve.stat().st_size
            os.truncate(reserve, max(left - SLICE_BYTES, 0))
        except OSError:
            return False
        return left > 0


def wrong_with(folder: Path) -> str:
    """What keeps messages from being kept in this folder, which may not be there yet; empty when nothing does."""
    try:
        there = next(place for place in (folder, *folder.parents) if place.exists())
    except OSError as trouble:
        return f"{folder} cannot be reached ({trouble.strerror})"
    if not there.is_dir():
        return f"{there} is no folder"
    return "" if os.access(there, os.W_OK | os.X_OK) else f"{there} cannot be written"


def _written_before(file: Path, moment: float) -> bool:
    try:
        return file.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _count(folder: Path) -> int:
    try:
        return sum(1 for _ in folder.iterdir())
    except NOT_THERE:
        return 0


def _sync(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
