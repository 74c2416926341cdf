"""Web addresses and telephone numbers that no list allows are found; what only looks like one is not."""

import pytest

from smsgw.domain.mentions import strange

ALLOWED = ("gov.vn", "1022", "113", "0269 3500 100", "+84 900 000 100")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Xem tai https://bit.ly/3xYz nhe", ["https://bit.ly/3xYz"]),
        ("Vào www.dichvu.example.", ["www.dichvu.example"]),
        ("Nộp đơn ở dichvucong.com, trước thứ sáu", ["dichvucong.com"]),
        ("bam t.me/abc", ["t.me/abc"]),
        ("gui ve ban.do@gmail.com", ["gmail.com"]),
        ("HTTPS://EVIL.VN/dang-nhap", ["HTTPS://EVIL.VN/dang-nhap"]),
        ("gov.vn.evil.com", ["gov.vn.evil.com"]),
        ("evilgov.vn", ["evilgov.vn"]),
        ("https://gov.vn@evil.com/x", ["https://gov.vn@evil.com/x"]),
        ("https://evil.com\\@gov.vn", ["https://evil.com\\@gov.vn"]),
        ("https://evil.com/?x=gov.vn", ["https://evil.com/?x=gov.vn"]),
        ("http://10.0.0.1/a", ["http://10.0.0.1/a"]),
        ("ｂｉｔ．ｌｙ／abc", ["ｂｉｔ．ｌｙ／abc"]),
        ("Gọi 0905 123 456 gặp anh Ba", ["0905 123 456"]),
        ("Gọi 0905.123.456 hoặc 0905123456", ["0905.123.456", "0905123456"]),
        ("+84 905 123 456", ["+84 905 123 456"]),
        ("so 84905123456", ["84905123456"]),
        ("tong dai 1900 1234", ["1900 1234"]),
        ("CCCD 038095001234", ["038095001234"]),
    ],
)
def test_what_no_list_allows_is_named_as_it_is_written(text: str, found: list[str]) -> None:
    assert strange(text, ALLOWED) == found


@pytest.mark.parametrize(
    "text",
    [
        "Xem tai https://dichvucong.gov.vn/ho-so",
        "ankhe.gialai.gov.vn",
        "Gọi 1022 hoặc 113",
        "Gọi 02693500100",
        "Gọi +84 269 3500 100 hay 0900 000 100",
        "Ngày 05.11.2026 8 giờ đội đến",
        "Từ 08-12-2026 đến 09-12-2026",
        "Hồ sơ số 9999999, mã 10008",
        "Đã chi 16.000.000 đồng cho 12 hộ",
        "Đã sửa xong.Có nước rồi.Tối nay đường sáng",
        "Từ 07h30 đến 17h00, tổ 5, nhà số 0145",
        "QĐ số 12/2026/QĐ-UBND ngày 01/02/2026",
    ],
)
def test_what_is_allowed_or_only_looks_like_one_is_not(text: str) -> None:
    assert strange(text, ALLOWED) == []
