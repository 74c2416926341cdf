"""Every notice fits its budget with the longest names, in every language; what is wrong with one is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from ops.notices import BUDGET, CODE, LONG_NAMES, OTHER, REFERENCE, TO_OFFICIALS, Inspection, Longest, every, inspection
from smsgw.domain import notices as n

RECEIPT = n.ComplaintReceived
ALERT = n.DeadlineAlert


@pytest.fixture(scope="module")
def as_it_is() -> Inspection:
    return inspection()


def test_nothing_is_wrong_with_any_notice_in_any_language(as_it_is: Inspection) -> None:
    assert as_it_is.violations() == []


def test_every_kind_every_language_and_the_longest_names_are_looked_at(as_it_is: Inspection) -> None:
    assert set(as_it_is.kinds) == set(get_args(n.Notice))
    assert as_it_is.languages == ("en", "vi")
    alerts = list(every(ALERT, as_it_is.longest("vi")))
    assert {alert.unit for alert in alerts} >= {*LONG_NAMES, "Phường An Khê"}
    receipts = list(every(RECEIPT, as_it_is.longest("vi")))
    assert {(receipt.due is None, receipt.question == "") for receipt in receipts} == {
        (late, plain) for late in (True, False) for plain in (True, False)
    }


def spoiled(as_it_is: Inspection, kind: type, change: Callable[[str], str]) -> list[str]:
    """What is found when the notices of one kind are said otherwise, in Vietnamese without tone marks."""

    def say(notice: n.Notice, language: str, marks: bool) -> str:
        said = as_it_is.say(notice, language, marks)
        return change(said) if isinstance(notice, kind) and (language, marks) == ("vi", False) else said

    return replace(as_it_is, say=say, kinds=(kind,)).violations()


PLANTED: Mapping[str, tuple[type, Callable[[str], str], str]] = {
    "one sign too many": (n.Stopped, lambda said: said.ljust(161, "x"), "2 segments, 1 are allowed"),
    "a tone mark": (n.Started, lambda said: f"Ở {said}"[:60], "signs outside GSM-7"),
    "nothing at all": (n.ChoiceKept, lambda said: "", "something is not filled in"),
    "a value that is not filled in": (n.Rated, lambda said: f"{said} %(score)s", "something is not filled in"),
    "a number that was cut": (RECEIPT, lambda said: said.replace(REFERENCE, REFERENCE[:5]), f"the number {REFERENCE}"),
    "a number in a longer one": (n.Withdrawn, lambda said: said.replace(REFERENCE, f"{REFERENCE}1"), "is not whole"),
    "another complaint's number": (n.WhichComplaint, lambda said: said.replace("8888888", ""), "the number 8888888"),
    "a name cut within a word": (ALERT, lambda said: said.replace("An Khe)", "An Kh)"), "the word 'Kh' was cut"),
    "a one-time code that was cut": (ALERT, lambda said: said.replace(CODE, CODE[:4]), f"the number {CODE}"),
    "a fourth segment of a complaint": (
        n.ComplaintShown,
        lambda said: said.ljust(460, "x"),
        "4 segments, 3 are allowed",
    ),
    "the number of a second matter": (n.Divided, lambda said: said.replace(OTHER, ""), f"the number {OTHER}"),
    "a day's case that was cut": (n.DayDigest, lambda said: said.replace(OTHER, OTHER[:3]), f"the number {OTHER}"),
    "a name cut at the end": (n.EarlyWarning, lambda said: said.replace("Trung).", "Tru)."), "the word 'Tru' was cut"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_of_a_notice_is_found(
    as_it_is: Inspection, planted: tuple[type, Callable[[str], str], str]
) -> None:
    kind, change, words = planted
    found = spoiled(as_it_is, kind, change)
    assert [wrong for wrong in found if words in wrong and kind.__name__ in wrong], found


def test_a_number_cut_between_two_segments_is_found(as_it_is: Inspection) -> None:
    def say(notice: n.Notice, language: str, marks: bool) -> str:
        said = as_it_is.say(notice, language, marks)
        return f"{'Ậ' * 63}{REFERENCE}{'ậ' * 20}" if marks else said

    found = replace(as_it_is, say=say, kinds=(n.Withdrawn,)).violations()
    assert all("is cut between two segments" in wrong for wrong in found)
    assert found


def test_a_kind_whose_longest_values_nobody_knows_is_found(as_it_is: Inspection) -> None:
    @dataclass(frozen=True)
    class Unheard:
        reference: str
        colour: str

    found = replace(as_it_is, kinds=(Unheard,)).violations()
    assert found == ["Unheard: no longest value is known for colour"]


def test_a_long_name_without_a_rule_is_found(as_it_is: Inspection) -> None:
    endless = replace(as_it_is, longest=lambda language: Longest(["X" * 90], ["X" * 90], [""]))
    assert any("EarlyWarning" in wrong and "2 segments" in wrong for wrong in endless.violations())


def test_a_budget_is_kept_for_kinds_that_there_are(as_it_is: Inspection) -> None:
    assert {*BUDGET, *TO_OFFICIALS} <= set(as_it_is.kinds)


def test_no_notice_speaks_of_a_code_to_dial_but_the_one_to_who_dialled_it(as_it_is: Inspection) -> None:
    for language in as_it_is.languages:
        for kind in set(as_it_is.kinds) - {n.CutOff}:
            for notice in every(kind, as_it_is.longest(language)):
                said = as_it_is.say(notice, language, False)
                assert "USSD" not in said.upper(), said
                assert "#" not in said, said
    assert "*" not in as_it_is.say(n.CutOff(""), "vi", False)
