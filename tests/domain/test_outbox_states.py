"""A text goes only where the table lets it, and receipts in any order end alike."""

from itertools import permutations

import pytest

from smsgw.domain.messages import Delivery
from smsgw.domain.outbox_states import EDGES, State, after_receipt, may_follow


def test_every_state_has_its_row_and_none_follows_itself() -> None:
    assert set(EDGES) == set(State)
    assert not [state for state in State if may_follow(state, state)]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("delivery", list(Delivery))
def test_a_receipt_takes_a_text_along_an_edge_or_leaves_it(state: State, delivery: Delivery) -> None:
    then = after_receipt(state, delivery)
    assert then == state or may_follow(state, then)
    assert after_receipt(then, delivery) == then


@pytest.mark.parametrize("state", list(State))
def test_receipts_in_any_order_end_alike(state: State) -> None:
    ends = set()
    for order in permutations(Delivery):
        now = state
        for delivery in order:
            now = after_receipt(now, delivery)
        ends.add(now)
    assert ends == {State.DELIVERED}


def test_what_was_delivered_stays_delivered() -> None:
    assert {after_receipt(State.DELIVERED, delivery) for delivery in Delivery} == {State.DELIVERED}


@pytest.mark.parametrize("ended", [State.FAILED, State.CANCELLED])
def test_only_a_delivery_proves_a_settled_text_wrong(ended: State) -> None:
    for delivery in set(Delivery) - {Delivery.DELIVERED}:
        assert after_receipt(ended, delivery) == ended
