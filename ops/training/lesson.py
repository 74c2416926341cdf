"""One made-up text with what a good reader finds in it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lesson:
    """`source` is the line it was made from: texts of one line never stand on both sides of a trial.

    `truth` answers the questions of `smsgw.domain.understanding.scales`; a question without an answer teaches nothing.
    `missing` (None where nobody said) and `ward` are what the whole reading must find, for trials.
    """

    source: str
    text: str
    truth: dict[str, str] = field(default_factory=dict)
    missing: frozenset[str] | None = None
    ward: str | None = None
