"""Every USSD screen fits, leads on and is translated; what is wrong with one is found."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

import pytest

from ops.screens import ANSWER, Inspection, inspection, standings
from smsgw.domain.ussd import script
from smsgw.domain.ussd.known import Known
from smsgw.domain.ussd.script import SCREENS, Choice, Name
from smsgw.domain.ussd.standing import Standing
from smsgw.text.catalogs import Catalogs
from smsgw.text.screens import Tongue

VI = Tongue("vi")


@pytest.fixture
def as_it_is() -> Inspection:
    return inspection()


def test_nothing_is_wrong_with_any_screen_in_any_language(as_it_is: Inspection) -> None:
    assert as_it_is.violations() == []


def test_every_screen_every_complaint_and_every_language_is_looked_at(as_it_is: Inspection) -> None:
    seen = {standing.screen for standing in standings(as_it_is.known)}
    ends = set(as_it_is.ends(VI))
    assert seen == {name for name, screen in SCREENS.items() if not screen.ends}
    assert {Name.LEFT, Name.CALLED} <= ends
    assert as_it_is.languages == ("vi", "en")
    assert len(as_it_is.known.wards) == 3
    assert as_it_is.known.wards[0].name == "Phường An Khê"


def spoiled(as_it_is: Inspection, name: Name, change: Callable[[list[str]], list[str]]) -> list[str]:
    """What is found when the pages of one screen are others."""

    def show(standing: Standing, known: Known, tongue: Tongue) -> list[str]:
        pages = as_it_is.show(standing, known, tongue)
        return change(pages) if standing.screen is name and tongue == VI else pages

    return replace(as_it_is, show=show).violations()


PLANTED: Mapping[str, tuple[Name, Callable[[list[str]], list[str]], str]] = {
    "one sign too many": (Name.MENU, lambda pages: [page.ljust(161, "x") for page in pages], "161 units"),
    "a tone mark": (Name.FIELD, lambda pages: [f"Ở {page}"[:60] for page in pages], "outside GSM-7"),
    "an empty screen": (Name.WARD, lambda pages: [""], "an empty screen"),
    "a choice that stands nowhere": (Name.MENU, lambda pages: [p.replace("3 ", "") for p in pages], "choice 3 stands"),
    "no way back": (Name.TEXT, lambda pages: [p.replace("0 Lui ", "") for p in pages], "the key 0"),
    "no way home": (Name.TEXT, lambda pages: [p.replace(" 00 Dau", "") for p in pages], "the key 00"),
    "no way on": (Name.HELP, lambda pages: [p.replace(" 99 Tiep", "") for p in pages], "the key 99"),
    "a word that was cut": (Name.ANSWER, lambda pages: [p.replace("Khai", "Kh") for p in pages], "'Khai,'"),
    "a page that is left out": (Name.ANSWER, lambda pages: pages[:1], "of an answer stands on no page"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_of_a_screen_is_found(
    as_it_is: Inspection, planted: tuple[Name, Callable[[list[str]], list[str]], str]
) -> None:
    name, change, words = planted
    found = spoiled(as_it_is, name, change)
    assert [wrong for wrong in found if words in wrong and name in wrong], found


def test_tone_marks_leave_seventy_units(as_it_is: Inspection) -> None:
    def show(standing: Standing, known: Known, tongue: Tongue) -> list[str]:
        pages = as_it_is.show(standing, known, tongue)
        return [f"ậ{page}" for page in pages] if tongue == Tongue("vi", tone_marks=True) else pages

    found = replace(as_it_is, show=show).violations()
    assert any("71 units of ucs2" in wrong for wrong in found)


def test_an_end_that_is_too_long_is_found(as_it_is: Inspection) -> None:
    found = replace(as_it_is, ends=lambda tongue: {"filed": "x" * 161}).violations()
    assert all("filed: 161 units" in wrong for wrong in found)
    assert len(found) == 4


def test_a_sentence_that_a_language_lacks_is_found(as_it_is: Inspection) -> None:
    whole = {language: {one: one for one in ("Send",)} for language in as_it_is.languages}
    found = replace(as_it_is, catalogs=Catalogs(whole)).violations()
    assert "vi lacks: Where?" in found
    assert "vi lacks: Send" not in found


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (Name.MENU, {"choices": (Choice("Help", Name.HELP),)}, "cases is reached by no key"),
        (Name.CASE, {"back": Name.CASE}, "case: the back key does not lead out"),
        (Name.HELP, {"back": Name.HELP}, "help: the back key does not lead out"),
    ],
)
def test_a_dead_end_of_the_script_is_found(
    as_it_is: Inspection, monkeypatch: pytest.MonkeyPatch, name: Name, change: dict[str, object], words: str
) -> None:
    monkeypatch.setitem(script.SCREENS, name, replace(SCREENS[name], **change))  # type: ignore[arg-type]
    assert words in as_it_is.violations()


def test_a_field_too_long_for_a_page_goes_on_at_a_blank(as_it_is: Inspection) -> None:
    wards = [replace(ward, name="Phường " + "Nguyễn Thị Minh Khai " * 12) for ward in as_it_is.known.wards]
    spread = replace(as_it_is, known=Known(wards, as_it_is.languages, as_it_is.known.look_up))
    assert spread.violations() == []


def test_the_answer_that_is_looked_at_needs_more_than_one_page(as_it_is: Inspection) -> None:
    for language, tone_marks in product(as_it_is.languages, (False, True)):
        at = Standing(Name.ANSWER, case="9999999")
        assert len(as_it_is.show(at, as_it_is.known, Tongue(language, tone_marks))) > 1
    assert len(ANSWER) > 160
