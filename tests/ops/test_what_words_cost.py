"""A complaint's whole life costs few segments, in texts that a house really sends."""

import subprocess
import sys

import pytest

from ops.bench import words
from smsgw.settings import ROOT

pytestmark = pytest.mark.slow


def test_a_whole_life_costs_six_segments_and_more_with_tone_marks_and_by_a_naive_sender() -> None:
    told = words.costs()
    kinds = [one.kind for one in told]
    assert kinds == ["ComplaintReceived", "Added", "StatusReport", "OfficeAnswer", "Rated"]
    assert len(words.ANSWER) == 200
    sums = words.for_programs(told)
    assert sums["ours"] <= words.GOAL < sums["with_tone_marks"] < sums["naive"]


def test_the_bench_prints_the_figure_beside_the_two_others() -> None:
    command = [sys.executable, "-m", "ops.bench", "--words"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Goal 6 segments without tone marks: reached" in done.stdout
    assert '"ours": 6' in done.stdout
