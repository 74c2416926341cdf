"""What an official reads who acts by text: what was done, what was not and why, and the next code."""

from collections.abc import Mapping

from smsgw.domain import notices as n
from smsgw.domain.marks import N_
from smsgw.text.catalogs import Translate
from smsgw.text.fit import folded, measure
from smsgw.text.times import day, moment

ToOfficial = (
    n.PhoneCode
    | n.NumberChanged
    | n.OrderDone
    | n.OrderRefused
    | n.ComplaintShown
    | n.CitizenReplied
    | n.MoreTimeAsked
    | n.TimeDecided
    | n.CodeRefused
    | n.OrderHelp
)
MOST_SEGMENTS = 3
SHORTEST_PART = 40  # signs that each of two parts keeps when both are cut
CUT_BY = 8
LONGEST_REASON = 90  # signs, where it is all that is told
SHORTEST_REASON = 45  # signs, beside the orders by which it is decided
DONE: Mapping[str, str] = {
    "take": N_("noted, you are on it."),
    "pass": N_("passed on to %s."),
    "more_time": N_("time until %s is asked for. The head or the leader decides."),
    "grant": N_("time until %s is granted. The citizen is told."),
    "refuse": N_("more time is not granted. Whoever asked is told."),
    "ask": N_("the question goes to the citizen. A text tells you of the answer."),
    "answer": N_("the answer goes to the citizen. Nothing more to do."),
    "held": N_("kept. A second person looks at it before it goes."),
}
REFUSED: Mapping[str, str] = {
    "not_yours": N_("nothing was done: your role does not do this."),
    "already_answered": N_("nothing was done: it was answered already."),
    "withdrawn": N_("nothing was done: the citizen withdrew it."),
    "closed": N_("nothing was done: it is closed."),
    "moved": N_("nothing was done: it does not lie with you any more."),
    "blanks": N_("not sent: a blank in it is not filled in."),
    "refused_signs": N_(
        "not sent: the network refuses some signs in it. Please use letters, digits, commas and points."
    ),
    "with_another": N_("it is handled with no. %s. Please act on that one."),
    "no_office": N_("no office is chosen yet. Please do that at the desk."),
    "which_office": N_("not passed on. To which office? Codes: %s."),
    "no_reason": N_("nothing was done: please say why."),
    "call_first": N_("not sent: your question did not arrive. Please phone first, and note it at the desk."),
    "no_date": N_("nothing was done: it has no due date now."),
    "not_asked": N_("nothing was done: nobody asks for more time now, or it is decided already."),
    "own_wish": N_("nothing was done: you asked for it yourself. Somebody else decides."),
    "asked_already": N_("more time was asked for already. Please wait for the decision."),
    "no_days": N_("not asked for. Text HAN, the code, the number of working days, the reason."),
    "late_already": N_("not asked for: the due date has passed. Please answer now."),
    "not_later": N_("not asked for: that day is not later than the due date."),
    "day_off": N_("not asked for: offices do not work on that day."),
    "too_far": N_("not asked for: at most three months after the due date."),
    "empty": N_("nothing was sent: there are no words."),
    "too_long": N_("nothing was sent: it is too long."),
    "only_not_ours": N_("not sent: it only says that this is not your task. Pass it on, or say who helps."),
    "many_segments": N_("not sent yet: it is long. Can it be said shorter?"),
    "lacks": N_("not sent yet. Lacking: %s."),
    "news": N_("not sent yet: there is something new that you have not read. XEM shows it."),
    "otherwise": N_("nothing was done. Please see the desk."),
    "nothing_held": N_("nothing waits to be sent. Text TL, the code, the answer."),
}
LACKS: Mapping[str, str] = {
    "no_deed": N_("what is done"),
    "no_time": N_("which day"),
    "no_doer": N_("who does it"),
    "short_forms": N_("no short forms"),
    "only_regulations": N_("plain words"),
}


def wordings(notice: ToOfficial, t: Translate) -> list[list[str]]:
    """Fullest first."""
    match notice:
        case n.PhoneCode(code, minutes):
            told = {"code": code, "minutes": str(minutes)}
            return [
                [
                    t(
                        "Code %(code)s proves that this number is yours. Good for %(minutes)s minutes. Tell it to nobody but "
                        "your administrator."
                    )
                    % told
                ]
            ]
        case n.NumberChanged():
            said = t(
                "Alerts for officials go to another number now. If you did not change it, please tell your administrator."
            )
            return [[said]]
        case n.OrderDone():
            done = t(DONE[notice.deed])
            said = done % notice.detail if notice.detail else done
            numbered = _numbered(notice.reference, said, _after(notice, t), t)
            return [*numbered, _numbered(notice.reference, said, "", t)[0]] if notice.other else numbered
        case n.OrderRefused():
            return _refused(notice, t)
        case n.ComplaintShown():
            return [[_shown(notice, t)]]
        case n.CitizenReplied(reference, code):
            read = t("Text XEM %s to read it.") % code if code else t("Please read it at the desk.")
            return _numbered(reference, t("the citizen has replied."), read, t)
        case n.MoreTimeAsked():
            return _asked_for(notice, t)
        case n.TimeDecided(reference, until, "", code):
            return _numbered(reference, t("time until %s is granted.") % day(until), _next(code, t), t)
        case n.TimeDecided(reference, _, reason, code):
            said = t("more time is not granted: %s") % _stopped(_cut(folded(reason), LONGEST_REASON))
            return _numbered(reference, said, _next(code, t), t)
        case n.CodeRefused():
            return [[t("This code is of no use. Please wait for the next text, or see the desk.")]]
        case n.OrderHelp():
            return [
                [
                    t(
                        "Text word, code, rest: XEM read, NHAN accept, HOI ask, TL answer, CHUYEN office reason, HAN days "
                        "reason, GUI send as it is. Ex.: HOI 123456 Which house?"
                    )
                ]
            ]


def _asked_for(notice: n.MoreTimeAsked, t: Translate) -> list[list[str]]:
    """With the reason, as much of it as one segment holds beside the rest."""
    asked = t("more time is asked for, until %s.") % day(notice.until)
    if not notice.code:
        due = t("Due %s.") % moment(notice.due)
        return _numbered(notice.reference, f"{asked} {due}", t("Please decide at the desk."), t)
    decide = t("Text DUYET %(code)s, or KHONG DUYET %(code)s and why.") % {"code": notice.code}
    why = _stopped(_cut(folded(notice.reason), SHORTEST_REASON))
    return _numbered(notice.reference, f"{asked} {why}" if notice.reason else asked, decide, t)


def _cut(words: str, most: int) -> str:
    """At a word's end, with dots where something is left out."""
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 2].rsplit(' ', 1)[0]}..."


def _refused(notice: n.OrderRefused, t: Translate) -> list[list[str]]:
    words = ", ".join(t(LACKS[one]) if one in LACKS else one for one in notice.words)
    reason = t(REFUSED.get(notice.why, REFUSED["otherwise"]))
    again = _next(notice.code, t)
    if notice.held and notice.code:
        again = t("Better words with code %(code)s, or GUI %(code)s as it is.") % {"code": notice.code}
    return _numbered(notice.reference, reason % words if words else reason, again, t)


def _numbered(reference: str, said: str, after: str, t: Translate) -> list[list[str]]:
    return [[t("No. %s:") % reference, said, after]]


def _after(notice: n.OrderDone, t: Translate) -> str:
    if notice.other:
        return t("Next is no. %(other)s: XEM %(code)s.") % {"other": notice.other, "code": notice.code}
    return _next(notice.code, t)


def _next(code: str, t: Translate) -> str:
    return t("Next code: %s.") % code if code else ""


def _shown(notice: n.ComplaintShown, t: Translate) -> str:
    """As much of the words as goes into a few segments: of what was written first and of what was added last."""
    number, after = t("No. %s:") % notice.reference, _next(notice.code, t)
    if notice.hidden:
        return " ".join([number, t("its words are not texted. Please read it at the desk."), after]).strip()
    first, last = " ".join(folded(notice.text).split()), " ".join(folded(notice.added).split())
    while True:
        added = t("Added: %s") % last if last else ""
        said = " ".join([number, *(_stopped(part) for part in (first, added, after) if part)])
        if measure(folded(said)).segments <= MOST_SEGMENTS:
            return said
        if len(first) >= len(last) or len(last) <= SHORTEST_PART:
            first = first[: -CUT_BY - 3].rstrip() + "..."
        else:
            last = last[: -CUT_BY - 3].rstrip() + "..."


def _stopped(words: str) -> str:
    """With a stop at the end, so that no one else's words run into what comes after them."""
    return words if words.endswith((".", "?", "!")) else f"{words}."
