"""Templates registered with a carrier for a brand name: whether a text matches one of them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from smsgw.domain.plain import plain

_SLOT: Final = re.compile(r"\{[^{}]*\}")


def matches(text: str, templates: Iterable[str]) -> bool:
    """Whether the whole text is one of the templates with something in each slot, `{…}`. Case, tone marks and the number
    of blanks do not count, as carriers compare."""
    said = plain(text)
    return any(_pattern(template).fullmatch(said) for template in templates)


def is_template(text: str) -> bool:
    """Whether it says anything by itself: slots alone would match every text."""
    return any(sign.isalnum() for sign in _SLOT.sub("", text))


@lru_cache(maxsize=256)
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(r" ?\S.*? ?".join(re.escape(plain(part)) for part in _SLOT.split(template)))
