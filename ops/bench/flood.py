"""A flood from one phone: how long everybody else waits for their receipt without it, and amid it, in one round."""

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from statistics import median

from ops.bench import stub
from ops.bench.figures import column, table
from ops.bench.forms import call
from ops.bench.load import Line
from ops.bench.rounds import STALLED, Bench, Figures, Stand, up
from ops.bench.systems import System
from smsgw.store import gauges
from smsgw.store.database import Database

FLOODER = "+84900099997"
FLOOD = 1000  # texts
FLOOD_LASTS = 60.0  # seconds
OTHERS_A_SECOND = 4
WARMS_UP = 12  # texts of others before anything is measured
ALONE_FOR = 20.0  # seconds in which others write without it
MOST_RATIO = 2.0

Sent = dict[str, float]  # when each number wrote (time.monotonic)


def flood(bench: Bench, system: System) -> Figures:
    """Median and slowest waits of others in ms; `refused` and `unanswered` are calls and others without a reply,
    `stored` the flood's texts in the database at the end."""
    with up(bench, system, staffed=True) as stand, ThreadPoolExecutor(2) as writers:
        others = _others()
        _write(stand, others, OTHERS_A_SECOND, WARMS_UP / OTHERS_A_SECOND)
        alone, refused = _write(stand, others, OTHERS_A_SECOND, ALONE_FOR)
        flooding = writers.submit(_write, stand, _floods(), FLOOD / FLOOD_LASTS, FLOOD_LASTS)
        amid, refused_amid = _write(stand, others, OTHERS_A_SECOND, FLOOD_LASTS)
        _, refused_flood = flooding.result()
        came = _all_answered(stand, [*alone, *amid])
        waits_alone, waits_amid = _waits(alone, came), _waits(amid, came)
        return {
            "alone_p50_ms": median(waits_alone),
            "amid_p50_ms": median(waits_amid),
            "alone_most_ms": max(waits_alone),
            "amid_most_ms": max(waits_amid),
            "ratio": median(waits_amid) / median(waits_alone),
            "unanswered": len(alone) + len(amid) - len(waits_alone) - len(waits_amid),
            "refused": refused + refused_amid + refused_flood,
            "stored": _stored(stand) - WARMS_UP - len(alone) - len(amid),
        }


def for_people(rounds: Sequence[Figures]) -> str:
    """The figures, and whether the goal is reached."""
    head = ("wait for a receipt", "median ms", "most ms")
    rows = [
        (name, str(column(rounds, f"{key}_p50_ms")), str(column(rounds, f"{key}_most_ms")))
        for name, key in (("without the flood", "alone"), ("amid it", "amid"))
    ]
    ratio, stored = column(rounds, "ratio"), column(rounds, "stored")
    verdict = "reached" if ratio.median <= MOST_RATIO else "NOT reached"
    return (
        f"{FLOOD} texts a minute from one phone, {OTHERS_A_SECOND} a second from others\n{table(head, rows)}\n"
        f"amid / without: {ratio}, goal at most {MOST_RATIO:.0f}: {verdict}; of the flood stored: {stored}"
    )


def _others() -> Iterator[tuple[str, bytes]]:
    for number in count():
        sender = f"+849000{number:05d}"
        yield sender, call(number, sender, f"PA DN xa Tu An nha so {number} mat nuoc tu thu hai")


def _floods() -> Iterator[tuple[str, bytes]]:
    for number in range(FLOOD):
        yield FLOODER, call(1_000_000 + number, FLOODER, f"PA DN xa Tu An nha so {number} mat nuoc, lan {number}")


def _write(stand: Stand, texts: Iterator[tuple[str, bytes]], a_second: float, seconds: float) -> tuple[Sent, int]:
    """Sends evenly, whatever the answers take; who wrote when, and how many calls were refused."""
    sent: Sent = {}
    refused = 0
    line = Line(socket.create_connection(("127.0.0.1", stand.port), timeout=30))
    try:
        began = time.monotonic()
        for nth in range(round(a_second * seconds)):
            sender, said = next(texts)
            time.sleep(max(0.0, began + nth / a_second - time.monotonic()))
            sent.setdefault(sender, time.monotonic())
            line.send(said)
            while not line.hear():
                pass
            refused += line.heard[9:10] != b"2"
    finally:
        line.socket.close()
    return sent, refused


def _all_answered(stand: Stand, numbers: Sequence[str]) -> Sent:
    """When each number got its first text, once all of them have, or nothing has come for a while."""
    came, moved = stub.firsts(stand.stub), time.monotonic()
    while not set(numbers) <= set(came) and time.monotonic() - moved < STALLED:
        time.sleep(0.2)
        latest = stub.firsts(stand.stub)
        if len(latest) > len(came):
            moved = time.monotonic()
        came = dict(latest)
    return dict(came)


def _waits(sent: Sent, came: Sent) -> list[float]:
    """Milliseconds, of those who got anything."""
    return [1000 * (came[number] - at) for number, at in sent.items() if number in came]


def _stored(stand: Stand) -> int:
    """Texts in the database, of everybody."""
    database = Database(stand.database)
    try:
        told = gauges.read(database, datetime.now(UTC))
    finally:
        database.close()
    return sum(int(count) for gauge in told if gauge.name == "smsgw_inbound" for _, count in gauge.samples)
