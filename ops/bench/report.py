"""Tells what was measured: tables for people, one line of JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ops.bench import words
from ops.bench.figures import Spread, column, medians, ratio, table
from ops.bench.lists import Lists
from ops.bench.load import MANY
from ops.bench.rounds import Figures
from ops.bench.scans import GOAL, SMALL, Scanned
from ops.bench.systems import BARE, BARE_ONE_THREAD, NAIVE, PRODUCT, PRODUCT_UNHEARD
from ops.bench.words import Cost

GOALS = {"webhook_vs_bare": 0.15, "end_to_end_vs_naive": 4.0}
LONGEST_TURN_MS = 100  # that 99 of 100 turns may take with fifty USSD sessions
LONGEST_UNHEARD_MS = 1000  # that 99 of 100 calls may take while the broker says nothing

Rounds = Mapping[str, Sequence[Figures]]


@dataclass(frozen=True, slots=True)
class Measured:
    """All rounds by the system's name, what reading, looks at the deadlines and at the desk's list, and words
    cost."""

    webhook: Rounds
    way: Rounds
    ussd: Rounds
    reading: Figures
    scans: Scanned
    words: Sequence[Cost]
    lists: Lists

    def ratios(self) -> dict[str, Spread]:
        """The product over its yardsticks; for CPU a yardstick over the product, so that more is better everywhere."""
        web, way, ussd = self.webhook, self.way, self.ussd
        return {
            "webhook_vs_bare": ratio(web[PRODUCT.name], web[BARE.name], "per_s"),
            "webhook_vs_bare_one_thread": ratio(web[PRODUCT.name], web[BARE_ONE_THREAD.name], "per_s"),
            "webhook_vs_naive": ratio(web[PRODUCT.name], web[NAIVE.name], "per_s"),
            "webhook_cpu_bare_over_product": ratio(web[BARE.name], web[PRODUCT.name], "cpu_us"),
            "end_to_end_vs_naive": ratio(way[PRODUCT.name], way[NAIVE.name], "per_s"),
            "ussd_vs_bare": ratio(ussd[PRODUCT.name], ussd[BARE.name], "per_s"),
            "ussd_p99_product_over_bare": ratio(ussd[PRODUCT.name], ussd[BARE.name], "p99_ms"),
            "cpu_naive_over_product": ratio(way[NAIVE.name], way[PRODUCT.name], "cpu_ms"),
        }


def for_people(measured: Measured) -> str:
    """Eight tables and three sentences, median (least-most)."""
    return "\n\n".join(
        (
            "Webhook alone: signature, commit, wake-up (broker and database counted); all served by Granian\n"
            + _webhook(measured.webhook),
            _unheard(measured.webhook[PRODUCT_UNHEARD.name]),
            f"End to end: from the first call to the last reply, {MANY} connections (naive: 2 web processes, 2 SimpleWorkers)\n"
            + _way(measured.way),
            "USSD: fifty sessions at once, each a complaint in eight turns; a second between screen and answer\n"
            + _ussd(measured.ussd),
            _turn(measured.ussd[PRODUCT.name]),
            "Understanding, one core\n" + _reading(measured.reading),
            of_scans(measured.scans),
            words.for_people(measured.words),
            measured.lists.told(),
            "Ratios\n" + _ratios(measured.ratios()),
        )
    )


def for_programs(measured: Measured, about: Mapping[str, object]) -> dict[str, object]:
    """Everything, ready for JSON."""
    return {
        **about,
        "webhook": {name: medians(rounds) for name, rounds in measured.webhook.items()},
        "end_to_end": {name: medians(rounds) for name, rounds in measured.way.items()},
        "ussd": {name: medians(rounds) for name, rounds in measured.ussd.items()},
        "understanding": {name: round(value, 3) for name, value in measured.reading.items()},
        "words": words.for_programs(measured.words),
        "scan_ratios": {name: round(value, 3) for name, value in measured.scans.ratios.items()},
        "lists": measured.lists.figures(),
        "ratios": {
            name: {part: round(value, 3) for part, value in asdict(spread).items()}
            for name, spread in measured.ratios().items()
        },
    }


def of_scans(scans: Scanned) -> str:
    """Looks at the deadlines: milliseconds in both tables, with the same number found in each."""
    rows = [
        (name, f"{scans.small[name]:.2f}", f"{scans.large[name]:.2f}", f"{ratio:.2f}", _within(ratio))
        for name, ratio in scans.ratios.items()
    ]
    head = ("look", f"ms at {SMALL}", f"ms at {scans.rows}", "times", "")
    return "Looks at the deadlines, the same number found\n" + table(head, rows)


def _within(ratio: float) -> str:
    return f"goal {GOAL}: {'reached' if ratio <= GOAL else 'NOT reached'}"


def _webhook(rounds: Rounds) -> str:
    figures = ("per_s", "p50_ms", "p99_ms", "cpu_us", "refused")
    head = ("system", "calls/s", "p50 ms", "p99 ms", "CPU us/call", "refused")
    return table(head, [(name, *(str(column(each, f)) for f in figures)) for name, each in rounds.items()])


def _unheard(rounds: Sequence[Figures]) -> str:
    slowest = column(rounds, "p99_ms")
    verdict = "reached" if slowest.median < LONGEST_UNHEARD_MS else "NOT reached"
    return f"Webhook p99 while the broker is frozen: {slowest} ms, goal under {LONGEST_UNHEARD_MS}: {verdict}"


def _ussd(rounds: Rounds) -> str:
    figures = ("p50_ms", "p99_ms", "per_s", "pressed_p99_ms", "cpu_us", "refused")
    head = ("system", "p50 ms", "p99 ms", "turns/s without a pause", "p99 ms then", "CPU us/turn", "refused")
    return table(head, [(name, *(str(column(each, f)) for f in figures)) for name, each in rounds.items()])


def _turn(rounds: Sequence[Figures]) -> str:
    slowest = column(rounds, "p99_ms")
    verdict = "reached" if slowest.median <= LONGEST_TURN_MS else "NOT reached"
    return f"USSD turn p99: {slowest} ms, goal {LONGEST_TURN_MS}: {verdict}"


def _way(rounds: Rounds) -> str:
    head = (
        "system",
        "messages/s",
        "CPU ms/message",
        "of which",
        "webhook/s",
        "p99 ms",
        "messages",
        "unanswered",
        "twice",
    )
    figures = ("accepted_per_s", "p99_ms", "messages", "unanswered", "twice")
    rows = [
        (
            name,
            str(column(each, "per_s")),
            str(column(each, "cpu_ms")),
            _parts(each),
            *(str(column(each, figure)) for figure in figures),
        )
        for name, each in rounds.items()
    ]
    return table(head, rows)


def _parts(rounds: Sequence[Figures]) -> str:
    names = [name for name in rounds[0] if name.endswith("_cpu_ms")]
    parts = [(name.removesuffix("_cpu_ms"), column(rounds, name).median) for name in names]
    return " + ".join(f"{role} {used:.2f}" for role, used in parts if used >= 0.005)


def _reading(figures: Figures) -> str:
    return table(
        ("texts/s", "us/text", "naive us/text", "MB kept", "worst ms of 2,000 characters"),
        [
            (
                f"{figures['texts_per_s']:.0f}",
                f"{figures['text_us']:.0f}",
                f"{figures['naive_us']:.0f}",
                f"{figures['memory_mb']:.1f}",
                f"{figures['worst_ms']:.1f}",
            )
        ],
    )


def _ratios(ratios: Mapping[str, Spread]) -> str:
    def verdict(name: str, found: Spread) -> str:
        goal = GOALS.get(name)
        return "" if goal is None else f"goal {goal}: {'reached' if found.median >= goal else 'NOT reached'}"

    rows = [(name.replace("_", " "), str(found), verdict(name, found)) for name, found in ratios.items()]
    return table(("ratio", "median (range)", ""), rows)
