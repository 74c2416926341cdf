"""Finds the weights: softmax regression by stochastic gradient steps, in plain Python, the same on every machine."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from smsgw.domain.understanding.scales import ANSWERS, CATEGORY, FIELDS, INTENT, INTENTS, UNIT, YES_OR_NO

_BLOCKS = {INTENT: (0, INTENTS), CATEGORY: (len(INTENTS), FIELDS)}
_FIRST_YES = len(INTENTS) + len(FIELDS)


@dataclass(frozen=True, slots=True)
class Pupil:
    """How to learn: passes over the lessons, first step, pull towards zero, share of clues kept out of each look.

    What is learnt is the mean of the passes from `steady_from` on, and of a course for each of the `seeds`: it hangs less on
    the order of the lessons and on which clues were kept out when.
    """

    passes: int = 8
    steady_from: int = 3
    step: float = 0.12
    pull: float = 0.0
    hidden: float = 0.25
    seeds: tuple[int, ...] = (7, 8, 9, 10, 11, 12, 13, 14)


USUAL = Pupil()


@dataclass(frozen=True, slots=True)
class Exercise:
    """The clues of one lesson and its truth."""

    source: str
    clues: frozenset[str]
    truth: dict[str, str]


Weights = dict[str, list[float]]


def learn(exercises: Sequence[Exercise], pupil: Pupil = USUAL) -> Weights:
    """Weights for every clue that more than one line shows (single words: any line)."""
    clues = sorted(_shared(exercises))
    courses = [_course(exercises, clues, pupil, seed) for seed in pupil.seeds]
    return {
        clue: [sum(values) / len(courses) for values in zip(*(course[clue] for course in courses), strict=True)]
        for clue in clues
    }


def _course(exercises: Sequence[Exercise], clues: Sequence[str], pupil: Pupil, seed: int) -> Weights:
    weights: Weights = {clue: [0.0] * len(ANSWERS) for clue in clues}
    rows = [([weights[clue] for clue in sorted(ex.clues & weights.keys())], _targets(ex.truth)) for ex in exercises]
    random = Random(seed)  # noqa: S311 (no secret depends on it)
    order = list(range(len(rows)))
    mean: Weights = {clue: [0.0] * len(ANSWERS) for clue in weights}
    for turn in range(pupil.passes):
        random.shuffle(order)
        step = pupil.step / (1 + turn)
        for index in order:
            shown, targets = rows[index]
            seen = [row for row in shown if random.random() >= pupil.hidden]
            if seen:
                _look(seen, targets, step)
        if pupil.pull:
            _pull(weights, 1 - pupil.pull * len(order) * step)
        if turn >= pupil.steady_from:
            _add(mean, weights)
    scale = (1 - pupil.hidden) / (pupil.passes - pupil.steady_from)
    return {clue: [value * scale for value in row] for clue, row in mean.items()}


def _shared(exercises: Sequence[Exercise]) -> set[str]:
    shown: dict[str, set[str]] = defaultdict(set)
    for exercise in exercises:
        for clue in exercise.clues:
            shown[clue].add(exercise.source)
    return {clue for clue, sources in shown.items() if len(sources) > 1 or _is_word(clue)}


def _is_word(clue: str) -> bool:
    return clue.isalpha()


def _targets(truth: dict[str, str]) -> list[tuple[int, int, int]]:
    """For each question that is answered: where its answers begin, how many there are, which is right (a yes-or-no
    question has one place, right is 1 or 0)."""
    targets = []
    for question, answer in truth.items():
        if question in _BLOCKS:
            first, answers = _BLOCKS[question]
            targets.append((first, len(answers), answers.index(answer)))
        else:
            targets.append((_FIRST_YES + YES_OR_NO.index(question), 0, int(answer == "yes")))
    return targets


def _look(rows: list[list[float]], targets: list[tuple[int, int, int]], step: float) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)]
    moves = []
    for first, count, right in targets:
        if count == 0:
            wrong = 1 / (1 + math.exp(-max(-30.0, min(30.0, sums[first])))) - right
            moves.append((first, wrong))
            continue
        part = sums[first : first + count]
        most = max(part)
        raised = [math.exp(value - most) for value in part]
        whole = sum(raised)
        moves.extend((first + place, value / whole - (place == right)) for place, value in enumerate(raised))
    moves = [(place, wrong * step) for place, wrong in moves if abs(wrong) > 0.01]
    for row in rows:
        for place, move in moves:
            row[place] -= move


def _add(mean: Weights, weights: Weights) -> None:
    for clue, row in weights.items():
        mean[clue] = [sum(pair) for pair in zip(mean[clue], row, strict=True)]


def _pull(weights: Weights, share: float) -> None:
    for row in weights.values():
        for place, value in enumerate(row):
            if value:
                row[place] = value * share


def rounded(weights: Weights, least: int = 4) -> dict[str, dict[tuple[str, str], int]]:
    """Weights as whole numbers of `UNIT`; the faint ones left out."""
    table = {}
    for clue, row in weights.items():
        kept = {
            ANSWERS[place]: value
            for place, value in enumerate(round(weight * UNIT) for weight in row)
            if abs(value) >= least
        }
        if kept:
            table[clue] = kept
    return table
