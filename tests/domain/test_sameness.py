"""Two reports of one matter look alike, two of different matters or places do not, and the reasons can be shown."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from smsgw.domain.sameness import LIKELY, SURE_ENOUGH, Report, is_same_cry, likeness, seen, together

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
WINDOW = timedelta(days=7)


def told(text: str, place: str | None = None, category: str | None = None, hours: float = 0):  # type: ignore[no-untyped-def]
    return seen(Report(text, category, place, AT + timedelta(hours=hours)))


LAMP = told("den duong to 5 phuong Tay Son tat ba dem nay", "to 5 phuong Tay Son", "HT")

SAME = [
    told("Đèn đường ở tổ 5 Tây Sơn tắt, tối thui đi không thấy", "tổ 5 Tây Sơn", "HT", 5),
    told("to 5 tay son den duong hu may hom nay", "to 5 tay son", "HT", 20),
    told("PA HT den duong tat o to 5", "to 5", "HT", 50),
]
OTHER = [
    told("den duong to 7 phuong Tay Son tat", "to 7 phuong Tay Son", "HT", 1),
    told("mat nuoc to 5 phuong Tay Son hai ngay", "to 5 phuong Tay Son", "DN", 1),
    told("rac do day duong Quang Trung", "duong Quang Trung", "MT", 1),
    told("duong hu o ga", None, "GT", 1),
    told("den duong to 5 phuong Tay Son tat ba dem nay", "to 5 phuong Tay Son", "HT", 24 * 8),
]


@pytest.mark.parametrize("other", SAME)
def test_the_same_matter_in_other_words_is_likely_the_same(other) -> None:  # type: ignore[no-untyped-def]
    assert likeness(LAMP, other, WINDOW).score >= LIKELY


@pytest.mark.parametrize("other", OTHER)
def test_another_place_matter_or_week_is_not(other) -> None:  # type: ignore[no-untyped-def]
    assert likeness(LAMP, other, WINDOW).score < LIKELY


def test_it_is_the_same_whichever_comes_first_and_never_above_one() -> None:
    for other in (*SAME, *OTHER):
        there, back = likeness(LAMP, other, WINDOW), likeness(other, LAMP, WINDOW)
        assert there == back
        assert 0 <= there.score <= 1
    assert likeness(LAMP, LAMP, WINDOW).score == 1


def test_what_speaks_for_it_can_be_shown() -> None:
    found = likeness(LAMP, SAME[0], WINDOW)
    assert "duong" in found.words
    assert found.places == ("son", "tay", "to 5")
    assert found.apart == timedelta(hours=5)


def test_another_number_of_the_same_kind_of_place_rules_it_out() -> None:
    assert likeness(LAMP, OTHER[0], WINDOW).elsewhere


def test_groups_are_chained_and_those_alone_left_out() -> None:
    rows = [(1, LAMP), (2, SAME[0]), (3, OTHER[1]), (4, SAME[1]), (5, OTHER[2])]
    assert together(rows, WINDOW) == [{1, 2, 4}]
    assert likeness(LAMP, SAME[1], WINDOW).score >= SURE_ENOUGH


@pytest.mark.parametrize(
    ("second", "same"),
    [
        (told("lua chay lon qua cuu voi"), True),
        (told("chay nha hem 12 van chua ai toi", "hem 12"), True),
        (told("chay cho An Khe", "cho An Khe"), False),
        (told("co nguoi duoi nuoc o dap", "dap"), False),
        (told("danh nhau co nguoi bat tinh"), False),
        (told("danh nhau chay mau nhieu lam"), False),
    ],
)
def test_cries_are_one_only_when_that_is_sure(second, same: bool) -> None:  # type: ignore[no-untyped-def]
    assert is_same_cry(told("chay nha o hem 12 cuu voi", "hem 12"), second) is same


def test_three_hundred_reports_are_compared_in_a_moment() -> None:
    rows = [(n, told(f"su viec so {n} keo dai tren duong {n} gan cho {n}", f"duong {n}", "GT")) for n in range(300)]
    began = process_time()
    together(rows, WINDOW)
    assert process_time() - began < 3


def test_two_dangers_of_one_street_that_share_a_word_are_two() -> None:
    drain = told("cong nghet nen mua xuong la nuoc tran vao nha, duong Quang Trung", "duong Quang Trung")
    bridge = told("cau tam qua suoi muc van so sap khi mua, duong Quang Trung", "duong Quang Trung")
    assert not is_same_cry(drain, bridge)
    assert not is_same_cry(bridge, drain)
