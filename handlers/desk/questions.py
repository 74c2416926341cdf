"""The questions that an official asks a citizen by one click: what is missing first, then who they are, then the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.language import gettext
from smsgw.domain.coaching import Question
from smsgw.gateway import Gateway
from smsgw.services import answering
from smsgw.services.answering import Kind, Letter
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint
from smsgw.text.speech import OFFICE_QUESTIONS

NAME = Question.NAME.value


@dataclass(frozen=True, slots=True)
class Ready:
    """One question: in the official's language, as the citizen is asked, the exact text with its proof, and the gap that
    the reply fills."""

    label: str
    text: str
    body: str
    proof: str
    gap: str


def ready(session: Transaction, house: Gateway, complaint: Complaint) -> Sequence[Ready]:
    """Those that make sense of this complaint. A name is asked for only where none is known."""
    missing = list(complaint.missing)
    named = NAME in (complaint.facts or {})
    first = [*missing, *([] if named else [NAME])]
    codes = [code for code in OFFICE_QUESTIONS if code in first or code.startswith(Question.FREE.value)]
    return [_ready(session, house, complaint, code) for code in sorted(codes, key=lambda code: _place(code, first))]


def _place(code: str, first: Sequence[str]) -> int:
    return first.index(code) if code in first else len(first)


def _ready(session: Transaction, house: Gateway, complaint: Complaint, code: str) -> Ready:
    text = house.speech.office_question(code, complaint.citizen.language)
    gap = Question(code.partition(":")[0])
    shown = answering.preview(session, house.speech, complaint, Letter(Kind.QUESTION, text, asks=gap))
    return Ready(gettext(OFFICE_QUESTIONS[code]), text, shown.body, shown.proof, gap.value)
