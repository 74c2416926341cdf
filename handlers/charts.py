"""Where the marks of a chart stand: bars and lines over the parts of a period, in units of its drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 10, 20
FILLED = 0.72  # of a part's width
MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar in the tone of its series."""

    tone: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a line; lines are broken where there is none."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A series: unbroken stretches of marks."""

    tone: str
    stretches: Sequence[Sequence[Mark]]


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks` are heights with what they stand for; `labels` are places with the names of parts."""

    bars: Sequence[Bar]
    lines: Sequence[Line]
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def stacked(names: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """One bar a part; the series, of a tone each, stand on one another."""
    top = _round_up(max((sum(values) for values in zip(*(told for _, told in series), strict=True)), default=0))
    bars = []
    for part in range(len(names)):
        pieces, below = [], 0.0
        for tone, values in series:
            if values[part]:
                pieces.append(
                    Piece(tone, _y(below + values[part], top), _y(below, top) - _y(below + values[part], top))
                )
            below += values[part]
        step = _step(len(names))
        bars.append(Bar(round(_centre(part, len(names)) - step * FILLED / 2, 1), round(step * FILLED, 1), pieces))
    return Chart(bars, (), _ticks(top), _labels(names))


def lines(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Chart:
    """One line a series."""
    top = _round_up(max((value for _, values in series for value in values if value is not None), default=0))
    drawn = []
    for tone, values in series:
        stretches: list[list[Mark]] = [[]]
        for part, value in enumerate(values):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append(Mark(_centre(part, len(names)), _y(value, top)))
        drawn.append(Line(tone, [stretch for stretch in stretches if stretch]))
    return Chart((), drawn, _ticks(top), _labels(names))


def _round_up(value: float) -> float:
    """The next 1, 2, 4 or 5 of its size, so that half of it reads well too."""
    if value <= 2:
        return 2
    size = 10.0 ** floor(log10(value))
    return next(step * size for step in (1, 2, 4, 5, 10) if step * size >= value)


def _step(parts: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(parts, 1)


def _centre(part: int, parts: int) -> float:
    return round(LEFT + (part + 0.5) * _step(parts), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)


def _ticks(top: float) -> list[tuple[float, str]]:
    return [(_y(value, top), f"{value:g}") for value in (0, top / 2, top)]


def _labels(names: Sequence[str]) -> list[tuple[float, str]]:
    every = ceil(len(names) / MOST_LABELS)
    return [(_centre(part, len(names)), name) for part, name in enumerate(names) if part % every == 0]
