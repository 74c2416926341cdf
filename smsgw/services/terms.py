"""Keeps the table of terms, row after row with its days of validity: a term once told to a citizen stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smsgw.data import tables
from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Counting, Level, Measure, Step
from smsgw.domain.marks import N_
from smsgw.store.tables import DeadlineRule, Unit

A_DAY = timedelta(days=1)


class TermError(ValueError):
    """What was asked cannot be done; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """`amount` working days or hours from `first` on, up to and with `last`. No field or unit: every one; a unit may be an
    office. `source` is the act it comes from; `pause_days` for how long a question to the citizen may stop the clock."""

    field: CategoryCode | None
    unit: Unit | None
    level: Level
    amount: int
    measure: Measure
    source: str
    confirmed: bool
    first: date
    last: date | None = None
    step: Step = Step.ANSWER
    counting: Counting = Counting.WORKING
    pause_days: int = 0


def set_term(session: Session, new: NewTerm, *, today: date) -> DeadlineRule:
    """Writes the term down; the one of the same step, field, unit and level ends the day before. One that would begin on
    the same day or later is replaced, up to the last day of the new one: from then on the former row holds again."""
    source = " ".join(new.source.split())
    if not source:
        raise TermError(N_("Give the act that the term comes from as --source."))
    if new.first < today:
        raise TermError(N_("A term cannot begin in the past: what citizens were told stays."))
    if new.last is not None and new.last < new.first:
        raise TermError(N_("A term cannot end before it begins."))
    for old in _of_the_same(session, new):
        if new.last is not None and (old.valid_to is None or old.valid_to > new.last):
            _write(session, replace(_as_new(session, old), first=new.last + A_DAY))
        _end(session, old, new.first - A_DAY, today)
    return _write(session, replace(new, source=source))


def _write(session: Session, new: NewTerm) -> DeadlineRule:
    rule = DeadlineRule(
        category=new.field.value if new.field else None,
        unit_id=new.unit.id if new.unit else None,
        level=new.level.value,
        step=new.step.value,
        amount=new.amount,
        measure=new.measure.value,
        counting=new.counting.value,
        pause_days=new.pause_days,
        source=new.source,
        confirmed=new.confirmed,
        valid_from=new.first,
        valid_to=new.last,
    )
    session.add(rule)
    session.flush()
    return rule


def confirm(session: Session, rule_id: int, *, today: date) -> DeadlineRule:
    """The same term, from today or its own first day on, with the locality's word for it. No other row changes."""
    old = _row(session, rule_id)
    if old.confirmed or (old.valid_to is not None and old.valid_to < today):
        raise TermError(N_("This row is confirmed already, or no longer in force."))
    first = max(today, old.valid_from)
    new = replace(_as_new(session, old), confirmed=True, first=first)
    _end(session, old, first - A_DAY, today)
    return _write(session, new)


def end(session: Session, rule_id: int, *, today: date) -> None:
    """The row speaks of nothing that comes from today on; complaints that came under it keep it."""
    old = _row(session, rule_id)
    if old.valid_to is not None and old.valid_to < today:
        raise TermError(N_("This row is no longer in force."))
    _end(session, old, today - A_DAY, today)


def presets() -> dict[str, list[dict[str, str]]]:
    """Rows of acts that we know of, by the name of the act."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in tables.rows("presets.csv"):
        found.setdefault(row["preset"], []).append(row)
    return found


def adopt(session: Session, preset: str, *, first: date, today: date) -> list[DeadlineRule]:
    """Takes an act's rows over, for every unit, as terms that the locality has not confirmed yet."""
    rows = presets().get(preset)
    if rows is None:
        raise TermError(f"There is no preset {preset!r}. Known: {', '.join(presets())}.")
    return [
        set_term(
            session,
            NewTerm(
                field=CategoryCode(row["category"]) if row["category"] else None,
                unit=None,
                level=Level(row["level"]),
                amount=int(row["amount"]),
                measure=Measure(row["measure"]),
                source=row["source"],
                confirmed=False,
                first=first,
                step=Step(row["step"]),
                counting=Counting(row["counting"]),
            ),
            today=today,
        )
        for row in rows
    ]


def _row(session: Session, rule_id: int) -> DeadlineRule:
    rule = session.get(DeadlineRule, rule_id)
    if rule is None:
        raise TermError(N_("There is no such row."))
    return rule


def _as_new(session: Session, rule: DeadlineRule) -> NewTerm:
    return NewTerm(
        field=CategoryCode(rule.category) if rule.category else None,
        unit=session.get(Unit, rule.unit_id) if rule.unit_id else None,
        level=Level(rule.level),
        amount=rule.amount,
        measure=Measure(rule.measure),
        source=rule.source,
        confirmed=rule.confirmed,
        first=rule.valid_from,
        last=rule.valid_to,
        step=Step(rule.step),
        counting=Counting(rule.counting),
        pause_days=rule.pause_days,
    )


def _end(session: Session, old: DeadlineRule, last: date, today: date) -> None:
    """Complaints may have come under a row that has begun, and name it: such a row stays, if only to hold on no day."""
    if old.valid_from > today and old.valid_from > last:
        session.delete(old)
    else:
        old.valid_to = max(last, old.valid_from - A_DAY)


def _of_the_same(session: Session, new: NewTerm) -> Sequence[DeadlineRule]:
    """The rows of this step, field, unit and level that would hold on one of its days."""
    same = (
        DeadlineRule.category.is_not_distinct_from(new.field.value if new.field else None),
        DeadlineRule.unit_id.is_not_distinct_from(new.unit.id if new.unit else None),
        DeadlineRule.level == new.level.value,
        DeadlineRule.step == new.step.value,
        or_(DeadlineRule.valid_to.is_(None), DeadlineRule.valid_to >= new.first),
        *([DeadlineRule.valid_from <= new.last] if new.last else []),
    )
    return session.scalars(select(DeadlineRule).where(*same)).all()
