"""Sums up rounds: the median of each figure with its range, and ratios of medians beside the range of round ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ops.bench.rounds import Figures


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of a few rounds, the least and the most."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        digits = 0 if self.median >= 100 else 1 if self.median >= 10 else 2
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}-{self.most:.{digits}f})"


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(median(values), min(values), max(values))


def column(rounds: Sequence[Figures], name: str) -> Spread:
    """One figure over the rounds of a system."""
    return spread([figures[name] for figures in rounds])


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], name: str) -> Spread:
    """Ours over theirs, round by round: what ran side by side is compared."""
    return spread([mine[name] / (other[name] or 1e-9) for mine, other in zip(ours, theirs, strict=True)])


def medians(rounds: Sequence[Figures]) -> dict[str, float]:
    """Every figure's median, rounded for reading."""
    return {name: round(median(figures[name] for figures in rounds), 3) for name in rounds[0]}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines with columns under one another."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    )
