"""An understanding as one row of the evaluation corpus."""

from smsgw.domain.categories import SEED_GROUPS, report_group_of
from smsgw.domain.understanding import Intent, Missing, Understanding

Label = str | bool | None | list[str]


def as_label(understanding: Understanding, *, explain: bool = False) -> dict[str, Label]:
    """The fields of the corpus schema without `id`; with `explain` also `reasons`."""
    is_complaint = understanding.intent is Intent.NEW_COMPLAINT
    label: dict[str, Label] = {
        "intent": understanding.intent.value,
        "category": understanding.category.value if understanding.category else None,
        "ward": understanding.ward,
        "place_text": understanding.place_text,
        "missing": [item.value for item in Missing if item in understanding.missing],
        "urgent": understanding.urgent,
        "seed_group": SEED_GROUPS[report_group_of(understanding.category)] if is_complaint else None,
    }
    return label | {"reasons": list(understanding.reasons)} if explain else label
