"""What officials type to act by text, however they type it; and what is left to be a citizen's text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.codes import Mint
from smsgw.domain.orders import Aimed, Deed, Order, aimed, days, parse


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("NHAN 123456", Order(Deed.TAKE, "123456")),
        ("nhận 123456.", Order(Deed.TAKE, "123456")),
        ("123456 XEM", Order(Deed.READ, "123456")),
        ("# xem ma 123456", Order(Deed.READ, "123456")),
        ("TL123456: Đã sửa.", Order(Deed.ANSWER, "123456", "Đã sửa.")),
        ("Trả lời 123456 Đã sửa xong", Order(Deed.ANSWER, "123456", "Đã sửa xong")),
        ("123456 tl Đã sửa 5 chỗ", Order(Deed.ANSWER, "123456", "Đã sửa 5 chỗ")),
        ("xong 123456 Đã sửa", Order(Deed.ANSWER, "123456", "Đã sửa")),
        ("HOI 123456\nĐoạn nào?", Order(Deed.ASK, "123456", "Đoạn nào?")),
        ("CHUYEN 123456 CA việc của công an", Order(Deed.PASS, "123456", "CA việc của công an")),
        ("gia hạn 123456 5 ngày chờ vật tư", Order(Deed.MORE_TIME, "123456", "5 ngày chờ vật tư")),
        ("GỬI 123456", Order(Deed.SEND, "123456")),
        ("NHAN 10008", Order(Deed.TAKE, "10008")),  # a reference: an order all the same, and no code
        ("lenh", Order(Deed.HELP)),
        ("XEM", Order(Deed.READ)),
        ("TL da sua xong", Order(Deed.ANSWER)),
    ],
)
def test_an_order_is_read_whatever_its_marks_capitals_and_order(text: str, order: Order) -> None:
    assert parse(text) == order


@pytest.mark.parametrize(
    "text",
    [
        "Nhân dân thôn 2 phản ánh mất nước",
        "Hỏi khi nào có nước lại",
        "Toi xem 123456",
        "han han 2026 keo dai",
        "PA GT duong hong",
        "TT 10008",
        "1",
        "",
        "???",
        "Chuyen la 20457 bao gio xong",
    ],
)
def test_what_a_citizen_writes_is_no_order(text: str) -> None:
    assert parse(text) is None


@settings(max_examples=60)
@given(st.text() | st.from_regex(r"(TL|HOI|HAN|CHUYEN|nhận) ?[0-9]{4,9}.{0,20}", fullmatch=True))
def test_whatever_is_typed_is_an_order_of_its_own_words_or_none(text: str) -> None:
    order = parse(text)
    assert order is None or (order.words in text and not order.words.startswith(" "))


def test_an_aim_is_an_office_or_a_number_of_days_and_the_reason() -> None:
    assert aimed("CA: trật tự") == Aimed("ca", "trật tự")
    assert aimed("") == Aimed("", "")
    assert days("5 ngày chờ vật tư") == (5, "chờ vật tư")
    assert days("5, cho vat tu") == (5, "cho vat tu")
    assert days("năm ngày") == (None, "năm ngày")
    assert days("0 ngay") == (None, "0 ngay")


def test_a_code_has_six_digits_and_its_digest_is_good_for_one_thing_in_one_house() -> None:
    mint = Mint("secret", lambda most: 42)
    assert mint.code() == "000042"
    digests = {
        mint.digest("complaint", 1, "+84900000103", code="000042"),
        mint.digest("complaint", 1, "+84900000104", code="000042"),
        mint.digest("complaint", 2, "+84900000103", code="000042"),
        mint.digest("phone", 1, "+84900000103", code="000042"),
        mint.digest("complaint", 1, "+84900000103", code="000043"),
        Mint("another", lambda most: 42).digest("complaint", 1, "+84900000103", code="000042"),
    }
    assert len(digests) == 6
