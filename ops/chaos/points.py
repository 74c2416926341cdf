"""The named crash points, each with the part of the house that passes it and the load that leads there."""

import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

HIT_WITHIN_S = 45.0


class Load(Enum):
    """What leads to a point."""

    TEXTS = "texts"
    DRAFT = "draft"
    ANSWER = "answer"
    OVERDUE = "overdue"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Point:
    """`part` is the part of the house that ends there."""

    name: str
    part: str
    load: Load = Load.TEXTS


# Senders first: a text whose sender died waits for its lease to end, and the others fill that time.
POINTS = (
    Point("after_claim", "sender"),
    Point("after_mark", "sender"),
    Point("after_provider_reply", "sender"),
    Point("after_record", "sender"),
    Point("after_take_up", "worker"),
    Point("mid_process", "worker"),
    Point("after_process_commit_before_wake", "worker"),
    Point("mid_chase", "clock", Load.OVERDUE),
    Point("after_chase_commit", "clock", Load.OVERDUE),
    Point("after_bundling", "clock", Load.OVERDUE),
    Point("before_insert", "web"),
    Point("after_commit_before_reply", "web"),
    Point("mid_receipt", "web"),
    Point("mid_ussd", "web", Load.DRAFT),
    Point("mid_answer", "web", Load.ANSWER),
    Point("mid_spool_write", "web", Load.SHUT),
    Point("after_spool_before_reply", "web", Load.SHUT),
    Point("mid_bring_in", "clock", Load.SHUT),
)


def lay(folder: Path, point: Point, visit: int = 1) -> None:
    """Whoever comes to the point for the `visit`-th time ends there, once."""
    fresh = folder / f"{point.name}.new"
    fresh.write_text(str(visit), encoding="ascii")
    fresh.rename(folder / point.name)


def was_hit(folder: Path, point: Point) -> bool:
    """Whether somebody ended there."""
    return (folder / f"{point.name}.hit").exists()


def wait_for(folder: Path, point: Point, seconds: float = HIT_WITHIN_S) -> bool:
    """True as soon as somebody ended there; when the time is over the point is taken up again, and False."""
    ends = time.monotonic() + seconds
    while not was_hit(folder, point):
        if time.monotonic() > ends:
            (folder / point.name).unlink(missing_ok=True)
            return was_hit(folder, point)
        time.sleep(0.05)
    return True
