"""An understanding as one row of the evaluation corpus."""

from smsgw.domain.categories import SEED_GROUPS, report_group_of
from smsgw.domain.understanding import Explained, Intent, Leaning, Missing, Understanding

Label = str | bool | None | list[str]


def as_label(understanding: Understanding) -> dict[str, Label]:
    """The fields of the corpus schema without `id`."""
    is_complaint = understanding.intent is Intent.NEW_COMPLAINT
    return {
        "intent": understanding.intent.value,
        "category": understanding.category.value if understanding.category else None,
        "ward": understanding.ward,
        "place_text": understanding.place_text,
        "missing": [item.value for item in Missing if item in understanding.missing],
        "urgent": understanding.urgent,
        "seed_group": SEED_GROUPS[report_group_of(understanding.category)] if is_complaint else None,
    }


def as_explanation(explained: Explained) -> dict[str, object]:
    """The label with why: `reasons` in a few words, what was weighed, which words spoke for what, and the confidences."""
    read = explained.understanding
    return {
        **as_label(read),
        "reasons": list(read.reasons),
        "confidence": read.confidence,
        "category_confidence": read.category_confidence,
        "doubtful": explained.doubtful,
        "intents": _shares(explained.intents),
        "categories": _shares(explained.categories),
        "spoke": [
            {"question": spoke.question, "answer": spoke.answer, "words": spoke.words, "weight": spoke.weight}
            for spoke in explained.spoke
        ],
    }


def _shares(leanings: tuple[Leaning, ...]) -> dict[str, float]:
    return {leaning.value: leaning.share for leaning in leanings}
