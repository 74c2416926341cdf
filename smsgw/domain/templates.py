"""Texts that officials write often: placeholders we fill in, blanks they must fill in, and what is wrong with either."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = 600
LONGEST_TITLE: Final = 60
_MARK: Final = re.compile(r"\{\{([^{}]*)\}\}|\{([^{}]*)\}")
_BRACE: Final = re.compile(r"[{}]")


class Placeholder(StrEnum):
    """What we know of a complaint and fill in."""

    REFERENCE = "reference"
    OFFICE = "office"
    UNIT = "unit"
    PLACE = "place"
    DATE = "date"
    DUE = "due"


class Flaw(StrEnum):
    """Why a template is not kept."""

    NO_TITLE = "no_title"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    NAMELESS = "nameless"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A flaw, and the part of the text that it is about."""

    flaw: Flaw
    part: str = ""


def wrong_with(title: str, body: str) -> Iterator[Wrong]:
    """Everything that stands against keeping it. A blank is `{{what to write}}`, a placeholder `{reference}`."""
    if not title.strip():
        yield Wrong(Flaw.NO_TITLE)
    if not body.strip():
        yield Wrong(Flaw.EMPTY)
    if len(body) > LONGEST or len(title) > LONGEST_TITLE:
        yield Wrong(Flaw.TOO_LONG)
    for match in _MARK.finditer(body):
        blank, name = match.groups()
        if blank is not None and not blank.strip():
            yield Wrong(Flaw.NAMELESS, match[0])
        if name is not None and name not in list(Placeholder):
            yield Wrong(Flaw.UNKNOWN, match[0])
    if _BRACE.search(_MARK.sub("", body)):
        yield Wrong(Flaw.STRAY)


def filled(body: str, known: Mapping[Placeholder, str], blanks: Mapping[Placeholder, str]) -> str:
    """With what is known in its place; what is not becomes a blank of the name that `blanks` has for it."""

    def said(match: re.Match[str]) -> str:
        name = match[2]
        if name is None or name not in list(Placeholder):
            return match[0]
        return known.get(Placeholder(name)) or f"{{{{{blanks[Placeholder(name)]}}}}}"

    return _MARK.sub(said, body)


def blanks(text: str) -> list[str]:
    """What is still to be filled in of a text that is to be sent, each once, as it stands there."""
    return list(dict.fromkeys(match[0] for match in _MARK.finditer(text) if match[1] is not None or _named(match[2])))


def _named(name: str) -> bool:
    return name in list(Placeholder)
