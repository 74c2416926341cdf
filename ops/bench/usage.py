"""What processes used: CPU seconds and resident memory, as the kernel or ps tells."""

import os
import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000


def cpu_seconds(pids: Collection[int]) -> float:
    """User and system time of these processes, and on Linux of children they have buried."""
    return sum(_ticks(pid) / TICKS if PROC.is_dir() else _told_by_ps(pid) for pid in pids)


def resident_mb(pids: Collection[int]) -> float:
    """Resident memory, pages that they share counted for each; 0 where there is no /proc."""
    pages = 0
    for pid in pids:
        with suppress(OSError, IndexError):
            pages += int((PROC / str(pid) / "statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE / MEGABYTE


def children(parent: int) -> list[int]:
    """Running processes that this one started (Linux)."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if int(_fields(int(entry.name))[1]) == parent:
                found.append(int(entry.name))
    return found


def _fields(pid: int) -> list[str]:
    """The fields of proc(5)'s stat after the command's name: state, parent, ... utime is the twelfth."""
    return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _ticks(pid: int) -> int:
    try:
        return sum(int(value) for value in _fields(pid)[11:15])
    except OSError:
        return 0


def _told_by_ps(pid: int) -> float:
    """[[hours:]minutes:]seconds, as ps writes it elsewhere."""
    told = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False)
    total = 0.0
    for part in told.stdout.strip().split(":"):
        total = 60 * total + float(part or 0)
    return total
