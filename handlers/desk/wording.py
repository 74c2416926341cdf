"""What is said about a text before it goes out: its size and price, what is wrong with it, what it lacks, why it waits."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from handlers.language import gettext
from smsgw.domain.carriers import Price
from smsgw.domain.clarity import Lack
from smsgw.domain.second_look import Why
from smsgw.services.answering import LONGEST, Flaw, Preview

FLAWS = {
    Flaw.EMPTY: _("Please write the text first."),
    Flaw.TOO_LONG: _("The text is too long: at most %(most)s characters.", most=LONGEST),
    Flaw.MANY_SEGMENTS: _("This is long: it goes out as several messages joined together. Can it be said shorter?"),
    Flaw.UNREGISTERED: _(
        "It matches no text registered with the carrier for our name: networks may stop it. Keep to a registered form."
    ),
}
LACKS = {
    Lack.HELP: _("It only says that this is not your task. Pass it on, or say who helps and where to go."),
    Lack.DEED: _("What was done, or will be? Say it with one verb: repaired, checked, fined."),
    Lack.OWN_WORDS: _("It only names regulations. Say in plain words what they mean for the citizen."),
    Lack.TIME: _("When? Name the day, done or planned."),
    Lack.DOER: _("Who does it? Name the team, the office or the company."),
    Lack.PLAIN_WORDS: _("Short forms that a villager does not know: write them out."),
}


def size(shown: Preview) -> str:
    """How much it takes on the air, and what that costs where it is known, in words."""
    fit = shown.fit
    marks = gettext("with tone marks") if fit.alphabet == "ucs2" else gettext("without tone marks")
    told = {"count": fit.segments, "units": fit.units, "marks": marks}
    if fit.segments == 1:
        words = gettext("1 message, %(units)s characters, %(marks)s", units=fit.units, marks=marks)
    else:
        words = gettext("%(count)s messages joined, %(units)s characters, %(marks)s", **told)
    price = shown.findings.price
    return f"{words} · {price_of(price)}" if price else words


def price_of(price: Price) -> str:
    """As bills have it, thousands apart in the manner of the page's language: 1.050 VND, 0.0725 USD."""
    amount = f"{price.amount.normalize():,f}"
    if str(get_locale()) == "vi":
        amount = amount.translate({ord(","): ".", ord("."): ","})
    return f"{amount} {price.currency}"


def flaws(shown: Preview) -> list[str]:
    """Each in a sentence that names what it is about."""
    return [_flaw(flaw, shown) for flaw in shown.flaws]


def _flaw(flaw: Flaw, shown: Preview) -> str:
    if flaw is Flaw.BLANKS:
        return gettext("Still to be filled in: %(blanks)s", blanks=", ".join(shown.findings.blanks))
    if flaw is Flaw.REFUSED_SIGNS:
        return gettext("The carrier takes no text with %(signs)s: write it in words.", signs=signs(shown))
    return str(FLAWS[flaw])


def signs(shown: Preview) -> str:
    return " ".join(shown.findings.refused)


def lacks(shown: Preview) -> list[str]:
    return [str(LACKS[lack]) for lack in shown.lacks]


def waits(shown: Preview) -> list[str]:
    """Why a second person looks at it first."""
    told = {
        Why.MENTIONS: gettext(
            "It holds a web address or a telephone number that is on no list: %(mentions)s",
            mentions=", ".join(shown.findings.mentions),
        ),
        Why.APPROVAL: gettext("The leader approves answers of this field."),
    }
    return [told[why] for why in shown.waits]
