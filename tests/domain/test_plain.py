"""Texts without marks, each letter still knowing where it stood."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.plain import fold, plain
from smsgw.domain.words import Spelling, is_syllable, without_typing_keys

SPELLING = Spelling({"ko": "khong", "mn": "moi nguoi"}, ("mat", "dien", "tay", "son", "phuong"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Đường Quang Trung", "duong quang trung"),
        ("ĐIỆN  yếu\nquá", "dien yeu qua"),
        ("nu\u031bo\u031b\u0301c ma\u0301y", "nuoc may"),
        ("mất\u200b điện\u202e", "mat dien"),
        ("Ｍất điện", "mat dien"),
        ("рhường", "phuong"),
        ("ð", "d"),
        ("", ""),
    ],
)
def test_marks_case_and_lookalikes_are_folded_away(typed: str, expected: str) -> None:
    assert plain(typed) == expected


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x1EF9), max_size=60))
def test_composed_and_decomposed_spelling_agree(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert plain(composed) == plain(unicodedata.normalize("NFD", composed))


@given(st.text(max_size=60), st.data())
def test_every_folded_span_is_a_verbatim_piece_of_the_original(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    assert folded.said(start, end) in text


def test_a_letter_keeps_its_combining_marks() -> None:
    text = unicodedata.normalize("NFD", "ở đường Lê Lợi nhé")
    folded = fold(text)
    start = folded.text.index("duong")
    assert unicodedata.normalize("NFC", folded.said(start, start + len("duong le loi"))) == "đường Lê Lợi"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ko có điện", ("khong", "co", "dien")),
        ("mn ơi", ("moi", "nguoi", "oi")),
        ("matdien", ("mat", "dien")),
        ("p.tayson", ("p", "tay", "son")),
        ("ptayson", ("p", "tay", "son")),
        ("dduowngf bij nuwowcs", ("duong", "bi", "nuoc")),
        ("quaaaa", ("qua",)),
        ("fường", ("phuong",)),
        ("wan tâm wét đường", ("quan", "tam", "quet", "duong")),
        ("wowcs wuwts", ("uoc", "uut")),
        ("kái kầu, trướk lúk nướk cạn", ("cai", "cau", "truoc", "luc", "nuoc", "can")),
        ("khj bjnh yên thj ok", ("khi", "binh", "yen", "thi", "ok")),
        ("5h 12/8 QL19", ("5", "h", "12/8", "ql", "19")),
    ],
)
def test_shorthand_leftover_keys_and_missing_blanks_are_read(typed: str, words: tuple[str, ...]) -> None:
    assert SPELLING.words(typed).plain == words


def test_words_of_one_shorthand_share_its_place() -> None:
    words = SPELLING.words("mn ơi")
    assert words.said(0, 2) == "mn"


@pytest.mark.parametrize("word", ["nghieng", "khuya", "giuong", "oan", "quyen", "ruou", "xoay"])
def test_vietnamese_syllables_are_known_by_their_shape(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["ubnd", "thcs", "duongf", "tayson", "kac"])
def test_other_letters_are_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_typing_keys_leave_words_without_vowels_alone() -> None:
    assert without_typing_keys("ubnd") == "ubnd"
