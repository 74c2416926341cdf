"""One text brought twice is told from two texts of the same words: a table, and a corpus of both kinds."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from smsgw.domain.grammar import parse
from smsgw.domain.repeats import SHORT, Told, are_one, can_repeat

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
LINES = (Path(__file__).parents[2] / "training" / "told.jsonl").read_text(encoding="utf-8").splitlines()
TEXTS = [json.loads(line)["text"] for line in LINES]
ONCE = [text for text in TEXTS if can_repeat(text, parse(text).verb)]
ON_PURPOSE = ["1", "2", "3", "5", "OK", "co", "khong", "dung roi", "dong y", "Cam on", "phuong An Khe", "to 5 Tay Son"]
COMMANDS = ["TT", "TT 10008", "KQ", "HD", "STOP", "START", "HUY 10008", "DG 5", "DG 10008 5 rat hai long voi can bo"]
PAIRS = 40_000


def told(text: str = ROAD, after: float = 0, sent: float | None = None) -> Told:
    sent_at = None if sent is None else NOON + timedelta(seconds=sent)
    return Told("+84900000001", "8079", text, NOON + timedelta(seconds=after), sent_at)


def same(one: Told, other: Told) -> bool:
    """What the worker asks: first of the text itself, then of both."""
    return can_repeat(other.text, parse(other.text).verb) and are_one(one, other) and are_one(other, one)


@pytest.mark.parametrize(
    ("other", "one_text"),
    [
        pytest.param(told(after=0), True, id="in the same moment"),
        pytest.param(told(after=120), True, id="after two minutes"),
        pytest.param(told(after=121), False, id="after more than two minutes"),
        pytest.param(told(f" {ROAD}\n".replace(" ", "  "), 5), True, id="with other blanks"),
        pytest.param(told(ROAD.lower(), 5), False, id="in other letters"),
        pytest.param(told(ROAD + ".", 5), False, id="with a full stop"),
        pytest.param(replace(told(after=5), sender="+84900000002"), False, id="from another phone"),
        pytest.param(replace(told(after=5), recipient="8080"), False, id="to another number"),
    ],
)
def test_the_words_the_people_and_the_time_decide(other: Told, one_text: bool) -> None:
    assert same(told(), other) is one_text


@pytest.mark.parametrize(
    ("sent", "again_sent", "after", "one_text"),
    [
        pytest.param(0, 0.4, 1800, True, id="sent in one second and brought half an hour apart"),
        pytest.param(0, 0, 3601, False, id="sent in one second and brought hours apart"),
        pytest.param(0, 30, 30, True, id="sent half a minute apart"),
        pytest.param(0, 600, 1, False, id="sent ten minutes apart and brought together"),
        pytest.param(None, 600, 60, True, id="one without a time"),
    ],
)
def test_the_providers_own_time_counts_for_more_than_ours(
    sent: float | None, again_sent: float, after: float, one_text: bool
) -> None:
    assert same(told(sent=sent), told(after=after, sent=again_sent)) is one_text


@pytest.mark.parametrize("text", [*ON_PURPOSE, *COMMANDS])
def test_short_replies_and_commands_are_never_repeats(text: str) -> None:
    assert not same(told(text), told(text, 1))


def test_the_border_of_short_is_where_it_is_said_to_be() -> None:
    assert [can_repeat("x" * length, "free") for length in (SHORT, SHORT + 1)] == [False, True]
    assert not can_repeat(f"ok{' ' * 40}", "free")


def _meant_twice(chance: random.Random) -> Iterator[tuple[Told, Told]]:
    """Pairs of texts that people sent both: what must not be made one."""
    while True:
        text = chance.choice(ONCE)
        one = told(text, sent=chance.choice([None, 0.0]))
        soon = chance.uniform(0, 120)
        yield one, told(text, after=chance.uniform(120.001, 86_400))  # again later, for it was not mended
        yield (
            one,
            replace(told(text, soon), sender=f"+849{chance.randrange(10**8):08}"),
        )  # a street that complains alike
        yield one, replace(told(text, soon), recipient="8080")
        yield one, told(chance.choice([other for other in ONCE if other != text]), soon)
        yield told(text, sent=0), told(text, soon, sent=chance.uniform(121, 7200))  # held up and brought together
        short = chance.choice([*ON_PURPOSE, *COMMANDS])
        yield told(short), told(short, soon)


def _brought_twice(chance: random.Random) -> Iterator[tuple[Told, Told]]:
    while True:
        text, soon = chance.choice(ONCE), chance.uniform(0, 120)
        yield told(text), told(text, soon)
        yield told(text, sent=-3), told(text, soon, sent=-3)
        yield told(text, sent=0), told(f"{text} ", chance.uniform(0, 3600), sent=0)


def test_fewer_than_one_in_ten_thousand_is_merged_wrongly_and_every_repeat_is_found() -> None:
    """None of 40,000: with 95 % confidence fewer than 3 in 40,000 (the rule of three)."""
    chance = random.Random(20261123)
    assert len(ONCE) > 300
    assert sum(same(*pair) for pair in islice(_meant_twice(chance), PAIRS)) == 0
    assert all(same(*pair) for pair in islice(_brought_twice(chance), 3_000))
