"""Why a text was read as it was: the answers weighed, and the words that spoke for each."""

from dataclasses import dataclass

from smsgw.domain.understanding.outcome import Understanding


@dataclass(frozen=True, slots=True)
class Leaning:
    """One possible answer (an intent or a category's code) and its share of what was said, 0..1."""

    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Spoke:
    """Words of the text, verbatim, that spoke for (or, with a weight below 0, against) an answer.

    `question` is `intent`, `category`, `place`, `urgent` or `missing`; `answer` a value of it.
    """

    question: str
    answer: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One reading with its reasons. Leanings come likeliest first, `spoke` heaviest first within a question.

    `doubtful` says that a person decides the field, because the reader is not sure enough.
    """

    understanding: Understanding
    intents: tuple[Leaning, ...] = ()
    categories: tuple[Leaning, ...] = ()
    spoke: tuple[Spoke, ...] = ()
    doubtful: bool = False
