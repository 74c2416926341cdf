"""What a complaint still owes: every step with a term, which stage of it was told, and when a clock must look next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smsgw.domain.deadlines import Stage, Step, look_again_at, reached
from smsgw.services import pausing
from smsgw.services.handbook import Handbook
from smsgw.store.tables import OPEN_STATES, Complaint


@dataclass(frozen=True, slots=True)
class Debt:
    """A step that is still to be done: until when, by which row of the table of terms, and the stage that officials were told
    of."""

    step: Step
    due: datetime
    rule_id: int | None
    told: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage of a step that is reached and not told yet."""

    debt: Debt
    stage: Stage


def owed(complaint: Complaint) -> list[Debt]:
    """In the order of the steps. Nothing while the clock stands and once it is over. What would fall due after the answer
    says nothing more."""
    if complaint.state not in OPEN_STATES or complaint.paused_at is not None:
        return []
    return list(_owed(complaint))


def _owed(complaint: Complaint) -> Iterator[Debt]:
    for step in (Step.RECEIVE, Step.PASS_ON, Step.RESOLVE):
        told = complaint.steps.get(step.value)
        if told is None or is_done(complaint, step):
            continue
        due = datetime.fromisoformat(told["due"])
        if complaint.due_at is None or due < complaint.due_at:
            yield Debt(step, due, told["rule"], told.get("stage", ""))
    if complaint.due_at is not None:
        yield Debt(Step.ANSWER, complaint.due_at, complaint.rule_id, complaint.stage)


def is_done(complaint: Complaint, step: Step) -> bool:
    """Once an office has it, it was received and passed on; once somebody has opened it, it was received."""
    has_office = complaint.office_id is not None
    return (step is Step.PASS_ON and has_office) or (
        step is Step.RECEIVE and (has_office or complaint.unopened_since is None)
    )


def untold(complaint: Complaint, handbook: Handbook, at: datetime) -> list[Reached]:
    """For each step the latest stage reached by this moment, where officials were not told of it."""
    stages = ((debt, stage_of(complaint, handbook, debt, at)) for debt in owed(complaint))
    return [Reached(debt, stage) for debt, stage in stages if stage and stage.name != debt.told]


def stage_of(complaint: Complaint, handbook: Handbook, debt: Debt, at: datetime) -> Stage | None:
    """The latest stage of this step reached by this moment."""
    pace = pausing.pace(complaint, handbook, debt.rule_id)
    return reached(pausing.begun_at(complaint), debt.due, at, pace)


def keep_told(complaint: Complaint, step: Step, stage: str) -> None:
    """Officials were told of this stage."""
    if step is Step.ANSWER:
        complaint.stage = stage
    else:
        complaint.steps = {**complaint.steps, step.value: {**complaint.steps[step.value], "stage": stage}}


def tell_anew(complaint: Complaint) -> None:
    """Whoever has it now hears of the stages already reached; a phone that was told of one is not told again."""
    complaint.stage = ""
    complaint.steps = {step: {**told, "stage": ""} for step, told in complaint.steps.items()}


def unopened_at(complaint: Complaint, handbook: Handbook) -> datetime | None:
    """When it will have lain unopened for too long; None once somebody has opened it, or it is over."""
    if complaint.unopened_since is None or complaint.state not in OPEN_STATES:
        return None
    after = handbook.vigilance.unopened_after
    return pausing.calendar(complaint, handbook).after_work(complaint.unopened_since, after)


def next_look(complaint: Complaint, handbook: Handbook, now: datetime) -> datetime | None:
    """The next moment at which something is to be told; None when all is behind. A clock that stands is looked at when it
    runs on by itself."""
    if complaint.paused_at is not None:
        return pausing.paused_until(complaint, handbook)
    begun, unopened = pausing.begun_at(complaint), unopened_at(complaint, handbook)
    looks = [
        look_again_at(begun, debt.due, now, pausing.pace(complaint, handbook, debt.rule_id)) for debt in owed(complaint)
    ]
    return min((at for at in (*looks, unopened) if at and at > now), default=None)
