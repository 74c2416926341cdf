"""Every way of a complaint is walked: none leads out but by an answer and the citizen's word, or a lawful refusal."""

from dataclasses import replace

import pytest

from smsgw.domain.progress import ACTS, Act, Allowed, Duty, Party, Refusal, State, decide
from tests.domain.walk import walk

CITIZENS = [act for act, rule in ACTS.items() if rule.who == {Party.CITIZEN}]
HOUSES = [act for act, rule in ACTS.items() if Party.HOUSE in rule.who]


def test_the_walk_finds_no_wrong_way_and_reaches_every_state() -> None:
    seen, wrong = walk(ACTS)
    assert wrong == []
    assert {one.state for one in seen} == set(State)
    assert ACTS.keys() == set(Act)


@pytest.mark.parametrize(
    ("act", "states", "to", "why"),
    [
        (Act.ADD, {State.RECEIVED}, State.CLOSED, "closed without an answer"),
        (Act.PASS_ON, {State.ASSIGNED}, State.CLOSED, "closed without an answer"),
        (Act.ANSWER, {State.ASSIGNED}, State.CLOSED, "closed without the citizen's word"),
        (Act.CLOSE_SILENT, {State.ANSWERED}, State.CLOSED, "closed without the citizen's word"),
        (Act.CALL, {State.OPEN_TO_VERDICT}, State.CLOSED, "closed without the citizen's word"),
        (Act.ASK, {State.ASSIGNED}, State.REFUSED, "refused by no reasoned refusal"),
        (Act.GO_ON, {State.WAITING}, State.WITHDRAWN, "withdrawn by somebody else"),
        (Act.WRITE_AGAIN, {State.REFUSED}, State.ASSIGNED, "goes on though it is over"),
        (Act.HOLD, {State.ANSWERED}, State.TO_LOOK_AT, "closed without the citizen's word"),
    ],
)
def test_a_bad_way_that_is_planted_is_told_of(act: Act, states: set[State], to: State, why: str) -> None:
    planted = Allowed(ACTS[act].who, frozenset(states), frozenset({to}))
    _seen, wrong = walk({**ACTS, act: planted})
    assert any(why in one for one in wrong), wrong


def test_only_the_citizen_and_the_clock_and_a_person_who_did_not_answer_close() -> None:
    closing = {act: rule.who for act, rule in ACTS.items() if State.CLOSED in rule.leads_to}
    assert set(closing) == {Act.CONFIRM, Act.CLOSE, Act.CLOSE_SILENT}
    assert closing[Act.CONFIRM] == {Party.CITIZEN}
    assert closing[Act.CLOSE_SILENT] == {Party.HOUSE}
    assert Duty.OFFICER not in closing[Act.CLOSE]


@pytest.mark.parametrize("act", [*CITIZENS, *(act for act in HOUSES if act is not Act.SEPARATE)])
def test_no_official_speaks_for_the_citizen_or_the_clock(act: Act) -> None:
    for state in State:
        assert decide(act, state, list(Duty), has_office=True) is Refusal.NOT_YOURS


@pytest.mark.parametrize("act", list(Act))
def test_deciding_leads_where_the_table_says(act: Act) -> None:
    """Whatever the table is asked, it answers with a state that it names, or refuses."""
    rule = ACTS[act]
    for state in State:
        for has_office in (True, False):
            after = decide(act, state, list(rule.who), has_office=has_office)
            if isinstance(after, State) and act is not Act.ASSIGN:
                assert state in rule.states
                assert after in (rule.leads_to or {state})


def test_a_window_taken_out_of_the_table_leaves_no_way_to_close_by_silence() -> None:
    without = {**ACTS, Act.BEGIN_WINDOW: replace(ACTS[Act.BEGIN_WINDOW], states=frozenset())}
    seen, wrong = walk(without)
    assert wrong == []
    assert not {State.OPEN_TO_VERDICT, State.TO_LOOK_AT} & {one.state for one in seen}
