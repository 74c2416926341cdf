"""Says a notice in a person's language, in one segment where that can be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from smsgw.domain import notices as n
from smsgw.domain.carriers import Carriers
from smsgw.domain.marks import N_
from smsgw.domain.verdicts import TWICE, Verdict
from smsgw.text import orders
from smsgw.text.catalogs import Catalogs, Translate
from smsgw.text.fit import folded, measure, mended
from smsgw.text.names import shorter
from smsgw.text.times import clock, day, moment

STATES = {
    "received": N_("received, being checked"),
    "assigned": N_("being handled"),
    "waiting": N_("waiting for your reply"),
    "answered": N_("answered"),
    "closed": N_("answered and closed"),
    "withdrawn": N_("withdrawn"),
    "refused": N_("not accepted, with a reason"),
}
STILL_OPEN = ("received", "assigned", "waiting")
QUESTIONS = {
    "what": N_("what happened, and where?"),
    "place": N_("at which road or hamlet, in which ward or commune?"),
    "spot": N_("at which road, or in which hamlet?"),
    "ward": N_("in which ward or commune?"),
    "when": N_("when did it happen?"),
    "who": N_("your name, or the file number?"),
}
# What an office asks by one click; the codes are those of the gaps, and `free` for what fills none of them.
OFFICE_QUESTIONS = {
    "name": N_("What is your name, and your hamlet?"),
    "place": N_("Where exactly is it: road, hamlet, house?"),
    "when": N_("Since when has it been so?"),
    "who": N_("What is the name on the file, or its number?"),
    "what": N_("What has happened there?"),
    "free:still": N_("Is it still so today?"),
    "free:many": N_("How many homes does it touch?"),
    "free:before": N_("To whom did you report it before?"),
}
STAGES = {
    "half": N_("half of the time has passed"),
    "near": N_("nearly due"),
    "due": N_("due now"),
    "overdue": N_("OVERDUE"),
}
# What an alert asks for, by the step of the term that it is about.
TO_DO = {
    "receive": N_("Please open it at the desk."),
    "pass_on": N_("Please choose its office at the desk."),
    "resolve": N_("Please settle it."),
    "answer": N_("Please answer at the desk."),
}


# Why a complaint is refused, as its citizen reads it.
GROUNDS = {
    "answered_before": N_("it was answered before, and nothing new was told"),
    "another_body": N_("another body is handling it by law"),
    "court": N_("a court has it, or has decided"),
}
VERDICTS = {
    "done": N_("No. %s is closed: done. Thank you."),
    "not_done": N_("No. %s is not done: the office goes on."),
    "unclear": N_("No. %s: the office will explain."),
}
VERDICTS_UNNAMED = {
    "done": N_("Noted: done. Thank you."),
    "not_done": N_("Noted: not done. The office goes on."),
    "unclear": N_("Noted. The office will explain."),
}


# Notices that say the same whatever they are about, and those that tell nothing but the reference.
PLAIN: Mapping[type[n.Notice], str] = {
    n.Stopped: N_(
        "We will send no more optional texts. Answers about your own complaint still come. To resume: START."
    ),
    n.Started: N_("You will get our texts again. To stop: STOP."),
    n.ChoiceKept: N_("Noted. We will text you this way from now on."),
    n.SealedWaiting: N_("A sealed text waits for you at the desk. Please sign in to read it."),
}
OF_ONE: Mapping[type[n.Notice], str] = {
    n.ConfirmWithdrawal: N_("Withdraw complaint no. %s? Text 1 within 10 minutes to confirm."),
    n.ManyCries: N_("One phone cries for help again and again, last no. %s. All stand on the desk."),
    n.CallWished: N_("No. %s: the citizen asks to be phoned. The number is on the desk."),
    n.PartOverdue: N_("No. %s: your office's part of the answer is overdue. Please give it at the desk."),
}


NAMES = ("unit", "office")  # of a notice, which may be said shorter
LETTERS = (n.OfficeAnswer, n.OfficeQuestion)  # in an official's own words, which nobody changes


@dataclass(frozen=True, slots=True)
class House:
    """What the service is called and how it is reached. `numbers` holds police, fire, ambulance, rescue, children."""

    name: str
    number: str
    price_note: str
    numbers: Mapping[str, str]


class Speech:
    """Turns notices into sentences. Of several wordings, fullest first, it takes the first that fits one segment."""

    def __init__(self, catalogs: Catalogs, house: House, carriers: Carriers | None = None) -> None:
        self._catalogs = catalogs
        self._house = house
        self._carriers = carriers or Carriers()

    @property
    def house(self) -> House:
        """What the service is called and how it is reached."""
        return self._house

    @property
    def carriers(self) -> Carriers:
        """What sending providers ask of a text."""
        return self._carriers

    def text(self, notice: n.Notice, *, language: str, tone_marks: bool, heard: str = "") -> str:
        """The text message for a person who wrote through the provider `heard` (empty: who did not write): with tone marks
        only where they want them and the house's rules and its price allow them, and without what that provider's networks
        refuse. An official's own words stay as they are: whoever writes them is told."""
        carrier, letter = self._carriers.of(heard), isinstance(notice, LETTERS)
        said = ""
        if tone_marks and self._carriers.wears_marks(carrier, letter=letter):
            said = self.say(notice, language=language, tone_marks=True)
        if not said or not self._carriers.worth_marks(carrier, measure(said).segments):
            said = self.say(notice, language=language)
        return said if letter else carrier.taken(said)

    def say(self, notice: n.Notice, *, language: str = "vi", tone_marks: bool = False) -> str:
        """The words: GSM-7 without tone marks, or NFC with them. Where no wording fits one segment, names of units and
        offices are said shorter in the last; an official's words stay whole: of an answer the fullest wording is taken that
        takes no segment more than the last, so that its question needs no text of its own."""
        dress = mended if tone_marks else folded
        said: list[str] = []
        for wording in self.wordings(notice, language):
            said.append(dress(wording))
            if measure(said[-1]).segments == 1:
                return said[-1]
        if isinstance(notice, n.OfficeAnswer):
            return min(said, key=lambda one: measure(one).segments)
        for short in _shortened(notice):
            fitting = dress(self.wordings(short, language)[-1])
            if measure(fitting).segments == 1:
                return fitting
        return said[-1]

    def asks_within(self, answer: n.OfficeAnswer, language: str, *, tone_marks: bool, heard: str = "") -> bool:
        """Whether the question for a verdict fits behind this answer without making it longer by a segment."""
        unasked = replace(answer, ask_verdict=False)
        said = (self.text(one, language=language, tone_marks=tone_marks, heard=heard) for one in (answer, unasked))
        return next(said) != next(said)

    def wordings(self, notice: n.Notice, language: str = "vi") -> list[str]:
        """What may be said, fullest first, as the catalogs have it."""
        return [
            " ".join(part for part in wording if part)
            for wording in self._wordings(notice, self._catalogs.of(language))
        ]

    def question(self, gap: str, language: str = "vi") -> str:
        """The short question for one gap, by its code in `QUESTIONS`; empty for none."""
        return self._catalogs.of(language)(QUESTIONS[gap]) if gap else ""

    def office_question(self, code: str, language: str = "vi") -> str:
        """A question that an office asks by one click, by its code in `OFFICE_QUESTIONS`."""
        return self._catalogs.of(language)(OFFICE_QUESTIONS[code])

    def _wordings(self, notice: n.Notice, t: Translate) -> list[list[str]]:
        match notice:
            case n.ComplaintReceived():
                return self._receipt(notice, t)
            case n.DangerReceived():
                return self._danger(notice, t)
            case n.WhichComplaint() | n.Added():
                return _thread(notice, t)
            case n.EmergencyAdvice() | n.EmergencyDuty():
                return self._emergency(notice, t)
            case n.StatusReport():
                return self._status(notice, t)
            case n.NothingFound():
                return [[_not_found(notice, t)]]
            case n.SetApart(code):
                told = {**self._house.numbers, "code": code}
                return [
                    [
                        t(
                            "We have your text (code %(code)s). A person will read it. In an emergency call %(police)s, "
                            "%(fire)s or %(ambulance)s."
                        )
                        % told
                    ]
                ]
            case n.Help() | n.Menu():
                return self._guide(notice, t)
            case n.OfficeAnswer() | n.OfficeQuestion():
                return _office(notice, t)
            case n.NewDate():
                return _new_date(notice, t)
            case n.AskVerdict() | n.VerdictHeard() | n.WhichVerdict() | n.VerdictAlert():
                return _verdict(notice, t)
            case n.NotAccepted() | n.DueDatePassed():
                return _bad_news(notice, t)
            case n.DeadlineAlert():
                return _alert(notice, t)
            case n.Unopened():
                return _unopened(notice, t)
            case n.ManyAlerts() | n.DayDigest():
                return _many(notice, t)
            case n.CutOff(code):
                return self._cut_off(code, t)
            case n.PassedOn(reference, office, due):
                number, date = t("No. %s:") % reference, _promise(due, t)
                return [[number, t("passed on to %s, which answers.") % office, date], [number, t("passed on."), date]]
            case _ if isinstance(notice, orders.ToOfficial):
                return orders.wordings(notice, t)
            case _:
                return [[_short(notice, t)]]

    def _receipt(self, notice: n.ComplaintReceived, t: Translate) -> list[list[str]]:
        core = t("No. %s: complaint received.") % notice.reference
        promise = _promise(notice.due, t)
        greeting = t("Thank you.")
        office = t("Handled by: %s.") % notice.office if notice.office else ""
        question = _please(notice.question, t)
        offer = t("If you like, text your name and hamlet too.") if notice.offers and not notice.question else ""
        return [
            [core, promise, office, greeting, question or offer],
            [core, promise, greeting, question or offer],
            [core, promise, question],
        ]

    def _danger(self, notice: n.DangerReceived, t: Translate) -> list[list[str]]:
        call = t("In danger call NOW: %(police)s police, %(fire)s fire, %(ambulance)s ambulance, %(rescue)s rescue.")
        call %= self._house.numbers
        core = t("No. %s: complaint received.") % notice.reference
        question = t("Please text: %s") % notice.question if notice.question else ""
        bare = t("No. %s:") % notice.reference
        return [[call, core, _promise(notice.due, t), question], [call, core, question], [call, bare, question]]

    def _emergency(self, notice: n.EmergencyAdvice | n.EmergencyDuty, t: Translate) -> list[list[str]]:
        if isinstance(notice, n.EmergencyDuty):
            told = {"reference": notice.reference, "unit": notice.unit, "at": clock(notice.received)}
            if notice.danger:
                return [
                    [
                        t("DANGER no. %(reference)s, %(unit)s, texted %(at)s. Open the desk and have it seen to now.")
                        % told
                    ]
                ]
            return [
                [t("URGENT no. %(reference)s, %(unit)s, texted %(at)s. Open the desk and phone the sender now.") % told]
            ]
        told = {**self._house.numbers, "reference": notice.reference}
        return [
            [
                t(
                    "THIS IS NOT THE EMERGENCY SERVICE. Call NOW: %(police)s police, %(fire)s fire, %(ambulance)s ambulance, "
                    "%(rescue)s rescue, %(children)s children. Your text is no. %(reference)s."
                )
                % told
            ]
        ]

    def _status(self, notice: n.StatusReport, t: Translate) -> list[list[str]]:
        core = t("No. %(reference)s: %(state)s.") % {"reference": notice.reference, "state": t(STATES[notice.state])}
        promise = _promise(notice.due, t) if notice.dated and notice.state in STILL_OPEN else ""
        office = t("Handled by: %s.") % notice.office if notice.office else ""
        return [[core, promise, office], [core, promise]]

    def _guide(self, notice: n.Help | n.Menu, t: Translate) -> list[list[str]]:
        if isinstance(notice, n.Menu):
            return [
                [
                    t(
                        "PA + code: GT road HT lamp,drain DN power,water MT waste DD land XD building AN order DB epidemic "
                        "YT health GD school XH aid HC papers NN farm KH other"
                    )
                ]
            ]
        how = t("Text PA, what is wrong and where, to %s.") % self._house.number
        return [
            [how, t("Example: PA GT Tay Son Quang Trung road broken."), t("Status: TT. Stop: STOP.")],
            [how, t("Status: TT. Stop: STOP.")],
        ]

    def _cut_off(self, code: str, t: Translate) -> list[list[str]]:
        kept = t("You were cut off. What you chose is kept for a day.")
        again = t("Dial %s to go on.") % code if code else ""
        text = t("Or text PA, what is wrong and where, to %s.") % self._house.number
        return [[kept, again, text], [kept, text]]


def _shortened(notice: n.Notice) -> Iterator[n.Notice]:
    """The notice with shorter and shorter names; nothing for one that names no unit and no office."""
    for field in NAMES:
        for name in shorter(getattr(notice, field, "")):
            yield replace(notice, **{field: name})  # type: ignore[arg-type]


def _please(question: str, t: Translate) -> str:
    return t("Please text: %s") % question if question else ""


def _thread(notice: n.WhichComplaint | n.Added, t: Translate) -> list[list[str]]:
    """What became of a later text."""
    if isinstance(notice, n.Added):
        added = t("No. %s: your text was added.") % notice.reference if notice.reference else t("Your text was added.")
        date, question = _promise(notice.due, t) if notice.due else "", _please(notice.question, t)
        return [[added, date, question], [added, question]]
    core = t("No. %s: received.") % notice.reference
    if len(notice.others) == 1:
        told = {"other": notice.others[0]}
        return [[core, t("Please text 1 if it belongs to no. %(other)s, 2 if it is a new matter.") % told]]
    first, second = notice.others[:2]
    told = {"first": first, "second": second}
    return [
        [core, t("Please text 1 if it belongs to no. %(first)s, 2 to no. %(second)s, 3 if it is a new matter.") % told]
    ]


def _promise(due: datetime | None, t: Translate) -> str:
    return t("Answer by %s.") % moment(due) if due else t("We will text the date of the answer later.")


def _not_found(notice: n.NothingFound, t: Translate) -> str:
    if notice.suggestion:
        told = {"typed": notice.typed, "meant": notice.suggestion}
        return t("There is no no. %(typed)s of yours. Did you mean %(meant)s? Text TT %(meant)s.") % told
    if notice.typed:
        return t("There is no no. %s sent from this phone. Please check the number, or text TT.") % notice.typed
    return t(
        "From this phone nothing can be told without a number. Please text TT and the number. To complain, text PA, what is "
        "wrong and where."
    )


def _office(notice: n.OfficeAnswer | n.OfficeQuestion, t: Translate) -> list[list[str]]:
    number = t("No. %s:") % notice.reference
    if isinstance(notice, n.OfficeQuestion):
        return [[number, notice.text, t("Please reply by text.")]]
    if not notice.ask_verdict:
        return [[number, notice.text]]
    return [[number, notice.text, _digits(t)], [number, notice.text]]


def _digits(t: Translate) -> str:
    return t("Text 1 done, 2 not done, 3 unclear.")


def _verdict(notice: n.AskVerdict | n.VerdictHeard | n.WhichVerdict | n.VerdictAlert, t: Translate) -> list[list[str]]:
    """What is asked and told about an answer, the citizen's word on it, and what officials hear of that."""
    match notice:
        case n.AskVerdict(reference):
            return [[t("No. %s was answered. Is it done?") % reference, _digits(t)]]
        case n.WhichVerdict(references, digit):
            first, second = (f"{reference} {digit}" for reference in references[:2])
            return [[t("Which one? Please text %(first)s or %(second)s.") % {"first": first, "second": second}]]
        case n.VerdictHeard(reference, verdict, due):
            noted = t(VERDICTS[verdict]) % reference if reference else t(VERDICTS_UNNAMED[verdict])
            if verdict != Verdict.DONE:
                return [[noted, _promise(due, t)]]
            return [[noted, t("You may rate the answer: DG %s and 1-5.") % reference if reference else ""], [noted]]
        case n.VerdictAlert(reference, verdict, due, times):
            by = t("Due %s.") % moment(due) if due else ""
            if verdict == Verdict.UNCLEAR:
                return [[t("No. %s: UNCLEAR to the citizen. Please explain at the desk.") % reference, by]]
            if times < TWICE:
                return [[t("No. %s: NOT DONE, says the citizen. Please answer again at the desk.") % reference, by]]
            told = {"reference": reference, "times": str(times)}
            return [[t("No. %(reference)s: NOT DONE, said %(times)s times. Please see to it yourself.") % told, by]]


def _bad_news(notice: n.NotAccepted | n.DueDatePassed, t: Translate) -> list[list[str]]:
    if isinstance(notice, n.NotAccepted):
        told = {"reference": notice.reference, "why": t(GROUNDS[notice.ground])}
        where = notice.where.rstrip(" .") or t("citizen reception office, %s") % notice.unit
        return [[t("No. %(reference)s is not accepted: %(why)s.") % told, t("Please turn to: %s.") % where]]
    late = t("No. %s: the date has passed without an answer. We are sorry.") % notice.reference
    office = t("With: %s.") % notice.office if notice.office else ""
    then = _promise(notice.due, t) if notice.due else t("We have urged them; you will get a text.")
    return [[late, office, then], [late, then], [late]]


def _new_date(notice: n.NewDate, t: Translate) -> list[list[str]]:
    number, date = t("No. %s:") % notice.reference, _promise(notice.due, t)
    match notice.why:
        case "more_time":
            need, thanks = t("we need more time."), t("We are sorry.")
            because = t("Reason: %s.") % notice.reason.rstrip(" .") if notice.reason else ""
            return [[number, need, because, date, thanks], [number, need, because, date], [number, need, date, thanks]]
        case "no_reply":
            return [[number, t("we have no reply from you and go on with what we know."), date]]
        case _:
            return [[number, t("we go on with your complaint."), date]]


def _alert(notice: n.DeadlineAlert, t: Translate) -> list[list[str]]:
    told = {"reference": notice.reference, "stage": t(STAGES[notice.stage]), "due": moment(notice.due)}
    core = t("DEADLINE no. %(reference)s: %(stage)s, due %(due)s.") % told
    where = f"({notice.category or '?'}, {notice.unit})"
    silence = t("Nobody has taken it up.") if notice.climbed else ""
    instead = t("In place of %s.") % notice.instead_of if notice.instead_of else ""
    ask = _by_text(notice.code, t) or t(TO_DO[notice.step])
    return [[core, where, silence, instead, ask], [core, silence, instead, ask], [core, silence, ask]]


def _unopened(notice: n.Unopened, t: Translate) -> list[list[str]]:
    told = {"reference": notice.reference, "office": notice.office, "since": moment(notice.since)}
    core = t("No. %(reference)s: nobody of %(office)s has opened it since %(since)s. Please see to it.") % told
    if not notice.code:
        return [[core]]
    short = t("No. %(reference)s: not opened at %(office)s since %(since)s.") % told
    return [[core, _by_text(notice.code, t)], [short, _by_text(notice.code, t)]]


def _by_text(code: str, t: Translate) -> str:
    return t("Text XEM %(code)s to read, NHAN %(code)s to accept.") % {"code": code} if code else ""


def _many(notice: n.ManyAlerts | n.DayDigest, t: Translate) -> list[list[str]]:
    """Figures that are nought are left out."""
    first = t("First no. %s.") % ", ".join(notice.first) if notice.first else ""
    if isinstance(notice, n.ManyAlerts):
        figures = (
            (t("overdue %s"), notice.overdue),
            (t("due now %s"), notice.due),
            (t("nearly due %s"), notice.near),
            (t("others %s"), notice.others),
        )
        return _opened_by(t("MANY DEADLINES: %s.") % _figures(figures), first, notice.code, t)
    figures = (
        (t("due today %s"), notice.due),
        (t("late %s"), notice.late),
        (t("new %s"), notice.new),
        (t("due soon %s"), notice.soon),
    )
    told = {"day": day(notice.day), "figures": _figures(figures)}
    return _opened_by(t("Today %(day)s: %(figures)s.") % told, first, notice.code, t)


def _opened_by(core: str, first: str, code: str, t: Translate) -> list[list[str]]:
    """With a code the first complaint can be read and acted on by text; whoever finishes it hears of the next."""
    if code and first:
        return [[core, first, t("To open the first by text: XEM %s.") % code]]
    return [[core, first, t("Please open the desk.")], [core, first]]


def _figures(figures: Iterable[tuple[str, int]]) -> str:
    return ", ".join(words % number for words, number in figures if number)


def _short(notice: n.Notice, t: Translate) -> str:
    """Notices of one sentence."""
    if sentence := PLAIN.get(type(notice)):
        return t(sentence)
    match notice:
        case (
            n.ConfirmWithdrawal(reference) | n.ManyCries(reference) | n.CallWished(reference) | n.PartOverdue(reference)
        ):
            return t(OF_ONE[type(notice)]) % reference
        case n.Rated() | n.HowToRate() | n.Withdrawn() | n.WhereToTurn() | n.Divided():
            return _to_citizen(notice, t)
        case n.CallCitizen() | n.NobodyTookUp() | n.EarlyWarning() | n.Bounced():
            return _to_official(notice, t)
        case _:
            raise TypeError(f"no sentence for {type(notice).__name__}")


def _to_citizen(notice: n.Rated | n.HowToRate | n.Withdrawn | n.WhereToTurn | n.Divided, t: Translate) -> str:
    match notice:
        case n.Rated(reference, score):
            told = {"reference": reference, "score": score}
            return t("No. %(reference)s: your score %(score)s of 5 is noted. Thank you.") % told
        case n.HowToRate(reference):
            return t("To rate an answer, text DG %s and 1 to 5 (5 is best).") % (reference or t("[number]"))
        case n.Withdrawn(reference, done):
            return (t("No. %s is withdrawn.") if done else t("No. %s is not withdrawn; it goes on.")) % reference
        case n.WhereToTurn(again=True):
            return t("Your text was added. It is sealed: only people named for it read it.")
        case n.WhereToTurn():
            return t(
                "This cannot be handled by text. Please go to the citizen reception office and hand in a letter. "
                "Your text is sealed."
            )
        case n.Divided(reference, other):
            said = t(
                "No. %(reference)s: you wrote of two matters. The second is no. %(other)s. Each gets its own answer."
            )
            return said % {"reference": reference, "other": other}


def _to_official(notice: n.CallCitizen | n.NobodyTookUp | n.EarlyWarning | n.Bounced, t: Translate) -> str:
    match notice:
        case n.CallCitizen(reference, question=True):
            said = t(
                "No. %s: the question could not be delivered. Please phone the citizen; the number is on the desk."
            )
            return said % reference
        case n.CallCitizen(reference):
            said = t("No. %s: the answer could not be delivered. Please phone the citizen; the number is on the desk.")
            return said % reference
        case n.NobodyTookUp(reference, unit, code):
            told = {"reference": reference, "unit": unit, "code": code}
            if not code:
                return t("URGENT no. %(reference)s, %(unit)s: nobody has taken it up. Open the desk now.") % told
            said = t(
                "URGENT no. %(reference)s, %(unit)s: nobody has taken it up. Text XEM %(code)s or NHAN %(code)s now."
            )
            return said % told
        case n.EarlyWarning(reference, people, category, unit):
            told = {"people": str(people), "reference": reference, "unit": unit, "field": category or "?"}
            said = t(
                "EARLY WARNING: %(people)s people report the same matter (%(field)s, %(unit)s). First no. %(reference)s."
            )
            return said % told
        case n.Bounced(reference, times):
            said = t("No. %(reference)s was passed on %(times)s times. Please decide at the desk which office answers.")
            return said % {"reference": reference, "times": str(times)}
