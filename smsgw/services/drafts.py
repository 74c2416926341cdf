"""Takes a USSD draft in as a text of its session, once, and answers it as any text is answered: the receipt goes by SMS."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.categories import CategoryCode
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.messages import SmsReceived
from smsgw.domain.understanding import Intent, Missing, Reader, Understanding
from smsgw.domain.ussd.known import Ward
from smsgw.domain.ussd.standing import Draft
from smsgw.services.conversation import USSD, Conversation
from smsgw.services.handbook import Handbook
from smsgw.services.intake import receive
from smsgw.store import inbox
from smsgw.store.inbox import Arrived
from smsgw.store.tables import Complaint, Sitting
from smsgw.text.screens import Screens
from smsgw.text.speech import Speech


@dataclass(frozen=True, slots=True)
class Clerk:
    """What taking a draft in needs, inside a session its caller opened."""

    session: Session
    handbook: Handbook
    reader: Reader
    speech: Speech
    screens: Screens

    def file(self, sitting: Sitting, draft: Draft, language: str, *, at: datetime, now: datetime) -> Complaint | None:
        """The complaint that the draft of a locked sitting becomes; none where its words are sealed, which then stay in no
        sitting either. `at` is when they were typed: terms count from then. Each filing of a sitting has a name of its
        own, so that none is taken in twice."""
        text = self.screens.draft_text(draft, language)
        row_id = None
        while row_id is None:  # the sitting is locked, and counts; a network may name a session as one long forgotten
            sitting.filings += 1
            ref = f"{sitting.session_id}:{sitting.phone}" + (f":{sitting.filings}" if sitting.filings > 1 else "")
            sms = SmsReceived(sitting.provider, USSD, ref, sitting.phone, sitting.service_code, text)
            row_id = receive(self.session, sms, at)
        arrived = Arrived(row_id, sms.provider, sms.account, sms.sender, sms.text, at)
        conversation = Conversation(self.session, self.handbook, self.speech)
        read = chosen(self.reader.read(text), draft, wards(self.handbook))
        outcome = conversation.answer(arrived, read, Command(Verb.COMPLAINT), now)
        conversation.finish()
        inbox.settle(self.session, [outcome])
        sitting.complaint_id = outcome.complaint_id
        crash.point("mid_ussd")
        if outcome.complaint_id is None:
            sitting.answers, sitting.last_history = [], None if sitting.last_history is None else ""
            return None
        return self.session.get_one(Complaint, outcome.complaint_id)


def wards(handbook: Handbook) -> list[Ward]:
    """Today's wards and communes, the home unit first."""
    units = [place for place in handbook.places.values() if place.kind in ("ward", "commune")]
    units.sort(key=lambda place: (place.id != handbook.matrix.home_id, place.id))
    return [Ward(unit.code, unit.name) for unit in units]


def chosen(read: Understanding, draft: Draft, offered: Sequence[Ward]) -> Understanding:
    """What was chosen on the screens counts for more than what the words say; an emergency stays one."""
    ward = next((ward for ward in offered if ward.code == draft.ward), None)
    told = {Missing.PLACE if draft.hamlet else None, Missing.WHEN if draft.when else None}
    return replace(
        read,
        intent=Intent.EMERGENCY if read.emergency else Intent.NEW_COMPLAINT,
        category=CategoryCode(draft.field) if draft.field else read.category,
        category_confidence=1.0 if draft.field else read.category_confidence,
        ward=ward.name if ward else read.ward,
        unit_today=ward.code if ward else read.unit_today,
        place_text=read.place_text or draft.hamlet or None,
        missing=frozenset(read.missing - told),
    )
