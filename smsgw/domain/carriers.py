"""What a segment costs with each sending provider, what its networks take, and when a text wears its tone marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

SIMULATED: Final = "simulator"
# What carriers forbid and a neighbour says as well. The rest becomes a blank.
_SAID_BY: Final = {"[": "(", "]": ")", "{": "(", "}": ")", "\\": "/", "&": "+"}


class Marked(StrEnum):
    """Which kinds of text wear tone marks for a citizen who wants them."""

    ALL = "all"
    LETTERS = "letters"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in a currency as the provider's bill has it; nothing is known of how currencies compare."""

    amount: Decimal
    currency: str

    def of(self, segments: int) -> "Price":
        """What so many segments cost."""
        return Price(self.amount * segments, self.currency)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What is known of a sending provider: the `price` of a segment (None: not known, so none is shown), the signs its
    networks take no text with, whether texts must match a template registered with it, and whether it carries tone marks."""

    price: Price | None = None
    forbidden: str = ""
    registered: bool = False
    tone_marks: bool = True

    def refuses(self, text: str) -> str:
        """The forbidden signs in a text, each once, in the order in which they stand there."""
        return "".join(dict.fromkeys(sign for sign in text if sign in self.forbidden))

    def taken(self, text: str) -> str:
        """The text without those signs: a look-alike in their place, else nothing."""
        if not self.forbidden or not self.refuses(text):
            return text
        allowed = {sign: "" if by in self.forbidden else by for sign, by in _SAID_BY.items()}
        said = text.translate({ord(sign): allowed.get(sign, " ") for sign in self.forbidden})
        return "\n".join(" ".join(line.split()) for line in said.split("\n"))


@dataclass(frozen=True, slots=True)
class Carriers:
    """The sending providers in order of preference with what is known of each; `marked` says which texts wear tone marks,
    `marks_up_to` what one may cost at most with them; `allowed` are web addresses and telephone numbers that any text may
    hold."""

    order: tuple[str, ...] = ()
    known: Mapping[str, Carrier] = field(default_factory=dict)
    marked: Marked = Marked.ALL
    marks_up_to: Decimal | None = None
    allowed: tuple[str, ...] = ()

    def name(self, heard: str) -> str:
        """The provider that a text leaves by while nothing is in its way, where the person wrote through `heard`."""
        if heard in self.order:
            return heard
        real = [name for name in self.order if name != SIMULATED]
        return next(iter(real or self.order), "")

    def of(self, heard: str) -> Carrier:
        """What is known of that provider."""
        return self.known.get(self.name(heard), Carrier())

    def wears_marks(self, carrier: Carrier, *, letter: bool) -> bool:
        """Whether a text for somebody who wants tone marks wears them; a `letter` is in an official's own words."""
        wanted = self.marked is Marked.ALL or (letter and self.marked is Marked.LETTERS)
        return wanted and carrier.tone_marks

    def worth_marks(self, carrier: Carrier, segments: int) -> bool:
        """Whether so many segments may be spent on a text with tone marks. Where no price is known, they may."""
        if self.marks_up_to is None or carrier.price is None:
            return True
        return carrier.price.of(segments).amount <= self.marks_up_to
