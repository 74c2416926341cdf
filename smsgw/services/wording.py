"""Looks an official's text over: blanks, what carriers refuse, what it costs, and whether a second person must look first."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from smsgw.domain.carriers import Carrier, Price
from smsgw.domain.mentions import strange
from smsgw.domain.registered import matches
from smsgw.domain.second_look import Why
from smsgw.domain.templates import blanks
from smsgw.store import held, templates
from smsgw.store.tables import Complaint
from smsgw.text.fit import folded, mended
from smsgw.text.speech import Speech


@dataclass(frozen=True, slots=True)
class Findings:
    """What is left to fill in; the signs that the provider's networks refuse; the addresses and numbers that no list allows;
    whether it matches nothing that is registered though it must; what it costs, where that is known; why it waits for
    a second person."""

    blanks: tuple[str, ...] = ()
    refused: str = ""
    mentions: tuple[str, ...] = ()
    unregistered: bool = False
    price: Price | None = None
    waits: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An official's words, the whole text with them that would leave, its segments, and whether it is an answer."""

    words: str
    body: str
    segments: int
    answers: bool


def look_over(session: Session, speech: Speech, complaint: Complaint, written: Written, heard: str) -> Findings:
    """Everything that is to be said about the text, for a citizen who wrote through the provider `heard`."""
    carrier = speech.carriers.of(heard)
    mentions = tuple(strange(written.words, allowed(speech)))
    approval = written.answers and held.needs_approval(session, complaint.unit_id, complaint.category)
    reasons = ((Why.MENTIONS, bool(mentions)), (Why.APPROVAL, approval))
    return Findings(
        blanks=tuple(blanks(written.words)),
        refused=_refused(carrier, written.words),
        mentions=mentions,
        unregistered=carrier.registered and not _is_registered(session, speech.carriers.name(heard), written.body),
        price=carrier.price.of(written.segments) if carrier.price else None,
        waits=tuple(why for why, holds in reasons if holds),
    )


def allowed(speech: Speech) -> tuple[str, ...]:
    """What every text may name: what the settings list, our own number, and those of police, fire and ambulance."""
    return (*speech.carriers.allowed, speech.house.number, *speech.house.numbers.values())


def _refused(carrier: Carrier, words: str) -> str:
    """Signs that are only in the text because folding made them count too; those that mending takes away do not."""
    return "".join(dict.fromkeys(carrier.refuses(mended(words)) + carrier.refuses(folded(words))))


def _is_registered(session: Session, provider: str, body: str) -> bool:
    return matches(body, [row.body for row in templates.registered(session, provider)])
