"""Which desk a complaint goes to: the office of the routing matrix's row, or triage with the reason why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from smsgw.domain.marks import N_
from smsgw.domain.understanding import Understanding
from smsgw.domain.understanding.outcome import SURE_ENOUGH

OUTSIDE = "NGOAI"


class WhyTriage(StrEnum):
    """Why a person must look before an office gets it."""

    NONE = ""
    EMERGENCY = "emergency"
    DENUNCIATION = "denunciation"
    OUTSIDE = "outside"
    NO_FIELD = "no_field"
    NO_PLACE = "no_place"
    NO_OFFICE = "no_office"
    UNSURE = "unsure"
    ADDITION = "addition"
    PASSED = "passed"
    BOUNCED = "bounced"


# Source sentences for the desk; each is in every catalog.
WORDS = {
    WhyTriage.EMERGENCY: N_("Emergency: phone the sender now"),
    WhyTriage.DENUNCIATION: N_(
        "May be a denunciation or a complaint against a decision: guide the sender to the lawful channel"
    ),
    WhyTriage.OUTSIDE: N_("The place named lies outside our units"),
    WhyTriage.NO_FIELD: N_("No field was recognised"),
    WhyTriage.NO_PLACE: N_("No ward or commune was recognised"),
    WhyTriage.NO_OFFICE: N_("The routing matrix names no office for this field here"),
    WhyTriage.UNSURE: N_("The field is not certain"),
    WhyTriage.ADDITION: N_("Reads like an addition, but this number had no open complaint"),
    WhyTriage.PASSED: N_("Another unit passed it on: see the reason below"),
    WhyTriage.BOUNCED: N_("Passed on again and again: the leader decides which office answers"),
}
# A later text that tells field or place may route these without a person.
MENDED_BY_MORE_WORDS = frozenset({WhyTriage.NO_FIELD, WhyTriage.NO_PLACE})


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a complaint lies: a unit and its office, or the unit's triage."""

    unit_id: int
    office_id: int | None
    why: WhyTriage = WhyTriage.NONE


@dataclass(frozen=True, slots=True)
class Matrix:
    """The routing matrix: (field, unit) → office, the units by code, and the unit that checks what has no place."""

    offices: Mapping[tuple[str, int], int]
    units: Mapping[str, int]
    home_id: int

    def desk(self, read: Understanding, why: WhyTriage = WhyTriage.NONE) -> Desk:
        """The desk for what was read; `why` sends it to triage whatever the matrix says."""
        named = self.units.get(read.unit_today or "")
        unit_id = named or self.home_id
        office = self.offices.get((read.category or "", unit_id))
        reason = why or _why(read, has_unit=named is not None, has_office=office is not None)
        return Desk(unit_id, None if reason else office, reason)


def _why(read: Understanding, *, has_unit: bool, has_office: bool) -> WhyTriage:
    if read.denunciation:
        return WhyTriage.DENUNCIATION
    if read.ward == OUTSIDE:
        return WhyTriage.OUTSIDE
    if read.category is None:
        return WhyTriage.NO_FIELD
    if not has_unit:
        return WhyTriage.NO_PLACE
    if not has_office:
        return WhyTriage.NO_OFFICE
    return WhyTriage.NONE if read.category_confidence >= SURE_ENOUGH else WhyTriage.UNSURE
