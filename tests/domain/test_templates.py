"""Ready-made texts: what is wrong with one is named, and no blank is lost between choosing and sending."""

import pytest

from smsgw.data import tables
from smsgw.domain.categories import CategoryCode
from smsgw.domain.clarity import lacks
from smsgw.domain.templates import LONGEST, Flaw, Placeholder, blanks, filled, wrong_with

WORDS = {name: f"({name})" for name in Placeholder}
STARTERS = tables.tree("templates.toml", "template")


def flaws(title: str, body: str) -> list[tuple[Flaw, str]]:
    return [(one.flaw, one.part) for one in wrong_with(title, body)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("{office} đã sửa ngày {{ngày làm}}.", []),
        ("Số {so}: đã sửa", [(Flaw.UNKNOWN, "{so}")]),
        ("{Office} và { office }", [(Flaw.UNKNOWN, "{Office}"), (Flaw.UNKNOWN, "{ office }")]),
        ("{} gì đó", [(Flaw.UNKNOWN, "{}")]),
        ("ngày {{ }}", [(Flaw.NAMELESS, "{{ }}")]),
        ("ngày {{làm", [(Flaw.STRAY, "")]),
        ("ngày {{{làm}}}", [(Flaw.STRAY, "")]),
        ("  ", [(Flaw.EMPTY, "")]),
        ("a" * (LONGEST + 1), [(Flaw.TOO_LONG, "")]),
    ],
)
def test_what_is_wrong_with_a_text_is_named(body: str, found: list[tuple[Flaw, str]]) -> None:
    assert flaws("Tên", body) == found


def test_a_text_needs_a_title() -> None:
    assert flaws(" ", "Đã sửa.") == [(Flaw.NO_TITLE, "")]


def test_what_is_known_is_filled_in_and_the_rest_becomes_a_blank() -> None:
    known = {Placeholder.OFFICE: "Phòng Kinh tế", Placeholder.PLACE: ""}
    text = filled("{office} sửa ở {place} ngày {{ngày làm}}.", known, {**WORDS, Placeholder.PLACE: "chỗ nào"})
    assert text == "Phòng Kinh tế sửa ở {{chỗ nào}} ngày {{ngày làm}}."
    assert blanks(text) == ["{{chỗ nào}}", "{{ngày làm}}"]


def test_a_place_that_looks_like_a_placeholder_is_not_filled_in_again() -> None:
    text = filled("ở {place}", {Placeholder.PLACE: "{office}", Placeholder.OFFICE: "Phòng"}, WORDS)
    assert text == "ở {office}"


def test_a_blank_and_a_placeholder_left_over_are_found_and_other_braces_are_not() -> None:
    assert blanks("{{ngày}} {office} {khác} {{ngày}} a}b{c") == ["{{ngày}}", "{office}"]


@pytest.mark.parametrize("row", STARTERS, ids=lambda row: row["title"])
def test_every_text_of_the_starter_set_is_one_that_would_be_kept(row: dict[str, str]) -> None:
    assert flaws(row["title"], row["body"]) == []
    assert row.get("field", "KH") in list(CategoryCode)


@pytest.mark.parametrize("row", [row for row in STARTERS if row["kind"] == "answer"], ids=lambda row: row["title"])
def test_an_answer_of_the_starter_set_says_what_when_and_who_once_its_blanks_are_filled_in(row: dict[str, str]) -> None:
    known = {name: "ubnd phuong" if name in (Placeholder.OFFICE, Placeholder.UNIT) else "25/11" for name in Placeholder}
    text = filled(row["body"], known, WORDS)
    for blank in blanks(text):
        text = text.replace(blank, "đã kiểm tra 25/11")
    assert lacks(text) == []


def test_every_field_has_a_text_and_so_has_a_question() -> None:
    assert {row.get("field") for row in STARTERS if row["kind"] == "answer"} >= set(CategoryCode) - {"KH"}
    assert any(row["kind"] == "question" for row in STARTERS)
