"""How a complaint's clock stands, as its page shows it: running or not, earlier steps, more time asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.language import gettext
from handlers.words import Term, term
from smsgw.domain.deadlines import Step
from smsgw.services import owing, pausing
from smsgw.services.handbook import Handbook
from smsgw.store import extensions
from smsgw.store.database import Transaction
from smsgw.store.tables import OPEN_STATES, Complaint, Extension


@dataclass(frozen=True, slots=True)
class Clock:
    """`question_stops` says that a question would stop it now, `runs_on_at` when one that stands runs on by itself;
    `steps` are due moments before the answer's, of what is still owed; `earliest` is the first day that may be asked for."""

    question_stops: bool
    runs_on_at: datetime | None
    steps: Mapping[Step, datetime]
    wished: Extension | None
    granted: int
    earliest: date | None


def clock_of(session: Transaction, handbook: Handbook, complaint: Complaint, now: datetime) -> Clock:
    """Everything about it."""
    return Clock(
        question_stops=pausing.may_pause(complaint, handbook, now),
        runs_on_at=pausing.paused_until(complaint, handbook),
        steps=_owed(complaint),
        wished=extensions.asked(session, complaint.id),
        granted=extensions.granted(session, complaint.id),
        earliest=_earliest(handbook, complaint, now),
    )


def term_now(complaint: Complaint, now: datetime, near_until: datetime) -> Term | None:
    """How its term stands; none once it is closed."""
    if complaint.state not in OPEN_STATES:
        return None
    if complaint.paused_at is not None:
        return Term("none", gettext("The clock stands"))
    return term(complaint.due_at, now, near_until)


def _owed(complaint: Complaint) -> Mapping[Step, datetime]:
    """What falls due after the answer says nothing more."""
    steps = {Step(step): _due(told) for step, told in complaint.steps.items()}
    last = complaint.due_at or complaint.due_before_pause
    return {
        step: at for step, at in steps.items() if not owing.is_done(complaint, step) and (last is None or at < last)
    }


def _due(told: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(told["due"])


def _earliest(handbook: Handbook, complaint: Complaint, now: datetime) -> date | None:
    """None where no more time may be asked for: without a due date, and once it has passed."""
    if complaint.due_at is None or complaint.due_at <= now:
        return None
    calendar = handbook.calendar_of(complaint.unit_id)
    return calendar.day_of(calendar.after_days(complaint.due_at, 1))
