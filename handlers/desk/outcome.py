"""What comes after an answer, in one sentence: the citizen's word, the time for it, a person's look, the end."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from handlers.language import gettext
from handlers.words import moment
from smsgw.domain.progress import Ending, State
from smsgw.domain.verdicts import TWICE, Verdict, WhyLook
from smsgw.store.tables import Complaint, Event

WHY_LOOK = {
    WhyLook.NOT_CONFIRMED: _("nobody knows whether the answer arrived"),
    WhyLook.REOPENED: _("it was opened again before"),
    WhyLook.NOT_ASKED: _("about such a matter its citizen is not asked"),
    WhyLook.FIELD: _("in this field somebody always looks"),
}
SAID = {
    Verdict.DONE: _("done"),
    Verdict.NOT_DONE: _("not done"),
    Verdict.UNCLEAR: _("the answer is unclear"),
}


def next_after_answer(complaint: Complaint) -> str:
    """Of one that was answered."""
    at = moment(complaint.silence_at)
    match complaint.stands:
        case State.ANSWERED:
            return gettext(
                "The answer was given. Once it is known to have reached the citizen, their time to judge it begins."
            )
        case State.OPEN_TO_VERDICT if complaint.verdict_asked_at:
            return gettext("The citizen says by one digit whether it is done, until %(at)s.", at=at)
        case State.OPEN_TO_VERDICT:
            return gettext("About such a matter the citizen is not asked. At %(at)s a person looks at it.", at=at)
        case State.TO_LOOK_AT:
            return gettext(
                "The citizen said nothing. The focal official, the head or the leader looks at it: it closes, or goes back."
            )
        case _:
            return _closed(complaint)


def _closed(complaint: Complaint) -> str:
    at = moment(complaint.closed_at)
    match complaint.ending:
        case Ending.CONFIRMED:
            return gettext("Nothing more to do: the citizen said at %(at)s that it is done.", at=at)
        case Ending.SILENCE:
            return gettext("Nothing more to do: closed after silence at %(at)s.", at=at)
        case _:
            return gettext("Nothing more to do: answered at %(at)s.", at=moment(complaint.answered_at))


def why_look(history: Sequence[Event]) -> list[str]:
    """Why silence alone did not close it, the last time."""
    lines = [line for line in history if line.kind == "to_look_at"]
    return [str(WHY_LOOK[WhyLook(why)]) for why in lines[-1].details["why"]] if lines else []


def next_answer(complaint: Complaint) -> str:
    """Of one that is being handled again because of what its citizen said; empty for any other."""
    told = {"who": (complaint.office or complaint.unit).name, "due": moment(complaint.due_at)}
    match complaint.verdict:
        case Verdict.NOT_DONE if complaint.not_done >= TWICE:
            told["n"] = str(complaint.not_done)
            return gettext(
                "Said not done %(n)s times: the head and the leader see to it that %(who)s answers by %(due)s.", **told
            )
        case Verdict.NOT_DONE:
            return gettext("The citizen says that it is not done: %(who)s answers again by %(due)s.", **told)
        case Verdict.UNCLEAR:
            return gettext("The answer was unclear to the citizen: %(who)s explains by %(due)s.", **told)
        case _:
            return ""
