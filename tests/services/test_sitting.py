"""USSD: a complaint filed key by key, whatever the provider tells of a turn, and everything else that may be dialled."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from smsgw.domain.messages import UssdEvent
from smsgw.domain.ussd.script import Name
from smsgw.store.tables import Call, Citizen, Complaint, Outgoing, Sitting
from smsgw.text.fit import Alphabet, measure
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line
from tests.services.handsets import Handset, Kind

TEXT = "duong Quang Trung hu nang * gan cho #2"
DIALOGUE = (
    "1",
    "1",
    "1",
    "so 5 Quang Trung",
    TEXT,
    "2",
    "1",
)  # send, roads, the home ward, where, what, yesterday, yes
ANSWER = "Doi da kiem tra va se va o ga truoc 30/11. " * 4


@pytest.fixture
def handset(request: pytest.FixtureRequest, line: Line, clock: Clock) -> Handset:
    return Handset(line.gateway, clock, getattr(request, "param", Kind.EVERYTHING))


over_every_kind = pytest.mark.parametrize("handset", Kind, indirect=True, ids=lambda kind: kind.name.lower())


@pytest.fixture
def answered(line: Line, clock: Clock) -> Callable[[], Complaint]:
    """The newest complaint, with an answer that was sent."""

    def answer() -> Complaint:
        complaint = line.complaints()[-1]
        with line.gateway.database.write() as session:
            row = session.get_one(Complaint, complaint.id)
            row.state, row.answered_at = "answered", clock.at
            text = {"kind": "OfficeAnswer", "lane": 2, "recipient": CITIZEN, "segments": 2, "complaint_id": row.id}
            moments = {"next_attempt_at": clock.at, "created_at": clock.at}
            session.add(Outgoing(key=f"answer:{row.id}:1", body=f"So {row.reference}: {ANSWER}", **text, **moments))
            return row

    return answer


@over_every_kind
def test_a_complaint_is_filed_and_the_last_screen_tells_its_number(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses(*DIALOGUE)
    (complaint,) = line.complaints()
    assert end.text.startswith(f"So {complaint.reference}: da nhan phan anh.")
    assert not end.more
    assert (complaint.category, complaint.channel) == ("GT", "ussd")
    assert complaint.text == f"{TEXT}. so 5 Quang Trung. từ: hôm qua"
    assert complaint.office_id is not None
    assert complaint.ward == "Phường An Khê"
    assert complaint.missing == []


def test_the_number_comes_by_sms_too(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    line.works()
    assert len(line.inbox()) == 1


@over_every_kind
def test_every_turn_that_comes_again_shows_the_same_screen_and_does_nothing_twice(line: Line, handset: Handset) -> None:
    screens = [handset.dials()]
    assert handset.again() == screens[0]
    for answer in DIALOGUE:
        screens.append(handset.presses(answer))
        assert handset.again() == screens[-1]
        assert handset.again() == screens[-1]
    assert len(line.complaints()) == 1
    assert len(set(screens)) == len(screens)


@pytest.mark.parametrize("handset", [Kind.EVERYTHING, Kind.NUMBERED], indirect=True, ids=["everything", "numbered"])
def test_a_turn_from_before_moves_nothing(line: Line, handset: Handset) -> None:
    handset.dials()
    latest = handset.presses("1", "1", "2")
    earlier, handset.typed = handset.typed, handset.typed[:2]
    assert handset.again() == latest
    handset.typed = earlier
    assert handset.presses("to 4") != latest
    assert handset.screen is Name.TEXT


def test_an_answer_whose_turn_was_lost_is_played_with_the_next(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses_unheard("1")
    handset.presses("14")
    assert handset.screen is Name.WARD


def test_stars_and_hashes_in_the_text_stay_in_the_text(handset: Handset) -> None:
    handset.dials()
    confirm = handset.presses(*DIALOGUE[:-1])
    assert "* gan cho #2" in confirm.text


@pytest.mark.parametrize("tone_marks", [False, True])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_fits_one_segment(line: Line, handset: Handset, language: str, tone_marks: bool) -> None:
    handset.dials()
    with line.gateway.database.write() as session:
        citizen = session.scalars(select(Citizen)).one()
        citizen.language, citizen.tone_marks = language, tone_marks
    keys = ("1", "99", "99", "77", "3", "1", "99", "đường hư " * 20, "3", "2", "0", "0", "0", "0", "0", "00", "5")
    for screen in (handset.presses(key) for key in keys):
        fit = measure(screen.text)
        assert fit.segments == 1, screen.text
        assert tone_marks or fit.alphabet is Alphabet.GSM7


def test_a_wrong_key_shows_the_choices_again(handset: Handset) -> None:
    handset.dials()
    assert handset.presses("7").text.startswith("Xin chon lai.")
    assert "1 Duong sa" in handset.presses("1").text
    assert handset.presses("77").text.startswith("Xin chon lai.")


def test_too_little_is_asked_for_again(handset: Handset) -> None:
    handset.dials()
    assert handset.presses("1", "1", "1", "99", "12").text.startswith("Xin go them")
    assert handset.screen is Name.TEXT


def test_a_field_is_known_by_its_code_too(handset: Handset) -> None:
    handset.dials()
    handset.presses("1", "dn")
    assert handset.standing().draft.field == "DN"


def test_back_leads_back_home_leads_home_and_dropping_files_nothing(line: Line, handset: Handset) -> None:
    first = handset.dials()
    assert handset.presses("1", "0") == first
    assert handset.presses("1", "1", "00", "1").text.startswith("Vua bi ngat") is True
    handset.presses("2")
    end = handset.presses(*DIALOGUE[:-1], "3")
    assert not end.more
    assert line.complaints() == []
    assert handset.sitting().outcome == "dropped"


def test_going_home_keeps_what_was_told(handset: Handset, line: Line) -> None:
    handset.dials()
    handset.presses(*DIALOGUE[:5], "00", "6", "00", "1", "1")
    assert handset.screen is Name.WHEN
    handset.presses("1", "1")
    (complaint,) = line.complaints()
    assert complaint.text.startswith(TEXT)


def test_words_typed_where_a_key_is_due_are_kept_as_what_is_wrong(line: Line, handset: Handset) -> None:
    handset.dials()
    assert handset.presses("nuoc may duc ca tuan nay").text.startswith("Da ghi.")
    handset.presses("3", "2", "99", "99", "4", "1")
    (complaint,) = line.complaints()
    assert (complaint.category, complaint.text) == ("DN", "nuoc may duc ca tuan nay. từ: lâu hơn")


def test_what_is_typed_again_replaces_what_was_typed(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE[:-1], "2", "den duong tat ca tuan", "5", "1")
    (complaint,) = line.complaints()
    assert complaint.text == "den duong tat ca tuan. so 5 Quang Trung"


def test_status_needs_no_number_for_ones_own(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    handset.dials()
    assert "dang giai quyet" in handset.presses("2", "1").text


def test_a_complaint_may_be_named_but_only_ones_own(line: Line, handset: Handset, clock: Clock) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    reference = line.complaints()[0].reference or ""
    handset.dials()
    assert reference in handset.presses("2", f"ak {reference}").text
    stranger = Handset(line.gateway, clock, handset.kind, "+84900000002")
    stranger.dials()
    assert stranger.presses("2", reference).text.startswith("So may nay khong co ma do.")


def test_a_private_complaint_is_shown_only_to_who_gives_its_reference(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    reference = line.complaints()[0].reference or ""
    with line.gateway.database.write() as session:
        session.scalars(select(Complaint)).one().private = True
    handset.dials()
    assert reference not in handset.presses("2").text
    assert reference in handset.presses(reference).text
    assert reference not in handset.presses("00", "4", "1").text


@over_every_kind
def test_a_long_answer_is_read_page_by_page_with_no_word_cut(
    handset: Handset, answered: Callable[[], Complaint]
) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    answered()
    handset.dials()
    pages = [handset.presses("2", "1", "1")]
    while "99 Tiep" in pages[-1].text:
        pages.append(handset.presses("99"))
    said = " ".join(page.text.rpartition("\n")[0].split("\n1 ")[0] for page in pages)
    assert len(pages) > 1
    assert ANSWER.strip() in said
    assert handset.presses("0") == pages[-2]


def test_an_answer_is_rated(line: Line, handset: Handset, answered: Callable[[], Complaint]) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    complaint = answered()
    handset.dials()
    end = handset.presses("3", "1", "4")
    assert end.text.startswith(f"So {complaint.reference}: da ghi diem 4/5")
    assert handset.again() == end
    assert line.complaints()[0].rating == 4


def test_without_an_answer_there_is_nothing_to_rate(handset: Handset) -> None:
    handset.dials()
    screen = handset.presses("3")
    assert screen.more
    assert "Chua co tra loi" in screen.text


def test_a_language_is_chosen_and_remembered(line: Line, handset: Handset) -> None:
    handset.dials()
    assert "1 Send a complaint" in handset.presses("5", "2").text
    assert "1 Send a complaint" in handset.dials().text
    assert "1 Gui phan anh" in handset.presses("5", "1").text


@over_every_kind
def test_whoever_asks_to_be_phoned_is_on_the_desk_once(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    for _ in range(2):
        handset.dials()
        end = handset.presses("4", "1")
        assert (line.complaints()[0].reference or "-") in end.text
        assert handset.again() == end
    with line.gateway.database.read() as session:
        assert [(call.unheard, call.state, call.outbox_id) for call in session.scalars(select(Call))] == [
            ("wish", "open", None)
        ]
    assert len(line.complaints()) == 1


def test_whoever_asks_to_be_phoned_without_a_complaint_opens_one(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses("4", "1")
    (complaint,) = line.complaints()
    assert complaint.text == "Xin gọi lại cho tôi."


def test_help_is_more_than_one_page(handset: Handset) -> None:
    handset.dials()
    assert "99 Tiep" in handset.presses("6").text
    assert handset.presses("99").text != ""


def test_an_emergency_is_told_to_call_as_soon_as_it_is_typed(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses("1", "1", "1", "99", "CHAY NHA o hem 12 Quang Trung cuu voi")
    assert end.text.startswith("DAY KHONG PHAI SO CAP CUU")
    assert line.complaints()[0].emergency
    other = Handset(line.gateway, handset.clock, handset.kind, "+84900000002")
    other.dials()
    assert not other.presses("CHAY NHA o hem 12 Quang Trung cuu voi").more


@pytest.mark.parametrize("event", [UssdEvent.END, UssdEvent.TIMEOUT])
def test_the_end_of_a_session_shows_nothing(line: Line, handset: Handset, event: UssdEvent) -> None:
    handset.dials()
    assert handset.hangs_up(event).text == ""
    assert handset.hangs_up(event).text == ""
    assert handset.sitting().state == "ended"


def test_the_end_of_a_session_that_never_began_leaves_nothing(line: Line, handset: Handset) -> None:
    handset.session_id = "never"
    handset.hangs_up()
    with line.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_an_answer_that_only_the_notice_of_the_end_brings_is_kept(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses(*DIALOGUE[:4])
    handset.presses_unheard(TEXT)
    handset.hangs_up()
    assert handset.standing().draft.text == TEXT


@over_every_kind
def test_another_phone_with_the_same_session_id_has_a_sitting_of_its_own(
    line: Line, handset: Handset, clock: Clock
) -> None:
    handset.dials()
    mine = handset.presses(*DIALOGUE)
    stranger = Handset(line.gateway, clock, handset.kind, "+84900000002")
    stranger.dials(handset.session_id)
    theirs = stranger.presses(*DIALOGUE)
    first, _ = line.complaints()
    assert (first.reference or "") not in theirs.text
    assert len({complaint.citizen_id for complaint in line.complaints()}) == 2
    assert handset.again() == mine


def test_what_was_dialled_behind_the_code_is_the_first_answer(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock, session_id="short cut")
    assert "Huong dan" not in handset.presses("6").text
    assert handset.screen is Name.HELP


def test_words_that_are_sealed_stay_in_no_sitting(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses("1", "12", "1", "99", "toi to cao can bo dia chinh phuong nhan hoi lo 20 trieu", "5", "1")
    assert not end.more
    assert line.complaints() == []
    sitting = handset.sitting()
    assert "to cao" not in f"{sitting.answers} {sitting.last_history} {sitting.standing} {sitting.last_screen}"
    assert handset.again() == end
