"""The coach's rules as the environment sets them."""

from datetime import timedelta

import pytest

from smsgw.courtesy import read, read_window
from smsgw.domain.coaching import USUAL
from smsgw.domain.verdicts import Window


def test_nothing_set_is_the_usual() -> None:
    assert read({}) == (USUAL, [])


def test_everything_can_be_set() -> None:
    coaching, problems = read(
        {
            "SMSGW_QUESTION_HOURS": "24",
            "SMSGW_QUESTIONS": "2",
            "SMSGW_QUESTION_STOPS_CLOCK": "yes",
            "SMSGW_SAME_MATTER_HOURS": "12",
            "SMSGW_PRIVATE_FIELDS": "xh, an",
        }
    )
    assert problems == []
    assert (coaching.silence, coaching.window) == (timedelta(hours=24), timedelta(hours=12))
    assert (coaching.most, coaching.stops_clock, coaching.private_fields) == (2, True, frozenset({"XH", "AN"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSGW_QUESTION_HOURS", "soon"),
        ("SMSGW_QUESTION_HOURS", "0"),
        ("SMSGW_QUESTIONS", "4"),
        ("SMSGW_QUESTION_STOPS_CLOCK", "maybe"),
        ("SMSGW_SAME_MATTER_HOURS", "-1"),
        ("SMSGW_PRIVATE_FIELDS", "XH,ZZ"),
    ],
)
def test_what_is_wrong_is_said_by_its_name(name: str, value: str) -> None:
    _, problems = read({name: value})
    assert len(problems) == 1
    assert problems[0].startswith(name)


def test_how_long_a_verdict_is_waited_for_and_where_somebody_looks_can_be_set() -> None:
    assert read_window({}) == (Window(), [])
    told = {"SMSGW_VERDICT_DAYS": "5", "SMSGW_EXPLAIN_DAYS": "2", "SMSGW_LOOK_FIELDS": "dd, MT"}
    assert read_window(told) == (Window(days=5, explain_days=2, look_fields=frozenset({"DD", "MT"})), [])
    assert read_window({"SMSGW_LOOK_FIELDS": "ALL"}) == (Window(look_always=True), [])


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMSGW_VERDICT_DAYS", "0"), ("SMSGW_EXPLAIN_DAYS", "soon"), ("SMSGW_LOOK_FIELDS", "ZZ")],
)
def test_what_is_wrong_with_it_is_said_by_its_name(name: str, value: str) -> None:
    window, problems = read_window({name: value})
    assert window == Window()
    assert len(problems) == 1
    assert name in problems[0]
