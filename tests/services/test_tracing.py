"""A text in doubt is looked for where its provider can tell, and sent again only as far as that is right."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, repeat

import pytest

from smsgw.domain.ledger import Capability, Sighting
from smsgw.domain.messages import Accepted, Delivery, InDoubt, Outcome, OutgoingSms, Receipt
from smsgw.domain.notices import Lane
from smsgw.store.tables import Outgoing
from tests.conftest import Clock
from tests.services.offices import PHONE, SortingOffice, sighting, takes

LISTS = frozenset({Capability.CALLBACK, Capability.LOOK_UP})
KNOWS_IDS = LISTS | {Capability.SAME_ID}
NAMES_PHONES = frozenset({Capability.PHONE_IN_RECEIPT})


def no_answer(_: OutgoingSms) -> Outcome:
    return InDoubt("no answer came")


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, pool: ThreadPoolExecutor) -> SortingOffice:
    """On both databases."""
    office = SortingOffice.open(request.getfixturevalue(request.param), pool)
    office.first.answer = no_answer
    return office


def in_doubt(office: SortingOffice, can: frozenset[Capability], lane: Lane = Lane.ANSWER) -> None:
    office.first.can = can
    office.put("a", lane)
    office.postman.batch()
    assert office.row("a").state == "unknown"


@pytest.mark.parametrize("lane", [Lane.ANSWER, Lane.REMINDER])
def test_a_text_that_the_provider_has_is_not_sent_again(office: SortingOffice, clock: Clock, lane: Lane) -> None:
    in_doubt(office, LISTS, lane)
    office.first.has = [sighting("SM1")]
    clock.moves(seconds=59)
    office.goes_on()
    assert (office.first.asked, office.row("a").state) == (0, "unknown")
    clock.moves(seconds=1)
    office.goes_on()
    row = office.row("a")
    assert (row.state, row.provider_ref, row.possible_duplicate) == ("accepted", "SM1", False)
    assert (office.first.asked, len(office.first.sent)) == (1, 1)


@pytest.mark.parametrize(
    ("delivery", "state"),
    [(Delivery.PENDING, "accepted"), (Delivery.UNDELIVERED, "undelivered"), (Delivery.DELIVERED, "delivered")],
)
def test_what_the_provider_says_of_it_counts_as_a_receipt(
    office: SortingOffice, clock: Clock, delivery: Delivery, state: str
) -> None:
    in_doubt(office, LISTS)
    office.first.has = [sighting("SM1", delivery)]
    clock.moves(seconds=60)
    office.goes_on()
    assert office.row("a").state == state


@pytest.mark.parametrize("lane", [Lane.ANSWER, Lane.REMINDER])
def test_a_text_that_the_provider_twice_has_not_goes_again_and_is_no_duplicate(
    office: SortingOffice, clock: Clock, lane: Lane
) -> None:
    in_doubt(office, LISTS, lane)
    office.first.answer = takes
    clock.moves(seconds=60)
    office.goes_on()
    assert (office.first.asked, len(office.first.sent)) == (1, 1)
    clock.moves(seconds=120)
    office.goes_on()
    assert office.first.asked == 2
    office.goes_on()
    assert len(office.first.sent) == 2
    assert (office.row("a").state, office.row("a").possible_duplicate) == ("accepted", False)


def test_a_text_that_the_phone_has_not_goes_again_after_one_question(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, KNOWS_IDS)
    office.first.answer = takes
    clock.moves(seconds=60)
    office.goes_on()
    office.goes_on()
    assert (office.first.asked, len(office.first.sent), office.row("a").possible_duplicate) == (1, 2, False)
    assert len({message.ref for message in office.first.sent}) == 1


def test_a_second_doubt_is_looked_into_afresh(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, KNOWS_IDS)
    for _ in range(3):
        clock.moves(seconds=60)
        office.goes_on()
        office.goes_on()
    assert (office.first.asked, len(office.first.sent)) == (3, 4)
    assert not office.row("a").possible_duplicate


def test_no_word_for_ten_minutes_makes_it_one_flagged_resend(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS)
    office.first.has, office.first.answer = None, takes
    for _ in range(9):
        clock.moves(seconds=60)
        office.goes_on()
    assert (office.first.asked, len(office.first.sent)) == (9, 1)
    clock.moves(seconds=60)
    office.goes_on()
    assert (office.first.asked, len(office.first.sent)) == (9, 2)
    assert office.row("a").possible_duplicate


def test_a_question_that_a_provider_trips_over_stops_no_other(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS)
    office.put("b")
    office.postman.batch()
    office.first.has, office.first.trips_over = [sighting("SM2")], "tin a"
    clock.moves(seconds=60)
    office.goes_on()
    assert (office.row("a").state, office.row("a").not_there) == ("unknown", 0)
    assert (office.row("b").state, office.row("b").provider_ref) == ("accepted", "SM2")


def test_the_same_words_to_the_same_phone_are_told_apart_by_what_is_known_of_the_other(
    office: SortingOffice, clock: Clock
) -> None:
    in_doubt(office, KNOWS_IDS)
    office.first.answer = lambda _: Accepted("SM1")
    office.put("twin")
    office.postman.batch()
    office.first.has = [sighting("SM1")]
    clock.moves(seconds=60)
    office.goes_on()
    office.goes_on()
    assert len(office.first.sent) == 3
    assert office.row("a").state == "accepted"


def test_a_text_that_the_provider_may_have_altered_is_sent_again_at_most_once_and_flagged(
    office: SortingOffice, clock: Clock
) -> None:
    in_doubt(office, LISTS)
    office.first.has, office.first.answer = [sighting("SM1", altered=True)], takes
    for _ in range(9):
        clock.moves(seconds=60)
        office.goes_on()
    assert (office.first.asked, len(office.first.sent), office.row("a").not_there) == (9, 1, 0)
    clock.moves(seconds=60)
    office.goes_on()
    assert (len(office.first.sent), office.row("a").possible_duplicate) == (2, True)


def test_a_reminder_that_the_provider_may_have_altered_is_not_sent_again(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS, Lane.REMINDER)
    office.first.has, office.first.answer = [sighting("SM1", altered=True)], takes
    for _ in range(12):
        clock.moves(seconds=60)
        office.goes_on()
    assert (office.row("a").state, len(office.first.sent)) == ("unknown", 1)


def test_the_same_words_are_believed_before_others_are_doubted(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS)
    office.first.has = [sighting("SM1", altered=True), sighting("SM2")]
    clock.moves(seconds=60)
    office.goes_on()
    assert (office.row("a").state, office.row("a").provider_ref) == ("accepted", "SM2")


def test_other_words_that_are_known_to_be_another_texts_leave_no_doubt(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS)
    office.first.answer = lambda _: Accepted("SM1")
    office.put("b")
    office.postman.batch()
    office.first.has = [sighting("SM1", altered=True)]
    for seconds in (60, 120, 0):
        clock.moves(seconds=seconds)
        office.goes_on()
    assert [message.text for message in office.first.sent] == ["tin a", "tin b", "tin a"]
    assert not office.row("a").possible_duplicate


def lists(office: SortingOffice, *texts: tuple[str, str]) -> None:
    """From now on the provider's list has these, each an id with its words."""

    def look_up(message: OutgoingSms, since: object) -> list[Sighting]:
        return [sighting(ref, altered=words != message.text) for ref, words in texts]

    office.first.look_up = look_up  # type: ignore[method-assign, assignment]


def test_of_two_texts_in_doubt_each_finds_its_own_and_the_one_that_is_not_there_goes_again_unflagged(
    office: SortingOffice, clock: Clock
) -> None:
    in_doubt(office, LISTS)
    office.put("b")
    office.postman.batch()
    lists(office, ("SM2", "tin b"))
    clock.moves(seconds=60)
    office.goes_on()
    assert [(row.state, row.provider_ref) for row in office.rows()] == [("unknown", ""), ("accepted", "SM2")]
    office.first.answer = takes
    for _ in range(3):
        clock.moves(seconds=60)
        office.goes_on()
    assert [message.text for message in office.first.sent] == ["tin a", "tin b", "tin a"]
    assert not office.row("a").possible_duplicate


def twins_in_doubt(office: SortingOffice) -> None:
    """Two texts with the same words to the same phone."""
    in_doubt(office, LISTS)
    made = office.put("twin")
    with office.gateway.database.write() as session:
        session.get_one(Outgoing, made).body = office.row("a").body
    office.postman.batch()
    assert {row.state for row in office.rows()} == {"unknown"}


def test_where_both_of_two_twins_are_there_each_takes_one(office: SortingOffice, clock: Clock) -> None:
    twins_in_doubt(office)
    lists(office, ("SM1", "tin a"), ("SM2", "tin a"))
    clock.moves(seconds=60)
    office.goes_on()
    assert {(row.state, row.provider_ref) for row in office.rows()} == {("accepted", "SM1"), ("accepted", "SM2")}


def test_where_one_of_two_twins_is_there_its_receipt_says_which_and_the_other_goes_again(
    office: SortingOffice, clock: Clock
) -> None:
    twins_in_doubt(office)
    lists(office, ("SM2", "tin a"))
    clock.moves(seconds=60)
    office.goes_on()
    assert {row.state for row in office.rows()} == {"unknown"}
    twin = office.row("twin")
    office.told(Receipt("first", Delivery.DELIVERED, "the twin's", "SM2"), twin.id)
    office.first.answer = takes
    for _ in range(3):
        clock.moves(seconds=60)
        office.goes_on()
    assert [(row.state, row.possible_duplicate) for row in office.rows()] == [
        ("accepted", False),
        ("delivered", False),
    ]
    assert office.first.sent[0] == office.first.sent[2] != office.first.sent[1]


def test_a_twin_that_is_being_handed_over_may_own_what_is_there(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, LISTS)
    clock.moves(seconds=58)
    made = office.put("twin")
    with office.gateway.database.write() as session:
        session.get_one(Outgoing, made).body = office.row("a").body
    (handed_over,) = office.postman._claim().first
    lists(office, ("SM2", "tin a"))
    clock.moves(seconds=2)
    office.postman.look_after()
    assert (office.row("a").state, office.row("a").not_there) == ("unknown", 0)
    office.postman._settle([(handed_over, Accepted("SM2"))])
    office.first.answer = takes
    for _ in range(3):
        clock.moves(seconds=60)
        office.goes_on()
    assert [(row.state, row.possible_duplicate) for row in office.rows()] == [("accepted", False)] * 2
    assert len(office.first.sent) == 2


def test_a_receipt_that_comes_while_the_provider_is_asked_wins(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, KNOWS_IDS)
    made = office.row("a").id

    def asked(message: OutgoingSms, since: object) -> list[object]:
        office.told(Receipt("first", Delivery.DELIVERED, message.ref, "SM1"), made)
        return []

    office.first.look_up = asked  # type: ignore[method-assign, assignment]
    clock.moves(seconds=60)
    office.goes_on()
    office.goes_on()
    assert (office.row("a").state, len(office.first.sent)) == ("delivered", 1)


def test_a_sender_that_died_before_it_told_anybody_leaves_no_doubt(office: SortingOffice, clock: Clock) -> None:
    for number in range(40):
        office.put(f"t{number}")
    claimed = office.postman._claim()
    assert (len(claimed.first), len(claimed.rest)) == (32, 8)
    assert office.postman.batch() == 0
    office.first.answer = takes
    clock.moves(seconds=121)
    office.goes_on()
    office.goes_on()
    rows = office.rows()
    assert {row.state for row in rows} == {"accepted"}
    assert [row.possible_duplicate for row in rows] == [True] * 32 + [False] * 8
    assert len(office.first.sent) == 40


def test_a_sender_that_died_with_a_provider_that_can_be_asked_doubles_nothing(
    office: SortingOffice, clock: Clock
) -> None:
    office.first.can = KNOWS_IDS
    office.put("a")
    office.postman._claim()
    office.first.has = [sighting("SM1")]
    clock.moves(seconds=121)
    office.goes_on()
    row = office.row("a")
    assert (row.state, row.possible_duplicate, office.first.sent) == ("accepted", False, [])


def test_a_claim_that_lapsed_is_not_marked_by_the_sender_that_wakes(office: SortingOffice, clock: Clock) -> None:
    for number in range(33):
        office.put(f"t{number}")
    office.first.answer = takes
    asleep = office.postman._claim()
    clock.moves(seconds=121)
    office.postman.batch()
    assert office.postman._settle([], list(asleep.rest)) == []
    assert [message.text for message in office.first.sent] == ["tin t32"]


def test_nobody_is_called_when_either_clock_says_that_the_lease_is_nearly_over(
    office: SortingOffice, clock: Clock
) -> None:
    seconds = chain([0.0], repeat(91.0))
    office.postman = SortingOffice.open(office.gateway, office.postman.pool, elapsed=lambda: next(seconds)).postman
    office.put("a")
    office.postman.batch()
    row = office.row("a")
    assert (row.state, row.possible_duplicate, row.lease_until) == ("queued", False, None)


def at_receipt(ref: str, delivery: Delivery = Delivery.DELIVERED, phone: str = PHONE) -> Receipt:
    return Receipt("first", delivery, None, ref, delivery.value, phone=phone)


def test_a_report_for_the_phone_settles_the_one_text_to_it_that_is_in_doubt(
    office: SortingOffice, clock: Clock
) -> None:
    in_doubt(office, NAMES_PHONES)
    clock.moves(seconds=5)
    office.told(at_receipt("AT1", Delivery.SENT))
    assert (office.row("a").state, office.row("a").provider_ref) == ("accepted", "AT1")
    office.told(at_receipt("AT1"))
    clock.moves(minutes=5)
    office.goes_on()
    assert (office.row("a").state, len(office.first.sent)) == ("delivered", 1)


def test_a_report_that_might_mean_either_of_two_texts_means_none(office: SortingOffice, clock: Clock) -> None:
    in_doubt(office, NAMES_PHONES)
    office.put("b")
    office.postman.batch()
    office.told(at_receipt("AT1"))
    assert {row.state for row in office.rows()} == {"unknown"}
    office.first.answer = takes
    clock.moves(minutes=2)
    office.goes_on()
    assert [row.possible_duplicate for row in office.rows()] == [True, True]


@pytest.mark.parametrize("by_another", [False, True])
def test_a_report_of_a_text_that_was_sent_again_since_is_not_taken_for_another_text(
    office: SortingOffice, clock: Clock, *, by_another: bool
) -> None:
    in_doubt(office, NAMES_PHONES)
    office.put("b", Lane.REMINDER)
    office.postman.batch()
    office.told(at_receipt("AT1"))
    assert [(row.state, row.doubts) for row in office.rows()] == [("unknown", 1)] * 2
    office.first.answer = takes
    if by_another:
        office.postman = replace(office.postman, order=("second",))
    clock.moves(minutes=3)
    office.goes_on()
    office.rematches()
    assert (len(office.second.sent) == 1) == by_another
    assert (office.row("a").state, office.row("a").possible_duplicate) == ("accepted", True)
    assert (office.row("b").state, office.row("b").provider_ref) == ("unknown", "")


def test_a_late_report_of_an_old_text_is_not_taken_for_the_one_that_is_in_doubt_now(
    office: SortingOffice, clock: Clock
) -> None:
    in_doubt(office, NAMES_PHONES)
    clock.moves(minutes=3)
    office.goes_on()
    clock.moves(minutes=3)
    office.goes_on()
    assert (office.row("a").state, office.row("a").lease_until) == ("unknown", None)
    clock.moves(days=3)
    office.put("b")
    office.postman.batch()
    assert office.row("b").state == "unknown"
    office.told(at_receipt("AT1"))
    assert (office.row("b").state, office.row("b").provider_ref) == ("unknown", "")


def test_a_report_for_another_phone_or_from_before_the_call_settles_nothing(
    office: SortingOffice, clock: Clock
) -> None:
    office.told(at_receipt("AT0"))
    clock.moves(seconds=1)
    in_doubt(office, NAMES_PHONES)
    office.told(at_receipt("AT1", phone="+84900000009"))
    office.rematches()
    assert office.row("a").state == "unknown"


def test_a_report_that_came_while_the_call_was_still_open_settles_the_doubt_that_followed(
    office: SortingOffice, clock: Clock
) -> None:
    def answers_by_report_only(_: OutgoingSms) -> Outcome:
        office.told(at_receipt("AT1"))
        return InDoubt("no answer came")

    office.first.can, office.first.answer = NAMES_PHONES, answers_by_report_only
    office.put("a")
    office.postman.batch()
    assert office.row("a").state == "unknown"
    assert office.rematches() == 1
    assert (office.row("a").state, office.row("a").provider_ref) == ("delivered", "AT1")
