"""What the sender wants, by the first rule of a table that fits."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from smsgw.domain.grammar import Command, Verb
from smsgw.domain.phrases import Hit
from smsgw.domain.understanding.lexicon import CLEAR, USUAL, Evidence
from smsgw.domain.understanding.outcome import Intent

_OUT_OF_FIVE = re.compile(r"(?<![0-9/])[1-5]\s?/\s?5(?![0-9/])")
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
# After or before these a number is no reference of ours.
_OTHER_NUMBERS = frozenset({"bien", "hang", "kh", "bhyt", "gia", "tien", "sim", "dt", "thoai", "hotline", "so"})
_AMOUNTS = frozenset({"dong", "d", "k", "nghin", "ngan", "trieu", "tr", "ho", "nguoi", "con", "m", "kg", "tan"})
_OUR_NUMBERS = frozenset({("ma", "so"), ("anh", "so"), ("danh", "gia"), ("vu", "so"), ("don", "so"), ("", "so")})
_ASKING_ENDS = (("chua",), ("khong",), ("nao",), ("vay",), ("dau",), ("ha",), ("nhi",))
_SHORT, _MIDDLING = 6, 14
_STRUCTURED = {
    Verb.ADD: Intent.FOLLOWUP,
    Verb.WITHDRAW: Intent.FOLLOWUP,
    Verb.STATUS: Intent.STATUS,
    Verb.RATE: Intent.RATING,
    Verb.HELP: Intent.HELP,
    Verb.MENU: Intent.MENU,
    Verb.STOP: Intent.STOP,
    Verb.START: Intent.HELP,
    Verb.TONES_ON: Intent.HELP,
    Verb.TONES_OFF: Intent.HELP,
    Verb.LANG_VI: Intent.HELP,
    Verb.LANG_EN: Intent.HELP,
    Verb.DIGIT: Intent.CONFIRM,
    Verb.EMPTY: Intent.HELP,
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """The intent, how surely (0..1) and the rule that said so."""

    intent: Intent
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class _Case:
    """One text while its purpose is sought."""

    evidence: Evidence
    reference: str | None
    length: int
    matter: bool
    trouble: bool


def purpose_of(command: Command, evidence: Evidence) -> Purpose:
    """The first rule of the table that fits; a new complaint, with low confidence, when none does."""
    case = _case(command, evidence)
    if command.rest and _emergency(case):
        return Purpose(Intent.EMERGENCY, 0.8, "people in danger this minute")
    if command.verb in _STRUCTURED:
        return Purpose(_STRUCTURED[command.verb], 1.0, f"the keyword for {command.verb}")
    if command.verb is Verb.COMPLAINT and case.reference is None:
        return Purpose(Intent.NEW_COMPLAINT, 1.0, "the keyword for a complaint")
    for intent, fits, confidence, rule in _RULES:
        if fits(case):
            return Purpose(intent, confidence, rule)
    return Purpose(Intent.NEW_COMPLAINT, 0.9 if case.matter else 0.3, "tells a problem" if case.matter else "no rule")


def reference_in(command: Command, evidence: Evidence) -> str | None:
    """The reference typed in its place, else one that stands within the words."""
    return command.reference or _reference_within(evidence)


def _case(command: Command, evidence: Evidence) -> _Case:
    return _Case(
        evidence=evidence,
        reference=reference_in(command, evidence),
        length=len(evidence.words.plain),
        matter=any(hit.entry.weight >= CLEAR for hit in evidence.matters()),
        trouble=evidence.has("gap.trouble") or evidence.has("gap.event"),
    )


def _reference_within(evidence: Evidence) -> str | None:
    """Five to seven digits that are no round sum, no amount and no number of something else."""
    if not _FIVE_DIGITS.search(evidence.words.folded.text):
        return None
    plain = ("", "", *evidence.words.plain, "")
    for at in range(2, len(plain) - 1):
        word, before, following = plain[at], plain[at - 2 : at], plain[at + 1]
        if not (word.isdigit() and 5 <= len(word) <= 7) or word.endswith("000"):
            continue
        if following in _AMOUNTS and before[-1] != "ma":
            continue
        stuck = at > 2 and evidence.words.ends[at - 3] == evidence.words.starts[at - 2] and before[-1] != "ak"
        if not stuck and (before[-1] not in _OTHER_NUMBERS or before in _OUR_NUMBERS):
            return word
    return None


def _balance(case: _Case, name: str, against: float = 2) -> float:
    return case.evidence.weight(f"{name}.for") - against * case.evidence.count(f"{name}.against")


def _emergency(case: _Case) -> bool:
    return case.evidence.has("emergency.for", CLEAR) and _balance(case, "emergency", 3) >= CLEAR


def _stop(case: _Case) -> bool:
    return case.evidence.has("stop.for") and case.length <= _MIDDLING and not _has_grievance(case, "stop.for")


def _spam(case: _Case) -> bool:
    enough = case.evidence.count("spam.for", USUAL) >= 2 and case.evidence.has("spam.for", CLEAR)
    place = case.evidence.place
    told = case.evidence.has("spam.against") or place.ward is not None
    return enough and not told and case.reference is None


def _wrong_number(case: _Case) -> bool:
    private = case.evidence.has("wrong_number.for", CLEAR) or case.evidence.count("wrong_number.for", USUAL) >= 3
    paired = case.evidence.count("wrong_number.for", USUAL) == 2
    calm = not case.matter and not case.evidence.has("wrong_number.against") and case.reference is None
    return calm and (private or paired) and case.evidence.place.ward is None


def _confirm(case: _Case) -> bool:
    if case.length > _SHORT or not case.evidence.has("confirm.for", CLEAR):
        return False
    return len(case.evidence.covered("confirm.for")) == case.length


def _greeting(case: _Case) -> bool:
    return len(case.evidence.covered("help.greet", "confirm.for")) == case.length and (
        case.evidence.has("help.greet") or case.length == 0
    )


def _rating(case: _Case) -> bool:
    scored = _OUT_OF_FIVE.search(case.evidence.words.folded.text) is not None
    said = scored or any(hit.entry.weight >= CLEAR and _is_score(case, hit) for hit in case.evidence.hits("rating.for"))
    if case.reference:
        return said and not case.evidence.has("followup.for", CLEAR)
    if said:
        return not (case.matter and (case.evidence.place.ward or case.length > _MIDDLING))
    return case.evidence.has("rating.for") and case.length <= _SHORT and not case.matter


def _is_score(case: _Case, hit: Hit) -> bool:
    """Any number in the phrase is a mark: "5 sao", never "20388 sao roi"."""
    said = case.evidence.words.plain[hit.start : hit.end]
    return all(len(word) <= 2 for word in said if word.isdigit())


def _clear_followup(case: _Case) -> bool:
    opens = any(hit.start == 0 for hit in case.evidence.hits("opening.for"))
    return opens or case.evidence.has("followup.for", CLEAR)


def _followup(case: _Case) -> bool:
    asks = case.evidence.has("status.for", CLEAR)
    return case.evidence.has("followup.for") and not asks


def _status_of_reference(case: _Case) -> bool:
    only_reference = case.length <= 2
    return case.reference is not None and (case.evidence.has("status.for", CLEAR) or only_reference)


def _is_about_ours(case: _Case) -> bool:
    return any(hit.entry.weight == USUAL for hit in case.evidence.hits("status.for"))


def _status(case: _Case) -> bool:
    asks = case.evidence.words.plain[-1:] in _ASKING_ENDS or "?" in case.evidence.words.folded.text
    if asks and _is_about_ours(case) and not case.matter:
        return True
    if not case.evidence.has("status.for", CLEAR):
        return False
    ours = _is_about_ours(case)
    return ours or (not case.matter and case.evidence.place.span is None and case.length <= _MIDDLING)


def _thanks(case: _Case) -> bool:
    if not case.evidence.has("thanks.for", CLEAR):
        return False
    done = any(hit.entry.weight == USUAL for hit in case.evidence.hits("thanks.for"))
    rest = case.length - len(case.evidence.covered("thanks.for", "gap.empty", "confirm.for"))
    return (done and case.length <= 2 * _MIDDLING) or (not case.matter and not case.trouble and rest <= _SHORT)


def _menu(case: _Case) -> bool:
    return case.evidence.has("menu.for") and case.length <= _MIDDLING and not _has_grievance(case, "menu.for")


def _help_with_service(case: _Case) -> bool:
    return case.evidence.has("help.for", CLEAR) and case.length <= 2 * _MIDDLING and not case.matter


def _question(case: _Case) -> bool:
    asks = any(hit.entry.weight == USUAL for hit in case.evidence.hits("help.for"))
    complains = _has_grievance(case, "help.for") or case.evidence.has("gap.grievance")
    return asks and not complains and case.length <= 2 * _MIDDLING


def _has_grievance(case: _Case, purpose: str) -> bool:
    """Whether words of trouble stand outside the phrases that tell the purpose."""
    return bool(case.evidence.covered("gap.trouble", "gap.event") - case.evidence.covered(purpose))


def _bare_answer(case: _Case) -> bool:
    """Nothing but a place, a time, a name or a parcel: the answer to a question of the gateway."""
    if case.length == 0:
        return False
    place = case.evidence.place_words()
    told = place | case.evidence.covered("gap.time", "care.number", "gap.answer")
    loose = set(range(case.length)) - told - case.evidence.covered("confirm.for")
    if case.evidence.has("gap.self_named") and case.length <= _MIDDLING and not case.trouble:
        return True
    tells = any(not set(range(hit.start, hit.end)) <= told for hit in case.evidence.matters())
    return bool(told) and len(loose) <= 1 + len(told) // 4 and not tells


_Rule = tuple[Intent, Callable[[_Case], bool], float, str]
_RULES: tuple[_Rule, ...] = (
    (Intent.STOP, _stop, 0.9, "wants no more texts"),
    (Intent.SPAM, _spam, 0.8, "speaks like an advertisement"),
    (Intent.WRONG_NUMBER, _wrong_number, 0.7, "private talk"),
    (Intent.CONFIRM, _confirm, 0.9, "only a short answer"),
    (Intent.HELP, _greeting, 0.8, "only a greeting"),
    (Intent.RATING, _rating, 0.8, "judges the handling"),
    (Intent.FOLLOWUP, _clear_followup, 0.8, "adds to or corrects a complaint"),
    (Intent.STATUS, _status_of_reference, 0.9, "asks after a reference"),
    (Intent.FOLLOWUP, lambda case: case.reference is not None, 0.8, "writes about a reference"),
    (Intent.STATUS, _status, 0.8, "asks after a complaint"),
    (Intent.FOLLOWUP, _followup, 0.7, "goes on about a complaint sent before"),
    (Intent.THANKS, _thanks, 0.8, "thanks"),
    (Intent.MENU, _menu, 0.8, "asks for the fields"),
    (Intent.HELP, _help_with_service, 0.8, "asks how to use the service"),
    (Intent.HELP, _question, 0.7, "asks for information"),
    (Intent.FOLLOWUP, _bare_answer, 0.6, "only a place, time, name or number"),
)
