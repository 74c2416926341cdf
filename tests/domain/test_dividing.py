"""A citizen's words are divided between two matters without adding, turning round or losing one."""

import pytest

from smsgw.domain.dividing import Flaw, flaw

WHOLE = "Đèn đường tổ 5 tắt. Rác hẻm 12 chưa thu, tổ 5"


@pytest.mark.parametrize(
    ("stays", "goes", "wrong"),
    [
        ("Đèn đường tổ 5 tắt", "Rác hẻm 12 chưa thu, tổ 5", None),
        ("den duong to 5 tat", "rac hem 12 chua thu to 5", None),
        (WHOLE, WHOLE, None),
        ("Đèn đường tổ 5 tắt", "Rác hẻm 12 chưa thu", Flaw.LOST),
        ("Đèn đường tổ 5 tắt", "Rác hẻm 12 chưa thu, tổ 5, bẩn lắm", Flaw.NOT_THEIRS),
        ("tắt đèn đường tổ 5", "Rác hẻm 12 chưa thu, tổ 5", Flaw.NOT_THEIRS),
        (WHOLE, " ,. ", Flaw.EMPTY),
        ("", WHOLE, Flaw.EMPTY),
    ],
)
def test_only_their_words_in_their_order_and_all_of_them(stays: str, goes: str, wrong: Flaw | None) -> None:
    assert flaw(WHOLE, stays, goes) is wrong
