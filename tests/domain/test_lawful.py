"""Which texts have a procedure of their own by law, and which only sound like it."""

import copy
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.data.load import HERE, load_lawful
from smsgw.domain.lawful import Channel, Lawful, goes_on, names
from smsgw.domain.plain import plain
from smsgw.domain.understanding import Intent, Understanding

DENOUNCED = (
    "Toi to cao ong Nguyen Van B chu tich xa lam sai",
    "tố cáo cán bộ địa chính phường lấn chiếm",
    "Tôi gửi đơn tố cáo việc làm của trưởng thôn",
    "toos caos chur tichj xa",
    "tocao can bo xa",
)
CORRUPT = (
    "can bo mot cua doi phong bi moi lam giay",
    "can bo xa voi tien khi lam so do",
    "công an bảo kê quán karaoke",
    "truong thon an chan tien ho tro covid",
    "ke toan xa tham o",
    "chu tich phuong nhan hoi lo",
    "cán bộ thuế nhận tiền của tiểu thương",
    "CAN BO PHUONG THAM NHUNG",
    "ho lap khong danh sach lay tien, tham nhũng ro rang",
)
CONTESTED = (
    "Tôi không đồng ý với quyết định thu hồi đất số 12",
    "toi khieu nai quyet dinh xu phat cua ubnd phuong",
    "gui don khieu nai lan hai ve gia dat",
    "khieu nai viec cuong che thu hoi nha",
    "yeu cau huy quyet dinh so 15",
    "tôi sẽ khởi kiện ủy ban",
)
ORDINARY = (
    "Can bo mot cua hach dich quat nat dan",
    "can bo phuong cua quyen thai do loi lom",
    "Nhân viên một cửa nói năng khó nghe với người già",
    "cay to cao sap nga vao nha",
    "Cây to cao quá sắp đổ",
    "toi hoi lo ve cot dien nghieng",
    "xa Cuu An chan duong sua cau",
    "tuong nuoc tham nhung chua sua",
    "toi chua nhan tien ho tro covid, can bo xa noi cho",
    "khieu nai tien dien thang nay cao",
    "phong bi hu cua so truong hoc",
    "voi tien nuoc thang nay tang gap doi",
    "chung chi hoc nghe chua cap",
    "den bao gio can bo xa phat tien tro cap",
    "xa da quyet dinh dong duong chua",
    "can bo xa chua lam so do cho toi",
    "nhân viên điện lực lấy tiền điện sai",
    "toi khong to cao ai, chi nho sua duong",
    "den duong to 5 tat ba dem nay",
)


class Thorough(Lawful):
    """Looks at every text in full."""

    def _says_nothing(self, text: str) -> bool:
        return False


def pieces() -> list[str]:
    """Phrases of the tables and single words of them, as people may type them."""
    table = tomllib.loads((HERE / "lexicon" / "lawful.toml").read_text(encoding="utf-8"))
    phrases = [
        phrase for part in table.values() for text in part.values() for phrase in text.replace("\n", "").split(",")
    ]
    spoken = sorted({word for phrase in phrases for word in phrase.split() if word.isalpha()} | {*phrases})
    return [*spoken, *map(plain, spoken), "toos", "caos", "k", "ko", "tr", "50k", "2", "cb", "ct", "nha", "duong"]


PIECES = st.lists(st.sampled_from(pieces()), min_size=1, max_size=8)
BLANKS = st.sampled_from([" ", " ", " ", "", ", ", ". ", "-"])


@pytest.fixture(scope="module")
def lawful() -> Lawful:
    return load_lawful()


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        *[(text, Channel.DENUNCIATION) for text in DENOUNCED],
        *[(text, Channel.CORRUPTION) for text in CORRUPT],
        *[(text, Channel.DECISION) for text in CONTESTED],
    ],
)
def test_what_the_law_has_a_procedure_for_is_recognised(lawful: Lawful, text: str, channel: Channel) -> None:
    found = lawful.find(text)
    assert found
    assert found.channel is channel
    assert found.words in text


@pytest.mark.parametrize("text", ORDINARY)
def test_a_rude_clerk_a_tall_tree_and_a_worry_are_ordinary(lawful: Lawful, text: str) -> None:
    assert lawful.find(text) is None


@given(PIECES, st.data())
@settings(max_examples=400, deadline=None)
def test_a_quick_look_passes_over_nothing_that_a_thorough_one_finds(
    lawful: Lawful, said: list[str], data: st.DataObject
) -> None:
    text = "".join(piece + data.draw(BLANKS) for piece in said)
    thorough = copy.copy(lawful)
    thorough.__class__ = Thorough
    assert lawful.find(text) == thorough.find(text)


@given(st.text(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_any_text_is_looked_through_without_trouble(lawful: Lawful, text: str) -> None:
    lawful.find(text)


@pytest.mark.parametrize("text", ["\ud800" * 50, "\x00to cao\x00", "\u202eto cao", "a\u0301" * 900, "cán bộ " * 280])
def test_floods_and_broken_letters_are_looked_through_too(lawful: Lawful, text: str) -> None:
    lawful.find(text)


@pytest.mark.parametrize(
    ("read", "joins"),
    [
        (Understanding(Intent.FOLLOWUP), True),
        (Understanding(Intent.NEW_COMPLAINT), True),
        (Understanding(Intent.NEW_COMPLAINT, "HC", 0.9), True),  # type: ignore[arg-type]
        (Understanding(Intent.NEW_COMPLAINT, "HT", 0.9), False),  # type: ignore[arg-type]
        (Understanding(Intent.STATUS), False),
        (Understanding(Intent.STOP), False),
    ],
)
def test_what_tells_no_matter_of_its_own_goes_on_with_the_sealed_one(read: Understanding, joins: bool) -> None:
    assert goes_on(read) is joins


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("to cao ong Nguyen Van Ban chu tich", True),
        ("tố cáo ông Văn Bản", True),
        ("to cao ong Ban", False),
        ("to cao nguyen van banh", False),
    ],
)
def test_who_is_named_is_known_by_two_words_of_the_name(text: str, named: bool) -> None:
    assert names(text, "Nguyễn Văn Bản") is named
