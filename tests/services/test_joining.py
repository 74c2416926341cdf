"""Long texts that come part by part: one text, one complaint, one reply, and nothing of it lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import permutations
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from smsgw.domain.coaching import Question
from smsgw.domain.messages import Part, SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake, joining
from smsgw.store.tables import Complaint, DeadlineRule, Inbound, Outgoing, PartRow
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, NUMBERS, Line
from tests.services.test_coaching import asks

ONE = "PA GT duong Quang Trung phuong Tay Son hu nang, xe tai lun suot tuan nay, "
TWO = "ba con di cho, hoc sinh di hoc deu phai vong qua ruong, troi mua thi nuoc n"
THREE = "gap den nua banh xe, de nghi som cho sua de ba con di lai."
WORDS = {1: ONE, 2: TWO, 3: THREE}
WHOLE = ONE + TWO + THREE


@dataclass
class Network:
    """Brings parts, each under an id of its own."""

    house: Gateway
    reference: int = 77
    sender: str = CITIZEN

    def brings(self, number: int, text: str = "", *, ref: str = "", total: int = 3) -> None:
        ref = ref or f"p{next(NUMBERS)}"
        part = Part(self.reference, total, number)
        sms = SmsReceived("kannel", "operator", ref, self.sender, "8079", text or WORDS[number], part=part)
        intake.take_in(self.house.database, sms, self.house.now())


@pytest.fixture
def network(gateway: Gateway) -> Network:
    return Network(gateway)


def bodies(line: Line) -> list[str]:
    return [row.body for row in line.texts()]


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_parts_in_any_order_are_one_text_one_complaint_and_one_receipt(
    line: Line, network: Network, order: tuple[int, ...]
) -> None:
    for number in order:
        network.brings(number)
        line.works()
    assert bodies(line) == [WHOLE]
    (complaint,) = line.complaints()
    assert (complaint.text, complaint.category, complaint.ward) == (WHOLE, "GT", "Tây Sơn")
    assert len(line.outbox()) == 1
    assert not line.texts()[0].incomplete


def test_nothing_is_worked_on_before_the_text_is_whole(line: Line, network: Network) -> None:
    network.brings(1)
    network.brings(2)
    line.works()
    assert line.texts() == []


def test_a_part_that_comes_again_changes_nothing(line: Line, network: Network) -> None:
    for ref in ("first", "first", "another"):
        network.brings(1, ref=ref)
    with line.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PartRow)) == 2
    network.brings(3)
    network.brings(2)
    line.works()
    network.brings(2)
    line.works()
    assert bodies(line) == [WHOLE]
    assert len(line.outbox()) == 1


def test_a_part_that_comes_again_after_the_text_was_whole_opens_nothing_even_when_its_time_is_up(
    line: Line, network: Network, clock: Clock
) -> None:
    for number in (1, 2, 3):
        network.brings(number)
    line.works()
    network.brings(2)
    clock.moves(minutes=5)
    line.works()
    assert bodies(line) == [WHOLE]
    with line.gateway.database.read() as session:
        assert session.scalar(select(func.count()).where(PartRow.inbound_id.is_(None))) == 0


def test_a_whole_text_brought_again_is_a_repeat(line: Line, network: Network) -> None:
    for number in (1, 2, 3, 1, 2, 3):
        network.brings(number)
        line.works()
    assert len(line.complaints()) == len(line.outbox()) == 1
    first, again = line.texts()
    assert (again.body, again.repeat_of) == (first.body, first.id)


def test_a_missing_part_is_waited_for_two_minutes_and_then_seen_as_a_gap(
    line: Line, network: Network, clock: Clock
) -> None:
    network.brings(1)
    clock.moves(seconds=30)
    network.brings(3)
    clock.moves(seconds=89)
    line.works()
    assert line.complaints() == []
    clock.moves(seconds=1)
    line.works()
    (text,) = line.texts()
    assert (text.body, text.incomplete) == (f"{ONE} [...] {THREE}", True)
    assert line.complaints()[0].office_id is not None
    assert len(line.outbox()) == 1


def test_the_clock_rings_for_parts_whose_time_is_up(gateway: Gateway, network: Network, clock: Clock) -> None:
    network.brings(1)
    with gateway.database.read() as session:
        assert not joining.ready(session, clock())
        assert joining.ready(session, clock.moves(seconds=120))


def test_a_part_that_comes_after_the_release_joins_the_complaint_and_is_not_answered(
    line: Line, network: Network, clock: Clock
) -> None:
    network.brings(1)
    network.brings(3)
    clock.moves(minutes=2)
    line.works()
    clock.moves(minutes=10)
    network.brings(2)
    clock.moves(minutes=2)
    line.works()
    first, rest = line.texts()
    assert (rest.body, rest.continues, rest.complaint_id) == (f"[...] {TWO} [...]", first.id, first.complaint_id)
    assert len(line.complaints()) == len(line.outbox()) == 1


def test_a_late_part_is_no_reply_to_what_was_asked_meanwhile(line: Line, network: Network, clock: Clock) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(DeadlineRule).values(pause_days=5))
    network.brings(1)
    network.brings(3)
    clock.moves(minutes=2)
    line.works()
    asks(line.gateway, line.complaints()[0].reference or "", Question.FREE)
    network.brings(2)
    clock.moves(minutes=2)
    line.works()
    (complaint,) = line.complaints()
    assert [text.complaint_id for text in line.texts()] == [complaint.id] * 2
    assert (complaint.state, complaint.asking) == ("waiting", "free")
    assert (complaint.paused_at is None, complaint.due_at) == (False, None)
    line.text("hem 12 duong Quang Trung")
    (complaint,) = line.complaints()
    assert (complaint.state, complaint.asking, complaint.paused_at) == ("assigned", "", None)


def test_a_late_part_that_tells_what_was_asked_lets_the_clock_run_on(
    line: Line, network: Network, clock: Clock
) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(DeadlineRule).values(pause_days=5))
    network.brings(1, total=2)
    clock.moves(minutes=2)
    line.works()
    asks(line.gateway, line.complaints()[0].reference or "", Question.NAME)
    network.brings(2, "Toi ten la Tran Thi Hoa, thon 2", total=2)
    clock.moves(minutes=2)
    line.works()
    (complaint,) = line.complaints()
    assert (complaint.state, complaint.asking, complaint.paused_at) == ("assigned", "", None)
    assert complaint.facts["name"] == "Tran Thi Hoa"


def test_late_parts_one_after_another_all_join_and_one_of_them_again_does_nothing(
    line: Line, network: Network, clock: Clock
) -> None:
    for number in (1, 2, 3, 2):
        network.brings(number)
        clock.moves(minutes=2)
        line.works()
    first, *rest = line.texts()
    assert [row.continues for row in rest] == [first.id] * 2
    assert len(line.complaints()) == len(line.outbox()) == 1


def test_a_cry_for_help_in_a_late_part_is_heard(line: Line, network: Network, clock: Clock) -> None:
    network.brings(1, total=2)
    clock.moves(minutes=2)
    line.works()
    network.brings(2, "CHAY NHA o hem 12 phuong Tay Son cuu voi", total=2)
    clock.moves(minutes=2)
    line.works()
    assert line.outbox()[-1].startswith("DAY KHONG PHAI SO CAP CUU")


def test_the_rest_of_a_text_that_opened_nothing_is_a_text_of_its_own(
    line: Line, network: Network, clock: Clock
) -> None:
    network.brings(1, "VAY TIEN NHANH lai suat thap, goi ngay so nay de duoc giai ngan trong ngay", total=2)
    clock.moves(minutes=2)
    line.works()
    network.brings(2, "PA GT duong Quang Trung phuong Tay Son hu nang", total=2)
    clock.moves(minutes=2)
    line.works()
    assert len(line.complaints()) == 1


def test_the_rest_waits_until_the_first_parts_were_worked_on(line: Line, network: Network, clock: Clock) -> None:
    network.brings(1, total=2)
    house = line.gateway
    clock.moves(minutes=2)
    with house.database.read() as session:
        joining.join(house.database, joining.ready(session, clock()), clock())
    network.brings(2, total=2)
    clock.moves(minutes=2)
    line.works()
    line.works()
    first, rest = line.texts()
    assert (rest.continues, rest.complaint_id) == (first.id, first.complaint_id)
    assert len(line.complaints()) == 1


def test_a_reference_used_again_hours_later_begins_a_text_of_its_own(
    line: Line, network: Network, clock: Clock
) -> None:
    network.brings(1, total=2)
    clock.moves(minutes=2)
    line.works()
    clock.moves(hours=5)
    network.brings(2, total=2)
    clock.moves(minutes=2)
    line.works()
    assert [(row.continues, row.incomplete) for row in line.texts()] == [(None, True)] * 2
    assert len(line.outbox()) == 2


def test_a_reference_used_again_soon_with_other_words_is_another_text(
    line: Line, network: Network, clock: Clock
) -> None:
    other = "PA DN day dien dut nam ngang duong o thon 2 xa Cuu An, rat nguy hiem, "
    for words in (ONE, other):
        network.brings(1, words, total=2)
        network.brings(2, THREE + words[:9], total=2)
        line.works()
        clock.moves(minutes=10)
    assert len(line.complaints()) == 2


def test_two_phones_with_the_same_reference_do_not_mix(line: Line, network: Network) -> None:
    neighbour = Network(line.gateway, sender="+84900000002")
    for number in (1, 2, 3):
        network.brings(number)
        neighbour.brings(number, f"{number} cua nha ben ")
    line.works()
    assert sorted(bodies(line)) == sorted([WHOLE, "1 cua nha ben 2 cua nha ben 3 cua nha ben "])


def test_parts_that_waited_while_nobody_worked_are_sorted_out_by_when_they_came(
    line: Line, network: Network, clock: Clock
) -> None:
    for hour in range(2):
        for number in (2, 1, 3):
            network.brings(number, f"{WORDS[number]}{hour}")
        clock.moves(hours=hour + 1)
    line.works()
    assert len(line.complaints()) == 2
    assert [row.received_at for row in line.texts()] == sorted(row.received_at for row in line.texts())


def test_parts_that_cannot_be_joined_keep_nobody_waiting(line: Line, network: Network) -> None:
    for number in (1, 2, 3):
        network.brings(number)
    with line.gateway.database.write() as session:
        taken = session.scalar(select(func.min(PartRow.id)))
        sms = SmsReceived("kannel", "operator", f"parts:{taken}", "+84900000003", "8079", ONE)
        assert intake.receive(session, sms, line.gateway.now())
    other = Network(line.gateway, sender="+84900000002")
    for number in (1, 2, 3):
        other.brings(number)
    line.works()
    assert sorted(bodies(line)) == sorted([ONE, WHOLE])


def test_a_dialled_complaint_and_a_text_of_one_part_are_as_before(line: Line, network: Network) -> None:
    network.brings(1)
    line.text(ONE)
    assert len(line.complaints()) == 1


@pytest.mark.parametrize("where", ["gateway", "on_postgres"])
def test_workers_side_by_side_make_one_text_of_the_parts(
    where: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor
) -> None:
    house: Gateway = request.getfixturevalue(where)
    line = Line(house, pool)
    for reference in range(10):
        network = Network(house, reference)
        together = Barrier(3)

        def run(number: int, network: Network = network, together: Barrier = together) -> None:
            network.brings(number, f"{WORDS[number]} lan {network.reference}")
            together.wait()
            while house.listener().batch():
                pass

        threads = [Thread(target=run, args=(number,)) for number in (3, 1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    line.works()
    with house.database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Inbound, Complaint, Outgoing)]
        assert counts == [10, 10, 10]
        assert session.scalar(select(func.count()).where(PartRow.inbound_id.is_(None))) == 0


def test_the_release_survives_a_worker_that_died_in_the_middle(line: Line, network: Network, clock: Clock) -> None:
    """Joined and committed, and nobody came to work on it: the text waits like any other."""
    for number in (1, 2, 3):
        network.brings(number)
    house = line.gateway
    with house.database.read() as session:
        ready = joining.ready(session, clock())
    joining.join(house.database, ready, clock())
    joining.join(house.database, ready, clock())
    with house.database.write() as session:
        session.execute(update(Inbound).values(held_until=clock.moves(seconds=20)))
    clock.moves(seconds=1)
    line.works()
    assert bodies(line) == [WHOLE]
    assert len(line.complaints()) == len(line.outbox()) == 1
