"""What a provider's values in the environment look like."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern that the whole value matches, and the words for it that complete "it must be"."""

    pattern: re.Pattern[str]
    words: str

    def fits(self, value: str) -> bool:
        return self.pattern.fullmatch(value) is not None


URL: Final = Shape(re.compile(r"https?://[^\s/?#]+[^\s?#]*"), "an address that begins with http:// or https://")

# 22 characters of base64url carry 132 bits, so that nobody meets a webhook's path by guessing.
TOKENS: Final = Shape(
    re.compile(r"[\w-]{22,}( *, *[\w-]{22,})*", re.ASCII),
    "at least 22 letters, digits, - or _ (several while rotating, separated by commas)",
)

RATE: Final = Shape(re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?"), "segments a second, such as 5 or 0.5; 0 for no limit")
