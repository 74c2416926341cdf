"""What may be done to a complaint, in which state and by whom."""

import pytest

from smsgw.domain.progress import Act, Duty, Refusal, State, decide, may

HANDLERS = [Duty.FOCAL, Duty.OFFICER, Duty.HEAD]
LOOKERS = [Duty.LEADER, Duty.AUDITOR, Duty.ADMIN]


@pytest.mark.parametrize("duty", HANDLERS)
def test_whoever_handles_answers_what_is_being_handled(duty):
    assert decide(Act.ANSWER, "assigned", [duty], has_office=True) is State.ANSWERED


@pytest.mark.parametrize("duty", [*LOOKERS, Duty.SUPERVISOR])
@pytest.mark.parametrize("act", [Act.ANSWER, Act.ASK, Act.ASSIGN, Act.PASS_ON])
def test_whoever_only_looks_on_writes_to_nobody(duty, act):
    assert decide(act, "received", [duty], has_office=False) is Refusal.NOT_YOURS


@pytest.mark.parametrize(
    ("state", "why"),
    [("answered", Refusal.ANSWERED), ("withdrawn", Refusal.WITHDRAWN), ("refused", Refusal.CLOSED)],
)
@pytest.mark.parametrize("act", list(Act))
def test_nothing_is_done_to_what_is_over(act, state, why):
    assert decide(act, state, list(Duty), has_office=True) is why


def test_a_question_makes_it_wait_and_a_waiting_one_may_be_answered():
    assert decide(Act.ASK, "assigned", [Duty.OFFICER], has_office=True) is State.WAITING
    assert decide(Act.ANSWER, "waiting", [Duty.OFFICER], has_office=True) is State.ANSWERED


def test_passing_on_keeps_the_state():
    assert decide(Act.PASS_ON, "waiting", [Duty.HEAD], has_office=True) is State.WAITING
    assert decide(Act.PASS_ON, "assigned", [Duty.HEAD], has_office=True) is State.ASSIGNED


def test_an_office_is_chosen_once_and_then_passed_on():
    assert decide(Act.ASSIGN, "received", [Duty.FOCAL], has_office=False) is State.ASSIGNED
    assert decide(Act.ASSIGN, "assigned", [Duty.FOCAL], has_office=True) is Refusal.HAS_OFFICE
    assert decide(Act.PASS_ON, "received", [Duty.FOCAL], has_office=False) is Refusal.NO_OFFICE


@pytest.mark.parametrize(("duty", "allowed"), [(Duty.FOCAL, True), (Duty.SUPERVISOR, True), (Duty.OFFICER, False)])
def test_another_unit_is_for_focal_officials_and_the_province(duty, allowed):
    assert may(Act.PASS_TO_UNIT, "assigned", [duty], has_office=True) is allowed


def test_a_waiting_complaint_raises_no_alert_so_its_date_is_not_brought_near():
    assert not may(Act.BRING_NEAR, "waiting", [Duty.FOCAL], has_office=True)
    assert may(Act.BRING_NEAR, "received", [Duty.FOCAL], has_office=False)


def test_several_roles_add_up():
    assert may(Act.ANSWER, "assigned", [Duty.AUDITOR, Duty.OFFICER], has_office=True)
