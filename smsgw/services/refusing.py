"""Refuses a complaint for one of the lawful reasons: the citizen is texted which one, and where they may turn.

That something is missing is no reason, and neither is that it is another office's: the citizen is asked, the complaint is
passed on.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from smsgw.domain.grounds import SOURCES, Ground
from smsgw.domain.notices import Lane, NotAccepted
from smsgw.domain.progress import Act, Refusal, decide
from smsgw.services import citizens, pausing
from smsgw.services.answering import Writer
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store import calls, complaints
from smsgw.store.tables import Complaint
from smsgw.text.fit import Fit, measure
from smsgw.text.speech import Speech

LONGEST_WHERE = 60


class Flaw(StrEnum):
    """What stops a refusal."""

    NO_REASON = "no_reason"
    NO_WHERE = "no_where"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Wording:
    """A refusal as written: its ground, why it holds here (for the file), whom the citizen may turn to; `proof` is that of the
    text agreed to, and `seen` the newest line of the history that had been read."""

    ground: Ground
    reason: str
    where: str = ""
    proof: str = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The exact text that would go out, what it takes on the air, and what stops it; `news` where something happened since the
    page was read."""

    body: str
    fit: Fit
    flaws: tuple[Flaw, ...]
    news: bool = False

    @property
    def proof(self) -> str:
        """Agreeing to it is agreeing to this text and no other."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def preview(session: Session, speech: Speech, handbook: Handbook, complaint: Complaint, written: Wording) -> Shown:
    """The refusal as this citizen would get it. Without tone marks it must be one segment; with them it is what it is."""
    citizen, heard = complaint.citizen, complaints.provider_of(session, complaint.id)
    notice = _notice(handbook, complaint, written)
    body = speech.text(notice, language=citizen.language, tone_marks=citizen.tone_marks, heard=heard)
    bare = measure(speech.say(notice, language=citizen.language))
    found = {
        Flaw.NO_REASON: not _one_line(written.reason),
        Flaw.NO_WHERE: written.ground is Ground.ANOTHER_BODY and not _one_line(written.where),
        Flaw.TOO_LONG: bare.segments > 1 or len(_one_line(written.where)) > LONGEST_WHERE,
    }
    return Shown(body, measure(body), tuple(flaw for flaw, is_so in found.items() if is_so))


def refuse(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    written: Wording,
    writer: Writer,
    *,
    now: datetime,
) -> Refusal | Shown | None:
    """Refuses what was agreed to, once; None when that was done, else the text to look at again. The complaint must be
    locked. What was handled with it goes on by itself: each citizen has a right to their own answer."""
    unheard = calls.unheard(session, complaint.id)
    has_office = complaint.office_id is not None
    state = decide(Act.REFUSE, complaint.stands, writer.duties, has_office=has_office, unheard=unheard)
    if isinstance(state, Refusal):
        return state
    shown = preview(session, speech, handbook, complaint, written)
    news = complaints.newest_line(session, complaint.id) != written.seen
    if news or shown.flaws or shown.proof != written.proof:
        return Shown(shown.body, shown.fit, shown.flaws, news)
    pausing.resume(session, handbook, complaint, pausing.Why.REFUSED, now=now, official_id=writer.id)
    complaint.state, complaint.look_at, complaint.asking = state.value, None, ""
    if complaint.citizen.prompt_complaint_id == complaint.id:
        citizens.forget_prompt(complaint.citizen)
    provider = complaints.provider_of(session, complaint.id)
    envelope = Envelope(f"refused:{complaint.id}", Lane.ANSWER, complaint.id, provider=provider)
    notice = _notice(handbook, complaint, written)
    outbox_id = tell_citizen(session, speech, complaint.citizen, notice, envelope, now=now)
    details = {"ground": written.ground.value, "source": SOURCES[written.ground], "text": outbox_id}
    reason = _one_line(written.reason)
    note(session, complaint.id, "refused", at=now, official_id=writer.id, words=reason, **details)
    return None


def _notice(handbook: Handbook, complaint: Complaint, written: Wording) -> NotAccepted:
    unit = handbook.name_of(complaint.unit_id)
    return NotAccepted(complaint.reference or "", written.ground.value, unit, _one_line(written.where))


def _one_line(words: str) -> str:
    return " ".join(words.split())
