"""Says a notice in a person's language, in one segment where that can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from smsgw.domain import notices as n
from smsgw.domain.marks import N_
from smsgw.domain.workdays import VIETNAM
from smsgw.text.catalogs import Catalogs, Translate
from smsgw.text.fit import folded, measure, mended

STATES = {
    "received": N_("received, being checked"),
    "assigned": N_("being handled"),
    "waiting": N_("waiting for your reply"),
    "answered": N_("answered"),
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


@dataclass(frozen=True, slots=True)
class House:
    """What the service is called and how it is reached. `numbers` holds police, fire, ambulance, rescue, children."""

    name: str
    number: str
    price_note: str
    numbers: Mapping[str, str]
    ussd_code: str = ""


class Speech:
    """Turns notices into sentences. Of several wordings, fullest first, it takes the first that fits one segment."""

    def __init__(self, catalogs: Catalogs, house: House) -> None:
        self._catalogs = catalogs
        self._house = house

    @property
    def house(self) -> House:
        """What the service is called and how it is reached."""
        return self._house

    def say(self, notice: n.Notice, *, language: str = "vi", tone_marks: bool = False) -> str:
        """The text to send: GSM-7 without tone marks, or NFC with them. The last wording is taken when none fits."""
        dress = mended if tone_marks else folded
        said = ""
        for wording in self._wordings(notice, self._catalogs.of(language)):
            said = dress(" ".join(part for part in wording if part))
            if measure(said).segments == 1:
                return said
        return said

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
            case n.DeadlineAlert():
                return _alert(notice, t)
            case n.CutOff(code):
                return self._cut_off(code, t)
            case n.PassedOn(reference, office, due):
                number, date = t("No. %s:") % reference, _promise(due, t)
                return [[number, t("passed on to %s, which answers.") % office, date], [number, t("passed on."), date]]
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
            told = {"reference": notice.reference, "unit": notice.unit, "at": _clock(notice.received)}
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
    return t("Answer by %s.") % _moment(due) if due else t("We will text the date of the answer later.")


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
    score = t("Rate it: text DG %s and 1-5.") % notice.reference if notice.ask_rating else ""
    return [[number, notice.text, score], [number, notice.text]]


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
    told = {"reference": notice.reference, "stage": t(STAGES[notice.stage]), "due": _moment(notice.due)}
    where = f"({notice.category or '?'}, {notice.unit})"
    return [[t("DEADLINE no. %(reference)s: %(stage)s, due %(due)s.") % told, where, t("Please answer at the desk.")]]


def _short(notice: n.Notice, t: Translate) -> str:
    """Notices of one sentence."""
    match notice:
        case n.Rated(reference, score):
            return t("No. %(reference)s: your score %(score)s of 5 is noted. Thank you.") % {
                "reference": reference,
                "score": score,
            }
        case n.HowToRate(reference):
            return t("To rate an answer, text DG %s and 1 to 5 (5 is best).") % (reference or t("[number]"))
        case n.ConfirmWithdrawal(reference):
            return t("Withdraw complaint no. %s? Text 1 within 10 minutes to confirm.") % reference
        case n.Withdrawn(reference, done):
            return (t("No. %s is withdrawn.") if done else t("No. %s is not withdrawn; it goes on.")) % reference
        case n.Stopped():
            return t(
                "We will send no more optional texts. Answers about your own complaint still come. To resume: START."
            )
        case n.Started():
            return t("You will get our texts again. To stop: STOP.")
        case n.MoreTimeAsked(reference, until, due):
            day = f"{until.day}/{until.month}"
            told = {"reference": reference, "until": day, "due": _moment(due)}
            return (
                t("No. %(reference)s: more time is asked for, until %(until)s. Due %(due)s. Please decide at the desk.")
                % told
            )
        case n.CallCitizen(reference, question):
            said = (
                t("No. %s: the question could not be delivered. Please phone the citizen; the number is on the desk.")
                if question
                else t(
                    "No. %s: the answer could not be delivered. Please phone the citizen; the number is on the desk."
                )
            )
            return said % reference
        case n.WhereToTurn(again):
            return (
                t("Your text was added. It is sealed: only people named for it read it.")
                if again
                else t(
                    "This cannot be handled by text. Please go to the citizen reception office and hand in a letter. "
                    "Your text is sealed."
                )
            )
        case n.ManyCries(reference):
            return t("One phone cries for help again and again, last no. %s. All stand on the desk.") % reference
        case n.NobodyTookUp(reference, unit):
            told = {"reference": reference, "unit": unit}
            return t("URGENT no. %(reference)s, %(unit)s: nobody has taken it up. Open the desk now.") % told
        case n.EarlyWarning(reference, people, category, unit):
            told = {"people": str(people), "reference": reference, "unit": unit, "field": category or "?"}
            return (
                t(
                    "EARLY WARNING: %(people)s people report the same matter (%(field)s, %(unit)s). First no. %(reference)s."
                )
                % told
            )
        case n.SealedWaiting():
            return t("A sealed text waits for you at the desk. Please sign in to read it.")
        case n.CallWished(reference):
            return t("No. %s: the citizen asks to be phoned. The number is on the desk.") % reference
        case n.Divided(reference, other):
            told = {"reference": reference, "other": other}
            return (
                t("No. %(reference)s: you wrote of two matters. The second is no. %(other)s. Each gets its own answer.")
                % told
            )
        case n.Bounced(reference, times):
            told = {"reference": reference, "times": str(times)}
            return (
                t("No. %(reference)s was passed on %(times)s times. Please decide at the desk which office answers.")
                % told
            )
        case n.PartOverdue(reference):
            return t("No. %s: your office's part of the answer is overdue. Please give it at the desk.") % reference
        case n.ChoiceKept():
            return t("Noted. We will text you this way from now on.")
        case _:
            raise TypeError(f"no sentence for {type(notice).__name__}")


def _moment(at: datetime) -> str:
    local = at.astimezone(VIETNAM)
    clock = f"{local.hour}h{local.minute:02}" if local.minute else f"{local.hour}h"
    return f"{clock} {local.day}/{local.month}"


def _clock(at: datetime) -> str:
    local = at.astimezone(VIETNAM)
    return f"{local.hour}h{local.minute:02}"
