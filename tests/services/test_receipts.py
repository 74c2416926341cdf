"""Early, late, repeated, shuffled, part by part, forged: a message ends in the one right state."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest

from smsgw.domain.messages import Accepted, Delivery, Outcome, OutgoingSms, Receipt, TryLater
from smsgw.gateway import Gateway
from smsgw.services.citizens import citizen_of
from smsgw.store import gauges, outbox
from tests.conftest import Clock
from tests.services.offices import SortingOffice


@pytest.fixture
def office(gateway: Gateway, pool: ThreadPoolExecutor) -> SortingOffice:
    return SortingOffice.open(gateway, pool)


def by_ref(delivery: Delivery, provider: str = "first", ref: str = "p-1") -> Receipt:
    return Receipt(provider, delivery, "ours", ref, delivery.value)


def by_their_id(office: SortingOffice, delivery: Delivery, code: str = "") -> Receipt:
    return Receipt("first", delivery, None, office.row("a").provider_ref, code or delivery.value)


def test_a_receipt_from_within_the_call_is_not_lowered_by_the_answer_to_it(office: SortingOffice) -> None:
    made = office.put("a")

    def tells_first(message: OutgoingSms) -> Outcome:
        office.told(by_ref(Delivery.DELIVERED), made)
        return Accepted("p-1")

    office.first.answer = tells_first
    office.postman.batch()
    assert (office.row("a").state, office.row("a").provider_ref) == ("delivered", "p-1")


def test_a_provider_that_takes_back_what_it_reported_does_not_make_us_send_twice(office: SortingOffice) -> None:
    made = office.put("a")

    def tells_first(message: OutgoingSms) -> Outcome:
        office.told(by_ref(Delivery.SENT), made)
        return TryLater("busy")

    office.first.answer = tells_first
    office.postman.batch()
    office.postman.batch()
    assert (office.row("a").state, len(office.first.sent)) == ("accepted", 1)


def test_a_stop_that_comes_before_its_text_is_recorded_is_heard_all_the_same(office: SortingOffice) -> None:
    office.put("a")
    with office.gateway.database.write() as session:
        citizen_of(session, office.row("a").recipient, office.gateway.now())

    def tells_first(message: OutgoingSms) -> Outcome:
        office.told(Receipt("first", Delivery.UNDELIVERED, None, "p-1", "UserInBlacklist", opted_out=True))
        return Accepted("p-1")

    office.first.answer = tells_first
    office.postman.batch()
    assert office.rematches() == 1
    now = office.gateway.now()
    with office.gateway.database.write() as session:
        assert citizen_of(session, office.row("a").recipient, now).opted_out_at == now
    assert office.row("a").state == "undelivered"


@pytest.mark.parametrize("order", list(permutations([Delivery.SENT, Delivery.UNDELIVERED, Delivery.DELIVERED])))
def test_parts_of_a_long_text_end_alike_in_any_order(office: SortingOffice, order: tuple[Delivery, ...]) -> None:
    office.put("a")
    office.postman.batch()
    for part, delivery in enumerate(order * 2):
        office.told(by_their_id(office, delivery, f"{delivery} part {part}"))
    assert office.row("a").state == "delivered"


def test_a_receipt_of_nothing_we_know_changes_nothing_and_is_counted(office: SortingOffice, clock: Clock) -> None:
    office.put("a")
    office.postman.batch()
    office.told(Receipt("first", Delivery.DELIVERED, None, "guessed", "ok"))
    office.told(Receipt("second", Delivery.DELIVERED, None, office.row("a").provider_ref, "ok"))
    office.told(by_ref(Delivery.DELIVERED), 999_999)
    office.rematches()
    assert office.row("a").state == "accepted"
    told = {gauge.name: dict(gauge.samples) for gauge in gauges.read(office.gateway.database, clock())}
    assert told["smsgw_receipts_unmatched"] == {(): 3}


def test_a_receipt_after_three_days_still_tells_the_truth(office: SortingOffice, clock: Clock) -> None:
    office.put("a")
    office.postman.batch()
    now = clock.moves(hours=73)
    with office.gateway.database.write() as session:
        outbox.give_up_receipts(session, now - timedelta(hours=72), now)
    assert office.row("a").state == "delivery_unknown"
    office.told(by_their_id(office, Delivery.SENT))
    assert office.row("a").state == "delivery_unknown"
    office.told(by_their_id(office, Delivery.DELIVERED))
    assert office.row("a").state == "delivered"


def test_a_receipt_of_an_earlier_try_by_another_provider_lends_it_no_id(office: SortingOffice, clock: Clock) -> None:
    made = office.put("a")
    office.first.answer = lambda _: TryLater("busy")
    office.postman.batch()
    office.told(by_ref(Delivery.DELIVERED, provider="second", ref="its-own"), made)
    assert (office.row("a").state, office.row("a").provider_ref) == ("delivered", "")


def test_a_text_that_was_given_up_is_delivered_if_its_receipt_says_so(office: SortingOffice, clock: Clock) -> None:
    made = office.put("a")
    office.first.answer = office.second.answer = lambda _: TryLater("busy")
    office.postman.batch()
    clock.moves(hours=25)
    office.postman.batch()
    assert office.row("a").state == "failed"
    office.told(by_ref(Delivery.SENT), made)
    assert office.row("a").state == "failed"
    office.told(by_ref(Delivery.DELIVERED), made)
    assert office.row("a").state == "delivered"
