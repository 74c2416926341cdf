"""The reader's short notes on a text, which are kept in English beside the complaint, in the official's language."""

from flask_babel import lazy_gettext as _

from handlers.desk.entrance import door
from handlers.language import gettext
from handlers.words import FIELDS, visible
from smsgw.domain.wards import OUTSIDE

NOTES = {
    "weighs most": _("by the weight of its words"),
    "typed": _("as the citizen typed it"),
    "names a complaint sent before": _("names a complaint sent before"),
    "named with its kind": _("named in full"),
    "named": _("named"),
    "named without a blank": _("typed without a blank"),
    "misspelt": _("misspelt"),
    "a unit outside": _("a place outside"),
    "a unit we do not know": _("a place that is not known here"),
    "could not be read by machine": _("The text could not be read by machine"),
}
KEYWORD = "the keyword for "


@door.app_template_filter()
def reason_said(reason: str) -> str:
    """One note, such as `category GT: duong, ho to`: its words from the text stay as they were typed, and so does a note of a
    form that is no longer written."""
    about, told, why = reason.partition(": ")
    subject, _blank, name = about.partition(" ")
    if not told:
        return str(NOTES.get(reason, visible(reason)))
    if why.startswith(KEYWORD):
        because = gettext("by the keyword it begins with")
    else:
        because = str(NOTES[why]) if why in NOTES else f"“{visible(why)}”"
    match subject:
        case "intent":
            return gettext("What is wanted: %(why)s", why=because)
        case "category":
            return gettext("Field %(field)s: %(why)s", field=str(FIELDS.get(name, name)), why=because)
        case "place":
            place = "" if name == OUTSIDE else f" {visible(name)}"
            return gettext("Place%(place)s: %(why)s", place=place, why=because)
        case "danger":
            return gettext("Danger: %(why)s", why=because)
        case _:
            return visible(reason)
