"""What reading a citizen's text yields."""

from dataclasses import dataclass
from enum import StrEnum

from smsgw.domain.categories import CategoryCode
from smsgw.domain.grammar import Command

SURE_ENOUGH = 0.6  # below it a person decides the field; above it nine in ten are right on lines never seen


class Intent(StrEnum):
    """What the sender wants."""

    EMERGENCY = "emergency"
    STOP = "stop"
    SPAM = "spam"
    WRONG_NUMBER = "wrong_number"
    NEW_COMPLAINT = "new_complaint"
    RATING = "rating"
    FOLLOWUP = "followup"
    STATUS = "status"
    THANKS = "thanks"
    MENU = "menu"
    HELP = "help"
    CONFIRM = "confirm"


class Missing(StrEnum):
    """What an office must still ask before it can act."""

    WHAT = "what"
    PLACE = "place"
    WHEN = "when"
    WHO = "who"


class Sensitive(StrEnum):
    """Matters that only named people should read."""

    DEATH = "death"
    VIOLENCE = "violence"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One text, understood. A citizen's text is never thrown away: with no rule it is a complaint of low confidence.

    `ward` is the unit as named (or NGOAI for one outside, or None), `unit_today` the code of the unit that answers for
    it now; `place_text` is a verbatim piece of the text. `emergency` asks for 113, 114 or 115 at once; `denunciation`
    says that the sender accuses somebody, or contests a decision, which has a procedure of its own. Confidences are
    0..1; `reference` is a complaint that is
    named, not judged. `reasons` are short English notes for the official who checks the suggestion.
    """

    intent: Intent
    category: CategoryCode | None = None
    category_confidence: float = 0.0
    ward: str | None = None
    unit_today: str | None = None
    place_text: str | None = None
    missing: frozenset[Missing] = frozenset()
    urgent: bool = False
    emergency: bool = False
    sensitive: frozenset[Sensitive] = frozenset()
    denunciation: bool = False
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    command: Command | None = None
    reference: str | None = None
