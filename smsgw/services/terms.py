"""Sets how long an answer may take, by a row of its own with its first day: a term once told to a citizen stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Level, Measure
from smsgw.store.tables import DeadlineRule, Unit


class TermError(ValueError):
    """What was asked cannot be done; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """`amount` working days or hours from `first` on. No field or unit: every one. `source` is the act it comes from."""

    field: CategoryCode | None
    unit: Unit | None
    level: Level
    amount: int
    measure: Measure
    source: str
    confirmed: bool
    first: date


def set_term(session: Session, new: NewTerm, *, today: date) -> DeadlineRule:
    """Writes the term down; the one of the same field, unit and level ends the day before. One that would begin on the same
    day or later is replaced."""
    source = " ".join(new.source.split())
    if not source:
        raise TermError("Give the act that the term comes from as --source.")
    if new.first < today:
        raise TermError("A term cannot begin in the past: what citizens were told stays.")
    for old in _of_the_same(session, new):
        if old.valid_from >= new.first:
            session.delete(old)
        else:
            old.valid_to = new.first - timedelta(days=1)
    rule = DeadlineRule(
        category=new.field.value if new.field else None,
        unit_id=new.unit.id if new.unit else None,
        level=new.level.value,
        amount=new.amount,
        measure=new.measure.value,
        source=source,
        confirmed=new.confirmed,
        valid_from=new.first,
    )
    session.add(rule)
    session.flush()
    return rule


def _of_the_same(session: Session, new: NewTerm) -> Sequence[DeadlineRule]:
    """The rows of this field, unit and level that would still hold on its first day or later."""
    same = (
        DeadlineRule.category.is_not_distinct_from(new.field.value if new.field else None),
        DeadlineRule.unit_id.is_not_distinct_from(new.unit.id if new.unit else None),
        DeadlineRule.level == new.level.value,
        or_(DeadlineRule.valid_to.is_(None), DeadlineRule.valid_to >= new.first),
    )
    return session.scalars(select(DeadlineRule).where(*same)).all()
