"""Says which promises were broken, by comparing sets: what was acknowledged, what is stored, what providers sent."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from ops.chaos.evidence import Attempt, Evidence, Handed, Move, OutboxRow, TextRow

STUCK_AFTER_S = 60.0
CUT_SHORT_S = 25.0  # a sender that dies this long after a text was taken may not have written it down
CLOCKS_DIFFER_S = 1.0
ENDED = frozenset({"accepted", "delivered", "undelivered", "delivery_unknown", "failed", "cancelled", "unknown"})
SENT = frozenset({"accepted", "delivered"})

# One step each, from docs/architecture.md; what was not seen in between may be several steps. A genuine receipt tells of
# a text that its provider had already taken, wherever it stands here.
STEPS: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"dispatching", "cancelled", "failed", "accepted", "delivered", "undelivered"}),
    "dispatching": frozenset({"accepted", "unknown", "queued", "failed", "delivered", "undelivered"}),
    "unknown": frozenset({"queued", "accepted", "delivered", "undelivered", "failed"}),
    "accepted": frozenset({"delivered", "undelivered", "delivery_unknown"}),
    "delivery_unknown": frozenset({"undelivered", "delivered"}),
    "undelivered": frozenset({"delivered"}),
    "failed": frozenset({"accepted", "undelivered", "delivered"}),
    "cancelled": frozenset({"delivered"}),
    "delivered": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, each as the names of the guilty: tokens, keys, or outbox ids. All but `flagged_duplicates` and
    `in_doubt` must be empty.

    `lost`: acknowledged, and not stored, or stored without the complaint. `phantom`: stored or sent, and nobody asked.
    `duplicated_in`: one message, two rows or complaints. `receipts_missing`: acknowledged, and no reply with an end.
    `unsent`: said to be sent, and no provider sent it. `altered`: sent in other words than approved. `flagged_duplicates`:
    sent twice and marked so. `false_flags`: of these, those for which no answer had been lost. `needless_duplicates`: of
    these, those that asking the provider would have prevented. `in_doubt`: left for a person to look at.
    """

    lost: tuple[str, ...] = ()
    phantom: tuple[str, ...] = ()
    duplicated_in: tuple[str, ...] = ()
    receipts_missing: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unflagged_duplicates: tuple[str, ...] = ()
    flagged_duplicates: tuple[str, ...] = ()
    false_flags: tuple[str, ...] = ()
    needless_duplicates: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    illegal_transitions: tuple[str, ...] = ()
    believed_forgeries: tuple[str, ...] = ()
    answers_lost: tuple[str, ...] = ()
    answers_doubled: tuple[str, ...] = ()
    alerts_missed: tuple[str, ...] = ()
    alerts_doubled: tuple[str, ...] = ()
    in_doubt: tuple[str, ...] = ()

    @property
    def broken(self) -> list[str]:
        """The names of the promises that do not hold."""
        told = {"flagged_duplicates", "in_doubt"}
        return [one.name for one in fields(self) if one.name not in told and getattr(self, one.name)]


def check(evidence: Evidence) -> Verdict:
    """Looks at everything; reads and decides only."""
    sent, nobodys = sendings(evidence)
    rows = {row.id: row for row in evidence.outbox}
    extra = {rows[row_id]: taken for row_id, taken in sent.items() if len(taken) > 1}
    return Verdict(
        lost=tuple(_lost(evidence)),
        phantom=tuple(_phantom(evidence, nobodys)),
        duplicated_in=tuple(_duplicated_in(evidence)),
        receipts_missing=tuple(_receipts_missing(evidence)),
        unsent=tuple(row.key for row in evidence.outbox if row.state in SENT and not sent.get(row.id)),
        altered=tuple(f"{row_id}" for row_id, taken in sent.items() if _altered(rows[row_id], taken)),
        unflagged_duplicates=tuple(row.key for row, taken in extra.items() for _ in range(_unflagged(row, taken))),
        flagged_duplicates=tuple(row.key for row in extra if row.flagged),
        false_flags=tuple(row.key for row, taken in extra.items() if row.flagged and not _excused(evidence, taken[0])),
        needless_duplicates=tuple(
            row.key for row, taken in extra.items() if row.flagged and taken[0].provider in evidence.looks_up
        ),
        stuck=tuple(sorted(_stuck(evidence))),
        illegal_transitions=tuple(_illegal(evidence.moves)),
        believed_forgeries=tuple(_believed_forgeries(evidence)),
        answers_lost=tuple(_answers(evidence, wrong=lambda found: found == 0)),
        answers_doubled=tuple(_answers(evidence, wrong=lambda found: found > 1)),
        alerts_missed=tuple(_alerts_missed(evidence, sent)),
        alerts_doubled=tuple(_alerts_doubled(evidence, sent)),
        in_doubt=tuple(row.key for row in evidence.outbox if row.state == "unknown"),
    )


Sendings = Mapping[int, Sequence[Handed]]


def sendings(evidence: Evidence) -> tuple[Sendings, list[Handed]]:
    """Who was sent what, by outbox row and in order of time; and what belongs to no row.

    Where the provider takes no reference of ours, phone and text say which row it is; of several alike, first the ones
    that nothing was sent of yet.
    """
    ids = {row.id for row in evidence.outbox}
    alike: dict[tuple[str, str], list[OutboxRow]] = defaultdict(list)
    for row in evidence.outbox:
        alike[row.phone, row.body].append(row)
    found: dict[int, list[Handed]] = defaultdict(list)
    nobodys: list[Handed] = []
    for one in sorted(evidence.handed, key=lambda one: (one.outbox_id is None, one.at)):
        same = alike.get((one.phone, one.body), [])
        meant = one.outbox_id or next((row.id for row in sorted(same, key=lambda row: len(found[row.id]))), None)
        if meant in ids and meant is not None:
            found[meant].append(one)
        else:
            nobodys.append(one)
    return {row_id: sorted(taken, key=lambda one: one.at) for row_id, taken in found.items() if taken}, nobodys


def _stored(evidence: Evidence) -> Mapping[tuple[str, str], list[TextRow]]:
    found: dict[tuple[str, str], list[TextRow]] = defaultdict(list)
    for row in evidence.texts:
        found[row.provider, row.ref].append(row)
    return found


def _acknowledged(evidence: Evidence) -> Iterator[Attempt]:
    return (attempt for attempt in evidence.attempts if attempt.acknowledged_at is not None)


def _name(attempt: Attempt) -> str:
    return attempt.token or f"{attempt.provider}:{attempt.ref}"


def _lost(evidence: Evidence) -> Iterator[str]:
    """A complaint that a person must still read by hand is stored, not lost."""
    stored, opened = _stored(evidence), {one.token for one in evidence.complaints if one.token}
    for attempt in _acknowledged(evidence):
        rows = stored.get((attempt.provider, attempt.ref), [])
        read_by_hand = any(row.state == "quarantined" for row in rows)
        if not rows or (attempt.token and attempt.token not in opened and not read_by_hand):
            yield _name(attempt)


def _phantom(evidence: Evidence, nobodys: Iterable[Handed]) -> Iterator[str]:
    attempted = {(one.provider, one.ref) for one in evidence.attempts}
    tokens = {one.token for one in evidence.attempts}
    yield from (f"text {row.id}" for row in evidence.texts if (row.provider, row.ref) not in attempted)
    yield from (one.key for one in evidence.complaints if one.token not in tokens)
    yield from (f"{one.provider} to {one.phone[-3:]}" for one in nobodys)


def _duplicated_in(evidence: Evidence) -> Iterator[str]:
    for ref, rows in _stored(evidence).items():
        if len(rows) > 1:
            yield ":".join(ref)
    opened = Counter(one.token for one in evidence.complaints if one.token)
    yield from (token for token, times in opened.items() if times > 1)


def _receipts_missing(evidence: Evidence) -> Iterator[str]:
    stored, replies = _stored(evidence), {row.key: row for row in evidence.outbox}
    for attempt in _acknowledged(evidence):
        for text in stored.get((attempt.provider, attempt.ref), []):
            reply = replies.get(f"reply:{text.id}")
            has_an_end = reply is not None and (reply.state in ENDED or reply.waiting)
            if not has_an_end and text.state != "quarantined":
                yield _name(attempt)


def _altered(row: OutboxRow, taken: Iterable[Handed]) -> bool:
    return any((one.phone, one.body) != (row.phone, row.body) for one in taken)


def _unflagged(row: OutboxRow, taken: Sequence[Handed]) -> int:
    """How many sendings too many: one more is allowed where it is marked."""
    return len(taken) - (2 if row.flagged else 1)


def _excused(evidence: Evidence, first: Handed) -> bool:
    """Whether the answer to this sending was lost: by the provider, or with who waited for it."""
    after = (at - first.at for at in evidence.breaks)
    return first.ambiguous or any(-CLOCKS_DIFFER_S <= passed <= CUT_SHORT_S for passed in after)


def _stuck(evidence: Evidence) -> set[str]:
    """What was left lying, as it was watched and as it lies there in the end."""
    left = {f"outbox {row.id}" for row in evidence.outbox if row.due_for > STUCK_AFTER_S}
    return left | {name for name, waited in evidence.waits.items() if waited > STUCK_AFTER_S}


def _illegal(moves: Iterable[Move]) -> Iterator[str]:
    for move in moves:
        if move.after not in _reachable(move.before):
            yield f"{move.outbox_id}: {move.before} -> {move.after}"


def _reachable(state: str) -> frozenset[str]:
    """What may be seen some time after this state."""
    found = {state}
    while more := {after for one in found for after in STEPS.get(one, frozenset())} - found:
        found |= more
    return frozenset(found)


def _believed_forgeries(evidence: Evidence) -> Iterator[str]:
    """Delivered, and nobody who may say so did."""
    by_ref = {one.outbox_id for one in evidence.told if one.word == "delivered"}
    by_text = {(one.phone, one.body) for one in evidence.told if one.word == "delivered"}
    for row in evidence.outbox:
        if row.state == "delivered" and row.id not in by_ref and (row.phone, row.body) not in by_text:
            yield row.key


def _answers(evidence: Evidence, wrong: Callable[[int], bool]) -> Iterator[str]:
    """Answers by what their number of outbox rows says. One that the desk did not acknowledge may have gone or not."""
    there = Counter(row.mark for row in evidence.outbox if row.mark)
    for letter in evidence.letters:
        found = there[letter.mark]
        if wrong(found) and (letter.acknowledged or found):
            yield letter.token


def _alerts_missed(evidence: Evidence, sent: Sendings) -> Iterator[str]:
    """One in doubt was told perhaps: alerts are not repeated."""
    rows = {key: row for row in evidence.outbox for key in row.alerts}
    for one in evidence.overdue:
        for phone in one.phones:
            row = rows.get(one.key_for(phone))
            if row is None or (row.state in SENT and not sent.get(row.id)):
                yield one.key_for(phone)


def _alerts_doubled(evidence: Evidence, sent: Sendings) -> Iterator[str]:
    """By key, by what was sent, and by complaint, stage and phone, should the key be another."""
    for row in evidence.outbox:
        if row.alerts and len(sent.get(row.id, ())) > 1:
            yield row.key
    told = Counter(_whom(key) for row in evidence.outbox for key in row.alerts)
    yield from (":".join(whom) for whom, times in told.items() if times > 1)


def _whom(key: str) -> tuple[str, str, str, str]:
    """Which complaint, step and stage, and whose phone; of one that climbed also how far."""
    _, complaint, step, stage, _version, *climbed, phone = key.split(":")
    return complaint, step, ":".join((stage, *climbed)), phone
