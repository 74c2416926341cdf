"""What the script may know about the locality and the caller; the caller's complaints are looked up when first asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from smsgw.domain.categories import CategoryCode
from smsgw.domain.notices import StatusReport
from smsgw.domain.ussd.script import Choice, Listing, Only, Screen, When
from smsgw.domain.verdicts import Verdict

FIELDS = tuple(CategoryCode)
SCORES = ("1", "2", "3", "4", "5")
ELSEWHERE = ""  # the code of no ward or commune of today


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward or commune of today."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint of the caller's own. `answer` is the text of the answer as it was sent, empty without one. An `awaited`
    one waits for a word whether it is done. A `hidden` one is told of only to who gives its reference: phones are shared."""

    report: StatusReport
    answer: str = ""
    rated: bool = False
    awaited: bool = False
    hidden: bool = False

    @property
    def reference(self) -> str:
        return self.report.reference


def _nothing() -> Sequence[Case]:
    return ()


@dataclass(frozen=True)
class Known:
    """`wards` in the order in which they are offered; `look_up` gives the caller's complaints, newest first."""

    wards: Sequence[Ward]
    languages: Sequence[str]
    look_up: Callable[[], Sequence[Case]] = _nothing

    @cached_property
    def cases(self) -> Sequence[Case]:
        return self.look_up()

    @property
    def in_sight(self) -> Sequence[Case]:
        """Those that may be listed."""
        return [case for case in self.cases if not case.hidden]

    def case(self, reference: str) -> Case | None:
        """The caller's own with this reference."""
        return next((case for case in self.cases if case.reference == reference), None) if reference else None

    def listed(self, listing: Listing) -> tuple[str, ...]:
        """What stands under each number of a list, the first under 1."""
        match listing:
            case Listing.FIELDS:
                return tuple(code.value for code in FIELDS)
            case Listing.WARDS:
                return (*(ward.code for ward in self.wards), ELSEWHERE)
            case Listing.WHENS:
                return tuple(when.value for when in When)
            case Listing.CASES:
                return tuple(case.reference for case in self.in_sight)
            case Listing.ANSWERED:
                return tuple(case.reference for case in self.in_sight if case.answer)
            case Listing.SCORES:
                return SCORES
            case Listing.VERDICTS:
                return tuple(verdict.value for verdict in Verdict)
            case Listing.LANGUAGES:
                return tuple(self.languages)

    def offered(self, screen: Screen, reference: str) -> tuple[Choice, ...]:
        """The choices of a screen for this complaint, as they are numbered."""
        return tuple(choice for choice in screen.choices if choice.only is None or self._fits(choice.only, reference))

    def _fits(self, only: Only, reference: str) -> bool:
        case = self.case(reference)
        if case is None:
            return False
        match only:
            case Only.ANSWERED:
                return bool(case.answer)
            case Only.UNRATED:
                return bool(case.answer) and not case.rated
            case Only.AWAITED:
                return case.awaited
