"""Words for texts that are not out: what each was, and what becomes of it."""

from flask_babel import lazy_gettext as _

HEADINGS = {
    "waiting": (_("Waiting to be sent"), _("They go by themselves as soon as a provider takes them.")),
    "in_doubt": (
        _("In doubt: perhaps sent"),
        _("Most are sent once more by themselves. An office's answer or question that stays in doubt is phoned."),
    ),
    "failed": (
        _("Failed or not delivered"),
        _("An office's answer or question is phoned by that office. Others are lost; the complaint itself is not."),
    ),
}
TEXTS = {
    "ComplaintReceived": _("Receipt of a complaint"),
    "EmergencyAdvice": _("Whom to call in an emergency"),
    "EmergencyDuty": _("Danger, to the duty phone"),
    "ManyCries": _("Danger, to the duty phone"),
    "NobodyTookUp": _("Danger, to the next people"),
    "DangerReceived": _("Receipt of a complaint"),
    "StatusReport": _("Where a complaint stands"),
    "OfficeAnswer": _("Answer of an office"),
    "OfficeQuestion": _("Question of an office"),
    "NewDate": _("New date of an answer"),
    "MoreTimeAsked": _("Wish for more time, to an official"),
    "DeadlineAlert": _("Reminder to an official"),
    "ManyAlerts": _("Many reminders in one"),
    "DayDigest": _("Digest of the day"),
    "Unopened": _("A case that nobody opened"),
    "EarlyWarning": _("Early warning, to a leader"),
    "CallCitizen": _("Call to make, to an official"),
    "CallWished": _("Call that a citizen asks for, to an official"),
    "PhoneCode": _("Code to verify an official's number"),
    "NumberChanged": _("News of a changed number, to an official"),
    "OrderDone": _("Reply to an official who acts by text"),
    "OrderRefused": _("Reply to an official who acts by text"),
    "ComplaintShown": _("A complaint, to an official who reads it by text"),
    "CitizenReplied": _("News of a citizen's reply, to an official"),
    "CodeRefused": _("Reply to a code that is no good, to an official"),
    "OrderHelp": _("How to act by text, to an official"),
    "CutOff": _("A USSD session that broke off"),
}
CALLS = {
    "open": _("to phone"),
    "told": _("told by phone"),
    "unreachable": _("cannot be reached by phone"),
    "arrived": _("arrived after all"),
    "replied": _("the citizen has written since"),
    "withdrawn": _("withdrawn by the citizen"),
    "replaced": _("sent again"),
}
