"""`python -m ops.training`: learns from `training/` and from officials' corrections, and writes the weights.

`--trial` writes nothing: it learns from some lines and reads the others, which the weights never saw.
"""

import argparse
from pathlib import Path

from ops.training.learning import learn, rounded
from ops.training.material import corrections, lessons
from ops.training.trial import Exam, exercise_of, tried
from smsgw.data.load import HERE, LETTERS, WEIGHTS, load_lexicon
from smsgw.domain.understanding.reader import Reader
from smsgw.domain.understanding.scales import ANSWERS, CATEGORY, INTENT, Scales

WARMTH = {INTENT: 1.0, CATEGORY: 1.0}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.training", description=__doc__)
    parser.add_argument("--trial", type=int, metavar="FOLDS", help="learn and read in so many parts; write nothing")
    parser.add_argument(
        "--labels", type=Path, metavar="FILE", help="what `./run flask labels` wrote: learnt from as well"
    )
    given = parser.parse_args()
    lexicon = load_lexicon()
    taught = [*lessons(), *(corrections(given.labels) if given.labels else ())]
    reader = Reader(lexicon, Scales({}, {}))
    if given.trial:
        print(Exam(tried(lexicon, taught, given.trial)).report())
        return
    table = rounded(learn([exercise_of(reader, lesson) for lesson in taught]))
    write(HERE / WEIGHTS, table, WARMTH)
    print(f"{len(taught)} texts, {len(table)} clues → {HERE / WEIGHTS}")


def write(path: Path, table: dict[str, dict[tuple[str, str], int]], warmth: dict[str, float]) -> None:
    """One line a clue, in order, so that a change of the training shows as a change of lines."""
    places = {answer: place for place, answer in enumerate(ANSWERS)}
    lines = [" ".join(f"{question}={value}" for question, value in warmth.items())]
    for clue in sorted(table):
        row = sorted((places[answer], weight) for answer, weight in table[clue].items())
        lines.append(clue + "\t" + "".join(f"{LETTERS[place]}{weight}" for place, weight in row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
