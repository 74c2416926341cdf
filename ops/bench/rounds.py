"""One round of one system: its webhook alone, or a text's whole way from the webhook to Twilio's stand-in."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ops import ports
from ops.bench import stub
from ops.bench.databases import Databases
from ops.bench.dialling import dial
from ops.bench.load import MANY, Answers, NoAnswerError, drive
from ops.bench.running import Running
from ops.bench.systems import Site, System

WARM_UP = 64  # calls
STALLED = 15.0  # seconds without a reply, after which the rest counts as lost
SETTLES = 1.0  # seconds that systems have to write down what they sent

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all rounds share. `calls` are signed beforehand; `seconds` is how long calls are made in a round."""

    calls: Sequence[bytes]
    databases: Databases
    seconds: float
    delay_ms: float
    folder: Path


@dataclass(slots=True)
class Stand:
    """A system that is up on its database, and the calls that are left for it."""

    running: Running
    port: int
    stub: int
    database: str
    calls: Iterator[bytes] = field(repr=False)

    def cpu(self) -> dict[str, float]:
        """CPU seconds by role; what stands in for Twilio does not count."""
        return {role: used for role, used in self.running.cpu().items() if role != "twilio"}


def webhook(bench: Bench, system: System) -> Figures:
    """Calls a second, latency and CPU of the web side alone, broker and database included."""
    with up(bench, system, staffed=False) as stand:
        drive(stand.port, stand.calls, bench.seconds, WARM_UP)
        before = stand.cpu()
        answers = drive(stand.port, stand.calls, bench.seconds)
        used = _difference(stand.cpu(), before)
        return {
            "per_s": answers.rate,
            "p50_ms": answers.quantile(0.5),
            "p99_ms": answers.quantile(0.99),
            "cpu_us": 1e6 * sum(used.values()) / _at_least_one(answers.accepted),
            "refused": answers.refused,
        }


def end_to_end(bench: Bench, system: System) -> Figures:
    """Messages a second from the first call to the last reply, and CPU a message of all but Twilio's stand-in."""
    with up(bench, system, staffed=True) as stand:
        warm = drive(stand.port, stand.calls, bench.seconds, WARM_UP)
        at_first = _all_replied(stand.stub, warm.accepted)
        time.sleep(SETTLES)
        before = stand.cpu()
        answers = drive(stand.port, stand.calls, bench.seconds, connections=MANY)
        taken = _all_replied(stand.stub, at_first.texts + answers.accepted)
        time.sleep(SETTLES)
        used = _difference(stand.cpu(), before)
        replied = taken.texts - at_first.texts
        return _way(answers, taken, replied, used) | {
            f"{role}_mb": size for role, size in stand.running.memory().items() if role != "twilio"
        }


THINKS = 1.0  # seconds that a person looks at a screen; real ones take five and more


def ussd(bench: Bench, system: System) -> Figures:
    """Fifty sessions at once: as people press, how long a turn takes; pressed without a pause, turns a second."""
    with up(bench, system, staffed=False) as stand:
        dial(stand.port, min(bench.seconds, 1.0), 0.0)
        paced = dial(stand.port, max(bench.seconds, 2 * THINKS), THINKS)
        before = stand.cpu()
        pressed = dial(stand.port, bench.seconds, 0.0)
        used = _difference(stand.cpu(), before)
        return {
            "per_s": pressed.rate,
            "p50_ms": paced.quantile(0.5),
            "p99_ms": paced.quantile(0.99),
            "pressed_p99_ms": pressed.quantile(0.99),
            "cpu_us": 1e6 * sum(used.values()) / _at_least_one(pressed.accepted),
            "refused": paced.refused + pressed.refused,
        }


def _way(answers: Answers, taken: stub.Taken, replied: int, used: Mapping[str, float]) -> dict[str, float]:
    return {
        "per_s": replied / max(taken.last - answers.began, 1e-9),
        "cpu_ms": 1e3 * sum(used.values()) / _at_least_one(replied),
        "messages": replied,
        "unanswered": answers.accepted - replied,
        "twice": taken.texts - taken.numbers,
        "refused": answers.refused,
        "accepted_per_s": answers.rate,
        "p99_ms": answers.quantile(0.99),
    } | {f"{role}_cpu_ms": 1e3 * seconds / _at_least_one(replied) for role, seconds in used.items()}


@contextmanager
def up(bench: Bench, system: System, *, staffed: bool) -> Iterator[Stand]:
    """The system, until the caller is through with it. Raises `DidNotStartError` and `NoAnswerError`."""
    with TemporaryDirectory(prefix="r", dir=bench.folder) as name:
        folder = Path(name)
        running = Running(folder, {"database": bench.databases.pids})
        try:
            site = Site(folder, bench.databases.url(folder), _start_stub(running, bench.delay_ms))
            port = system.open(running, site)
            if staffed:
                system.staff(running, site)
            yield Stand(running, port, site.stub, site.database, iter(bench.calls))
        except (NoAnswerError, OSError) as trouble:
            raise NoAnswerError(f"{system.name}: {trouble}\n{running.said('web')}") from trouble
        finally:
            running.stop()


def _start_stub(running: Running, delay_ms: float) -> int:
    port = ports.free_beside("127.0.0.1", 18600)
    running.start("twilio", [sys.executable, "-m", "ops.bench.stub", str(port), str(delay_ms)], dict(os.environ))
    running.wait_for(lambda: ports.answers("127.0.0.1", port, "/"))
    return port


def _all_replied(port: int, expected: int) -> stub.Taken:
    """What was taken once every text has its reply, or nothing has come for a while."""
    taken, moved = stub.ask(port), time.monotonic()
    while taken.texts < expected and time.monotonic() - moved < STALLED:
        time.sleep(0.1)
        latest = stub.ask(port)
        if latest.texts > taken.texts:
            moved = time.monotonic()
        taken = latest
    return taken


def _difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    return {role: used - before.get(role, 0.0) for role, used in after.items()}


def _at_least_one(number: int) -> int:
    return max(number, 1)
