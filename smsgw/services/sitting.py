"""One USSD turn: what was typed is kept, the script played, and a finished draft filed the way a text is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain import notices as n
from smsgw.domain.dialogue import ENDS, Step, play
from smsgw.domain.dialogue import Sitting as Standing
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.messages import SmsReceived, UssdEvent, UssdScreen, UssdTurn
from smsgw.domain.understanding import Intent, Reader, Understanding
from smsgw.services import citizens, tracking
from smsgw.services.conversation import USSD, Conversation
from smsgw.services.filing import promised
from smsgw.services.handbook import Handbook, Place
from smsgw.services.intake import receive
from smsgw.store import inbox
from smsgw.store.database import insert_once
from smsgw.store.inbox import Arrived
from smsgw.store.tables import Citizen, Complaint, Sitting
from smsgw.text.screens import Screens
from smsgw.text.speech import Speech


@dataclass(frozen=True, slots=True)
class Usher:
    """What a turn needs, inside a session its caller opened."""

    session: Session
    handbook: Handbook
    reader: Reader
    speech: Speech
    screens: Screens
    now: Callable[[], datetime]

    def turn(self, turn: UssdTurn) -> UssdScreen:
        """The next screen. The same turn again gets the same screen and does nothing twice."""
        sitting = self._sitting(turn)
        if turn.event in (UssdEvent.END, UssdEvent.TIMEOUT):
            sitting.state = "ended"
            return UssdScreen("", more=False)
        if sitting.last_screen and _is_repeated(sitting, turn):
            return UssdScreen(sitting.last_screen, sitting.more)
        sitting.answers = _answers(sitting, turn)
        sitting.last_history, sitting.touched_at = turn.history, self.now()
        screen = self._screen(sitting)
        sitting.last_screen, sitting.more = screen.text, screen.more
        sitting.state = "open" if screen.more else "ended"
        return screen

    def _sitting(self, turn: UssdTurn) -> Sitting:
        """The phone is part of what names a sitting: a session id that another phone shows opens nobody's screens."""
        now = self.now()
        fresh = {
            "provider": turn.provider,
            "session_id": turn.session_id,
            "phone": turn.phone,
            "service_code": turn.service_code,
            "answers": [],
            "last_screen": "",
            "more": True,
            "state": "open",
            "started_at": now,
            "touched_at": now,
        }
        insert_once(self.session, Sitting, fresh)
        mine = (Sitting.provider == turn.provider, Sitting.session_id == turn.session_id, Sitting.phone == turn.phone)
        return self.session.scalars(select(Sitting).where(*mine).with_for_update()).one()

    def _screen(self, sitting: Sitting) -> UssdScreen:
        citizen = citizens.citizen_of(self.session, sitting.phone, self.now())
        units = _offered(self.handbook)
        standing = play(sitting.answers, len(units))
        if standing.step is Step.FILED:
            said = self._file(sitting, standing, units, citizen)
        elif standing.step is Step.ASKED:
            said = self.speech.say(self._status(standing.reference, citizen), language=citizen.language)
        elif standing.step is Step.HELP:
            said = self.speech.say(n.Help(), language=citizen.language)
        else:
            said = self.screens.show(standing, [unit.name for unit in units], citizen.language)
        return UssdScreen(said, more=standing.step not in ENDS)

    def _file(self, sitting: Sitting, standing: Standing, units: Sequence[Place], citizen: Citizen) -> str:
        """Takes the draft in as a text of this session, once, and answers it at once; the receipt goes by SMS too."""
        ref = f"{sitting.session_id}:{sitting.phone}"
        sms = SmsReceived(sitting.provider, USSD, ref, sitting.phone, sitting.service_code, standing.text)
        now = self.now()
        row_id = receive(self.session, sms, now)
        if row_id is None:
            return sitting.last_screen
        read = _chosen(self.reader.read(standing.text), standing, units)
        text = Arrived(row_id, sms.provider, sms.account, sms.sender, sms.text, now)
        conversation = Conversation(self.session, self.handbook, self.speech)
        outcome = conversation.answer(text, read, Command(Verb.COMPLAINT), now)
        conversation.finish()
        inbox.settle(self.session, [outcome])
        sitting.complaint_id = outcome.complaint_id
        crash.point("mid_ussd")
        if outcome.complaint_id is None:
            return self.speech.say(n.WhereToTurn(), language=citizen.language)
        complaint = self.session.get_one(Complaint, outcome.complaint_id)
        reference = complaint.reference or ""
        said = n.EmergencyAdvice(reference) if complaint.emergency else self._receipt(complaint)
        return self.speech.say(said, language=citizen.language)

    def _receipt(self, complaint: Complaint) -> n.ComplaintReceived | n.DangerReceived:
        if complaint.urgent:
            return n.DangerReceived(complaint.reference or "", promised(complaint, self.handbook))
        office = self.handbook.name_of(complaint.office_id)
        return n.ComplaintReceived(complaint.reference or "", promised(complaint, self.handbook), office)

    def _status(self, typed: str, citizen: Citizen) -> n.StatusReport | n.NothingFound:
        known = citizens.complaints_of(self.session, citizen)
        shown = tracking.in_sight(known)
        found = tracking.named(known, typed) if typed else citizens.latest_open(shown) or next(iter(shown), None)
        if found is None:
            return n.NothingFound(typed, tracking.meant(shown, typed) if typed else "")
        return tracking.standing(found, self.handbook)


def _offered(handbook: Handbook) -> list[Place]:
    """Today's wards and communes, the home unit first."""
    units = [place for place in handbook.places.values() if place.kind in ("ward", "commune")]
    return sorted(units, key=lambda place: (place.id != handbook.matrix.home_id, place.id))


def _chosen(read: Understanding, standing: Standing, units: Sequence[Place]) -> Understanding:
    """What was chosen on the screens counts for more than what the words say; an emergency stays one."""
    unit = units[standing.unit] if standing.unit is not None else None
    return replace(
        read,
        intent=Intent.EMERGENCY if read.emergency else Intent.NEW_COMPLAINT,
        category=standing.field,
        category_confidence=1.0,
        ward=unit.name if unit else read.ward,
        unit_today=unit.code if unit else read.unit_today,
    )


def _is_repeated(sitting: Sitting, turn: UssdTurn) -> bool:
    """A provider that sends the whole history repeats it; one that sends only the last answer repeats its start."""
    if turn.history is not None:
        return turn.history == sitting.last_history
    return turn.event is UssdEvent.START or sitting.state == "ended"


def _answers(sitting: Sitting, turn: UssdTurn) -> list[str]:
    """Everything answered so far. A free text may hold `*`, so of a history only what was added counts as one answer."""
    if turn.history is None:
        return [*sitting.answers, turn.typed] if turn.event is UssdEvent.INPUT else []
    before = sitting.last_history
    if before and turn.history.startswith(f"{before}*"):
        return [*sitting.answers, turn.history[len(before) + 1 :]]
    if before == "" and turn.history:
        return [*sitting.answers, turn.history]
    return turn.history.split("*") if turn.history else []
