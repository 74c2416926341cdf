"""Web addresses and telephone numbers in what an official writes to a citizen: those that no list allows."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from smsgw.domain.phone import normalised
from smsgw.domain.plain import fold

# Endings that are no Vietnamese word: "xong.co nuoc" is a blank forgotten. Any ending counts before a path.
_ENDINGS: Final = (
    "vn|com|net|org|info|biz|io|ly|gl|gg|xyz|site|online|shop|store|app|link|click|vip|asia|club|page|dev|pro|icu"
)
_LINK: Final = re.compile(
    r"https?://\S+|(?<![a-z0-9.-])www\.\S+"
    rf"|(?<![a-z0-9.-])(?:[a-z0-9-]+\.)+(?:(?:{_ENDINGS})(?![a-z0-9-])(?:[/:?]\S*)?|[a-z]{{2,}}/\S+)"
)
_HOST: Final = re.compile(r"(?:https?://)?(?:[^/\\@\s]*@)?([a-z0-9.-]+)")
_DATE: Final = re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d]|[./-]\d)")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+\d(?:[ .-]?\d){7,13}|(?:0|84|1[89]00)(?:[ .-]?\d){4,11})(?!\d)")
_FEWEST: Final = 8  # digits; hotlines such as 1022 and 113 are shorter
_TAIL: Final = ".,;:!?)\"'"


def strange(text: str, allowed: Iterable[str]) -> list[str]:
    """Each address and number that is not `allowed`, once, as it is written. An allowed domain allows what is under it."""
    told = [one.strip().lower() for one in allowed]
    numbers = {_digits(normalised(one)) for one in told}
    found = [*_links(text, told), *_numbers(text, numbers)]
    return list(dict.fromkeys(found))


def _links(text: str, allowed: Iterable[str]) -> Iterator[str]:
    folded = fold(text)
    for match in _LINK.finditer(folded.text):
        host = _HOST.match(match[0])
        name = host[1].strip(".").removeprefix("www.") if host else ""
        if not any(name == one or name.endswith(f".{one}") for one in allowed):
            yield folded.said(*match.span()).rstrip(_TAIL)


def _numbers(text: str, allowed: Iterable[str]) -> Iterator[str]:
    folded = fold(text)
    plain = _DATE.sub(lambda date: "x" * len(date[0]), folded.text)
    for match in _PHONE.finditer(plain):
        digits = _digits(match[0])
        if len(digits) >= _FEWEST and not {digits, _digits(normalised(match[0]))}.intersection(allowed):
            yield folded.said(*match.span())


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
