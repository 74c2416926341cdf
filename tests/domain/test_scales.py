"""The scales: many weights in one number, and what they add up to."""

import math

from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.understanding.scales import ANSWERS, CATEGORY, FIELDS, INTENT, INTENTS, UNIT, URGENT, Scales

WEIGHTS = st.dictionaries(st.sampled_from(ANSWERS), st.integers(-5000, 5000), min_size=1)
TABLES = st.dictionaries(st.text(min_size=1, max_size=5), WEIGHTS, max_size=30)


@given(TABLES)
def test_every_answer_gets_the_sum_of_its_own_weights(table: dict[str, dict[tuple[str, str], int]]) -> None:
    weighed = Scales(table, {}).weigh([*table, "a clue never met"])
    assert list(weighed.sums) == [sum(row.get(answer, 0) for row in table.values()) for answer in ANSWERS]


@given(TABLES)
def test_one_clues_weight_is_what_was_taught(table: dict[str, dict[tuple[str, str], int]]) -> None:
    scales = Scales(table, {})
    for clue, row in table.items():
        for question, answer in ANSWERS:
            assert scales.weight(clue, question, answer) == row.get((question, answer), 0) / UNIT


def test_shares_are_together_one_and_the_heaviest_is_likeliest() -> None:
    weighed = Scales({"mat nuoc": {(CATEGORY, "DN"): 2 * UNIT, (INTENT, "new_complaint"): UNIT}}, {}).weigh(
        ["mat nuoc"]
    )
    assert math.isclose(sum(weighed.intents.values()), 1)
    assert math.isclose(sum(weighed.fields.values()), 1)
    assert weighed.field() == ("DN", weighed.fields["DN"])
    assert weighed.intent() == ("new_complaint", weighed.intents["new_complaint"])
    assert math.isclose(weighed.fields["DN"], math.e**2 / (math.e**2 + len(FIELDS) - 1))
    assert math.isclose(weighed.intents["new_complaint"], math.e / (math.e + len(INTENTS) - 1))


def test_a_warmer_scale_is_less_sure_of_the_same_answer() -> None:
    table = {"chay": {(INTENT, "emergency"): 3 * UNIT}}
    cold, warm = (Scales(table, {INTENT: warmth}).weigh(["chay"]) for warmth in (1, 2))
    assert cold.intent()[0] == warm.intent()[0] == "emergency"
    assert cold.intent()[1] > warm.intent()[1]


def test_what_nothing_speaks_for_is_an_even_bet() -> None:
    weighed = Scales({}, {}).weigh(["x"])
    assert weighed.yes(URGENT) == 0.5
    assert math.isclose(weighed.field()[1], 1 / len(FIELDS))
