"""Gathers the evidence of a trial: the journals of those outside, and the rows of the product's database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.chaos.evidence import Attempt, Evidence, Handed, Letter, Move, Overdue, Told
from ops.chaos.journal import Entry, entries
from ops.chaos.messages import Message
from ops.chaos.names import FOCAL_PHONE, LEADER_PHONE
from ops.chaos.rows import MARK, Rows, utc_now

UNSETTLING = frozenset({"sender", "database"})


@dataclass(frozen=True, slots=True)
class Journals:
    """Where each is."""

    ledger: Path
    driver: Path
    nemesis: Path


def collect(
    journals: Journals,
    messages: Sequence[Message],
    rows: Rows,
    *,
    moves: Sequence[Move],
    waits: Mapping[str, float],
    looks_up: frozenset[str],
) -> Evidence:
    """Everything that is known, once the house stands still."""
    orders = entries(journals.ledger, "order")
    return Evidence(
        attempts=tuple(_attempts(journals, messages)),
        letters=tuple(_letters(journals)),
        handed=tuple(_handed(one) for one in orders if one["taken"]),
        told=tuple(_told(one) for one in entries(journals.ledger, "receipt") if not one["forged"]),
        texts=rows.texts(),
        complaints=rows.complaints(),
        outbox=rows.outbox(utc_now()),
        overdue=tuple(_overdue(journals)),
        moves=moves,
        breaks=tuple(one["at"] for one in entries(journals.nemesis, "deed") if one["part"] in UNSETTLING),
        waits=waits,
        ambiguous_faults=sum(one["ambiguous"] for one in orders),
        looks_up=looks_up,
    )


def latencies(journals: Journals) -> list[float]:
    """How long each call that was acknowledged took, in milliseconds, in order."""
    calls = entries(journals.driver, "call")
    return sorted(one["ms"] for one in calls if one["status"] is not None and one["status"] < 300)


def _attempts(journals: Journals, messages: Sequence[Message]) -> Iterator[Attempt]:
    first: dict[int, float] = {}
    called: set[int] = set()
    for one in entries(journals.driver, "call"):
        called.add(one["number"])
        if one["whole"]:
            first.setdefault(one["number"], one["at"])
    for message in messages:
        if message.number in called:
            ref = f"{message.ref}:{message.sender}" if message.kind == "ussd" else message.ref
            yield Attempt(message.provider, ref, message.kind, message.token, first.get(message.number))


def _letters(journals: Journals) -> Iterator[Letter]:
    tried: dict[str, Letter] = {}
    for one in entries(journals.driver, "answer"):
        mark = MARK.search(one["text"])
        before = tried.get(one["token"])
        went = one["status"] in (302, 409) or bool(before and before.acknowledged)
        tried[one["token"]] = Letter(one["token"], mark[0] if mark else "", went)
    return iter(tried.values())


def _handed(one: Entry) -> Handed:
    return Handed(one["at"], one["provider"], one["phone"], one["body"], _outbox_id(one["ref"]), one["ambiguous"])


def _told(one: Entry) -> Told:
    return Told(_outbox_id(one["ref"]), one["phone"], one["body"], one["word"])


def _outbox_id(ref: str) -> int | None:
    """Our reference begins with the outbox row's id."""
    digits = ref.partition(".")[0]
    return int(digits) if digits.isdigit() else None


def _overdue(journals: Journals) -> Iterator[Overdue]:
    """Long past, the last stage is told to the office, for which the unit's focal official stands in, and to the leader."""
    ids = dict.fromkeys(row_id for one in entries(journals.driver, "overdue") for row_id in one["ids"])
    return (Overdue(row_id, "overdue", 1, (FOCAL_PHONE, LEADER_PHONE)) for row_id in ids)
