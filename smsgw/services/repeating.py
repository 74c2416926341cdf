"""Finds, in a batch of texts, those that a provider brings a second time under a new id."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.grammar import Command
from smsgw.domain.repeats import WINDOW_OF_ONE_SECOND, Told, are_one, can_repeat
from smsgw.store.inbox import Arrived, Outcome
from smsgw.store.tables import Inbound

REPEAT = "repeat"


class First(NamedTuple):
    """The text that was worked on first. Of one of the same batch the complaint is in its outcome."""

    id: int
    complaint_id: int | None = None


def repeats(
    session: Session, batch: Iterable[tuple[Arrived, Command]], repeaters: Collection[str]
) -> Mapping[int, First]:
    """The first text of each that is a repeat, by the repeat's id. `repeaters` are the providers that may bring one.

    The caller holds the senders' locks, so that of two that are worked on side by side the second sees the first: the one
    worked on first counts as the first. What waits or was set apart counts for nothing, lest both be given up for each
    other. Nothing is asked of the database unless a text may be a repeat.
    """
    suspects = [
        text for text, command in batch if text.provider in repeaters and can_repeat(text.body, command.verb.value)
    ]
    if not suspects:
        return {}
    firsts = _worked_on(session, suspects)
    found: dict[int, First] = {}
    for text in suspects:
        told = Told(text.sender, text.recipient, text.body, text.received_at, text.sent_at)
        if first := next((first for first, known in firsts if first.id != text.id and are_one(known, told)), None):
            found[text.id] = first
        else:
            firsts.append((First(text.id), told))
    return found


def unanswered(text: Arrived, command: Command, first: First, outcomes: Mapping[int, Outcome]) -> Outcome:
    """A repeat stays beside the first one, opens nothing and is answered with nothing."""
    complaint_id = outcomes[first.id].complaint_id if first.id in outcomes else first.complaint_id
    return Outcome(text.id, command.verb.value, command.reference, REPEAT, "", complaint_id, repeat_of=first.id)


def _worked_on(session: Session, suspects: Sequence[Arrived]) -> list[tuple[First, Told]]:
    """What the same senders wrote around that time and what became something."""
    times = [text.received_at for text in suspects]
    known = select(
        Inbound.id,
        Inbound.complaint_id,
        Inbound.sender,
        Inbound.recipient,
        Inbound.body,
        Inbound.received_at,
        Inbound.sent_at,
    ).where(
        Inbound.sender.in_({text.sender for text in suspects}),
        Inbound.received_at.between(min(times) - WINDOW_OF_ONE_SECOND, max(times) + WINDOW_OF_ONE_SECOND),
        Inbound.state == "processed",
        Inbound.repeat_of.is_(None),
    )
    return [(First(*row[:2]), Told(*row[2:])) for row in session.execute(known.order_by(Inbound.id))]
