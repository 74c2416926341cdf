"""The Python environment under ./run: made once, mended when it was cut, never made by two at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from ops.ground import LOCKED, Ground, reads_vietnamese
from smsgw.settings import ROOT

pytestmark = pytest.mark.slow  # makes a dozen environments

MAKE = """
import sys
from pathlib import Path
from ops.ground import Ground
Ground(Path(sys.argv[1]), print, with_pip=False).make(["run"])
"""


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """A project that needs no package at all, so that making its ground needs no network."""
    for file in LOCKED.values():
        (tmp_path / file).write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "vendor").symlink_to(ROOT / "vendor")
    told: list[str] = []
    return Ground(tmp_path, told.append, with_pip=False)


def said(ground: Ground) -> list[str]:
    return ground.tell.__self__  # type: ignore[attr-defined]


def test_a_second_start_has_nothing_to_do(ground: Ground) -> None:
    ground.make(["run"])
    ground.make(["run"])
    assert said(ground) == ["setting up"]


def test_the_python_it_makes_runs(ground: Ground) -> None:
    ground.make(["run"])
    asked = subprocess.run(
        [ground.python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == str(ground.folder)


def test_other_requirements_are_installed_without_starting_over(ground: Ground) -> None:
    ground.make(["run"])
    keepsake = ground.folder / "keepsake"
    keepsake.touch()
    (ground.root / LOCKED["run"]).write_text("# still nothing, but another nothing\n", encoding="utf-8")
    assert not ground.ready(["run"])
    ground.make(["run"])
    assert ground.ready(["run"])
    assert keepsake.exists()


def test_the_tests_packages_come_only_when_they_are_wanted(ground: Ground) -> None:
    ground.make(["run"])
    assert not ground.ready(["run", "dev"])
    ground.make(["run", "dev"])
    assert ground.ready(["run", "dev"])


def test_an_installation_that_was_cut_is_started_over(ground: Ground) -> None:
    ground.make(["run"])
    half_written = ground.folder / "lib" / "half_written.py"
    half_written.touch()
    ground.installing.touch()
    assert not ground.ready(["run"])
    ground.make(["run"])
    assert ground.ready(["run"])
    assert not half_written.exists()


def test_a_python_that_is_gone_is_replaced(ground: Ground) -> None:
    ground.make(["run"])
    ground.python.unlink()
    ground.python.symlink_to("/nowhere/python3")
    ground.make(["run"])
    assert ground.ready(["run"])


def test_a_tree_that_moved_is_still_ready(ground: Ground, tmp_path: Path) -> None:
    ground.make(["run"])
    moved = tmp_path.rename(tmp_path.with_name("a moved tree"))
    assert Ground(moved, ground.tell, with_pip=False).ready(["run"])


def test_two_at_once_do_not_step_on_each_other(ground: Ground) -> None:
    makers = [
        subprocess.Popen([sys.executable, "-c", MAKE, str(ground.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    heard = [maker.communicate()[0].split("\n") for maker in makers]
    assert [maker.returncode for maker in makers] == [0, 0]
    assert sum(lines.count("setting up") for lines in heard) == 1
    assert ground.ready(["run"])


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "vi_VN.UTF-8"}, True),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_MESSAGES": "vi_VN"}, True),
        ({}, False),
    ],
)
def test_people_are_spoken_to_in_their_terminals_language(environ: dict[str, str], expected: bool) -> None:
    assert reads_vietnamese(environ) is expected
