"""What may be done to a complaint, in which state and by whom."""

import pytest

from smsgw.domain.calls import Unheard
from smsgw.domain.progress import ACTS, OPEN, Act, Duty, Refusal, State, decide, is_done, may

HANDLERS = [Duty.FOCAL, Duty.OFFICER, Duty.HEAD]
LOOKERS = [Duty.LEADER, Duty.AUDITOR, Duty.ADMIN]
BY_OFFICIALS = [act for act, rule in ACTS.items() if rule.who.issubset(Duty)]


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
@pytest.mark.parametrize("act", [act for act in BY_OFFICIALS if act not in (Act.CALL, Act.CALL_BACK)])
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


@pytest.mark.parametrize("state", list(State))
def test_nobody_is_phoned_without_need(state):
    assert decide(Act.CALL, state, list(Duty), has_office=True) is Refusal.NO_CALL


@pytest.mark.parametrize("duty", HANDLERS)
def test_an_answer_that_nobody_heard_is_not_the_end(duty):
    assert is_done("answered", None)
    assert not is_done("answered", Unheard.ANSWER)
    for act in (Act.CALL, Act.ANSWER):
        assert decide(act, "answered", [duty], has_office=True, unheard=Unheard.ANSWER) is State.ANSWERED


@pytest.mark.parametrize("state", [state for state in State if state is not State.ANSWERED])
def test_only_an_answer_of_which_nothing_is_known_yet_is_called_back(state):
    assert decide(Act.CALL_BACK, "answered", [Duty.OFFICER], has_office=True) is State.ASSIGNED
    assert isinstance(decide(Act.CALL_BACK, state, [Duty.OFFICER], has_office=True), Refusal)


@pytest.mark.parametrize("act", [act for act in BY_OFFICIALS if act not in (Act.CALL, Act.ANSWER, Act.CALL_BACK)])
def test_besides_the_call_and_the_same_answer_again_nothing_is_done_to_what_is_answered(act):
    assert decide(act, "answered", list(Duty), has_office=True, unheard=Unheard.ANSWER) is Refusal.ANSWERED


@pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.WAITING])
def test_no_answer_ends_a_complaint_whose_question_nobody_heard(state):
    told = {"has_office": True, "unheard": Unheard.QUESTION}
    assert decide(Act.ANSWER, state, [Duty.OFFICER], **told) is Refusal.CALL_FIRST
    assert decide(Act.ASK, state, [Duty.OFFICER], **told) is State.WAITING
    assert decide(Act.CALL, state, [Duty.OFFICER], **told) is state


@pytest.mark.parametrize("duty", [*LOOKERS, Duty.SUPERVISOR])
def test_whoever_only_looks_on_notes_no_call(duty):
    assert decide(Act.CALL, "answered", [duty], has_office=True, unheard=Unheard.ANSWER) is Refusal.NOT_YOURS


def test_what_the_citizen_took_back_is_done_whatever_they_heard():
    assert is_done("withdrawn", Unheard.ANSWER)


def test_a_refusal_that_nobody_heard_is_told_by_phone():
    assert is_done("refused", None)
    assert not is_done("refused", Unheard.ANSWER)
    assert decide(Act.CALL, "refused", [Duty.OFFICER], has_office=True, unheard=Unheard.ANSWER) is State.REFUSED


@pytest.mark.parametrize("unheard", [None, *Unheard])
def test_no_way_leads_to_done_without_the_citizen_having_heard(unheard):
    """Every act from every open state: what it leads to is done only where nothing is left unheard. A seal is for what the
    house may not handle at all."""
    for act in set(BY_OFFICIALS) - {Act.SEAL}:
        for state in OPEN:
            after = decide(act, state, list(Duty), has_office=act is not Act.ASSIGN, unheard=unheard)
            if isinstance(after, State) and is_done(after, unheard):
                assert unheard is None


@pytest.mark.parametrize(("duty", "allowed"), [(Duty.FOCAL, True), (Duty.LEADER, True), (Duty.OFFICER, False)])
def test_a_leader_or_a_focal_official_refuses_and_never_one_who_is_to_be_phoned(duty, allowed):
    assert may(Act.REFUSE, "assigned", [duty], has_office=True) is allowed
    assert not may(Act.REFUSE, "assigned", [duty], has_office=True, unheard=Unheard.WISH)


def test_several_roles_add_up():
    assert may(Act.ANSWER, "assigned", [Duty.AUDITOR, Duty.OFFICER], has_office=True)
