"""Plays one answer against the script: the next standing, and what is to be done first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from smsgw.domain.ussd.known import Known
from smsgw.domain.ussd.script import BACK, DRAFTING, HOME, NEXT, SCREENS, Act, Name, Screen, Typing
from smsgw.domain.ussd.standing import Draft, Standing, Wrong

T = TypeVar("T")
_REFERENCE: Final = re.compile(r"(?:AK|#| )*(\d{5,7})")
_SENTENCE: Final = 8  # signs at least, with a blank and a letter among them, of words typed where a key was due
_STEPS: Final = (None, Act.GO_ON, Act.RETYPE)  # after which nothing needs to be done before the next answer


@dataclass(frozen=True, slots=True)
class Played:
    """`value` is what was picked for the act: a score, a verdict, a language."""

    standing: Standing
    act: Act | None = None
    value: str = ""


def play(standing: Standing, typed: str, known: Known) -> Played:
    """What was typed since the turn before. Where turns were skipped it is several answers joined by stars: a key before a
    star is an answer of its own, words are taken whole."""
    while True:
        key, star, rest = typed.partition("*")
        if not star or takes_words(standing) or not (key.isdigit() and len(key) < 3):
            return press(standing, typed, known)
        played = press(standing, key, known)
        if played.act not in _STEPS:
            return played
        standing, typed = played.standing, rest


def press(standing: Standing, answer: str, known: Known) -> Played:
    """One answer. At an end nothing happens any more. Words of one's own are never thrown away: a sentence typed where a
    key was due is kept as what is wrong."""
    screen, answer = SCREENS[standing.screen], answer.strip()
    if screen.ends:
        return Played(standing)
    standing = replace(standing, wrong=None)
    if answer in (BACK, HOME):
        return _leads_out(standing, screen, answer)
    if answer == NEXT:
        return Played(_turns(standing, screen))
    for reading in (_chosen, _picked, _typed):
        if played := reading(standing, screen, answer, known):
            return played
    return _kept(standing, answer) if is_sentence(answer) else Played(replace(standing, wrong=_why(screen)))


def takes_words(standing: Standing) -> bool:
    """Whether the screen waits for words, so that a star in the answer is part of it."""
    typing = SCREENS[standing.screen].types
    return typing is not None and typing.keeps != "case"


def _leads_out(standing: Standing, screen: Screen, answer: str) -> Played:
    if answer == HOME:
        return Played(_moved(standing, Name.MENU))
    if standing.page:
        return Played(replace(standing, page=standing.page - 1))
    return Played(_moved(standing, screen.back or Name.LEFT))


def _turns(standing: Standing, screen: Screen) -> Standing:
    """The next page, or past a question that need not be answered, or that is."""
    typing = screen.types
    if typing is None or typing.keeps == "case":
        return replace(standing, page=standing.page + 1)
    assert screen.then
    kept = getattr(standing.draft, typing.keeps)
    if not (typing.optional or kept):
        return replace(standing, wrong=Wrong.SHORT)
    draft = replace(standing.draft, **{typing.keeps: kept or ""})
    return _moved(replace(standing, draft=draft, retypes=False), screen.then)


def _chosen(standing: Standing, screen: Screen, answer: str, known: Known) -> Played | None:
    choices = known.offered(screen, standing.case) if screen.choices else ()
    choice = _numbered(answer, choices)
    if choice is None:
        return None
    if choice.to is Name.FIELD and standing.draft.is_begun:
        return Played(replace(standing.at(Name.RESUME), goes_on=standing.draft.open_question))
    match choice.act:
        case Act.GO_ON:
            return Played(standing.at(standing.goes_on or Name.FIELD, standing.goes_on_page), choice.act)
        case Act.DROP:
            return Played(Standing(screen=choice.to), choice.act)
        case Act.RETYPE:
            return Played(replace(_moved(standing, choice.to), retypes=True), choice.act)
        case act:
            return Played(_moved(standing, choice.to), act)


def _picked(standing: Standing, screen: Screen, answer: str, known: Known) -> Played | None:
    """By its number, or by its code, as fields have one."""
    if screen.lists is None or screen.then is None:
        return None
    values = known.listed(screen.lists)
    value = _numbered(answer, values)
    value = answer.upper() if value is None and answer.upper() in values and answer else value
    if value is None:
        return None
    if screen.keeps == "case":
        return Played(_moved(replace(standing, case=value), screen.then))
    if screen.keeps:
        draft = replace(standing.draft, **{screen.keeps: value})
        return Played(_moved(replace(standing, draft=draft), screen.then))
    return Played(_moved(standing, screen.then), screen.act, value)


def _typed(standing: Standing, screen: Screen, answer: str, known: Known) -> Played | None:
    typing, then = screen.types, screen.then
    if typing is None or then is None:
        return None
    if typing.keeps == "case":
        found = _REFERENCE.fullmatch(answer.upper())
        if not found:
            return None
        if known.case(found[1]) is None:
            return Played(replace(standing, wrong=Wrong.UNKNOWN))
        return Played(_moved(replace(standing, case=found[1]), then))
    if not _is_enough(answer, typing):
        return None
    if typing.keeps == "text":
        return Played(_moved(_worded(standing, answer), then))
    draft = replace(standing.draft, **{typing.keeps: answer})
    return Played(_moved(replace(standing, draft=draft), then))


def _kept(standing: Standing, answer: str) -> Played:
    kept = _worded(replace(standing, retypes=False), answer)
    if standing.screen is Name.MENU:
        kept = _moved(kept, Name.FIELD)
    return Played(replace(kept, wrong=Wrong.KEPT, goes_on=kept.goes_on or Name.FIELD))


def is_sentence(answer: str) -> bool:
    """Words, not a key that was missed."""
    return len(answer) >= _SENTENCE and " " in answer and any(sign.isalpha() for sign in answer)


def _worded(standing: Standing, words: str) -> Standing:
    """With these words in the draft: behind what is there, unless it is being typed again."""
    before = "" if standing.retypes else standing.draft.text
    text = f"{before}. {words}" if before and words not in before else before or words
    return replace(standing, draft=replace(standing.draft, text=text), retypes=False)


def _moved(standing: Standing, to: Name) -> Standing:
    """On another screen; where the draft goes on is remembered whenever a screen of it is shown. The menu is about no
    complaint in particular, and who leaves words that were to be typed again keeps them."""
    moved = replace(standing.at(to), retypes=False)
    if to is Name.MENU:
        return replace(moved, case="")
    return replace(moved, goes_on=to, goes_on_page=0) if to in DRAFTING else moved


def _is_enough(answer: str, typing: Typing) -> bool:
    signs = sum(sign.isalnum() for sign in answer)
    return signs >= typing.least and (not typing.letters or any(sign.isalpha() for sign in answer))


def _why(screen: Screen) -> Wrong:
    return Wrong.SHORT if screen.types and screen.types.keeps != "case" else Wrong.KEY


def _numbered(answer: str, offered: Sequence[T]) -> T | None:
    """What has this number, counted from 1."""
    number = int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 3 else 0
    return offered[number - 1] if 0 < number <= len(offered) else None


def filed(standing: Standing) -> Standing:
    """What is left once the draft is a complaint."""
    return replace(standing, draft=Draft(), goes_on=None, goes_on_page=0, retypes=False)
