"""The script as data: every screen, what it asks, where each answer leads. One script serves every provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smsgw.domain.marks import N_

BACK, HOME, NEXT = "0", "00", "99"  # the same on every screen; what lists offer is numbered from 1


class Name(StrEnum):
    """What a screen is called."""

    MENU = "menu"
    RESUME = "resume"
    FIELD = "field"
    WARD = "ward"
    HAMLET = "hamlet"
    TEXT = "text"
    WHEN = "when"
    CONFIRM = "confirm"
    FILED = "filed"
    CASES = "cases"
    CASE = "case"
    ANSWER = "answer"
    ANSWERED = "answered"
    SCORE = "score"
    RATED = "rated"
    VERDICT = "verdict"
    JUDGED = "judged"
    LANGUAGE = "language"
    HELP = "help"
    CALLBACK = "callback"
    CALLED = "called"
    LEFT = "left"


class Act(StrEnum):
    """What is to be done before the next screen is shown."""

    FILE = "file"
    DROP = "drop"
    RETYPE = "retype"
    GO_ON = "go_on"
    RATE = "rate"
    JUDGE = "judge"
    SPEAK = "speak"
    CALL = "call"


class Listing(StrEnum):
    """What a screen lists, numbered through all its pages."""

    FIELDS = "fields"
    WARDS = "wards"
    WHENS = "whens"
    CASES = "cases"
    ANSWERED = "answered"
    SCORES = "scores"
    VERDICTS = "verdicts"
    LANGUAGES = "languages"


class Body(StrEnum):
    """Words that are found when a screen is shown. A brief one is shortened to leave room for the choices."""

    SUMMARY = "summary"
    STANDING = "standing"
    ANSWER = "answer"
    HELP = "help"
    CALL = "call"
    NONE_SENT = "none_sent"


class Only(StrEnum):
    """When a choice is offered."""

    ANSWERED = "answered"
    UNRATED = "unrated"
    AWAITED = "awaited"


class When(StrEnum):
    """Since when something is so, as one key says it."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LONGER = "longer"
    UNSURE = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered choice."""

    says: str
    to: Name
    act: Act | None = None
    only: Only | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """Words of the person's own: the part of the draft that keeps them, and how many letters or digits they must have.
    With `letters` digits alone will not do. One that is `optional` may be passed over with the next key."""

    keeps: str
    least: int
    letters: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """`title` is what administrators call it. `asks` heads the first page; `body`, `lists` and `choices` follow it in this
    order. What is picked from a list is kept under `keeps` and leads to `then`, as does what is typed. `back` is where the
    back key leads, None for out. An end waits for nothing. `leaves` the draft alone: nothing of it is asked here."""

    title: str
    asks: str = ""
    body: Body | None = None
    lists: Listing | None = None
    keeps: str = ""
    choices: tuple[Choice, ...] = ()
    types: Typing | None = None
    then: Name | None = None
    act: Act | None = None
    back: Name | None = Name.MENU
    ends: bool = False


SCREENS: Final[Mapping[Name, Screen]] = {
    Name.MENU: Screen(
        N_("Main menu"),
        choices=(
            Choice(N_("Send a complaint"), Name.FIELD),
            Choice(N_("My complaints, answers"), Name.CASES),
            Choice(N_("Rate an answer"), Name.ANSWERED),
            Choice(N_("Phone me back"), Name.CALLBACK),
            Choice(N_("Ngôn ngữ/Language"), Name.LANGUAGE),
            Choice(N_("Help"), Name.HELP),
        ),
        back=None,
    ),
    Name.RESUME: Screen(
        N_("Go on after a break"),
        asks=N_("You were cut off. Everything is kept."),
        choices=(
            Choice(N_("Go on"), Name.MENU, Act.GO_ON),
            Choice(N_("Drop it, begin anew"), Name.MENU, Act.DROP),
        ),
    ),
    Name.FIELD: Screen(
        N_("Field"), asks=N_("What is it about?"), lists=Listing.FIELDS, keeps="field", then=Name.WARD, back=Name.MENU
    ),
    Name.WARD: Screen(
        N_("Ward or commune"), asks=N_("Where?"), lists=Listing.WARDS, keeps="ward", then=Name.HAMLET, back=Name.FIELD
    ),
    Name.HAMLET: Screen(
        N_("Hamlet, street or house"),
        asks=N_("Type the hamlet, road, house number."),
        types=Typing("hamlet", least=1, optional=True),
        then=Name.TEXT,
        back=Name.WARD,
    ),
    Name.TEXT: Screen(
        N_("What is wrong"),
        asks=N_("Type what is wrong."),
        types=Typing("text", least=3, letters=True),
        then=Name.WHEN,
        back=Name.HAMLET,
    ),
    Name.WHEN: Screen(
        N_("Since when"), asks=N_("Since when?"), lists=Listing.WHENS, keeps="when", then=Name.CONFIRM, back=Name.TEXT
    ),
    Name.CONFIRM: Screen(
        N_("Confirm"),
        body=Body.SUMMARY,
        choices=(
            Choice(N_("Send"), Name.FILED, Act.FILE),
            Choice(N_("Type again"), Name.TEXT, Act.RETYPE),
            Choice(N_("Drop it"), Name.LEFT, Act.DROP),
        ),
        back=Name.WHEN,
    ),
    Name.FILED: Screen(N_("Receipt"), ends=True),
    Name.CASES: Screen(
        N_("My complaints"),
        asks=N_("Choose, or type a number:"),
        body=Body.NONE_SENT,
        lists=Listing.CASES,
        keeps="case",
        types=Typing("case", least=5),
        then=Name.CASE,
    ),
    Name.CASE: Screen(
        N_("Where a complaint stands"),
        body=Body.STANDING,
        choices=(
            Choice(N_("Read the answer"), Name.ANSWER, only=Only.ANSWERED),
            Choice(N_("Say if it is done"), Name.VERDICT, only=Only.AWAITED),
            Choice(N_("Rate the answer"), Name.SCORE, only=Only.UNRATED),
            Choice(N_("Phone me about it"), Name.CALLBACK),
        ),
        back=Name.CASES,
    ),
    Name.ANSWER: Screen(
        N_("An answer"),
        body=Body.ANSWER,
        choices=(
            Choice(N_("Say if it is done"), Name.VERDICT, only=Only.AWAITED),
            Choice(N_("Rate the answer"), Name.SCORE, only=Only.UNRATED),
        ),
        back=Name.CASE,
    ),
    Name.ANSWERED: Screen(
        N_("Answers to rate"),
        asks=N_("Which answer?"),
        body=Body.NONE_SENT,
        lists=Listing.ANSWERED,
        keeps="case",
        then=Name.SCORE,
    ),
    Name.SCORE: Screen(
        N_("Score"), asks=N_("How was the answer?"), lists=Listing.SCORES, then=Name.RATED, act=Act.RATE, back=Name.CASE
    ),
    Name.RATED: Screen(N_("Thanks for a score"), ends=True),
    Name.VERDICT: Screen(
        N_("Done or not"),
        asks=N_("Is it done?"),
        lists=Listing.VERDICTS,
        then=Name.JUDGED,
        act=Act.JUDGE,
        back=Name.CASE,
    ),
    Name.JUDGED: Screen(N_("What follows"), ends=True),
    Name.LANGUAGE: Screen(
        N_("Language"), asks=N_("Ngôn ngữ/Language"), lists=Listing.LANGUAGES, then=Name.MENU, act=Act.SPEAK
    ),
    Name.HELP: Screen(N_("Help"), body=Body.HELP),
    Name.CALLBACK: Screen(
        N_("Phone me back"), body=Body.CALL, choices=(Choice(N_("Yes, phone me"), Name.CALLED, Act.CALL),)
    ),
    Name.CALLED: Screen(N_("A call was asked for"), ends=True),
    Name.LEFT: Screen(N_("Left"), ends=True),
}
DRAFTING: Final = frozenset({Name.FIELD, Name.WARD, Name.HAMLET, Name.TEXT, Name.WHEN, Name.CONFIRM})
BRIEF: Final = frozenset({Body.SUMMARY})
