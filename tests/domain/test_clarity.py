"""An answer that a villager cannot use is told apart from one that they can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.clarity import Lack, lacks

GOOD = [
    "Thu nam co doi den sua duong ong.",
    "Đội quản lý đô thị đã dọn rác tại chợ sáng 24/11, mỗi tuần thu gom 2 lần.",
    "UBND phuong se cho va duong truoc ngay 5/12",
    "Công an phường đã lập biên bản, phạt chủ quán karaoke tối 24/11. Nếu còn ồn gọi 113.",
    "Chieu nay 16h co nuoc lai, nha may dang thay bom hong",
    "CÔNG TY ĐÃ SỬA XONG NGÀY 3/12",
    "Mời bà đến bộ phận một cửa trước 30/11 để bổ sung giấy.",
    "Việc này không thuộc thẩm quyền của phường, đã chuyển Điện lực An Khê, sửa trước 25/11.",
    "Theo Quyết định 45/QĐ-UBND, phòng Kinh tế sẽ chi trả tiền hỗ trợ trong tuần sau.",
    "Tram y te da phun thuoc diet muoi hom qua o to 5.",
]


@pytest.mark.parametrize("answer", GOOD)
def test_what_when_and_who_are_enough(answer: str) -> None:
    assert lacks(answer) == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Đã ghi nhận ý kiến của bà con.", [Lack.DEED, Lack.TIME, Lack.DOER]),
        ("Đã tiếp nhận, sẽ xem xét.", [Lack.DEED, Lack.TIME, Lack.DOER]),
        ("Doi quan ly do thi da don rac.", [Lack.TIME]),
        ("Đã thay bóng đèn sáng nay, tối nay đường sáng lại.", [Lack.DOER]),
        ("Ngay 3/12 cong ty mai tang.", [Lack.DEED]),
        ("Điều 9 Nghị định 15/2021/NĐ-CP ngày 03/3/2021.", [Lack.OWN_WORDS, Lack.TIME, Lack.DOER]),
        ("Phong KTHT da kiem tra ngay 3/12, GPMB cham.", [Lack.PLAIN_WORDS]),
        ("Doi da den sua sang nay ntn ba con bao lai.", [Lack.PLAIN_WORDS]),
    ],
)
def test_each_lack_is_named_in_the_order_of_mending(answer: str, found: list[Lack]) -> None:
    assert lacks(answer) == found


@pytest.mark.parametrize(
    "answer",
    [
        "Không thuộc thẩm quyền của phường.",
        "ko thuoc dia ban",
        "Nội dung phản ánh nằm ngoài phạm vi giải quyết của xã.",
        "Việc này không phải trách nhiệm của chúng tôi, đề nghị liên hệ cơ quan chức năng.",
        "Phòng đã kiểm tra ngày 3/12: không thuộc trách nhiệm của phòng.",
    ],
)
def test_not_ours_alone_is_no_answer(answer: str) -> None:
    assert lacks(answer) == [Lack.HELP]


@given(st.text(max_size=300))
def test_any_text_is_judged(answer: str) -> None:
    assert set(lacks(answer)) <= set(Lack)
