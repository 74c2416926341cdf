"""Whom a text speaks for, and whose number stands in it."""

import pytest

from smsgw.domain.behalf import ONESELF, speaker

ME, FATHER = "+84900000001", "+84900000123"


@pytest.mark.parametrize(
    "text",
    [
        "toi goi thay ba toi, so cua ba toi la 0900000123, tien gia chua co",
        "so cua me toi la 0900 000 123",
        "duong hu, lien he 0900.000.123",
        "Nhắn giúp ông hàng xóm 0900000123: mất nước",
        "nuoc chay yeu +84900000123",
    ],
)
def test_another_number_is_kept_beside_the_senders(text: str) -> None:
    spoken = speaker(text, ME)
    assert spoken.for_another
    assert spoken.phone == FATHER


@pytest.mark.parametrize(
    "text",
    [
        "so 0900000123 goi lua dao, tu xung cong an",
        "bi quay roi boi 0900000123 suot dem",
        "duong hu, so toi la 0900000001",
        "ma ho so 000900000123",
        "phan anh giup ba con thon 2",
        "nho xem giup",
    ],
)
def test_numbers_of_strangers_and_ones_own_are_not(text: str) -> None:
    assert speaker(text, ME) == ONESELF


def test_somebody_may_speak_for_another_who_has_no_phone() -> None:
    assert speaker("viet thay hang xom: nha bi ngap", ME).for_another
    assert speaker("viet thay hang xom: nha bi ngap", ME).phone == ""


@pytest.mark.parametrize("text", ["toi muon may hang xom nhan", "giu kin giup toi", "xin giữ bí mật"])
def test_a_wish_to_be_kept_from_others_is_heard(text: str) -> None:
    assert speaker(text, ME).quiet


def test_a_theft_is_no_secret() -> None:
    assert not speaker("toi bi mat trom hai con bo", ME).quiet
