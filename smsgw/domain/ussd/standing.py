"""Where a session stands and what it holds: small enough to be written down at every turn."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from smsgw.domain.ussd.script import DRAFTING, SCREENS, Name


class Wrong(StrEnum):
    """What is said about the last answer before the screen is shown again."""

    KEY = "key"
    SHORT = "short"
    UNKNOWN = "unknown"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Draft:
    """A complaint as far as it is told. `ward` is a unit's code, "" for elsewhere; None is not asked yet."""

    field: str | None = None
    ward: str | None = None
    hamlet: str | None = None
    text: str = ""
    when: str | None = None

    @property
    def tells(self) -> bool:
        """Whether there is enough for a complaint: any words of the person's own. What they do not say is asked by SMS."""
        return bool(self.text or self.hamlet)

    @property
    def is_begun(self) -> bool:
        return self != Draft()

    def holds(self, words: str) -> bool:
        """Whether it says this already, be it in other capitals or with other stops between the words."""
        return _plain(words) in _plain(f"{self.text}\n{self.hamlet or ''}")

    def and_late(self, late: "Draft") -> "Draft":
        """With the words of one that came late as far as they are missing. Its keys count for nothing."""
        text = self.text if self.holds(late.text) else _joined(self.text, late.text)
        hamlet = self.hamlet if self.holds(late.hamlet or "") else _joined(self.hamlet or "", late.hamlet or "")
        return replace(self, text=text, hamlet=hamlet)

    @property
    def open_question(self) -> Name:
        """The first that was not answered; where all were, whether to send it."""
        told = {
            Name.FIELD: self.field,
            Name.WARD: self.ward,
            Name.HAMLET: self.hamlet,
            Name.TEXT: self.text or None,
            Name.WHEN: self.when,
        }
        return next((name for name, answer in told.items() if answer is None), Name.CONFIRM)


@dataclass(frozen=True, slots=True)
class Standing:
    """`page` is that of a long screen. `goes_on` and its page are where the draft was left; `case` is the complaint looked
    at; `retypes` says that the next words replace those of the draft."""

    screen: Name = Name.MENU
    page: int = 0
    wrong: Wrong | None = None
    draft: Draft = field(default_factory=Draft)
    goes_on: Name | None = None
    goes_on_page: int = 0
    case: str = ""
    retypes: bool = False

    @property
    def is_unfinished(self) -> bool:
        """Whether a redial may go on: something was told, or the person is beyond the first choice."""
        inside = self.screen not in (Name.MENU, Name.RESUME) and not SCREENS[self.screen].ends
        return self.draft.is_begun or inside or (self.screen is Name.RESUME and self.goes_on is not None)

    @property
    def was_drafting(self) -> bool:
        return self.draft.is_begun or self.screen in DRAFTING or self.goes_on in DRAFTING

    def at(self, screen: Name, page: int = 0) -> "Standing":
        """On another screen."""
        return replace(self, screen=screen, page=page, wrong=None)

    def cut_off(self) -> "Standing":
        """The same, asked whether to go on where it was left."""
        inside = self.screen not in (Name.MENU, Name.RESUME) and not SCREENS[self.screen].ends
        place, page = (self.screen, self.page) if inside else (self.goes_on or Name.FIELD, self.goes_on_page)
        return replace(self.at(Name.RESUME), goes_on=place, goes_on_page=page)

    def written(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)


def read(written: Mapping[str, Any]) -> Standing:
    """What `written` wrote; the beginning for nothing."""
    if not written:
        return Standing()
    told = dict(written)
    wrong, goes_on = told.pop("wrong"), told.pop("goes_on")
    return Standing(
        screen=Name(told.pop("screen")),
        wrong=Wrong(wrong) if wrong else None,
        draft=Draft(**told.pop("draft")),
        goes_on=Name(goes_on) if goes_on else None,
        **told,
    )


def _joined(before: str, words: str) -> str:
    return f"{before}. {words}" if before else words


def _plain(words: str) -> str:
    """The words alone, a blank around each."""
    return " " + "".join(f"{word} " for word in re.findall(r"\w+", words.casefold()))
