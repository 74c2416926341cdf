"""Answers one text: exactly one reply where one is due, none where it would only annoy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.notices import Lane, Notice
from smsgw.domain.phone import is_number
from smsgw.domain.routing import WhyTriage
from smsgw.domain.understanding import Intent, Missing, Understanding
from smsgw.domain.workdays import VIETNAM
from smsgw.services import alarming, citizens, sealing, tracking
from smsgw.services.alarming import Cry, Siren
from smsgw.services.filing import Filed, Filing, file, promised
from smsgw.services.handbook import Handbook
from smsgw.services.telling import Envelope, to_citizen
from smsgw.store import outbox
from smsgw.store.inbox import Arrived, Outcome
from smsgw.store.later import Later
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint, Inbound
from smsgw.text.speech import Speech

FIRST_QUESTIONS = (Missing.WHAT, Missing.PLACE, Missing.WHEN, Missing.WHO)
USSD = "ussd"  # the account under which a USSD draft is taken in
JOINING = (Intent.FOLLOWUP, Intent.CONFIRM)
CLOSED = ("withdrawn", "refused")
GAP_WAITS = timedelta(days=2)
CONFIRMATION_WAITS = timedelta(minutes=10)
YES = frozenset({"1", "co", "dung", "ok", "yes", "dong y", "u"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One text with all that is needed to answer it. `now` is when it came: that is what terms are counted from, however
    long it waited for us."""

    text: Arrived
    read: Understanding
    command: Command
    citizen: Citizen
    now: datetime

    @property
    def reference(self) -> str:
        """The complaint that the text names, in its place or within its words; empty for none. Not judged."""
        return self.command.reference or self.read.reference or ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, and which complaint the text belongs to. `key` replaces the usual one-reply-a-text key."""

    notice: Notice | None
    complaint_id: int | None = None
    lane: Lane = Lane.RECEIPT
    key: str = ""
    reason: str = ""


class Conversation:
    """The conversation of one batch of texts, inside a session that its caller opened for writing. New complaints and
    replies wait until a later text of the batch asks for them, or until `finish`. `openings` is how many complaints the
    batch may open, at least 1."""

    def __init__(self, session: Session, handbook: Handbook, speech: Speech, openings: int = 1) -> None:
        self._session = session
        self._later = Later(session, at_once=openings)
        self._filed_for: set[int] = set()
        self._handbook = handbook
        self._speech = speech
        self._siren = Siren(session, self._later, handbook, speech)
        self._met: dict[str, Citizen] = {}
        self._by_verb: dict[Verb, Callable[[Heard], Reply]] = {
            Verb.ADD: self._adds,
            Verb.STATUS: self._asks_status,
            Verb.RATE: self._rates,
            Verb.WITHDRAW: self._withdraws,
            Verb.STOP: self._stops,
            Verb.START: self._starts,
            Verb.TONES_ON: self._chooses,
            Verb.TONES_OFF: self._chooses,
            Verb.LANG_VI: self._chooses,
            Verb.LANG_EN: self._chooses,
            Verb.HELP: lambda heard: Reply(n.Help()),
            Verb.MENU: lambda heard: Reply(n.Menu()),
        }
        self._by_intent: dict[Intent, Callable[[Heard], Reply]] = {
            Intent.NEW_COMPLAINT: self._complains,
            Intent.FOLLOWUP: self._adds,
            Intent.STATUS: self._asks_status,
            Intent.RATING: self._rates,
            Intent.STOP: self._stops,
            Intent.HELP: lambda heard: Reply(n.Help()),
            Intent.MENU: lambda heard: Reply(n.Menu()),
            Intent.SPAM: lambda heard: Reply(None, reason="advertising"),
            Intent.THANKS: lambda heard: Reply(None),
            Intent.WRONG_NUMBER: self._nudges,
            Intent.CONFIRM: self._nudges,
        }

    def meet(self, phones: Iterable[str], now: datetime) -> None:
        """Makes out at once who wrote a batch of texts; without it each is asked for alone."""
        self._met = citizens.citizens_of(self._session, phones, now)

    def answer(self, text: Arrived, read: Understanding, command: Command, now: datetime) -> Outcome:
        """Does what the text asks and puts the reply into the outbox; what came of it is the caller's to write down."""
        citizen = self._met.get(text.sender) or citizens.citizen_of(self._session, text.sender, now)
        heard = Heard(text, read, command, citizen, text.received_at)
        reply = self._decide(heard)
        if reply.notice and is_number(citizen.phone):
            draft = to_citizen(self._speech, citizen, reply.notice, _envelope(reply, heard))
            outbox.put_later(self._session, self._later, draft, now)
        return Outcome(
            text.id, command.verb.value, command.reference, read.intent.value, reply.reason, reply.complaint_id
        )

    def finish(self) -> None:
        """Writes what still waits."""
        self._later.write()

    def _decide(self, heard: Heard) -> Reply:
        """Emergencies first, then what has a procedure of its own by law, then the rest of a long text, a short answer to our
        question, then commands, then free text."""
        if heard.read.emergency:
            return self._calls_for_help(heard)
        if reply := self._seals(heard):
            return reply
        if reply := self._ends_what_began(heard):
            return reply
        if reply := self._answers_prompt(heard):
            return reply
        if act := self._by_verb.get(heard.command.verb):
            return act(heard)
        if heard.command.verb is Verb.COMPLAINT:
            return self._complains(heard)
        return self._by_intent.get(heard.read.intent, self._complains)(heard)

    def _complains(self, heard: Heard, why: WhyTriage = WhyTriage.NONE) -> Reply:
        alarms = self._alarms_of(heard) if heard.read.urgent else []
        if same := alarming.the_same(alarms, heard.text.body, heard.read.place_text, heard.now):
            return self._joins(heard, same)
        complaint = self._file(heard, why)
        gap = next((gap for gap in FIRST_QUESTIONS if gap in heard.read.missing), None)
        if gap:
            citizens.ask(heard.citizen, f"gap:{gap}", complaint.id, heard.now, within=GAP_WAITS)
        else:
            citizens.forget_prompt(heard.citizen)
        question = self._speech.question(gap.value if gap else "", heard.citizen.language)
        due = promised(complaint, self._handbook)
        if heard.read.urgent:
            return self._warns(heard, complaint, n.DangerReceived(complaint.reference, due, question), len(alarms))
        receipt = n.ComplaintReceived(
            reference=complaint.reference,
            due=due,
            office=self._handbook.name_of(complaint.office_id),
            question=question,
        )
        return Reply(receipt, complaint.id)

    def _warns(self, heard: Heard, complaint: Filed, receipt: n.DangerReceived, before: int) -> Reply:
        """People may come to harm: the duty phone hears of it at once, and the receipt says first whom to call."""
        cry = self._cry(heard, complaint, before)
        self._siren.sound(cry)
        return Reply(receipt, complaint.id, Lane.RECEIPT if cry.is_one_of_many else Lane.URGENT)

    def _calls_for_help(self, heard: Heard) -> Reply:
        """One text at once to the citizen, at any hour, and one to the duty phone of the unit. What surely tells of the same
        danger once more joins it."""
        recent = self._alarms_of(heard)
        cries = [one for one in recent if one.emergency]
        citizens.forget_prompt(heard.citizen)
        if same := alarming.the_same(cries, heard.text.body, heard.read.place_text, heard.now):
            tracking.add(self._session, self._handbook, same, heard.text, heard.read, heard.now)
            self._sounds_for(heard, same)
            return Reply(n.EmergencyAdvice(same.reference or ""), same.id, Lane.URGENT)
        complaint = self._file(heard, WhyTriage.EMERGENCY)
        self._siren.sound(self._cry(heard, complaint, len(recent)))
        return Reply(n.EmergencyAdvice(complaint.reference), complaint.id, Lane.URGENT)

    def _alarms_of(self, heard: Heard) -> list[Complaint]:
        """Asked only for texts that tell of danger."""
        self._write_for(heard.citizen)
        return alarming.lately(self._session, heard.citizen, heard.now)

    def _sounds_for(self, heard: Heard, complaint: Complaint) -> None:
        """A later text tells of danger: the alarm is raised unless that complaint has had its own."""
        if heard.read.urgent:
            self._siren.sound(self._cry(heard, complaint, 0))

    def _cry(self, heard: Heard, complaint: Filed | Complaint, before: int) -> Cry:
        return Cry(
            complaint_id=complaint.id,
            reference=complaint.reference or "",
            unit_id=complaint.unit_id,
            emergency=heard.read.emergency,
            citizen=heard.citizen,
            before=before,
            at=heard.now,
        )

    def _seals(self, heard: Heard) -> Reply | None:
        """A denunciation or its like opens no complaint; whoever wrote it hears where to go with it."""
        kept = sealing.seal(self._session, self._handbook, heard.citizen, heard.text, heard.read, heard.command)
        if kept is None:
            return None
        return Reply(None if kept is sealing.Kept.REST else n.WhereToTurn(again=kept is sealing.Kept.JOINED))

    def _file(self, heard: Heard, why: WhyTriage) -> Filed:
        channel = USSD if heard.text.account == USSD else "sms"
        filing = Filing(f"text:{heard.text.id}", channel, heard.text.body, heard.citizen, heard.read, why)
        self._filed_for.add(heard.citizen.id)
        return file(self._later, self._handbook, filing, heard.now)

    def _complaints_of(self, citizen: Citizen) -> Sequence[Complaint]:
        """The citizen's complaints, newest first, those of this batch among them."""
        self._write_for(citizen)
        return citizens.complaints_of(self._session, citizen)

    def _write_for(self, citizen: Citizen) -> None:
        """A citizen whose complaint still waits to be written is about to ask for it."""
        if citizen.id in self._filed_for:
            self._later.write()
            self._filed_for.clear()

    def _ends_what_began(self, heard: Heard) -> Reply | None:
        """Late parts of a long text join what its other parts opened; that was answered when it opened."""
        began = self._session.get(Inbound, heard.text.continues) if heard.text.continues else None
        complaint = self._session.get(Complaint, began.complaint_id) if began and began.complaint_id else None
        if complaint is None:
            return None
        tracking.add(self._session, self._handbook, complaint, heard.text, heard.read, heard.now)
        self._sounds_for(heard, complaint)
        return Reply(None, complaint.id)

    def _answers_prompt(self, heard: Heard) -> Reply | None:
        """What the citizen was asked decides how a text without a command is read."""
        prompt = citizens.pending_prompt(heard.citizen, heard.now)
        if not prompt or heard.command.verb not in (Verb.FREE, Verb.DIGIT):
            return None
        if heard.reference and self._own(heard, heard.reference):
            return None
        self._write_for(heard.citizen)
        complaint = self._session.get(Complaint, heard.citizen.prompt_complaint_id)
        if complaint is None:
            return None
        if prompt == "withdraw":
            return self._confirms_withdrawal(heard, complaint)
        asked_by_office = prompt == "question"
        only_a_number = heard.command.reference is not None and not heard.command.rest
        joins = heard.read.intent in JOINING or _says_nothing_new(heard.read)
        if asked_by_office or only_a_number or joins:
            return self._joins(heard, complaint)
        return None

    def _confirms_withdrawal(self, heard: Heard, complaint: Complaint) -> Reply | None:
        if heard.read.intent is not Intent.CONFIRM:
            return None
        yes = str(heard.command.number) in YES or heard.text.body.strip().casefold() in YES
        citizens.forget_prompt(heard.citizen)
        if yes and not tracking.withdraw(self._session, complaint, heard.now):
            return self._status_of(complaint)
        return Reply(n.Withdrawn(complaint.reference or "", done=yes), complaint.id)

    def _joins(self, heard: Heard, complaint: Complaint) -> Reply:
        citizens.forget_prompt(heard.citizen)
        tracking.add(self._session, self._handbook, complaint, heard.text, heard.read, heard.now)
        self._sounds_for(heard, complaint)
        reference = complaint.reference or ""
        if heard.read.urgent:
            return Reply(n.DangerReceived(reference, promised(complaint, self._handbook)), complaint.id)
        return Reply(n.Added(reference), complaint.id)

    def _adds(self, heard: Heard) -> Reply:
        """Adds to the complaint named, else to the newest that is open or was answered not long ago; with none it opens
        a complaint, never away."""
        known = self._complaints_of(heard.citizen)
        wanted = tracking.named(known, heard.reference)
        if heard.command.reference and wanted is None:
            return self._cannot_find(heard, known)
        wanted = wanted or citizens.still_talked_of(known, heard.now)
        if wanted is None or wanted.state in CLOSED:
            return self._complains(heard, WhyTriage.ADDITION)
        return self._joins(heard, wanted)

    def _cannot_find(self, heard: Heard, known: Sequence[Complaint]) -> Reply:
        typed = heard.reference
        return Reply(n.NothingFound(typed, tracking.meant(known, typed)), reason=f"no complaint {typed} of this number")

    def _asks_status(self, heard: Heard) -> Reply:
        known = self._complaints_of(heard.citizen)
        if heard.reference:
            named = tracking.named(known, heard.reference)
            return self._status_of(named) if named else self._cannot_find(heard, known)
        newest = citizens.latest_open(known) or (known[0] if known else None)
        return self._status_of(newest) if newest else Reply(n.NothingFound())

    def _status_of(self, complaint: Complaint) -> Reply:
        return Reply(tracking.standing(complaint, self._handbook), complaint.id)

    def _own(self, heard: Heard, reference: str) -> Complaint | None:
        return tracking.named(self._complaints_of(heard.citizen), reference)

    def _rates(self, heard: Heard) -> Reply:
        """A score counts for the complaint named, else for the one answered last."""
        known = self._complaints_of(heard.citizen)
        reference, score = heard.reference, heard.command.number
        if reference and not tracking.named(known, reference):
            return self._cannot_find(heard, known)
        complaint = tracking.named(known, reference) if reference else tracking.last_answered(known)
        if complaint is None:
            return Reply(n.NothingFound() if not known else n.HowToRate())
        counts = score is not None and 1 <= score <= 5 and complaint.answered_at is not None
        tracking.rate(self._session, complaint, score if counts else None, heard.text.body, heard.now)
        name = complaint.reference or ""
        return Reply(n.Rated(name, score or 0) if counts else n.HowToRate(name), complaint.id)

    def _withdraws(self, heard: Heard) -> Reply:
        known = self._complaints_of(heard.citizen)
        named = tracking.named(known, heard.command.reference or "")
        if named is None:
            return self._cannot_find(heard, known)
        if named.state not in OPEN_STATES:
            return self._status_of(named)
        citizens.ask(heard.citizen, "withdraw", named.id, heard.now, within=CONFIRMATION_WAITS)
        return Reply(n.ConfirmWithdrawal(named.reference or ""), named.id)

    def _stops(self, heard: Heard) -> Reply:
        """The first stop is confirmed, a repeated one is not."""
        if heard.citizen.opted_out_at:
            return Reply(None, reason="already stopped")
        heard.citizen.opted_out_at = heard.now
        return Reply(n.Stopped())

    def _starts(self, heard: Heard) -> Reply:
        heard.citizen.opted_out_at = None
        return Reply(n.Started())

    def _chooses(self, heard: Heard) -> Reply:
        match heard.command.verb:
            case Verb.TONES_ON | Verb.TONES_OFF as tones:
                heard.citizen.tone_marks = tones is Verb.TONES_ON
            case language:
                heard.citizen.language = "en" if language is Verb.LANG_EN else "vi"
        return Reply(n.ChoiceKept())

    def _nudges(self, heard: Heard) -> Reply:
        """A wrong number, or a bare digit that answers nothing: one help text a day."""
        today = heard.now.astimezone(VIETNAM).date()
        return Reply(n.Help(), key=f"nudge:{heard.citizen.id}:{today}", reason="answers no question of ours")


def _says_nothing_new(read: Understanding) -> bool:
    """A free text that names no problem of its own is the answer to what we asked."""
    return read.intent is Intent.NEW_COMPLAINT and (Missing.WHAT in read.missing or read.category is None)


def _envelope(reply: Reply, heard: Heard) -> Envelope:
    return Envelope(
        key=reply.key or f"reply:{heard.text.id}",
        lane=reply.lane,
        complaint_id=reply.complaint_id,
        inbound_id=heard.text.id,
        provider=heard.text.provider,
    )
