"""Tells what a trial found: one JSON for programs, and what is broken for people."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.metadata import version

from ops.chaos.checker import Verdict, sendings
from ops.chaos.evidence import Evidence
from ops.chaos.trial import Outcome

EXAMPLES = 10
LIBRARIES = ("SQLAlchemy", "rq", "redis", "twilio", "granian", "psycopg")


def as_data(
    verdict: Verdict, outcome: Outcome, latencies: Sequence[float], about: Mapping[str, object]
) -> dict[str, object]:
    """Counts by name, the first guilty ones beside them, and the figures. `latencies` are sorted milliseconds."""
    found = {one.name: getattr(verdict, one.name) for one in fields(verdict)}
    evidence = outcome.evidence
    return {
        **about,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "counts": _counts(evidence),
        **{name: len(guilty) for name, guilty in found.items()},
        "sent": len(evidence.handed),
        "ambiguous_faults_injected": evidence.ambiguous_faults,
        "recovery_seconds": max(evidence.waits.values(), default=0.0),
        "latencies": {"webhook_ms": _spread(latencies), "reply_s": _spread(_replied_after(evidence))},
        "restarts": dict(outcome.restarts),
        "points_missed": list(outcome.points_missed),
        "finished": outcome.finished,
        "seconds": round(outcome.seconds, 1),
        "examples": {name: guilty[:EXAMPLES] for name, guilty in found.items() if guilty},
        "broken": broken(verdict, outcome),
    }


def broken(verdict: Verdict, outcome: Outcome) -> list[str]:
    """The names of the promises that do not hold; none when all is well."""
    return [
        *verdict.broken,
        *(["points_missed"] if outcome.points_missed else []),
        *([] if outcome.finished else ["finished"]),
    ]


def _counts(evidence: Evidence) -> dict[str, int]:
    return {
        "messages": len(evidence.attempts),
        "acknowledged": sum(1 for one in evidence.attempts if one.acknowledged_at is not None),
        "texts": len(evidence.texts),
        "complaints": len(evidence.complaints),
        "outbox": len(evidence.outbox),
        "answers": len(evidence.letters),
        "overdue": len(evidence.overdue),
        "receipts": len(evidence.told),
        "moves": len(evidence.moves),
        "breaks": len(evidence.breaks),
    }


def _replied_after(evidence: Evidence) -> list[float]:
    """Seconds from the first yes to a text until a provider took the reply to it, sorted."""
    sent, _ = sendings(evidence)
    stored = {(text.provider, text.ref): text.id for text in evidence.texts}
    replies = {row.key: row.id for row in evidence.outbox}
    waits = []
    for attempt in evidence.attempts:
        taken = sent.get(replies.get(f"reply:{stored.get((attempt.provider, attempt.ref))}", 0))
        if attempt.acknowledged_at is not None and taken:
            waits.append(round(taken[0].at - attempt.acknowledged_at, 2))
    return sorted(waits)


def _spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile, and the most."""
    if not values:
        return {}
    marks = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
    return {name: values[min(len(values) - 1, int(share * len(values)))] for name, share in marks.items()}
