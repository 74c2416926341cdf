"""Does what an official orders by text, through the verbs of the desk and within the same rights.

A number can be forged, so a number alone does nothing: every order carries a one-time code that was texted to the number which
proved to be the official's. The code is used up in the transaction of the act, whose reply brings the next one. Every order is
written down once by the text that brought it; what is not obeyed does nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.codes import DIGITS, Mint
from smsgw.domain.notices import Lane, Notice
from smsgw.domain.orders import Deed, Order
from smsgw.domain.phone import is_number
from smsgw.domain.workdays import VIETNAM
from smsgw.services import hats, one_time, verifying
from smsgw.services.answering import Writer
from smsgw.services.deeds import Case, Deeds, Result
from smsgw.services.handbook import Handbook
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import complaints, digests, phones, text_codes
from smsgw.store.inbox import Arrived, Outcome
from smsgw.store.phones import Known
from smsgw.store.tables import OPEN_STATES, Complaint, Official, TextCode
from smsgw.text.speech import Speech

INTENT = "order"
DONE, MOVED = "done", "moved"
UNKNOWN_NUMBER, UNVERIFIED, LOCKED = "unknown_number", "unverified", "locked"
WRONG, USED, EXPIRED, REPEATED = "wrong_code", "used_code", "expired_code", "repeated"


@dataclass(frozen=True, slots=True)
class Orderly:
    """Obeys orders inside a session that its caller opened for writing."""

    session: Session
    handbook: Handbook
    speech: Speech
    mint: Mint
    now: datetime

    def obey(self, text: Arrived, order: Order, *, emergency: bool) -> Outcome | None:
        """What came of it; None for a text that is to be read as any citizen's: that of a phone which is no official's, and a
        cry for help that no good code goes with."""
        known = phones.holder(self.session, text.sender) if is_number(text.sender) else None
        if not order.code:
            return self._helps(text, known)
        if known is None:
            if len(order.code) == DIGITS:
                self._note(text, order, UNKNOWN_NUMBER, None)
            return None
        code, wrong = self._code(text, order, known)
        if code is None or wrong:
            return self._refuses(text, order, known, wrong, emergency=emergency)
        return self._does(text, order, known.official, code)

    def _helps(self, text: Arrived, known: Known | None) -> Outcome | None:
        """An order without its code: how it is done, once an hour."""
        if known is None or not known.verified or known.locked:
            return None
        key = f"order-help:{known.official.id}:{self.now:%Y%m%d%H}"
        self._tell(known.official, n.OrderHelp(), key, text)
        return _outcome(text, "")

    def _code(self, text: Arrived, order: Order, known: Known) -> tuple[TextCode | None, str]:
        """What was handed out under the code, and what is wrong with it. A term is counted to when the text came."""
        if not known.verified or known.phone is None:
            return None, UNVERIFIED
        if known.locked:
            return None, LOCKED
        code = one_time.found(self.session, self.mint, known.official, order.code)
        if code is None:
            if len(order.code) == DIGITS:  # another length is a slip, not a guess
                verifying.count_wrong(known.phone, self.now)
            return None, WRONG
        if code.used_at is not None:
            return code, REPEATED if text_codes.used_by_the_same(self.session, code, text.body) else USED
        return code, EXPIRED if code.expires_at <= text.received_at else ""

    def _refuses(self, text: Arrived, order: Order, known: Known, why: str, *, emergency: bool) -> Outcome | None:
        """The number hears of it once a day at most, and not what was wrong: whoever guesses learns nothing."""
        self._note(text, order, why, known.official)
        if emergency:
            return None
        if why == REPEATED:
            return _outcome(text, "")
        day = self.now.astimezone(VIETNAM).date()
        self._tell(known.official, n.CodeRefused(), f"code-refused:{known.official.id}:{day}", text)
        return _outcome(text, why)

    def _does(self, text: Arrived, order: Order, official: Official, code: TextCode) -> Outcome:
        code.used_at, code.used_by = self.now, text.id
        reference = complaints.reference_of(self.session, code.complaint_id)
        case = self._case(official, code, reference)
        if case is None:  # it lies with others now
            self._note(text, order, MOVED, official, code.complaint_id)
            self._tell(official, n.OrderRefused(reference, MOVED), f"order:{text.id}", text, code.complaint_id)
            return _outcome(text, "")
        result = self._by_deed(case)[order.deed](order.words)
        self._note(text, order, result.why or DONE, official, code.complaint_id)
        notice, seen = result.notice, self._seen(case, code, result)
        if result.goes_on:
            fresh = one_time.hand_out(
                self.session, self.mint, official, case.complaint, now=self.now, seen=seen, draft=result.held
            )
            notice = replace(notice, code=fresh)
        elif isinstance(notice, n.OrderDone):
            notice = self._with_what_is_left(notice, official, case.complaint)
        self._tell(official, notice, f"order:{text.id}", text, code.complaint_id)
        return _outcome(text, "")

    def _with_what_is_left(self, done: n.OrderDone, official: Official, complaint: Complaint) -> n.OrderDone:
        """The complaint of theirs that presses most now, with its code: so one alert for many is worked through by text."""
        self.session.flush()
        theirs = digests.with_them(official)
        left = [] if theirs is None else digests.pressing(self.session, theirs, 1, besides=complaint.id)
        if not left or not (code := one_time.hand_out(self.session, self.mint, official, left[0], now=self.now)):
            return done
        return replace(done, other=left[0].reference or "", code=code)

    def _case(self, official: Official, code: TextCode, reference: str) -> Case | None:
        """The complaint, locked as the desk locks it, and the rights there, a deputy's too; None where it is not theirs."""
        worn = hats.of(self.session, official, self.now)
        complaint = complaints.within(self.session, hats.scope(self.session, worn), reference, to_change=True)
        if complaint is None:
            return None
        newest = complaints.newest_line(self.session, complaint.id)
        with_another = bool(complaint.main and complaint.main.state in OPEN_STATES)
        writer = Writer(official.id, hats.duties_over(worn, complaint))
        return Case(complaint, writer, code.seen, newest, (code.draft_kind, code.draft), with_another)

    def _by_deed(self, case: Case) -> Mapping[Deed, Callable[[str], Result]]:
        does = Deeds(self.session, self.handbook, self.speech, case, self.now, self.mint)
        return {
            Deed.READ: lambda words: does.read(),
            Deed.TAKE: lambda words: does.take(),
            Deed.PASS: does.pass_on,
            Deed.MORE_TIME: does.ask_time,
            Deed.GRANT: lambda words: does.grant_time(),
            Deed.REFUSE: does.refuse_time,
            Deed.ASK: does.ask,
            Deed.ANSWER: does.answer,
            Deed.SEND: lambda words: does.send(),
        }

    def _seen(self, case: Case, code: TextCode, result: Result) -> int:
        """Up to which line the official knows the history now: whoever knew all of it knows their own act too. The lines of
        the act say that it came by text."""
        newest = complaints.newest_line(self.session, case.complaint.id)
        text_codes.mark_lines(self.session, case.complaint.id, case.newest, case.writer.id, code.used_by or 0)
        return newest if result.reads or code.seen == case.newest else code.seen

    def _note(
        self, text: Arrived, order: Order, outcome: str, official: Official | None, complaint_id: int | None = None
    ) -> None:
        values = {
            "inbound_id": text.id,
            "at": text.received_at,
            "phone": text.sender,
            "official_id": official.id if official else None,
            "complaint_id": complaint_id,
            "deed": order.deed.value,
            "outcome": outcome,
        }
        text_codes.note(self.session, values)

    def _tell(
        self, official: Official, notice: Notice, key: str, text: Arrived, complaint_id: int | None = None
    ) -> None:
        """At any hour: it answers a text that just came from that phone."""
        envelope = Envelope(key, Lane.RECEIPT, complaint_id, provider=text.provider, any_hour=True)
        tell_official(self.session, self.speech, official, notice, envelope, now=self.now)


def _outcome(text: Arrived, reason: str) -> Outcome:
    """It belongs to no complaint's conversation: that is the citizen's. One that was not obeyed stays in sight on the desk."""
    return Outcome(text.id, INTENT, None, INTENT, reason, None)


def tell_of_reply(session: Session, speech: Speech, mint: Mint, complaint: Complaint, *, now: datetime) -> None:
    """The citizen wrote to a complaint that waited: whoever asked by text hears that there is an answer, once a line."""
    asker_id = text_codes.asked_by_text(session, complaint.id)
    official = session.get(Official, asker_id) if asker_id else None
    if official is None or not hats.may_be_told(session, official, complaint, now):
        return
    newest = complaints.newest_line(session, complaint.id)
    code = one_time.hand_out(session, mint, official, complaint, now=now)
    envelope = Envelope(f"replied:{complaint.id}:{newest}:{official.id}", Lane.REMINDER, complaint.id)
    notice = n.CitizenReplied(complaint.reference or "", code)
    tell_official(session, speech, official, notice, envelope, now=now)
