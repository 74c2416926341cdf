"""Before anybody reads a case, what tells who somebody is has a mask over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.masking import MASK, is_cut_of, masked

SECRETS = [
    ("Goi lai cho toi so 0905 123 456 nhe", "0905"),
    ("sdt 0905.123.456", "123"),
    ("sdt +84 905-123-456.", "905"),
    ("so dien thoai khong chin khong nam mot hai ba bon nam sau", "khong chin"),
    ("CCCD 064012345678 cua toi", "0640"),
    ("cmnd so 230123456", "2301"),
    ("ma khach hang PB06040012345", "PB06"),
    ("xe 81A-123.45 chay au", "81A"),
    ("xe tai 81C 04567 cho dat", "81C"),
    ("nha so 45 duong Quang Trung", "45"),
    ("so nha 12/3 Hoang Hoa Tham", "12/3"),
    ("hem 12/5 Quang Trung do rac", "12/5"),
    ("truoc nha 128 Quang Trung mat nap cong", "128"),
    ("128 duong quang trung", "128"),
    ("thua dat so 231, to ban do so 14", "231"),
    ("thua dat so 231, to ban do so 14", "14"),
    ("Ông Nguyễn Văn Bảy xả nước thải ra đường", "Bảy"),
    ("ong nguyen van bay xa nuoc thai", "bay"),
    ("ONG NGUYEN VAN BAY XA NUOC THAI", "BAY"),
    ("nhà bà Tư bán phở xả rác", "Tư"),
    ("toi ten Siu H'Blai o lang Pốt", "Siu"),
    ("Trần Thị Lan gọi mãi không ai nghe", "Lan"),
    ("tran thi lan goi mai khong ai nghe", "lan"),
    ("anh Đinh Hmunh ở làng Nhoi", "Hmunh"),
    ("email cua toi la nam.le@example.com", "nam.le"),
    ("xem https://example.com/anh/1", "example"),
    ("toi sinh nam 1956", "1956"),
]
KEPT = [
    "duong Nguyen Hue o phuong An Phu hu nang",
    "đường Hoàng Văn Thụ ngập từ ngày 23/11/2026",
    "truong Le Hong Phong thu tien 1.500.000 dong",
    "Cột đèn hẻm 12 tắt ba hôm nay, tổ 5 phường Tây Sơn",
    "bà con thôn 2 xã Cửu An mất nước",
    "den tru so 12 tat, km 5 quoc lo 19",
    "cầu Sông Ba hư lan can",
    "To cong tac da den kiem tra va xu ly xong sang nay, cam on ba con.",
    "do rac ra duong, ho ga mat nap",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_what_tells_who_somebody_is_gets_a_mask(text: str, secret: str):
    assert secret not in masked(text), masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize("text", KEPT)
def test_what_tells_where_and_what_stays(text: str):
    assert masked(text) == text


def test_the_senders_own_name_hamlet_and_number_are_known():
    text = "Nhà Tư Râu ở xóm Gò, gọi Tư  Râu"
    assert masked(text, ("tu rau", "xóm Gò")) == f"Nhà {MASK} ở {MASK}, gọi {MASK}"


def test_a_mask_stays_a_mask():
    once = masked("Goi ong Nguyen Van Bay so 0905123456 gap")
    assert masked(once) == once


@given(st.text(max_size=80))
def test_any_text_can_be_masked(text: str):
    assert is_cut_of(masked(text), masked(text))
    masked(text)


@pytest.mark.parametrize(
    ("shorter", "holds"),
    [
        ("nước thải hôi", True),
        ("", True),
        (f"{MASK} nước thải", True),
        ("nước, thải.", True),
        ("thải nước", False),
        ("nước thải rất hôi", False),
    ],
)
def test_an_official_may_only_leave_out(shorter: str, holds: bool):
    assert is_cut_of(shorter, f"{MASK} xả nước thải ra mương hôi") is holds
