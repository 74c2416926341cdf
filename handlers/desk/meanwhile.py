"""What happened to a complaint since an official opened it: shown beside their own words, of which nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk.turns import Turn, turns
from smsgw.domain.difference import Difference, between
from smsgw.store import complaints
from smsgw.store.complaints import Conversation
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint, Event

LETTERS = {"answer": "answered", "question": "asked"}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The newer entries; where one of them is a text of the same kind, whose it is and both texts side by side. `kept` are
    the official's own words, as they wrote them."""

    entries: Sequence[Turn]
    who: str = ""
    difference: Difference | None = None
    kept: str = ""


def since(
    session: Transaction, complaint: Complaint, seen: int, *, kind: str = "", body: str = "", kept: str = ""
) -> Meanwhile:
    """Of what came after the line of the history that was `seen` last; `body` is the text of this `kind` as the citizen would
    have read it."""
    talk = complaints.conversation(session, complaint)
    news = [line for line in talk.history if line.id > seen]
    theirs = next((line for line in reversed(news) if line.kind == LETTERS.get(kind)), None)
    sent = _body(talk, theirs) if theirs else ""
    return Meanwhile(
        entries=_entries(complaint, talk, news),
        who=theirs.official.name if theirs and theirs.official else "",
        difference=between(sent, body) if sent and body else None,
        kept=kept,
    )


def _entries(complaint: Complaint, talk: Conversation, news: Sequence[Event]) -> Sequence[Turn]:
    told = {line.details.get("outbox_id") for line in news}
    heard = {line.details.get("inbound_id") for line in news}
    texts = [row for row in talk.heard if row.id in heard]
    found = turns(complaint, Conversation(texts, [row for row in talk.told if row.id in told], news))
    return [turn for turn in found if texts or turn.side != "citizen"]


def _body(talk: Conversation, line: Event) -> str:
    return next((row.body for row in talk.told if row.id == line.details.get("outbox_id")), "")
