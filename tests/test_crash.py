"""Crash points: asleep in every house that serves people, once and no more in one that is being tried."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ops.chaos.points import POINTS
from smsgw import crash
from smsgw.settings import ROOT

VISITS = """
import sys
from smsgw import crash
crash.arm({"SMSGW_CRASH_POINTS": sys.argv[1], "PUBLIC_URL": sys.argv[2]})
for number in range(int(sys.argv[3])):
    crash.point("somewhere")
print("lived")
"""
TRIED = "https://chaos.invalid"


def visits(folder: Path, public_url: str, times: int = 1) -> subprocess.CompletedProcess[str]:
    """A process that comes by the point so many times."""
    command = [sys.executable, "-c", VISITS, str(folder), public_url, str(times)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "public_url",
    ["https://phananh.example.vn", "http://127.0.0.1:8000", "", "https://invalid", "https://chaos.invalid.example.vn"],
)
def test_a_house_that_can_be_reached_never_ends_at_a_point(tmp_path: Path, public_url: str) -> None:
    (tmp_path / "somewhere").write_text("1")
    assert visits(tmp_path, public_url).stdout == "lived\n"
    assert (tmp_path / "somewhere").exists()


def test_a_house_on_trial_ends_at_a_point_that_was_laid_and_nowhere_else(tmp_path: Path) -> None:
    assert visits(tmp_path, TRIED).stdout == "lived\n"
    (tmp_path / "elsewhere").write_text("1")
    assert visits(tmp_path, TRIED).stdout == "lived\n"
    (tmp_path / "somewhere").write_text("1")
    assert visits(tmp_path, TRIED).returncode == -signal.SIGKILL


def test_it_ends_once_at_the_visit_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "somewhere").write_text("3")
    assert visits(tmp_path, TRIED, times=2).stdout == "lived\n"
    assert visits(tmp_path, TRIED, times=3).returncode == -signal.SIGKILL
    assert (tmp_path / "somewhere.hit").exists()
    assert visits(tmp_path, TRIED, times=9).stdout == "lived\n"


def test_every_point_that_is_tried_stands_in_the_code_and_every_one_there_is_tried() -> None:
    rooms = ("smsgw", "handlers", "queues")
    sources = [file.read_text("utf-8") for room in rooms for file in (ROOT / room).rglob("*.py")]
    there = {part.partition('"')[0] for source in sources for part in source.split('crash.point("')[1:]}
    assert there == {point.name for point in POINTS}


def test_points_are_asleep_where_nothing_names_a_folder() -> None:
    crash.arm({"PUBLIC_URL": TRIED})
    crash.point("somewhere")
