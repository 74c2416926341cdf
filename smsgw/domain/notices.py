"""What the service may say to a phone: one value a kind of notice, no words yet.

Lanes say who goes first. No notice repeats what was complained about: phones are shared.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum


class Lane(IntEnum):
    """Order of sending, first goes first. An alert of an urgent matter goes before what reminds of others."""

    URGENT = 0
    RECEIPT = 1
    ANSWER = 2
    ALERT = 3
    REMINDER = 4
    DIGEST = 5


@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """The receipt: reference, the date when one may be promised, the office when known, the first question when needed;
    where none is, `offers` that name and hamlet may be added."""

    reference: str
    due: datetime | None
    office: str = ""
    question: str = ""
    offers: bool = False


@dataclass(frozen=True, slots=True)
class WhichComplaint:
    """A receipt of a text that may belong to an earlier complaint: by a digit the citizen says which of `others`, or that
    it is a new matter."""

    reference: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmergencyAdvice:
    """Not the emergency service: call now. No date, no promise that help is coming."""

    reference: str


@dataclass(frozen=True, slots=True)
class EmergencyDuty:
    """To the duty phone of a unit: somebody cries for help, or, with `danger`, people may come to harm within hours."""

    reference: str
    unit: str
    received: datetime
    danger: bool = False


@dataclass(frozen=True, slots=True)
class ManyCries:
    """To the duty phone: one phone cries for help again and again; the latest is named, the rest stands on the desk."""

    reference: str


@dataclass(frozen=True, slots=True)
class NobodyTookUp:
    """To those who come next: a danger that nobody has taken up. With its one-time `code` they take it up by text."""

    reference: str
    unit: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class DangerReceived:
    """The receipt of a complaint that tells of danger: whom to call stands before everything else."""

    reference: str
    due: datetime | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class WhereToTurn:
    """What was written has a procedure of its own: where to go with it. The phone may be shared, so it says no more. `again`
    when that was said before and this is one more text of the same matter."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class SealedWaiting:
    """To an official named to read sealed texts: something waits. Never what, whose or how many."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Where a complaint stands, in status words only. Of an emergency no date is promised."""

    reference: str
    state: str
    due: datetime | None
    office: str = ""
    dated: bool = True


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No complaint of this number that may be told of without its reference, or none with that reference. `suggestion` is
    one that was perhaps meant."""

    typed: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class SetApart:
    """We have the text, and could not file it: a person reads it. `code` names it on the desk."""

    code: str


@dataclass(frozen=True, slots=True)
class Help:
    """How to text."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The list of fields."""


@dataclass(frozen=True, slots=True)
class Added:
    """A later text joined a complaint, whose reference is empty where nothing of it may be told; the next question where
    something is still missing. `due` is the new date where the clock had waited for it and one may be promised."""

    reference: str
    question: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A score arrived."""

    reference: str
    score: int


@dataclass(frozen=True, slots=True)
class HowToRate:
    """A rating without a score that counts, or before the answer."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmWithdrawal:
    """Withdrawing needs a confirming reply."""

    reference: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Withdrawn as wished; or kept."""

    reference: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Stopped:
    """No more optional texts; answers about one's own complaint still come."""


@dataclass(frozen=True, slots=True)
class Started:
    """Optional texts come again."""


@dataclass(frozen=True, slots=True)
class ChoiceKept:
    """Language or tone marks are remembered."""


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """An official's answer, word for word. With `ask_verdict` one line asks for a digit, where it fits."""

    reference: str
    text: str
    ask_verdict: bool = False


@dataclass(frozen=True, slots=True)
class AskVerdict:
    """The same line in a text of its own, behind an answer that left no room for it."""

    reference: str


@dataclass(frozen=True, slots=True)
class VerdictHeard:
    """A verdict arrived; `due` is the new date where one may be promised. Of a private matter the reference is empty."""

    reference: str
    verdict: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WhichVerdict:
    """A verdict that may be about several answers: the citizen says the number, with the digit once more."""

    references: tuple[str, ...]
    digit: str


@dataclass(frozen=True, slots=True)
class VerdictAlert:
    """To an official: the citizen says of an answer that it is not done, or unclear; `times` is how often not done. Never the
    citizen's number or text."""

    reference: str
    verdict: str
    due: datetime | None
    times: int = 1


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """A complaint is refused for a lawful reason, by its code; `where` is whom the citizen may turn to, empty for the citizen
    reception office of the unit."""

    reference: str
    ground: str
    unit: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class DueDatePassed:
    """To a citizen: the date that was told has passed without an answer. `due` is a new one, where there is one."""

    reference: str
    office: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfficeQuestion:
    """An official asks the citizen something."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class NewDate:
    """The date of the answer moved. `why`: more_time (granted, with the official's `reason`), no_reply (the citizen was
    asked and did not reply in time) or goes_on. None as `due`: no date may be promised."""

    reference: str
    due: datetime | None
    why: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoreTimeAsked:
    """To whoever may grant it: an office asks for time until the end of a day, and why. Never the citizen's number or text.
    With a one-time `code` it is decided by text."""

    reference: str
    until: date
    due: datetime
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class TimeDecided:
    """To an official who asked for time by text: it is granted until the end of a day; with a `reason` it is not. `code` is
    the next one."""

    reference: str
    until: date
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineAlert:
    """To an official: a stage of a step's term is reached. Never the citizen's number or text. With `climbed` whoever was
    told before has not taken it up; `instead_of` names who is away. With a one-time `code` it is acted on by text."""

    reference: str
    stage: str
    category: str
    unit: str
    due: datetime
    step: str = "answer"
    climbed: bool = False
    instead_of: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unopened:
    """To a head or leader: a case lies at a desk and nobody there has opened it. With a one-time `code` it is read by text."""

    reference: str
    office: str
    since: datetime
    code: str = ""


@dataclass(frozen=True, slots=True)
class ManyAlerts:
    """To an official, for many that came at once: how many are overdue, due now, nearly due or otherwise wait; the most
    pressing are named, and `code` is for the first of them."""

    overdue: int
    due: int
    near: int
    others: int
    first: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class DayDigest:
    """To an official in the morning: how many are due on this day, late, not opened yet, and soon due or half over; the most
    pressing are named, and `code` is for the first of them."""

    day: date
    due: int
    late: int
    new: int
    soon: int
    first: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """To a leader: so many people report the same matter; the first of them is named."""

    reference: str
    people: int
    category: str
    unit: str


@dataclass(frozen=True, slots=True)
class CallCitizen:
    """To an official: an answer, or a question, did not reach the citizen, who must be phoned. Never the number or text."""

    reference: str
    question: bool = False


@dataclass(frozen=True, slots=True)
class CallWished:
    """To an official: a citizen asks to be phoned. Never the number or text."""

    reference: str


@dataclass(frozen=True, slots=True)
class Divided:
    """What the citizen wrote were two matters: the second has a number of its own, `other`."""

    reference: str
    other: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Somebody else answers: an office or a unit. The date stays; None where none may be promised."""

    reference: str
    office: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Bounced:
    """To a leader: offices pass it to one another, so many times by now. Never the citizen's number or text."""

    reference: str
    times: int


@dataclass(frozen=True, slots=True)
class PartOverdue:
    """To an office that was asked for a part of an answer and has not given it in time."""

    reference: str


@dataclass(frozen=True, slots=True)
class CutOff:
    """A USSD session broke off before anything could be taken in: it waits for who dials the code again."""

    code: str


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """To an official's number: the code that proves it is theirs, good for so many minutes."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class NumberChanged:
    """To the number that was an official's: alerts go to another one from now on."""


@dataclass(frozen=True, slots=True)
class OrderDone:
    """To an official who ordered something by text: it is done. `detail` is the office, or the day asked for; `code` the next
    one, where more may be done, or with `other` that of another complaint, which presses most of what is left."""

    reference: str
    deed: str
    detail: str = ""
    other: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """To an official: nothing was done, why, and the next code. `words` are what the reason speaks of; `held` is what a text
    GUI sends all the same: answer or question."""

    reference: str
    why: str
    words: tuple[str, ...] = ()
    held: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintShown:
    """To an official who asked to read a complaint by text: what the citizen wrote and added, numbers crossed out. `hidden`:
    its words go to no phone."""

    reference: str
    text: str
    added: str = ""
    hidden: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class CitizenReplied:
    """To an official who asked the citizen by text: there is an answer. Never its words."""

    reference: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """To an official's number: an order came with a code that is not good. Never which, nor why."""


@dataclass(frozen=True, slots=True)
class OrderHelp:
    """To an official: what may be ordered by text."""


Notice = (
    ComplaintReceived
    | WhichComplaint
    | EmergencyAdvice
    | EmergencyDuty
    | ManyCries
    | NobodyTookUp
    | DangerReceived
    | WhereToTurn
    | SealedWaiting
    | StatusReport
    | NothingFound
    | SetApart
    | Help
    | Menu
    | Added
    | Rated
    | HowToRate
    | ConfirmWithdrawal
    | Withdrawn
    | Stopped
    | Started
    | ChoiceKept
    | OfficeAnswer
    | AskVerdict
    | VerdictHeard
    | WhichVerdict
    | VerdictAlert
    | NotAccepted
    | DueDatePassed
    | OfficeQuestion
    | NewDate
    | MoreTimeAsked
    | TimeDecided
    | DeadlineAlert
    | Unopened
    | ManyAlerts
    | DayDigest
    | EarlyWarning
    | CallCitizen
    | CallWished
    | Divided
    | PassedOn
    | Bounced
    | PartOverdue
    | CutOff
    | PhoneCode
    | NumberChanged
    | OrderDone
    | OrderRefused
    | ComplaintShown
    | CitizenReplied
    | CodeRefused
    | OrderHelp
)
