"""Answers one text: exactly one reply where one is due, none where it would only annoy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.coaching import Question
from smsgw.domain.codes import Mint
from smsgw.domain.grammar import Command, Verb
from smsgw.domain.notices import Lane, Notice
from smsgw.domain.phone import is_number
from smsgw.domain.routing import WhyTriage
from smsgw.domain.threads import JUST_NOW, Asks, Joins
from smsgw.domain.understanding import Intent, Missing, Understanding
from smsgw.domain.workdays import VIETNAM
from smsgw.services import alarming, citizens, coaching, obeying, sealing, tracking, verdicts
from smsgw.services.alarming import Cry, Siren
from smsgw.services.filing import Filed, Filing, file, promised
from smsgw.services.handbook import Handbook
from smsgw.services.telling import Envelope, to_citizen
from smsgw.services.threads import TALK, Threads
from smsgw.store import outbox
from smsgw.store.inbox import Arrived, Outcome
from smsgw.store.later import Later
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint, Inbound
from smsgw.text.speech import Speech

USSD = "ussd"  # the account under which a USSD draft is taken in
CLOSED = ("withdrawn", "refused")
WITHDRAW, WHICH = "withdraw", "which:"  # what a citizen was asked about their complaints, the latter with the choices
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
    batch may open, at least 1. With a `mint` officials who asked by text hear that they were answered."""

    def __init__(
        self, session: Session, handbook: Handbook, speech: Speech, openings: int = 1, mint: Mint | None = None
    ) -> None:
        self._session, self._mint = session, mint
        self._later = Later(session, at_once=openings)
        self._threads = Threads(session, self._later, handbook.coaching)
        self._handbook = handbook
        self._speech = speech
        self._siren = Siren(session, self._later, handbook, speech)
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
            Intent.NEW_COMPLAINT: self._tells,
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
        self._threads.meet(phones, now)

    def answer(self, text: Arrived, read: Understanding, command: Command, now: datetime) -> Outcome:
        """Does what the text asks and puts the reply into the outbox; what came of it is the caller's to write down."""
        citizen = self._threads.citizen(text.sender, now)
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
        """Emergencies first, then what has a procedure of its own by law, then the rest of a long text, a verdict, an answer to
        our question, then commands, then free text. What does not answer the question is treated as what it is, and the
        question stays open."""
        heard = self._unless_there_is_nothing_to_rate(heard)
        if heard.read.emergency:
            return self._calls_for_help(heard)
        if reply := self._seals(heard):
            return reply
        if reply := self._ends_what_began(heard):
            return reply
        if reply := self._judges(heard):
            return reply
        if reply := self._answers_prompt(heard):
            return reply
        if act := self._by_verb.get(heard.command.verb):
            return act(heard)
        if heard.command.verb is Verb.COMPLAINT:
            return self._complains(heard)
        return self._by_intent.get(heard.read.intent, self._tells)(heard)

    def _unless_there_is_nothing_to_rate(self, heard: Heard) -> Heard:
        """Where nothing was answered, words without a score judge no answer of ours: they complain, and do not say of what."""
        judges = heard.read.intent is Intent.RATING and heard.command.verb is not Verb.RATE and not heard.reference
        if not judges or any(c.answered_at for c in self._threads.talked_of(heard.citizen, heard.now)):
            return heard
        return replace(heard, read=replace(heard.read, intent=Intent.NEW_COMPLAINT, missing=frozenset({Missing.WHAT})))

    def _complains(self, heard: Heard, why: WhyTriage = WhyTriage.NONE) -> Reply:
        alarms = self._alarms_of(heard) if heard.read.urgent else []
        if same := alarming.the_same(alarms, heard.text.body, heard.read.place_text, heard.now):
            return self._joins(heard, same)
        complaint = self._file(heard, why)
        question = self._speech.question(complaint.question, heard.citizen.language)
        due = promised(complaint, self._handbook)
        if heard.read.urgent:
            return self._warns(heard, complaint, n.DangerReceived(complaint.reference, due, question), len(alarms))
        receipt = n.ComplaintReceived(
            reference=complaint.reference,
            due=due,
            office="" if complaint.private else self._handbook.name_of(complaint.office_id),
            question=question,
            offers=complaint.offers,
        )
        return Reply(receipt, complaint.id)

    def _warns(self, heard: Heard, complaint: Filed, receipt: n.DangerReceived, before: int) -> Reply:
        """People may come to harm: the duty phone hears of it at once, and the receipt says first whom to call."""
        cry = self._cry(heard, complaint, before)
        self._siren.sound(cry)
        return Reply(receipt, complaint.id, Lane.RECEIPT if cry.is_one_of_many else Lane.URGENT)

    def _tells(self, heard: Heard, why: WhyTriage = WhyTriage.NONE) -> Reply:
        """A free text without a reference opens a complaint, goes on with one, or may do either: then the citizen says."""
        if heard.reference and (own := self._own(heard, heard.reference)) and own.state not in CLOSED:
            return self._joins(heard, own)
        match self._threads.belongs(heard.text, heard.read, heard.citizen, heard.now):
            case Joins(complaint_id):
                return self._joins(heard, self._session.get_one(Complaint, complaint_id))
            case Asks(ids) if not heard.read.urgent:  # danger is not asked about
                return self._asks_which(heard, ids)
            case _:
                return self._complains(heard, why)

    def _asks_which(self, heard: Heard, ids: Sequence[int]) -> Reply:
        """The text opens a complaint at once, so that it waits for nobody; by one digit it goes to an older one."""
        filed = self._file(heard, WhyTriage.NONE, coached=False)
        others = tuple(self._session.get_one(Complaint, each).reference or "" for each in ids)
        within = self._handbook.coaching.silence
        citizens.ask(heard.citizen, f"{WHICH}{','.join(others)}", filed.id, heard.now, within=within)
        return Reply(n.WhichComplaint(filed.reference, others), filed.id)

    def _calls_for_help(self, heard: Heard) -> Reply:
        """One text at once to the citizen, at any hour, and one to the duty phone of the unit. What surely tells of the same
        danger once more joins it."""
        recent = self._alarms_of(heard)
        cries = [one for one in recent if one.emergency]
        if same := alarming.the_same(cries, heard.text.body, heard.read.place_text, heard.now):
            tracking.add(self._session, self._handbook, same, heard.text, heard.read, heard.now)
            self._sounds_for(heard, same)
            return Reply(n.EmergencyAdvice(same.reference or ""), same.id, Lane.URGENT)
        complaint = self._file(heard, WhyTriage.EMERGENCY)
        self._siren.sound(self._cry(heard, complaint, len(recent)))
        return Reply(n.EmergencyAdvice(complaint.reference), complaint.id, Lane.URGENT)

    def _alarms_of(self, heard: Heard) -> list[Complaint]:
        """Asked only for texts that tell of danger, and not for strangers."""
        if self._threads.is_first_heard(heard.citizen):
            return []
        self._threads.written(heard.citizen)
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
            office_id=complaint.office_id,
        )

    def _seals(self, heard: Heard) -> Reply | None:
        """A denunciation or its like opens no complaint; whoever wrote it hears where to go with it. What answers a question
        that was asked since the seal is no part of it."""
        citizen, sealed_at = heard.citizen, sealing.sealed_lately(heard.citizen, heard.now)
        asked = self._threads.asked(heard.text, heard.read, heard.command, citizen, heard.now) if sealed_at else None
        answers = bool(sealed_at and asked and asked.asked_at and asked.asked_at > sealed_at)
        kept = sealing.seal(
            self._session, self._handbook, citizen, heard.text, heard.read, heard.command, answers=answers
        )
        if kept is None:
            return None
        return Reply(None if kept is sealing.Kept.REST else n.WhereToTurn(again=kept is sealing.Kept.JOINED))

    def _file(self, heard: Heard, why: WhyTriage, *, coached: bool = True) -> Filed:
        channel = USSD if heard.text.account == USSD else "sms"
        filing = Filing(f"text:{heard.text.id}", channel, heard.text.body, heard.citizen, heard.read, why, coached)
        self._threads.opened(heard.citizen)
        if heard.citizen.prompt.startswith(WHICH):
            citizens.forget_prompt(heard.citizen)
        return file(self._later, self._handbook, filing, heard.now)

    def _complaints_of(self, citizen: Citizen) -> Sequence[Complaint]:
        """The citizen's complaints, newest first, those of this batch among them. Strangers have none."""
        if self._threads.is_first_heard(citizen):
            return ()
        self._threads.written(citizen)
        return citizens.complaints_of(self._session, citizen)

    def _ends_what_began(self, heard: Heard) -> Reply | None:
        """Late parts of a long text join what its other parts opened; that was answered when it opened."""
        began = self._session.get(Inbound, heard.text.continues) if heard.text.continues else None
        complaint = self._session.get(Complaint, began.complaint_id) if began and began.complaint_id else None
        if complaint is None:
            return None
        tracking.add(self._session, self._handbook, complaint, heard.text, heard.read, heard.now, replies=False)
        self._sounds_for(heard, complaint)
        return Reply(None, complaint.id)

    def _judges(self, heard: Heard) -> Reply | None:
        """A digit, or its word, on an answer that was given; where something else was asked since, it answers that."""
        if heard.text.account == USSD or self._threads.is_first_heard(heard.citizen):
            return None
        said = verdicts.said_in(heard.citizen, heard.text.body, heard.now)
        if said is None:
            return None
        judged = verdicts.hear(
            self._session,
            self._handbook,
            self._speech,
            heard.citizen,
            self._complaints_of(heard.citizen),
            said,
            now=heard.now,
            prompted_at=self._prompted_at(heard),
        )
        return Reply(judged.notice, judged.complaint.id) if judged else None

    def _prompted_at(self, heard: Heard) -> datetime | None:
        """When we last asked something that a digit may answer too: whether to withdraw, which complaint is meant, or what an
        office or the coach wants to know."""
        citizen, prompt = heard.citizen, citizens.pending_prompt(heard.citizen, heard.now)
        asked = [
            one.asked_at
            for one in self._threads.talked_of(citizen, heard.now)
            if one.asked_at and self._may_fill(one, heard)
        ]
        if citizen.prompt_until and prompt == WITHDRAW:
            asked.append(citizen.prompt_until - CONFIRMATION_WAITS)
        if citizen.prompt_until and prompt.startswith(WHICH):
            asked.append(citizen.prompt_until - self._handbook.coaching.silence)
        return max(asked, default=None)

    def _may_fill(self, complaint: Complaint, heard: Heard) -> bool:
        question = coaching.open_question(complaint, heard.now)
        if question is None or question is Question.FREE:
            return question is Question.FREE
        return coaching.heard_as(complaint, heard.text, heard.read, heard.now).fills

    def _answers_prompt(self, heard: Heard) -> Reply | None:
        """What the citizen was asked decides how a text without a command is read."""
        if heard.text.account == USSD or heard.command.verb not in (Verb.FREE, Verb.DIGIT, Verb.COMPLAINT):
            return None
        if not (heard.citizen.prompt or self._threads.waits(heard.citizen, heard.now)):
            return None
        if heard.reference and self._own(heard, heard.reference):
            return None
        return self._answers_about_complaints(heard) or self._answers_question(heard)

    def _answers_about_complaints(self, heard: Heard) -> Reply | None:
        """Withdraw it? Which one is it about?"""
        prompt = citizens.pending_prompt(heard.citizen, heard.now)
        if prompt != WITHDRAW and not prompt.startswith(WHICH):
            return None
        self._threads.written(heard.citizen)
        complaint = self._session.get(Complaint, heard.citizen.prompt_complaint_id)
        if complaint is None:
            return None
        if prompt == WITHDRAW:
            return self._confirms_withdrawal(heard, complaint)
        return self._says_which(heard, complaint, prompt.removeprefix(WHICH).split(","))

    def _confirms_withdrawal(self, heard: Heard, complaint: Complaint) -> Reply | None:
        if heard.read.intent is not Intent.CONFIRM:
            return None
        yes = str(heard.command.number) in YES or heard.text.body.strip().casefold() in YES
        citizens.forget_prompt(heard.citizen)
        if yes and not tracking.withdraw(self._session, complaint, heard.now):
            return self._status_of(complaint)
        return Reply(n.Withdrawn(complaint.reference or "", done=yes), complaint.id)

    def _says_which(self, heard: Heard, opened: Complaint, others: Sequence[str]) -> Reply | None:
        """By the digit in front of it; any other text is treated as what it is."""
        choice = heard.command.number if heard.command.verb is Verb.DIGIT else None
        if choice is None or not 1 <= choice <= len(others) + 1:
            return None
        citizens.forget_prompt(heard.citizen)
        older = self._own(heard, others[choice - 1]) if choice <= len(others) else None
        if older is None or older.state in CLOSED or opened.state not in OPEN_STATES:
            return self._is_new(heard, opened)
        read = tracking.told_in(opened)
        asks = tracking.merge(self._session, self._handbook, opened, older, read, heard.now)
        return self._added(heard, older, asks)

    def _is_new(self, heard: Heard, complaint: Complaint) -> Reply:
        """The receipt that the question had kept back, with what is to be asked."""
        asks = coaching.asks_next(self._handbook, complaint, heard.now)
        receipt = n.ComplaintReceived(
            reference=complaint.reference or "",
            due=promised(complaint, self._handbook),
            office="" if complaint.private else self._handbook.name_of(complaint.office_id),
            question=self._question(heard, complaint, asks),
        )
        return Reply(receipt, complaint.id)

    def _answers_question(self, heard: Heard) -> Reply | None:
        """The coach's question, or an official's."""
        asked = self._threads.asked(heard.text, heard.read, heard.command, heard.citizen, heard.now)
        if asked is None:
            return None
        if coaching.heard_as(asked, heard.text, heard.read, heard.now).acknowledges:
            return Reply(None, asked.id, reason="acknowledges our question")
        return self._joins(heard, asked)

    def _joins(self, heard: Heard, complaint: Complaint) -> Reply:
        stood, waited = complaint.paused_at is not None, complaint.state == "waiting"
        asks = tracking.add(self._session, self._handbook, complaint, heard.text, heard.read, heard.now)
        if waited and self._mint:
            obeying.tell_of_reply(self._session, self._speech, self._mint, complaint, now=heard.now)
        if citizens.pending_prompt(heard.citizen, heard.now) in ("", TALK, "question"):
            citizens.ask(heard.citizen, TALK, complaint.id, heard.now, within=JUST_NOW)
        self._sounds_for(heard, complaint)
        return self._added(heard, complaint, asks, stood=stood)

    def _added(self, heard: Heard, complaint: Complaint, asks: Question | None, *, stood: bool = False) -> Reply:
        """Of a private complaint the reference is not told to who did not give it. Where the clock `stood` until now, the
        new date is."""
        hidden = complaint.private and heard.reference != complaint.reference
        reference = "" if hidden else complaint.reference or ""
        if heard.read.urgent and not hidden:
            question, due = self._question(heard, complaint, asks), promised(complaint, self._handbook)
            return Reply(n.DangerReceived(reference, due, question), complaint.id)
        due = promised(complaint, self._handbook) if stood and not hidden else None
        return Reply(n.Added(reference, self._question(heard, complaint, asks), due), complaint.id)

    def _question(self, heard: Heard, complaint: Complaint, asks: Question | None) -> str:
        wording = coaching.words_for(asks.value, complaint.ward) if asks else ""
        return self._speech.question(wording, heard.citizen.language)

    def _adds(self, heard: Heard) -> Reply:
        """Adds to the complaint named, else to one that is still talked of; with none it opens a complaint, never away."""
        if not heard.reference:
            return self._tells(heard, WhyTriage.ADDITION)
        known = self._complaints_of(heard.citizen)
        wanted = tracking.named(known, heard.reference)
        if wanted is None:
            return (
                self._cannot_find(heard, known) if heard.command.reference else self._tells(heard, WhyTriage.ADDITION)
            )
        if wanted.state in CLOSED:
            return self._complains(heard, WhyTriage.ADDITION)
        return self._joins(heard, wanted)

    def _cannot_find(self, heard: Heard, known: Sequence[Complaint]) -> Reply:
        typed = heard.reference
        suggestion = tracking.meant(tracking.in_sight(known), typed)
        return Reply(n.NothingFound(typed, suggestion), reason=f"no complaint {typed} of this number")

    def _asks_status(self, heard: Heard) -> Reply:
        known = self._complaints_of(heard.citizen)
        if heard.reference:
            named = tracking.named(known, heard.reference)
            return self._status_of(named) if named else self._cannot_find(heard, known)
        shown = tracking.in_sight(known)
        newest = citizens.latest_open(shown) or (shown[0] if shown else None)
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
        shown = tracking.in_sight(known)
        complaint = tracking.named(known, reference) if reference else tracking.last_answered(shown)
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
        citizens.ask(heard.citizen, WITHDRAW, named.id, heard.now, within=CONFIRMATION_WAITS)
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


def _envelope(reply: Reply, heard: Heard) -> Envelope:
    return Envelope(
        key=reply.key or f"reply:{heard.text.id}",
        lane=reply.lane,
        complaint_id=reply.complaint_id,
        inbound_id=heard.text.id,
        provider=heard.text.provider,
    )
