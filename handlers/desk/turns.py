"""A complaint's conversation as one list: what the citizen wrote, what was texted, what officials did, by time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from handlers.desk.outcome import WHY_LOOK
from handlers.language import gettext
from handlers.words import FIELDS, TOLD, day, moment, visible
from smsgw.domain.calls import must_phone
from smsgw.domain.verdicts import WhyLook
from smsgw.domain.workdays import VIETNAM
from smsgw.store.complaints import Conversation
from smsgw.store.tables import Complaint, Event, Inbound, Outgoing
from smsgw.text.speech import GROUNDS

DEEDS = {
    "received": _("Complaint received"),
    "routed": _("Assigned to an office"),
    "passed_on": _("Passed on"),
    "asked": _("Asked the citizen"),
    "answered": _("Answered the citizen"),
    "rated": _("The citizen rated the answer"),
    "withdrawn": _("The citizen withdrew the complaint"),
    "reopened": _("Opened again"),
    "confirmed": _("Closed: the citizen says that it is done"),
    "not_done": _("The citizen says that it is not done"),
    "unclear": _("The citizen says that the answer is unclear"),
    "raised": _("Not done again: the head and the leader were told"),
    "to_look_at": _("No word came in time: a person must look before it closes"),
    "closed_silent": _("Closed after silence"),
    "closed_unasked": _("Closed; its citizen was not asked"),
    "breach_told": _("The citizen was told that the date has passed"),
    "paused": _("The clock stands: waiting for the citizen"),
    "resumed": _("The clock runs on"),
    "time_asked": _("Asked for more time"),
    "extended": _("More time granted"),
    "time_refused": _("More time not granted"),
    "call_needed": _("The citizen must be phoned"),
    "cut_off": _("Taken in after a USSD session broke off"),
    "call_closed": _("No call is needed any more"),
    "merged": _("Handled together with another complaint"),
    "merged_here": _("Handles other complaints with it"),
    "separated": _("Taken apart: goes on by itself"),
    "held": _("Wrote a text that waits for a second look"),
    "looked_at": _("Looked at the text a second time and let it go"),
    "sent_back": _("Sent the text back to its writer"),
    "taken_back": _("Took the text back"),
    "put_under_seal": _("Put under seal: its words are with the people named for it"),
    "refused": _("Not accepted"),
    "many_report": _("Many people report the same: the leader was warned"),
    "nobody_to_tell": _("Nobody could be texted: there is no duty phone, and no official with a phone"),
    "alarm_climbed": _("Nobody had taken it up: the next people were texted"),
    "taken_up": _("Took it up"),
    "opened": _("Opened it"),
    "alert_climbed": _("Nobody had taken the alert up: the next people were told"),
    "filled": _("The citizen told"),
    "went_on": _("No answer came; the case goes on as it is"),
    "joined": _("Belongs to an earlier complaint: the text was moved there"),
    "term_waited": _("The term waited for the citizen's answer"),
    "called_back": _("Called back before it went out: the citizen did not get it"),
    "divided": _("Divided: the second matter has a number of its own"),
    "divided_from": _("The second matter of another complaint"),
    "part_asked": _("Asked another office for its part"),
    "part_given": _("Gave the office's part of the answer"),
    "noted": _("Note for colleagues; the citizen never reads it"),
    "reshaped": _("Another office answers for it now: offices were merged or split"),
    "due_brought_near": _("Due date brought near (demo)"),
    "put_forward": _("Put forward for publication"),
    "published": _("Published, without personal data"),
    "not_published": _("Not published"),
    "unpublished": _("Publication taken back"),
}
CALLED = {
    "told": _("Phoned the citizen: reached, and told"),
    "not_reached": _("Phoned the citizen: not reached"),
    "unreachable": _("The citizen cannot be reached by phone"),
}
NEEDED = {
    ("answer", False): _("The answer did not arrive."),
    ("answer", True): _("Nobody knows whether the answer arrived."),
    ("question", False): _("The question did not arrive."),
    ("question", True): _("Nobody knows whether the question arrived."),
    ("wish", False): _("The citizen asked for it by USSD."),
}
NEEDLESS = {
    "arrived": _("The text has arrived after all."),
    "replied": _("The citizen has written since."),
    "withdrawn": _("The citizen withdrew the complaint."),
}
TEXTED = _("Texted to the citizen")
ALL_THE_SAME = _("Texted to the citizen, though the check asked for more")
ALERTS = {
    "CallCitizen": _("Call texted to an official"),
    "CallWished": _("Call texted to an official"),
    "MoreTimeAsked": _("Wish for more time texted to an official"),
    "EmergencyDuty": _("Danger texted to the duty phone"),
    "ManyCries": _("Danger texted to the duty phone"),
    "EarlyWarning": _("Early warning texted to the leader"),
    "VerdictAlert": _("The citizen's word texted to an official"),
    "Unopened": _("That nobody has opened it was texted to the head"),
    "PartOverdue": _("Texted to an office whose part is overdue"),
    "Bounced": _("Texted to the leader, who decides which office answers"),
    "NobodyTookUp": _("Danger texted to the next people"),
    "OrderDone": _("Reply to an official who acts by text"),
    "OrderRefused": _("Reply to an official who acts by text"),
    "ComplaintShown": _("Reply to an official who acts by text"),
    "TimeDecided": _("Reply to an official who acts by text"),
    "CitizenReplied": _("The citizen's reply announced to an official"),
}
REMINDER = _("Reminder texted to an official")
TOLD_BY_TEXTS = ("added",)  # the text itself stands in the list
OWN_WORDS = (
    "cut_off",
    "routed",
    "call_needed",
    "call_closed",
    "went_on",
    "joined",
    "term_waited",
    "merged",
    "merged_here",
    "many_report",
    "alert_climbed",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry. `side` is citizen, service (a text we sent), alert (a text to an official), note or deed; `private` words are
    not for those who read deeds only."""

    at: datetime
    side: str
    head: str
    words: str = ""
    who: str = ""
    delivery: str = ""
    segments: int = 0
    private: bool = True
    waits_until: datetime | None = None


def turns(complaint: Complaint, talk: Conversation) -> list[Turn]:
    """Everything, oldest first; of one moment what was written, then what was done, then what was texted."""
    everything = [*_heard(complaint, talk), *_done(talk), *_told(complaint, talk)]
    return sorted(everything, key=lambda turn: turn.at)


def _heard(complaint: Complaint, talk: Conversation) -> Iterator[Turn]:
    if not talk.heard and complaint.text:
        yield Turn(complaint.received_at, "citizen", gettext("The citizen wrote"), visible(complaint.text))
    for row in talk.heard:
        yield Turn(row.received_at, "citizen", _heard_head(row), "" if row.repeat_of else visible(row.body))


def _heard_head(row: Inbound) -> str:
    if row.repeat_of:
        return gettext("The same text came once more; nothing was done with it")
    if row.continues:
        return gettext("The rest of the text, which came late")
    if row.incomplete:
        return gettext("The citizen wrote; [...] stands for parts that did not arrive in time")
    return gettext("The citizen wrote")


def _told(complaint: Complaint, talk: Conversation) -> Iterator[Turn]:
    letters = {line.details.get("outbox_id"): line for line in talk.history}
    for row in talk.told:
        kept = _kept_until(row)
        if row.recipient != complaint.citizen.phone:
            yield Turn(
                row.created_at, "alert", str(ALERTS.get(row.kind, REMINDER)), delivery=row.state, waits_until=kept
            )
            continue
        letter = letters.get(row.id)
        who = letter.official.name if letter and letter.official else ""
        who = gettext("%(who)s, by text", who=who) if letter and letter.details.get("by_text") else who
        head = str(ALL_THE_SAME if letter and letter.details.get("lacks") else TEXTED)
        yield Turn(row.created_at, "service", head, row.body, who, _fate(row), row.segments, waits_until=kept)


def _fate(row: Outgoing) -> str:
    """Its state; an office's text of which nothing more will be heard is in doubt for good."""
    doubtful = row.state == "unknown" and must_phone(row.kind, row.state, being_checked=row.lease_until is not None)
    return "in_doubt" if doubtful else row.state


def _kept_until(row: Outgoing) -> datetime | None:
    """Until when its writer may call it back, or the hour or a limit keeps it; None where nothing of the kind does."""
    waits = row.held_until == row.next_attempt_at or (not row.attempts and row.next_attempt_at > row.created_at)
    return row.next_attempt_at if row.state == "queued" and waits else None


def _done(talk: Conversation) -> Iterator[Turn]:
    for line in talk.history:
        if line.kind not in TOLD_BY_TEXTS and not line.details.get("outbox_id"):
            head = str(CALLED[line.details["outcome"]] if line.kind == "phoned" else DEEDS.get(line.kind, line.kind))
            who = line.official.name if line.official else ""
            who = gettext("%(who)s, by text", who=who) if line.details.get("by_text") else who
            side = "note" if line.kind == "noted" else "deed"
            yield Turn(line.at, side, head, _deed_words(line), who, private=_said_by_the_citizen(line))


def _said_by_the_citizen(line: Event) -> bool:
    """Whether the line's words are the citizen's own: officials' reasons and names of offices are not, nor is a score.
    What officials wrote for one another, or noted of a call, may hold what the citizen said."""
    if line.kind in ("phoned", "noted", "part_asked", "part_given"):
        return True
    return line.official is None and line.kind not in OWN_WORDS and not line.details.get("score")


def _day_of(told: str | None) -> str:
    """The local day of a moment or a day as a line of the history has it."""
    if not told:
        return ""
    at = datetime.fromisoformat(told)
    return day(at.astimezone(VIETNAM).date() if at.tzinfo else at.date())


def _deed_words(line: Event) -> str:
    match line.kind:
        case "received":
            return ""  # the reason stands in the sentence on top
        case "passed_on":
            left, reached = line.details.get("left", ""), line.details.get("reached", "")
            return gettext("From %(left)s to %(reached)s: %(why)s", left=left, reached=reached, why=visible(line.note))
        case "reshaped":
            return gettext("From %(left)s to %(reached)s", left=line.details["left"], reached=line.details["reached"])
        case "time_asked" | "extended" | "time_refused":
            until = _day_of(line.details.get("until") or line.details.get("due"))
            return gettext("Until %(day)s: %(why)s", day=until, why=visible(line.note))
        case "resumed" if line.details.get("due"):
            return gettext("New due date: %(at)s", at=moment(datetime.fromisoformat(line.details["due"])))
        case "paused" if line.details.get("until"):
            at = moment(datetime.fromisoformat(line.details["until"]))
            return gettext("With the citizen's reply it runs on, at %(at)s at the latest.", at=at)
        case "rated":
            score = line.details.get("score")
            return f"{score}/5" if score else visible(line.note)
        case "reopened" if line.details.get("due"):
            due = gettext("New due date: %(at)s", at=moment(datetime.fromisoformat(line.details["due"])))
            return f"{visible(line.note)} {due}".strip()
        case "to_look_at":
            return "; ".join(str(WHY_LOOK[WhyLook(why)]) for why in line.details["why"])
        case "refused" if line.details.get("ground"):
            ground = GROUNDS[line.details["ground"]]
            return f"{gettext(ground)} ({line.details['source']}): {visible(line.note)}"
        case "many_report":
            return gettext("%(n)s people", n=line.details.get("people", "?"))
        case "filled":
            gap = str(TOLD.get(line.details["gap"], line.details["gap"]))
            return f"{gap}: {visible(line.note)}" if line.note else gap
        case "went_on":
            return ", ".join(str(TOLD.get(gap, gap)) for gap in line.details["missing"])
        case "joined":
            return str(line.details["other"])
        case "call_needed":
            return str(NEEDED[line.details["unheard"], line.details["doubtful"]])
        case "call_closed":
            return str(NEEDLESS[line.details["why"]])
        case "routed" if line.details.get("category"):
            return f"{line.note} · {FIELDS.get(line.details['category'], '')}"
        case _:
            return visible(line.note)
