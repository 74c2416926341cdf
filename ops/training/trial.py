"""Reads texts whose lines the weights never saw, and counts how often the reading is right."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from ops.training.learning import Exercise, learn, rounded
from ops.training.lesson import Lesson
from smsgw.domain.understanding import Understanding
from smsgw.domain.understanding.gaps import names_a_file, names_a_person
from smsgw.domain.understanding.lexicon import Lexicon
from smsgw.domain.understanding.reader import Look, Reader
from smsgw.domain.understanding.scales import CASE, CATEGORY, EVENT, INTENT, NO, NO_FIELD, URGENT, VAGUE, Scales

_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Tried:
    """A lesson and how it was read."""

    lesson: Lesson
    read: Understanding


def exercise_of(reader: Reader, lesson: Lesson) -> Exercise:
    """The clues of a lesson, as any reader of the same tables finds them."""
    look = reader.look(lesson.text)
    return Exercise(lesson.source, frozenset(look.clues), lesson.truth | _implied(lesson, look))


def _implied(lesson: Lesson, look: Look) -> dict[str, str]:
    """What labels of whole texts say between the lines: where no time is told and none is missing, it is no event."""
    if lesson.truth.get(VAGUE) != NO:
        return {}
    found = {}
    if EVENT not in lesson.truth and not look.evidence.has("gap.time"):
        found[EVENT] = NO
    if CASE not in lesson.truth and not names_a_person(look.evidence) and not names_a_file(look.evidence):
        found[CASE] = NO
    return found


def tried(lexicon: Lexicon, lessons: Sequence[Lesson], folds: int) -> Iterator[Tried]:
    """Every lesson read by weights learnt from the other folds; all texts of one line are in one fold."""
    blank = Reader(lexicon, Scales({}, {}))
    exercises = [exercise_of(blank, lesson) for lesson in lessons]
    for fold in range(folds):
        taught = [exercise for exercise in exercises if _fold(exercise.source, folds) != fold]
        reader = Reader(lexicon, Scales(rounded(learn(taught)), {}))
        for lesson in lessons:
            if _fold(lesson.source, folds) == fold:
                yield Tried(lesson, reader.read(lesson.text))


def _fold(source: str, folds: int) -> int:
    return crc32(source.encode()) % folds


class Exam:
    """The figures of a trial, each with the bounds within which it lies 19 times of 20 (Wilson)."""

    def __init__(self, tries: Iterable[Tried]) -> None:
        self.tries = list(tries)
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.intents: Counter[tuple[str, str]] = Counter()
        self.gaps: Counter[tuple[str, str]] = Counter()
        self.urgent: Counter[str] = Counter()
        for one in self.tries:
            self._count(one)

    def _count(self, one: Tried) -> None:
        truth, read = one.lesson.truth, one.read
        self.intents[truth[INTENT], read.intent.value] += 1
        if CATEGORY in truth:
            self.confusion[truth[CATEGORY], read.category.value if read.category else NO_FIELD] += 1
        if URGENT in truth:
            self.urgent[_kind(truth[URGENT] == "yes", told=read.urgent)] += 1
        if one.lesson.missing is not None:
            for gap in ("what", "place", "when", "who"):
                self.gaps[gap, _kind(gap in one.lesson.missing, told=gap in read.missing)] += 1

    def report(self) -> str:
        """A few lines for a terminal."""
        hits = sum(count for (true, read), count in self.intents.items() if true == read)
        right = sum(count for (true, read), count in self.confusion.items() if true == read)
        lines = [
            f"texts     {len(self.tries)}",
            f"intent    {_share(hits, len(self.tries))}",
            f"category  {_share(right, self.confusion.total())}",
            f"urgent    F1 {_f1(self.urgent):.3f}",
        ]
        whole: Counter[str] = Counter()
        for gap in ("what", "place", "when", "who"):
            counts = Counter({kind: self.gaps[gap, kind] for kind in ("right", "invented", "missed")})
            whole += counts
            lines.append(f"  {gap:8}F1 {_f1(counts):.3f}  {dict(counts)}")
        lines.insert(4, f"missing   F1 {_f1(whole):.3f}")
        return "\n".join([*lines, "", *self._table()])

    def _table(self) -> Iterator[str]:
        names = sorted({name for pair in self.confusion for name in pair})
        yield "true\\read" + "".join(f"{name:>6}" for name in names)
        for true in names:
            yield f"{true:9}" + "".join(f"{self.confusion[true, read] or '·':>6}" for read in names)


def _kind(wanted: bool, *, told: bool) -> str:
    return "right" if wanted and told else "missed" if wanted else "invented" if told else "silent"


def _f1(counts: Counter[str]) -> float:
    return 2 * counts["right"] / max(1, 2 * counts["right"] + counts["invented"] + counts["missed"])


def _share(hits: int, of: int) -> str:
    share, z2 = hits / of, _NORMAL_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = _NORMAL_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return f"{share:.3f} [{middle - reach:.3f}, {middle + reach:.3f}]"
