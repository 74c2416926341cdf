"""Short codes that officials type: drawn by chance, kept as a digest that only this house can make."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# Digits are one press each on any phone. With six of them, forty codes alive on one phone, and the lock of
# `WRONG_A_DAY`, a guesser who forges that phone's number finds one in four thousand days.
DIGITS: Final = 6
WRONG_A_DAY: Final = 6


@dataclass(frozen=True, slots=True)
class Mint:
    """`draw` gives a number from 0 up to, but not including, its argument."""

    secret: str
    draw: Callable[[int], int]

    def code(self) -> str:
        """A new code."""
        return f"{self.draw(10**DIGITS):0{DIGITS}}"

    def digest(self, *about: object, code: str) -> str:
        """What is kept of a code: good for what it is `about` and nothing else."""
        told = "\0".join(["code", *map(str, about), code])
        return hmac.new(self.secret.encode(), told.encode(), hashlib.sha256).hexdigest()
