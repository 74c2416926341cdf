"""What an official may order by text, each through the verb that the desk uses, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.clarity import Lack
from smsgw.domain.codes import Mint
from smsgw.domain.orders import Deed, aimed, days
from smsgw.domain.phone import without_numbers
from smsgw.domain.progress import Duty, Refusal, State
from smsgw.domain.workdays import VIETNAM
from smsgw.services import acknowledging, answering, passing, pausing, prolonging
from smsgw.services.answering import STOPPING, Flaw, Held, Kind, Letter, LookAgain, Outcome, Sent, Writer
from smsgw.services.handbook import Handbook
from smsgw.services.passing import NoReasonError
from smsgw.services.prolonging import Wish
from smsgw.store import extensions, officials
from smsgw.store.tables import Complaint, Event, Unit
from smsgw.text.speech import Speech
from smsgw.text.times import day

TAKERS = frozenset({Duty.FOCAL, Duty.OFFICER, Duty.HEAD, Duty.LEADER, Duty.SUPERVISOR})
NOTHING = ("", "")
MOST_ADDED = 3
LONGEST_REASON = 500  # as in the desk's forms
CLOSED: Mapping[str, Refusal] = {
    State.ANSWERED: Refusal.ANSWERED,
    State.WITHDRAWN: Refusal.WITHDRAWN,
    State.REFUSED: Refusal.CLOSED,
}
GONE = frozenset({Refusal.ANSWERED, Refusal.WITHDRAWN, Refusal.CLOSED})


@dataclass(frozen=True, slots=True)
class Case:
    """The complaint and who acts on it; `seen` is up to which line of its history they were told, `newest` the newest line
    there is, `held` the kind and words of what was held back."""

    complaint: Complaint
    writer: Writer
    seen: int
    newest: int
    held: tuple[str, str]
    with_another: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What to say; `why` nothing was done, empty where it was. `goes_on`: there may be more to do, so a new code follows, with
    it what is `held` back. `reads`: the official has been told all there is."""

    notice: n.OrderDone | n.OrderRefused | n.ComplaintShown
    why: str = ""
    goes_on: bool = True
    held: tuple[str, str] = NOTHING
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Deeds:
    """One order, in the caller's transaction."""

    session: Session
    handbook: Handbook
    speech: Speech
    case: Case
    now: datetime
    mint: Mint

    def read(self) -> Result:
        """The citizen's words in a few segments, numbers crossed out; of delicate and private matters none."""
        complaint = self.case.complaint
        if not set(self.case.writer.duties) - {Duty.AUDITOR, Duty.ADMIN}:
            return self._refused(Refusal.NOT_YOURS)
        if complaint.state in CLOSED and complaint.state != State.ANSWERED:
            return self._refused(CLOSED[complaint.state])
        if acknowledging.is_news(self.session, complaint, self.case.writer.duties):
            acknowledging.opened(self.session, complaint, self.case.writer.id, self.case.writer.duties, self.now)
        hidden = complaint.sensitive or complaint.private
        shown = n.ComplaintShown(
            reference=complaint.reference or "",
            text="" if hidden else without_numbers(complaint.text),
            added="" if hidden else without_numbers(" / ".join(self._added())),
            hidden=hidden,
        )
        return Result(shown, reads=True)

    def take(self) -> Result:
        """The official is on it: an alarm climbs no further. Said again, it is answered again and written down once."""
        complaint, writer = self.case.complaint, self.case.writer
        if not TAKERS.intersection(writer.duties):
            return self._refused(Refusal.NOT_YOURS)
        if complaint.state in CLOSED:
            return self._refused(CLOSED[complaint.state])
        mine = Event.complaint_id == complaint.id, Event.kind == "taken_up", Event.official_id == writer.id
        if self.session.scalar(select(Event.id).where(*mine).limit(1)) is None:
            acknowledging.acknowledge(self.session, complaint, writer.id, self.now)
        return self._done(Deed.TAKE)

    def pass_on(self, words: str) -> Result:
        """To an office of the same unit, by its short code; out of triage, where the field is known."""
        to = aimed(words)
        offices = {unit.code.rpartition("-")[2].lower(): unit for unit in self._offices()}
        office = offices.get(to.first)
        if self.case.with_another:
            return self._elsewhere()
        if not offices:
            return self._refused("otherwise")
        if office is None:
            return self._refused("which_office", words=tuple(code.upper() for code in offices))
        try:
            refusal = self._to(office.id, to.reason[:LONGEST_REASON])
        except NoReasonError:
            return self._refused("no_reason")
        if refusal:
            return self._refused(refusal)
        return self._done(Deed.PASS, office.name, goes_on=False)

    def _to(self, office_id: int, reason: str) -> Refusal | None:
        session, handbook, complaint, writer = self.session, self.handbook, self.case.complaint, self.case.writer
        if complaint.office_id is None and complaint.category and Duty.FOCAL in writer.duties:
            category = complaint.category
            return passing.assign(
                session, handbook, complaint, writer, category=category, office_id=office_id, now=self.now
            )
        return passing.pass_on(
            session, self.speech, handbook, complaint, writer, office_id=office_id, reason=reason, now=self.now
        )

    def ask_time(self, words: str) -> Result:
        """So many working days behind the due date."""
        if self.case.with_another:
            return self._elsewhere()
        count, reason = days(words)
        if count is None:
            return self._refused("no_days")
        complaint = self.case.complaint
        calendar = pausing.calendar(complaint, self.handbook)
        until = calendar.day_of(calendar.after_days(complaint.due_at or self.now, count))
        wrong = prolonging.ask(
            self.session,
            self.speech,
            self.handbook,
            complaint,
            self.case.writer,
            Wish(until, reason[:LONGEST_REASON]),
            now=self.now,
            mint=self.mint,
        )
        return self._unless(wrong, Deed.MORE_TIME, day(until))

    def grant_time(self) -> Result:
        """What somebody else asked for."""
        if self.case.with_another:
            return self._elsewhere()
        wished = extensions.asked(self.session, self.case.complaint.id)
        wrong = prolonging.grant(
            self.session,
            self.speech,
            self.handbook,
            self.case.complaint,
            self.case.writer,
            now=self.now,
            mint=self.mint,
        )
        return self._unless(wrong, Deed.GRANT, day(wished.until) if wished else "")

    def refuse_time(self, words: str) -> Result:
        """What somebody else asked for, with the reason."""
        if self.case.with_another:
            return self._elsewhere()
        wrong = prolonging.refuse(
            self.session,
            self.speech,
            self.case.complaint,
            self.case.writer,
            reason=words[:LONGEST_REASON],
            now=self.now,
            mint=self.mint,
        )
        return self._unless(wrong, Deed.REFUSE)

    def ask(self, words: str) -> Result:
        return self._writes(Kind.QUESTION, words)

    def answer(self, words: str) -> Result:
        """Ends the matter, as at the desk; what an answer lacks is told first, and sent all the same by a second order."""
        return self._writes(Kind.ANSWER, words)

    def send(self) -> Result:
        """What was held back."""
        kind, words = self.case.held
        if not kind:
            return self._refused("nothing_held")
        return self._writes(Kind(kind), words, agreed=True)

    def _writes(self, kind: Kind, words: str, *, agreed: bool = False) -> Result:
        if self.case.with_another:
            return self._elsewhere()
        letter = Letter(kind, words, seen=self.case.seen)
        outcome = self._hands_over(letter)
        if isinstance(outcome, Refusal):
            return self._refused(outcome)
        if isinstance(outcome, LookAgain):
            if stands := self._stands_against(outcome, kind, words, agreed=agreed):
                return stands
            outcome = self._hands_over(replace(letter, proof=outcome.preview.proof))
            assert isinstance(outcome, Sent | Held), "what was looked at a moment ago, under lock, did not go"
        if isinstance(outcome, Held):
            return Result(n.OrderDone(self.case.complaint.reference or "", "held"), goes_on=False)
        return self._done(Deed.ANSWER, goes_on=False) if kind is Kind.ANSWER else self._done(Deed.ASK)

    def _hands_over(self, letter: Letter) -> Outcome:
        """Without the proof of a preview nothing goes: it is looked at."""
        return answering.send(
            self.session,
            self.speech,
            self.handbook,
            self.case.complaint,
            letter,
            self.case.writer,
            now=self.now,
            stops_clock=self.handbook.coaching.stops_clock,
        )

    def _stands_against(self, looked: LookAgain, kind: Kind, words: str, *, agreed: bool) -> Result | None:
        shown, held = looked.preview, (kind.value, words)
        if stopping := STOPPING.intersection(shown.flaws):
            return self._refused(min(stopping))
        if Lack.HELP in shown.lacks:
            return self._refused("only_not_ours")
        if shown.lacks and not agreed:
            return self._refused("lacks", words=tuple(lack.value for lack in shown.lacks), held=held)
        if Flaw.MANY_SEGMENTS in shown.flaws and not agreed:
            return self._refused("many_segments", held=held)
        return self._refused("news", held=held, reads=True) if looked.news else None

    def _added(self) -> list[str]:
        """What the citizen wrote later, the newest first; nothing twice, and not the complaint over again."""
        later = select(Event.note).where(Event.complaint_id == self.case.complaint.id, Event.kind == "added")
        found = dict.fromkeys(self.session.scalars(later.order_by(Event.id.desc()).limit(MOST_ADDED)))
        return [words for words in found if words != self.case.complaint.text]

    def _offices(self) -> list[Unit]:
        complaint, today = self.case.complaint, self.now.astimezone(VIETNAM).date()
        return [
            one for one in officials.offices_of(self.session, complaint.unit_id, today) if one.id != complaint.office_id
        ]

    def _unless(self, wrong: Refusal | Sequence[str] | None, deed: Deed, detail: str = "") -> Result:
        """It is done, unless something stood against more time: then the first of it is said."""
        if wrong:
            return self._refused(wrong if isinstance(wrong, Refusal) else wrong[0])
        return self._done(deed, detail)

    def _done(self, deed: Deed, detail: str = "", *, goes_on: bool = True) -> Result:
        return Result(n.OrderDone(self.case.complaint.reference or "", deed.value, detail), goes_on=goes_on)

    def _refused(
        self, why: str, *, words: tuple[str, ...] = (), held: tuple[str, str] = NOTHING, reads: bool = False
    ) -> Result:
        notice = n.OrderRefused(self.case.complaint.reference or "", str(why), words, held[0])
        return Result(notice, str(why), goes_on=why not in GONE, held=held, reads=reads)

    def _elsewhere(self) -> Result:
        main = self.case.complaint.main
        notice = n.OrderRefused(
            self.case.complaint.reference or "", "with_another", (main.reference or "",) if main else ()
        )
        return Result(notice, "with_another", goes_on=False)
