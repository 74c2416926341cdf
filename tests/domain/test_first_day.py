"""Who learns which steps on the first day."""

import pytest

from smsgw.domain.first_day import Step, steps_for


@pytest.mark.parametrize(
    ("duties", "learns", "not_theirs"),
    [
        ({"focal"}, Step.ASSIGN, Step.DECIDE),
        ({"officer"}, Step.ANSWER, Step.ASSIGN),
        ({"head"}, Step.DECIDE, Step.ASSIGN),
        ({"leader"}, Step.DECIDE, Step.ANSWER),
    ],
)
def test_everybody_learns_what_they_may_do(duties: set[str], learns: Step, not_theirs: Step) -> None:
    assert learns in steps_for(duties)
    assert not_theirs not in steps_for(duties)
    assert steps_for(duties)[0] is Step.OPEN


@pytest.mark.parametrize("duty", ["auditor", "supervisor", "admin"])
def test_who_only_looks_on_has_no_guide(duty: str) -> None:
    assert steps_for({duty}) == ()


def test_two_roles_learn_each_step_once() -> None:
    both = steps_for({"focal", "leader"})
    assert len(both) == len(set(both))
    assert {Step.ASSIGN, Step.DECIDE} <= set(both)
