"""How texts are read: an administrator pastes one and sees what is made of it and why, and where officials read otherwise."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import door
from handlers.guards import demands, gateway
from handlers.words import FIELDS, why_triage
from smsgw.domain.progress import Duty
from smsgw.domain.routing import OUTSIDE
from smsgw.domain.understanding import Explained, Intent
from smsgw.services import learning, sealing
from smsgw.services.handbook import Handbook
from smsgw.services.learning import UNREAD

LONGEST = 2000
INTENTS = {
    "emergency": _("A cry for help"),
    "stop": _("Wants no more texts"),
    "spam": _("Advertising"),
    "wrong_number": _("Private talk or wrong number"),
    "new_complaint": _("A new complaint"),
    "rating": _("A rating of an answer"),
    "followup": _("More on a complaint already sent"),
    "status": _("Asks how a complaint stands"),
    "thanks": _("Thanks"),
    "menu": _("Wants the list of fields"),
    "help": _("Asks how it works"),
    "confirm": _("A short answer"),
}
QUESTIONS = {
    "intent": _("What is wanted"),
    "category": _("Field"),
    "place": _("Place"),
    "urgent": _("Urgency"),
    "missing": _("What is missing"),
}
ANSWERS = {
    "urgent": _("danger"),
    "event": _("happened at some time"),
    "case": _("somebody's own file"),
    "nowhere": _("needs no place"),
    "office": _("about an office itself"),
    "vague": _("tells no concrete matter"),
}
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """What spoke for one answer: words of the text with their weights, the heaviest first; below 0 they spoke against."""

    question: str
    answer: str
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the text would go: an office, or a unit's triage with the reason why."""

    unit: str
    office: str
    why: str


@door.route("/understand", methods=["GET", "POST"])
@demands(Duty.ADMIN)
def understand() -> ResponseReturnValue:
    """The text travels in the form's body, so that it stands in no address and no log."""
    text = request.form.get("text", "")[:LONGEST].replace("\r\n", "\n")
    if not text.strip():
        return render_template("admin/understand.html", text="", longest=LONGEST)
    house = gateway()
    told = house.reader.explain(text)
    with house.database.read() as session:
        way = _way(house.handbook(session), told)
    return render_template(
        "admin/understand.html",
        text=text,
        longest=LONGEST,
        told=told,
        spoke=_spoken(told, text),
        read=told.understanding,
        elsewhere=OUTSIDE,
        way=way,
        sealed=None if told.understanding.emergency else sealing.found_in(text),
        answers={**FIELDS, **INTENTS, **ANSWERS},
        intents=INTENTS,
        questions=QUESTIONS,
    )


def _spoken(told: Explained, text: str) -> list[Told]:
    """Answer by answer. What is known of a text beside its words, its length for one thing, is left out."""
    by: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for one in told.spoke:
        if one.words and all(part in text for part in one.words.split(" / ")):
            by.setdefault((one.question, one.answer), []).append((one.words, one.weight))
    return [Told(*asked, tuple(words[:MOST_WORDS])) for asked, words in by.items()]


def _way(handbook: Handbook, told: Explained) -> Way | None:
    """None for a text that opens no complaint."""
    read = told.understanding
    if read.intent not in (Intent.NEW_COMPLAINT, Intent.EMERGENCY):
        return None
    desk = handbook.matrix.desk(read)
    return Way(handbook.name_of(desk.unit_id), handbook.name_of(desk.office_id), why_triage(desk.why.value))


@dataclass(frozen=True, slots=True)
class Decided:
    """A field that officials gave: how often, the share that was read so (0..1), and what the others were read as."""

    field: str
    count: int
    right: float
    others: tuple[tuple[str, int], ...]


@door.get("/confusion")
@demands(Duty.ADMIN)
def confusion() -> ResponseReturnValue:
    """Field by field. Only counts: no text stands here."""
    with gateway().database.read() as session:
        found = learning.confusion(session)
    rows = [
        Decided(field, found.decided(field), right, _otherwise(found, field))
        for field in found.fields()
        if (right := found.read_right(field)) is not None
    ]
    total = sum(found.counts.values())
    right = sum(count for (decided, read), count in found.counts.items() if decided == read)
    return render_template(
        "admin/confusion.html", rows=rows, total=total, right=right, fields=FIELDS | {UNREAD: _("no field")}
    )


def _otherwise(found: learning.Confusion, field: str) -> tuple[tuple[str, int], ...]:
    """Most often first."""
    wrong = [(read, count) for (decided, read), count in found.counts.items() if decided == field and read != field]
    return tuple(sorted(wrong, key=lambda pair: (-pair[1], pair[0])))
