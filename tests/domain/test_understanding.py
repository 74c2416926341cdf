"""Reading citizens' texts: those it was taught with, in several spellings, and any other that can be typed."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.data.load import load_reader
from smsgw.domain.labels import as_explanation, as_label
from smsgw.domain.understanding import Intent, Missing, Sensitive

READER = load_reader()
LINES = (Path(__file__).parents[2] / "training" / "told.jsonl").read_text(encoding="utf-8").splitlines()
TEXTS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
LABELS = [as_label(READER.read(row["text"])) for row in TEXTS]
COMPLAINTS = [(row, label) for row, label in zip(TEXTS, LABELS, strict=True) if row["intent"] == "new_complaint"]
PLACED = ("new_complaint", "followup", "emergency")


def unmarked(text: str) -> str:
    """The same text typed without marks, its capitals kept."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c)))


def f1(told: list[set[Any]], meant: list[set[Any]]) -> float:
    hits = sum(len(t & m) for t, m in zip(told, meant, strict=True))
    return 2 * hits / (sum(map(len, told)) + sum(map(len, meant)))


def test_what_the_sender_wants_is_understood() -> None:
    right = sum(row["intent"] == label["intent"] for row, label in zip(TEXTS, LABELS, strict=True))
    assert right / len(TEXTS) >= 0.93


def test_the_field_is_understood() -> None:
    assert sum(row["category"] == label["category"] for row, label in COMPLAINTS) / len(COMPLAINTS) >= 0.9


def test_the_unit_is_understood() -> None:
    placed = [(row, label) for row, label in zip(TEXTS, LABELS, strict=True) if row["intent"] in PLACED]
    assert sum(row["ward"] == label["ward"] for row, label in placed) / len(placed) >= 0.95


def test_what_is_missing_is_noticed() -> None:
    told = [set(READER.read(row["text"]).missing) for row in TEXTS]
    assert f1(told, [set(map(Missing, row["missing"])) for row in TEXTS]) >= 0.85


def test_danger_is_noticed() -> None:
    told = [{"urgent"} if label["urgent"] else set() for label in LABELS]
    assert f1(told, [{"urgent"} if row["urgent"] else set() for row in TEXTS]) >= 0.9


def test_no_complaint_is_taken_for_spam_or_thanks() -> None:
    silent = {Intent.SPAM, Intent.THANKS, Intent.WRONG_NUMBER, Intent.STOP}
    assert [row["text"] for row, label in COMPLAINTS if label["intent"] in silent] == []


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["id"])
def test_a_text_without_marks_is_read_the_same(row: dict[str, Any]) -> None:
    fields = ("intent", "category", "ward", "missing", "urgent")
    marked, plain = as_label(READER.read(row["text"])), as_label(READER.read(unmarked(row["text"])))
    assert {name: plain[name] for name in fields} == {name: marked[name] for name in fields}


@pytest.mark.parametrize("row", TEXTS[::5], ids=lambda row: row["id"])
def test_decomposed_letters_are_read_the_same(row: dict[str, Any]) -> None:
    decomposed = READER.read(unicodedata.normalize("NFD", row["text"]))
    label, expected = as_label(decomposed), as_label(READER.read(row["text"]))
    assert unicodedata.normalize("NFC", str(label)) == str(expected)


ANY_TEXT = st.text(
    alphabet=st.characters(), max_size=2000
)  # lone surrogates, NULs, bidi and combining marks among them


@given(ANY_TEXT)
def test_any_string_up_to_2000_characters_is_read_and_explained(text: str) -> None:
    read = READER.explain(text).understanding
    assert read == READER.read(text)
    assert 0 <= read.confidence <= 1


FLOODS = ["a\u0301\u0302", "\ud83d", "\0", "\u202e\u2066", "1/", "a1", "day dien ", "12345 ", "an khê "]


@pytest.mark.parametrize("piece", FLOODS)
def test_a_flood_of_one_sign_is_read(piece: str) -> None:
    text = (piece * 2000)[:2000]
    assert READER.read(text) == READER.explain(text).understanding


@given(st.text(max_size=200))
def test_any_text_is_read_and_its_place_quoted_verbatim(text: str) -> None:
    place = READER.read(text).place_text
    assert place is None or place in text


@given(st.lists(st.sampled_from([w for row in TEXTS[::3] for w in row["text"].split()]), max_size=40).map(" ".join))
def test_jumbled_words_never_break_the_reader(text: str) -> None:
    understanding = READER.read(text)
    assert understanding.place_text is None or understanding.place_text in text
    assert 0 <= understanding.confidence <= 1
    assert 0 <= understanding.category_confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "tôi bị lừa vay tiền online, lãi suất cắt cổ, nhờ công an xử lý",
        "so la nhan tin trung thuong bao bam vao link, de nghi xu ly",
        "co nhom ban so de, nha cai tai quan nuoc nga ba, nho cong an xuong",
        "người bán đất nền phân lô trái phép ở thôn 2 xã Song An, đề nghị kiểm tra",
    ],
)
def test_a_complaint_about_spam_or_fraud_is_a_complaint(text: str) -> None:
    assert READER.read(text).intent is Intent.NEW_COMPLAINT


def test_a_text_without_any_rule_is_kept_as_a_doubtful_complaint() -> None:
    understanding = READER.read("xyzzy plugh")
    assert understanding.intent is Intent.NEW_COMPLAINT
    assert understanding.confidence < 0.5


def test_the_suggestion_says_why() -> None:
    reasons = READER.read("cống nghẹt ở tổ 4 phường An Tân").reasons
    assert any("HT" in reason and "cống nghẹt" in reason for reason in reasons)


def test_violence_against_a_child_is_for_named_eyes_only() -> None:
    sensitive = READER.read("cô giáo lớp 2 đánh học sinh tím tay hôm qua").sensitive
    assert {Sensitive.CHILD, Sensitive.VIOLENCE} <= sensitive


def test_an_accusation_is_recognised_but_not_thrown_away() -> None:
    understanding = READER.read("tôi tố cáo cán bộ địa chính phường Tây Sơn nhận hối lộ hôm qua")
    assert understanding.denunciation
    assert understanding.intent is Intent.NEW_COMPLAINT


def test_an_emergency_is_urgent_and_says_so() -> None:
    understanding = READER.read("cháy nhà hẻm 3 Quang Trung, có người kẹt bên trong")
    assert understanding.emergency
    assert understanding.urgent


@pytest.mark.parametrize(
    "text",
    [
        "cháy",
        "cuu voi",
        "nha dang chay roi",
        "tai nan xe nam giua duong, nguoi ta bat tinh",
        "có đứa nhỏ rớt giếng",
        "chồng tôi bị điện giật nằm im",
        "tụi nó đang chém nhau máu me",
        "rắn cắn tím chân rồi",
    ],
)
def test_a_cry_for_help_is_heard_however_short(text: str) -> None:
    assert READER.read(text).emergency


@pytest.mark.parametrize(
    "text",
    [
        "giá rau dạo này nóng như lửa",
        "bụi chết người mà không ai xử lý",
        "tiền điện cao giật mình như bị điện giật",
        "ngồi chờ ở một cửa muốn xỉu",
        "mía nhà tôi cháy tuần trước, xin hỗ trợ giống",
        "nhạc mở muốn nổ lỗ tai",
    ],
)
def test_a_danger_that_is_only_a_manner_of_speaking_or_long_over_rings_nobody(text: str) -> None:
    assert not READER.read(text).urgent


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("hồ sơ tách thửa của tôi ở xã Tú An chưa có, giấy số 00412", set()),
        ("bà Đinh Thị Hơ ở xã Tú An chưa nhận trợ cấp", set()),
        ("ong dinh mo xa tu an chua co the bao hiem", set()),
        ("trợ cấp của mẹ tôi ở xã Tú An chưa có, liên hệ 0900000321", {Missing.WHO}),
        ("thửa 88 tờ bản đồ 14 của tôi bị đo sai", set()),
    ],
)
def test_a_name_or_a_number_tells_whose_case_it_is(text: str, missing: set[Missing]) -> None:
    assert READER.read(text).missing == missing


def test_the_field_typed_after_the_keyword_counts() -> None:
    assert READER.read("PA MT An Bình").category == "MT"


def test_the_words_that_spoke_for_the_field_are_shown_verbatim_with_their_weight() -> None:
    text = "Mất nước ở thôn 2 xã Tú An từ hôm qua"
    explained = READER.explain(text)
    spoke = [one for one in explained.spoke if one.question == "category" and not one.words.startswith("[")]
    assert explained.categories[0].value == "DN"
    assert any(one.answer == "DN" and one.weight > 0 and "nước" in one.words for one in spoke)
    assert all(part in text for one in spoke for part in one.words.split(" / "))


def test_what_is_unsure_goes_to_a_person() -> None:
    explained = READER.explain("cái đó làm sao mà để vậy hoài ở tổ 4 An Tân")
    assert explained.doubtful


def test_a_text_that_names_a_complaint_of_ours_is_no_new_one() -> None:
    assert READER.read("20457 dây điện đã rớt xuống đường, chiều nay suýt chết người").intent is Intent.FOLLOWUP


def test_vni_and_telex_keys_left_in_a_text_are_undone() -> None:
    for text in (
        "ma61t nu7o71c o73 tho6n 2 xa4 Tu1 An tu72 ho6m qua",
        "maats nuwowcs owr thoon 2 xax Tus An tuwf hoom qua",
    ):
        read = READER.read(text)
        assert (read.category, read.ward, read.missing) == ("DN", "Tú An", frozenset())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("50k 2tr", "50 nghin 2 trieu"),
        ("ko k", "khong khong"),
        ("may h mo cua", "may gio mo cua"),
        ("dzo dze dzui", "vo ve vui"),
        ("trg mn", "truong mam non"),
        ("may mn oi", "may moi nguoi oi"),
        ("th. Thuong An", "thon thuong an"),
        ("truong th An Binh", "truong tieu hoc an binh"),
        ("Dak Lak lak", "dak lak la"),
    ],
)
def test_what_is_typed_in_haste_is_written_out(text: str, words: str) -> None:
    assert " ".join(READER.look(text).evidence.words.plain) == words


def test_a_settlement_is_no_commune_of_that_name() -> None:
    assert READER.read("khu dân cư An Phú chưa có đèn đường").ward == "An Phú"


def test_labels_follow_the_corpus() -> None:
    label = as_label(READER.read("PA DB xã Tú An"))
    assert label["seed_group"] == "dich_benh"
    assert as_label(READER.read("cảm ơn"))["seed_group"] is None
    assert set(label) < set(as_explanation(READER.explain("cảm ơn")))
