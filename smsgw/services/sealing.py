"""Seals what has a procedure of its own by law, and keeps who reads it, hands it over or releases it.

A sealed matter is a row of its own and no complaint, so that no list, search, figure, alert or status of complaints can show
it. Its words stay where they came in; whoever lists texts that came in leaves sealed ones out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby, islice

from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw.data.load import load_lawful
from smsgw.domain.calls import LETTERS, Standing
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.lawful import GOES_ON, Channel, Finding, Lawful, goes_on, names
from smsgw.domain.notices import ComplaintReceived, Lane, SealedWaiting, WhereToTurn
from smsgw.domain.progress import Duty
from smsgw.domain.routing import WhyTriage
from smsgw.domain.understanding import Intent, Understanding
from smsgw.domain.workdays import VIETNAM
from smsgw.services import alarming, citizens
from smsgw.services.alarming import Cry, Siren
from smsgw.services.filing import Filing, file, promised
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen, tell_official
from smsgw.store import changes, complaints, contributions, publications, searching, text_codes
from smsgw.store import sealed as store
from smsgw.store.database import Database, insert_once
from smsgw.store.inbox import Arrived
from smsgw.store.later import Later
from smsgw.store.sealed import Waiting
from smsgw.store.tables import (
    OPEN_STATES,
    Call,
    Citizen,
    Complaint,
    Event,
    Extension,
    HeldLetter,
    Inbound,
    Official,
    Outgoing,
    Sealed,
    SealedLine,
    SealedText,
    SealKeeper,
    Unit,
)
from smsgw.text.speech import Speech

GOES_ON_FOR = timedelta(hours=6)
ALONE = frozenset({Verb.FREE, Verb.COMPLAINT})
READS_TEXTS = frozenset(Duty) - {Duty.ADMIN, Duty.AUDITOR}
BATCH = 50


class Kept(StrEnum):
    """What came of a text: a new sealed matter, a part of one, or the rest of a long text, which was answered before."""

    OPENED = "opened"
    JOINED = "joined"
    REST = "rest"


class NoReasonError(ValueError):
    """Nothing leaves the seal without a reason."""


class NoKeeperError(ValueError):
    """An administrator or auditor reads no texts, so nobody names them; nor is anybody named twice."""


class DoneAlreadyError(ValueError):
    """It was handed over or released before."""


@cache
def lawful() -> Lawful:
    """Made once a process."""
    return load_lawful()


@lru_cache(maxsize=256)
def found_in(text: str) -> Finding | None:
    """What of a text asks for the seal. The last few are remembered: whoever works on a batch asks before the transaction in
    which `seal` asks again, so that nobody waits for that."""
    return lawful().find(text)


def sealed_lately(citizen: Citizen, now: datetime) -> datetime | None:
    """When the citizen's last text was sealed, while what they write may go on with it."""
    until = citizen.sealed_until
    return until - GOES_ON_FOR if until and until > now else None


def seal(
    session: Session,
    handbook: Handbook,
    citizen: Citizen,
    text: Arrived,
    read: Understanding,
    command: Command,
    *,
    answers: bool = False,
) -> Kept | None:
    """Seals the text, or None for an ordinary one. Of the latter the database is asked only where it names a complaint.
    `answers` is whether it answers a question that was asked since the seal. What goes on with a matter that was handed over
    opens a new one at the same unit, and its writer hears the same as before."""
    if text.continues and (begun := session.get(SealedText, text.continues)):
        _join(session, begun.sealed_id, text)
        return Kept.REST
    now, finding = text.received_at, found_in(text.body)
    named = _named(session, citizen, read, command)
    if finding is None and named is None and (answers or not _goes_on(citizen, read, command, now)):
        return None
    earlier = named or (store.newest_of(session, citizen.id) if sealed_lately(citizen, now) else None)
    if earlier and earlier.state == "sealed":
        _join(session, earlier.id, text)
    elif finding:
        unit_id = handbook.matrix.desk(read, WhyTriage.DENUNCIATION).unit_id
        _open(session, citizen, text, unit_id, finding.channel.value)
    elif earlier:
        _open(session, citizen, text, earlier.unit_id, earlier.kind)
    else:
        return None
    citizens.forget_prompt(citizen)
    citizen.sealed_until = now + GOES_ON_FOR
    return Kept.JOINED if earlier else Kept.OPENED


def _goes_on(citizen: Citizen, read: Understanding, command: Command, now: datetime) -> bool:
    """What is asked after the seal is answered, and what names a complaint goes there; the rest goes on with the seal."""
    recent = sealed_lately(citizen, now) is not None
    named = command.reference or read.reference or citizens.pending_prompt(citizen, now)
    return recent and not named and command.verb in ALONE and goes_on(read)


def _named(session: Session, citizen: Citizen, read: Understanding, command: Command) -> Sealed | None:
    """What became of the complaint that the text names, where it was put under seal: more of it goes there, however late."""
    reference = command.reference or read.reference
    adds = command.verb is Verb.ADD or (command.verb in ALONE and read.intent in GOES_ON)
    return store.made_of(session, citizen.id, reference) if reference and adds else None


def _open(session: Session, citizen: Citizen, text: Arrived, unit_id: int, kind: str) -> None:
    values = {
        "key": f"text:{text.id}",
        "citizen_id": citizen.id,
        "unit_id": unit_id,
        "kind": kind,
        "state": "sealed",
        "received_at": text.received_at,
    }
    sealed_id = insert_once(session, Sealed, values)
    if sealed_id is None:
        return
    session.add(SealedText(inbound_id=text.id, sealed_id=sealed_id))
    _note(session, sealed_id, "sealed", text.received_at)


def _join(session: Session, sealed_id: int, text: Arrived) -> None:
    insert_once(session, SealedText, {"inbound_id": text.id, "sealed_id": sealed_id})
    _note(session, sealed_id, "added", text.received_at)


def is_keeper(session: Session, official_id: int) -> bool:
    """Whether the official is named for any unit."""
    return bool(store.units_kept_by(session, official_id))


def shown_to(session: Session, official_id: int, name: str) -> list[Sealed]:
    """The matters this official may read: of units they are named for, and none that names them."""
    rows = store.listed(session, store.units_kept_by(session, official_id))
    words = store.texts(session, [sealed.id for sealed in rows])
    return [sealed for sealed in rows if not _is_named(name, words[sealed.id])]


def found(session: Session, official_id: int, name: str, number: int, *, to_change: bool = False) -> Sealed | None:
    """The same of one matter; None when there is none, and when it is not theirs to read alike."""
    sealed = store.within(session, store.units_kept_by(session, official_id), number, to_change=to_change)
    if sealed is None or _is_named(name, store.texts(session, [sealed.id])[sealed.id]):
        return None
    return sealed


def _is_named(name: str, texts: Iterable[Inbound]) -> bool:
    return any(names(text.body, name) for text in texts)


def _readers(keepers: Iterable[Official], texts: Sequence[Inbound]) -> list[Official]:
    return [keeper for keeper in keepers if not _is_named(keeper.name, texts)]


def waiting(session: Session) -> list[Waiting]:
    """What lies sealed, by unit, for who names keepers."""
    rows = store.still_sealed(session)
    words = store.texts(session, [sealed.id for sealed in rows])
    found = []
    for unit, matters in groupby(rows, key=lambda sealed: sealed.unit):
        keepers = store.keepers_of(session, unit.id)
        readers = [_readers(keepers, words[sealed.id]) for sealed in matters]
        found.append(Waiting(unit.name, len(readers), len(keepers), readers.count([])))
    return found


def read_by(session: Session, sealed: Sealed, official_id: int, now: datetime) -> list[Inbound]:
    """Its texts; that they were read stands in its history from now on."""
    _note(session, sealed.id, "read", now, official_id)
    return store.texts(session, [sealed.id])[sealed.id]


def hand_over(session: Session, sealed: Sealed, official_id: int, reason: str, now: datetime) -> None:
    """To the inspectorate, outside this service. The words stay sealed here."""
    words = _still_sealed(sealed, reason)
    sealed.state = "handed_over"
    _note(session, sealed.id, "handed_over", now, official_id, words)


def put_under_seal(
    session: Session, speech: Speech, complaint: Complaint, official_id: int, reason: str, *, now: datetime
) -> int:
    """An official saw that an ordinary complaint is none: all its words move under the seal, what is left is a number that is
    closed, and its citizen hears where to turn. The complaint must be locked; the sealed matter's number."""
    words = " ".join(reason.split())
    if not words:
        raise NoReasonError
    if complaint.state not in OPEN_STATES:
        raise DoneAlreadyError
    finding = found_in(complaint.text)
    values = {
        "key": f"complaint:{complaint.id}",
        "citizen_id": complaint.citizen_id,
        "unit_id": complaint.unit_id,
        "kind": (finding.channel if finding else Channel.DENUNCIATION).value,
        "state": "sealed",
        "received_at": complaint.received_at,
    }
    sealed_id = insert_once(session, Sealed, values)
    if sealed_id is None:
        raise DoneAlreadyError
    _move_words(session, complaint, sealed_id, now)
    complaint.state, complaint.look_at, complaint.triage_reason = "refused", None, WhyTriage.DENUNCIATION.value
    complaint.citizen.sealed_until = now + GOES_ON_FOR
    if complaint.citizen.prompt_complaint_id == complaint.id:
        citizens.forget_prompt(complaint.citizen)
    note(session, complaint.id, "put_under_seal", at=now, official_id=official_id)
    note(session, complaint.id, "refused", at=now)
    _note(session, sealed_id, "sealed", now, official_id, words)
    envelope = Envelope(f"sealed:{sealed_id}", Lane.RECEIPT, provider=complaints.provider_of(session, complaint.id))
    tell_citizen(session, speech, complaint.citizen, WhereToTurn(), envelope, now=now)
    return sealed_id


def _move_words(session: Session, complaint: Complaint, sealed_id: int, now: datetime) -> None:
    """Its texts, also those that were released before, what was read in them, what its history quotes of them, and what an
    office texted or is to read out; the same of what turned out to belong to it."""
    for one in (complaint, *complaints.joined_with(session, complaint)):
        _empty(session, one, sealed_id, now)


def _empty(session: Session, complaint: Complaint, sealed_id: int, now: datetime) -> None:
    texts = complaints.texts_of(session, complaint)
    session.execute(update(SealedText).where(SealedText.inbound_id.in_(texts)).values(sealed_id=sealed_id))
    for inbound_id in texts:
        insert_once(session, SealedText, {"inbound_id": inbound_id, "sealed_id": sealed_id})
    session.execute(update(Inbound).where(Inbound.id.in_(texts)).values(complaint_id=None))
    session.execute(update(Event).where(Event.complaint_id == complaint.id).values(note=""))
    letters = Outgoing.complaint_id == complaint.id, Outgoing.kind.in_(LETTERS)
    session.execute(update(Outgoing).where(*letters).values(complaint_id=None))
    text_codes.forget_words(session, complaint.id)
    session.execute(update(Extension).where(Extension.complaint_id == complaint.id).values(reason=""))
    held = update(HeldLetter).where(HeldLetter.complaint_id == complaint.id)
    session.execute(held.values(body="", why_returned="", state="replaced"))
    calls = update(Call).where(Call.complaint_id == complaint.id, Call.state == Standing.OPEN)
    session.execute(calls.values(state=Standing.WITHDRAWN.value, closed_at=now))
    complaint.text, complaint.place, complaint.category, complaint.reasons = "", None, None, []
    complaint.facts, complaint.asking, complaint.about_phone = {}, "", ""
    searching.keep(session, complaint)
    contributions.forget(session, complaint.id)
    publications.forget(session, complaint.id, now)


@dataclass(frozen=True, slots=True)
class Release:
    """An official says that it is an ordinary report after all."""

    official_id: int
    reason: str
    read: Understanding


def release(
    session: Session, handbook: Handbook, speech: Speech, sealed: Sealed, told: Release, *, now: datetime
) -> str:
    """Opens the complaint that it would have been, and the citizen gets its receipt; where it tells of danger, the duty phone
    hears of it now. The complaint's reference."""
    words = _still_sealed(sealed, told.reason)
    texts = store.texts(session, [sealed.id])[sealed.id]
    read = replace(told.read, denunciation=False, intent=Intent.NEW_COMPLAINT, emergency=False)
    body = "\n".join(text.body for text in texts)
    later = Later(session)
    filed = file(later, handbook, Filing(sealed.key, "sms", body, sealed.citizen, read), now)
    if read.urgent:
        before = len(alarming.lately(session, sealed.citizen, now))
        cry = Cry(filed.id, filed.reference, filed.unit_id, False, sealed.citizen, before, now, filed.office_id)
        Siren(session, later, handbook, speech).sound(cry)
    later.write()
    sealed.state, sealed.complaint_id, sealed.citizen.sealed_until = "released", filed.id, None
    session.execute(update(Inbound).where(Inbound.id.in_([text.id for text in texts])).values(complaint_id=filed.id))
    receipt = ComplaintReceived(filed.reference, promised(filed, handbook), handbook.name_of(filed.office_id))
    provider = texts[-1].provider if texts else ""
    envelope = Envelope(f"released:{sealed.id}", Lane.RECEIPT, filed.id, provider=provider)
    tell_citizen(session, speech, sealed.citizen, receipt, envelope, now=now)
    _note(session, sealed.id, "released", now, told.official_id, words)
    return filed.reference


def _still_sealed(sealed: Sealed, reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise NoReasonError
    if sealed.state != "sealed":
        raise DoneAlreadyError
    return words


def name_keeper(session: Session, official: Official, unit: Unit, by: int, now: datetime) -> None:
    """From now on the official reads what the unit's citizens send under seal."""
    if not READS_TEXTS.intersection(role.name for role in official.roles) or not official.active:
        raise NoKeeperError
    values = {"official_id": official.id, "unit_id": unit.id, "named_at": now, "named_by": by}
    number = insert_once(session, SealKeeper, values)
    if number is None:
        raise NoKeeperError
    told = {"official_id": official.id, "unit_id": unit.id, "named_at": now.isoformat()}
    changes.record(session, "seal_keepers", str(number), official.name, after=told)


def end_keeping(session: Session, keeper_id: int, by: int, now: datetime) -> None:
    """From now on no more; done twice it is done once."""
    keeper = session.get(SealKeeper, keeper_id)
    if keeper is not None and keeper.ended_at is None:
        keeper.ended_at, keeper.ended_by = now, by


@dataclass(frozen=True, slots=True)
class Herald:
    """Tells keepers that something waits for them: one text a day and phone, without a word of what it is."""

    database: Database
    speech: Speech
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Up to `BATCH` matters of which somebody can be told; how many. The others wait until such a person is named."""
        with self.database.read() as session:
            heard = (sealed.id for sealed in store.untold(session) if self._listeners(session, sealed))
            found = list(islice(heard, BATCH))
        if not found:
            return 0
        now = self.now()
        with self.database.write() as session:
            untold = store.to_tell(session, found)
            for sealed in untold:
                self._tell(session, sealed, now)
        return len(untold)

    def _listeners(self, session: Session, sealed: Sealed) -> list[Official]:
        texts = store.texts(session, [sealed.id])[sealed.id]
        return [one for one in _readers(store.keepers_of(session, sealed.unit_id), texts) if one.phone]

    def _tell(self, session: Session, sealed: Sealed, now: datetime) -> None:
        for keeper in self._listeners(session, sealed):
            envelope = Envelope(f"sealed:{keeper.phone}:{now.astimezone(VIETNAM).date()}", Lane.REMINDER)
            tell_official(session, self.speech, keeper, SealedWaiting(), envelope, now=now)
            sealed.told_at = now


def _note(
    session: Session, sealed_id: int, kind: str, at: datetime, official_id: int | None = None, words: str = ""
) -> None:
    session.add(SealedLine(sealed_id=sealed_id, at=at, kind=kind, official_id=official_id, note=words))
    session.flush()
