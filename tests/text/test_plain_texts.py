"""Every text to a citizen passes the checklist of docs/texts.md, and each point of it finds what is planted."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ops.notices import TO_OFFICIALS
from smsgw.data import tables
from smsgw.domain import notices as n
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.fit import Alphabet, folded, measure
from smsgw.text.speech import OFFICE_QUESTIONS, QUESTIONS, House, Speech
from tests.house.test_words import NOTICES

WORDS_A_CLAUSE = 12
STOPS = re.compile(r"[.?!,:;()]+(?:\s|$)")
WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)*")
TYPED = frozenset(["PA", "TT", "DG", "HD", "BS", "STOP", "START", "MENU", "HUY", "AK", "VI", "EN"])
FIELDS = frozenset(["GT", "HT", "DN", "MT", "DD", "XD", "AN", "DB", "YT", "GD", "XH", "HC", "NN", "KH"])
WARNING = frozenset(["DAY", "KHONG", "PHAI", "SO", "CAP", "CUU", "NGAY"])
OFFICE_WORDS = frozenset(
    (
        "vb",
        "cv",
        "qd",
        "nd",
        "tthc",
        "sdt",
        "dc",
        "vv",
        "kg",
        "ubnd",
        "hdnd",
        "tnhh",
        "htx",
        "tp",
        "tx",
        "tdp",
        "bp",
        "cb",
        "nv",
    )
)
RUDE = (
    "mày",
    "tao",
    "bạn",
    "yêu cầu",
    "ông/bà phải",
    "phải làm",
    "cấm",
    "không được",
    "bắt buộc",
    "lỗi của ông/bà",
    "sai rồi",
)
ASKING = re.compile(r"(?<!tin )\b(?:nhắn|gọi|bấm|gõ|soạn|trả lời bằng)\b", re.IGNORECASE)
GUIDES = (n.Help, n.Menu, n.EmergencyAdvice, n.DangerReceived, n.SetApart, n.NothingFound, n.Stopped)
FOUL = tomllib.loads(Path(__file__).with_name("turns_foul.toml").read_text("utf-8"))
HOUSE_NUMBER = "8079"


@pytest.fixture(scope="module")
def speech() -> Speech:
    return Speech(
        catalogs.load(ROOT / "locale"), House("Phan anh An Khe", HOUSE_NUMBER, "500d", tables.whole("emergency.toml"))
    )


def to_citizens() -> list[n.Notice]:
    return [notice for notice in NOTICES if not isinstance(notice, TO_OFFICIALS)]


def said(speech: Speech, notice: n.Notice, *, tone_marks: bool = False) -> str:
    """As it arrives, or with its marks; where a table names a gap, with its question."""
    if isinstance(notice, n.ComplaintReceived | n.Added):
        notice = replace(notice, question=speech.question(notice.question))
    return speech.say(notice, tone_marks=tone_marks)


def everything(speech: Speech) -> Iterator[tuple[n.Notice, str]]:
    yield from ((notice, said(speech, notice)) for notice in to_citizens())
    for code in OFFICE_QUESTIONS:
        question = n.OfficeQuestion("9999999", speech.office_question(code))
        yield question, speech.say(question)


def marked(speech: Speech) -> Iterator[tuple[n.Notice, str]]:
    """The same with tone marks: "nhận" and "nhắn" are two words."""
    for notice, _ in everything(speech):
        yield notice, said(speech, notice, tone_marks=True)


def long_clauses(text: str) -> list[str]:
    """Names of offices and fields are one word: nobody reads them to the end."""
    clauses = [clause for clause in STOPS.split(text) if clause.strip()]
    return [clause for clause in clauses if len(WORD.findall(clause)) > WORDS_A_CLAUSE]


def strange_words(text: str) -> list[str]:
    """Abbreviations, and capitals that are nothing to type."""
    shouted = {word for word in WORD.findall(text) if len(word) > 1 and word.isalpha() and word.isupper()}
    office = {word for word in WORD.findall(text) if folded(word).lower() in OFFICE_WORDS and word not in FIELDS}
    return sorted((shouted - TYPED - FIELDS - WARNING) | office)


def rude_words(text: str) -> list[str]:
    """Of a text with its marks. The one warning of an emergency says what we are not, and blames nobody."""
    spoken = " ".join(WORD.findall(text.lower()))
    return [word for word in RUDE if re.search(rf"(?<!\w){word}(?!\w)", spoken)]


def requests(text: str) -> int:
    """Sentences that want something done."""
    return sum(1 for sentence in re.split(r"[.?!]\s", text) if ASKING.search(sentence))


def turns_foul(text: str) -> list[str]:
    """Words of the list, read without their marks."""
    spoken = " ".join(WORD.findall(folded(text).lower()))
    listed = {**FOUL["foul"], **FOUL["absurd"]}
    return [word for word in listed if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", spoken)]


def test_every_text_fits_one_segment_and_has_short_clauses(speech: Speech) -> None:
    for notice, text in everything(speech):
        assert (measure(text).segments, measure(text).alphabet) == (1, Alphabet.GSM7), text
        if not isinstance(notice, n.Menu):
            assert long_clauses(_without_names(text, notice)) == [], text


def test_no_text_uses_words_of_offices_or_is_rude(speech: Speech) -> None:
    for notice, text in everything(speech):
        assert strange_words(_without_names(text, notice)) == [], text
    for notice, text in marked(speech):
        if not isinstance(notice, n.EmergencyAdvice):
            assert rude_words(text) == [], text


def test_a_text_that_wants_something_asks_for_it_politely_and_for_one_thing(speech: Speech) -> None:
    for notice, text in marked(speech):
        if isinstance(notice, GUIDES):
            continue
        wants = requests(text)
        assert wants <= 1, text
        if wants and isinstance(notice, n.ComplaintReceived | n.Added | n.WhichComplaint | n.OfficeQuestion):
            assert "xin" in text.lower(), text


def test_a_question_asks_one_thing_and_has_one_question_mark(speech: Speech) -> None:
    for words in [
        *(speech.question(code) for code in QUESTIONS),
        *(speech.office_question(code) for code in OFFICE_QUESTIONS),
    ]:
        assert words.endswith("?")
        assert words.count("?") == 1
        assert len(WORD.findall(words)) <= WORDS_A_CLAUSE


def test_what_is_about_a_complaint_begins_with_its_number(speech: Speech) -> None:
    numbered = n.ComplaintReceived | n.WhichComplaint | n.StatusReport | n.Withdrawn | n.OfficeQuestion | n.Rated
    for notice, text in everything(speech):
        if isinstance(notice, numbered):
            assert text.startswith("So 9999999"), text


def test_nothing_turns_foul_or_absurd_without_its_marks(speech: Speech) -> None:
    for _, text in everything(speech):
        assert turns_foul(text) == [], text


def test_no_ready_made_text_turns_foul_or_absurd_either() -> None:
    for row in tables.tree("templates.toml", "template"):
        assert turns_foul(row["body"]) == [], row["body"]


@pytest.mark.parametrize("foul", [*FOUL["foul"], *FOUL["absurd"]])
def test_every_word_of_the_list_is_found_where_it_is_planted(foul: str) -> None:
    assert foul in turns_foul(f"So 10008: da {foul} nhan phan anh.")


@pytest.mark.parametrize(
    "planted", ["Xin gặp vào buổi sáng.", "Ông bà có hài lòng không?", "Thửa đất lớn này", "Cũ rồi nên hư"]
)
def test_words_with_their_marks_are_read_without(planted: str) -> None:
    assert turns_foul(planted)


def test_the_other_points_find_what_is_planted() -> None:
    assert long_clauses("Xin ông bà vui lòng cho biết cụ thể địa điểm xảy ra sự việc đã nêu ở trên")
    assert strange_words("UBND TP đã tiếp nhận theo QĐ") == ["QĐ", "TP", "UBND"]
    assert rude_words("Yêu cầu ông bà khai rõ, bắt buộc") == ["yêu cầu", "bắt buộc"]
    assert requests("Đã nhận tin. Xin nhắn tên. Gọi 1022.") == 2


def _without_names(text: str, notice: n.Notice) -> str:
    office = folded(getattr(notice, "office", "") or "")
    return text.replace(office, "van phong") if office else text
