"""What an official may do on a day: their own duties, and those of people on leave who named them as their deputy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.progress import Duty
from smsgw.domain.workdays import VIETNAM
from smsgw.store import absences, officials
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Official

NOT_HANDED_ON = frozenset({Duty.ADMIN, Duty.AUDITOR})  # a deputy answers for cases, not for the house or its records


@dataclass(frozen=True, slots=True)
class Hat:
    """Duties in one unit or office: the official's own, or, with a name, those of a person on leave."""

    unit_id: int
    duties: frozenset[str]
    name: str = ""

    def holds(self, complaint: Complaint) -> bool:
        """Whether these duties are over this complaint, which lies within somebody's scope."""
        of_unit = bool(self.duties & officials.WHOLE_UNIT) and complaint.unit_id == self.unit_id
        of_office = bool(self.duties & officials.OWN_OFFICE) and complaint.office_id == self.unit_id
        return of_unit or of_office or bool(self.duties & officials.WHOLE_PROVINCE)


def handed_on(session: Session, official_id: int, now: datetime) -> tuple[Hat, ...]:
    """Those of the people in whose place this official acts today."""
    absent = absences.stood_in_for(session, official_id, now.astimezone(VIETNAM).date())
    return tuple(Hat(one.unit_id, _duties(one) - NOT_HANDED_ON, one.name) for one in absent)


def of(session: Session, official: Official, now: datetime) -> tuple[Hat, ...]:
    """The official's own duties first, then those handed on."""
    return Hat(official.unit_id, _duties(official)), *handed_on(session, official.id, now)


def scope(session: Session, hats: Sequence[Hat]) -> Scope:
    """What is seen with any of them."""
    scopes = [officials.scope_of(session, hat.unit_id, hat.duties) for hat in hats]
    units, offices = (frozenset().union(*ids) for ids in ((s.units for s in scopes), (s.offices for s in scopes)))
    return Scope(units, offices)


def duties_over(hats: Sequence[Hat], complaint: Complaint) -> frozenset[str]:
    """Those that count for this complaint: what a person on leave may do in another office counts there alone."""
    own, *others = hats
    more = [hat.duties for hat in others if hat.holds(complaint)]
    kept = own.duties if own.holds(complaint) or not more else frozenset()
    return kept.union(*more)


def may_be_told(session: Session, official: Official, complaint: Complaint, now: datetime) -> bool:
    """Whether what became of a complaint may be texted to this official: the account stands, has a number, and the case is
    still theirs, perhaps as a deputy."""
    can_be_texted = official.active and bool(official.phone)
    return can_be_texted and scope(session, of(session, official, now)).holds(complaint)


def _duties(official: Official) -> frozenset[str]:
    return frozenset(role.name for role in official.roles)
