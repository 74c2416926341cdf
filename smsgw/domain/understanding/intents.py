"""What a text's keywords say for sure, and the reference it names."""

import re

from smsgw.domain.grammar import Command, Verb
from smsgw.domain.understanding.lexicon import Evidence
from smsgw.domain.understanding.outcome import Intent

_FIVE_DIGITS = re.compile(r"[0-9]{5}")
# After or before these a number is no reference of ours.
_OTHER_NUMBERS = frozenset({"bien", "hang", "kh", "bhyt", "gia", "tien", "sim", "dt", "thoai", "hotline", "so"})
_AMOUNTS = frozenset({"dong", "d", "k", "nghin", "ngan", "trieu", "tr", "ho", "nguoi", "con", "m", "kg", "tan"})
_OUR_NUMBERS = frozenset({("ma", "so"), ("anh", "so"), ("danh", "gia"), ("vu", "so"), ("don", "so"), ("", "so")})
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


def by_keyword(command: Command) -> Intent | None:
    """What the text's structure says it is for; None where its words must be weighed."""
    if command.verb is Verb.COMPLAINT and command.reference is None:
        return Intent.NEW_COMPLAINT
    return _STRUCTURED.get(command.verb)


def reference_in(command: Command, evidence: Evidence) -> str | None:
    """The reference typed in its place, else one that stands within the words."""
    return command.reference or _reference_within(evidence)


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
