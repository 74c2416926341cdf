"""Says a USSD screen in the person's language and spelling: one segment, 160 signs or 70 with tone marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale, UnknownLocaleError

from smsgw.domain.categories import CategoryCode
from smsgw.domain.marks import N_
from smsgw.domain.ussd.known import ELSEWHERE, Case, Known
from smsgw.domain.ussd.script import BRIEF, SCREENS, Body, Listing, Name, Screen, When
from smsgw.domain.ussd.standing import Draft, Standing, Wrong
from smsgw.domain.verdicts import Verdict
from smsgw.text.catalogs import Catalogs, Translate
from smsgw.text.fit import folded, mended
from smsgw.text.paging import Sheet, brief, fits, pages, shortened
from smsgw.text.speech import STATES, Speech

FIELD_NAMES: Final[Mapping[str, str]] = {
    "GT": N_("Roads, traffic"),
    "HT": N_("Lamps, drains"),
    "DN": N_("Power, water"),
    "MT": N_("Rubbish, smell"),
    "DD": N_("Land"),
    "XD": N_("Building"),
    "AN": N_("Public order"),
    "DB": N_("Epidemic"),
    "YT": N_("Health, food"),
    "GD": N_("Schools"),
    "XH": N_("Welfare"),
    "HC": N_("Papers, offices"),
    "NN": N_("Farming, flood"),
    "KH": N_("Other"),
}
WHENS: Final[Mapping[str, str]] = {
    When.TODAY: N_("today"),
    When.YESTERDAY: N_("yesterday"),
    When.THIS_WEEK: N_("this week"),
    When.LONGER: N_("longer"),
    When.UNSURE: N_("not sure"),
}
SCORES: Final[Mapping[str, str]] = {
    "1": N_("very bad"),
    "2": N_("bad"),
    "3": N_("fair"),
    "4": N_("good"),
    "5": N_("very good"),
}
VERDICTS: Final[Mapping[str, str]] = {
    Verdict.DONE: N_("Done"),
    Verdict.NOT_DONE: N_("Not done"),
    Verdict.UNCLEAR: N_("I do not understand the answer"),
}
WRONGS: Final[Mapping[Wrong, str]] = {
    Wrong.KEY: N_("Please choose again."),
    Wrong.SHORT: N_("Please write a little more."),
    Wrong.UNKNOWN: N_("No such number of yours."),
    Wrong.KEPT: N_("Noted. Now please choose."),
}
LONGEST_NAME: Final = 24  # signs of the service's name on the menu
LEAST_ECHO: Final = 60  # signs of a summary; where fewer find room beside the choices it goes on over pages


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a person is spoken to."""

    language: str = "vi"
    tone_marks: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen, and which page of it this is, counted from 0."""

    text: str
    page: int = 0


class Screens:
    """Turns where a session stands into what the phone shows. What a last screen says is said by the notices."""

    def __init__(self, catalogs: Catalogs, speech: Speech, service: str) -> None:
        self._catalogs = catalogs
        self._speech = speech
        self._service = service

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that may be chosen, the usual one first."""
        return tuple(sorted(self._catalogs.languages, key=lambda code: (code != "vi", code)))

    def show(self, standing: Standing, known: Known, tongue: Tongue) -> Shown:
        """The screen of a standing that waits for an answer. Behind the last page comes the first."""
        laid = self.laid(standing, known, tongue)
        page = standing.page % len(laid)
        return Shown(laid[page], page)

    def laid(self, standing: Standing, known: Known, tongue: Tongue) -> list[str]:
        """All pages of a screen."""
        screen = SCREENS[standing.screen]
        dress = mended if tongue.tone_marks else folded
        sheet = self._sheet(standing, screen, known, tongue, dress)
        echo = brief(sheet) if screen.body in BRIEF else sheet
        return pages(echo if len(echo.words) >= min(len(sheet.words), LEAST_ECHO) else sheet)

    def end(self, say: Callable[[Tongue], str], tongue: Tongue) -> str:
        """A last screen. Where tone marks leave too little room it goes without them."""
        marked = say(tongue)
        dressed = mended(marked) if tongue.tone_marks else folded(marked)
        return dressed if fits(dressed) else shortened(folded(say(Tongue(tongue.language))))

    def left(self, standing: Standing, tongue: Tongue) -> str:
        """The last screen of who leaves, who may have left a draft behind."""
        t = self._catalogs.of(tongue.language)
        kept = t("Kept, but not sent yet. Dial again to go on; otherwise we take it in and text you its number.")
        nothing = t("Nothing was sent. You may dial again at any time.")
        return self.end(lambda _: kept if standing.draft.tells else nothing, tongue)

    def called(self, reference: str, tongue: Tongue) -> str:
        """The last screen of who asked to be phoned."""
        t = self._catalogs.of(tongue.language)
        return self.end(lambda _: t("An official will phone you at this number about no. %s.") % reference, tongue)

    def wish(self, language: str) -> str:
        """The text of a complaint that says no more than that the person wants to be phoned."""
        t = self._catalogs.of(language)
        return t("Please phone me back.")

    def closed(self, number: str, language: str = "vi") -> str:
        """The last screen of a session that cannot go on; whose language it is, nobody knows then."""
        t = self._catalogs.of(language)
        said = t("We cannot take in anything here right now. Please text it to {number}: texts are kept.")
        return shortened(folded(said.format(number=number)))

    def draft_text(self, draft: Draft, language: str) -> str:
        """A draft as one text for whoever reads it: the person's own words, then where exactly and since when."""
        t = self._catalogs.of(language)
        since = t("since: %s") % t(WHENS[draft.when]) if draft.when else ""
        return ". ".join(part for part in (draft.text, draft.hamlet or "", since) if part)

    def _sheet(self, standing: Standing, screen: Screen, known: Known, tongue: Tongue, dress: Translate) -> Sheet:
        t = self._catalogs.of(tongue.language)
        words = self._body(standing, screen, known, tongue)
        lines = self._lines(standing, screen, known, tongue)
        asked = t(screen.asks) if screen.asks and (lines or not words or screen.types is None) else ""
        head = t(WRONGS[standing.wrong]) if standing.wrong else self._head(standing, asked)
        return Sheet(
            head=dress(head),
            words=dress(words),
            lines=[dress(line) for line in lines],
            out=dress(" ".join(_out(screen, t))),
            more=dress(t("99 More")),
            skip=dress(_skip(standing, screen, t)),
        )

    def _head(self, standing: Standing, asked: str) -> str:
        return _cut(self._service, LONGEST_NAME) if standing.screen is Name.MENU else asked

    def _lines(self, standing: Standing, screen: Screen, known: Known, tongue: Tongue) -> list[str]:
        t = self._catalogs.of(tongue.language)
        listed = self._listed(screen.lists, known, t) if screen.lists else []
        offered = [t(choice.says) for choice in known.offered(screen, standing.case)] if screen.choices else []
        return [f"{number} {words}" for number, words in enumerate([*listed, *offered], 1)]

    def _listed(self, listing: Listing, known: Known, t: Translate) -> list[str]:
        match listing:
            case Listing.FIELDS:
                return [t(FIELD_NAMES[code]) for code in known.listed(listing)]
            case Listing.WARDS:
                return [*(ward.name for ward in known.wards), t("Elsewhere")]
            case Listing.WHENS:
                return [t(WHENS[when]) for when in known.listed(listing)]
            case Listing.CASES:
                return [_named(case, t) for case in known.in_sight]
            case Listing.ANSWERED:
                return [t("No. %s") % reference for reference in known.listed(listing)]
            case Listing.SCORES:
                return [t(SCORES[score]) for score in known.listed(listing)]
            case Listing.VERDICTS:
                return [t(VERDICTS[verdict]) for verdict in known.listed(listing)]
            case Listing.LANGUAGES:
                return [own_name(language) for language in known.listed(listing)]

    def _body(self, standing: Standing, screen: Screen, known: Known, tongue: Tongue) -> str:
        t = self._catalogs.of(tongue.language)
        case = known.case(standing.case) if screen.body in (Body.STANDING, Body.ANSWER) else None
        match screen.body:
            case Body.SUMMARY:
                return self._summary(standing.draft, known, tongue)
            case Body.STANDING if case:
                return self._speech.say(case.report, language=tongue.language, tone_marks=tongue.tone_marks)
            case Body.ANSWER if case:
                return case.answer
            case Body.STANDING | Body.ANSWER:
                return t("No complaint was sent from this phone yet.")
            case Body.HELP:
                return self._guide(t)
            case Body.CALL if standing.case:
                return t("Shall an official phone you at this number about no. %s?") % standing.case
            case Body.CALL:
                return t("Shall an official phone you at this number?")
            case Body.NONE_SENT if screen.lists and not known.listed(screen.lists):
                return _none(screen.lists, t)
            case _:
                return ""

    def _summary(self, draft: Draft, known: Known, tongue: Tongue) -> str:
        t = self._catalogs.of(tongue.language)
        names = {ward.code: ward.name for ward in known.wards}
        where = names.get(draft.ward or ELSEWHERE, t("elsewhere"))
        field = t(FIELD_NAMES[draft.field or CategoryCode.KH])
        return f"{field}, {where}: {' '.join(self.draft_text(draft, tongue.language).split())}"

    def _guide(self, t: Translate) -> str:
        house = self._speech.house
        return t(
            "Choose by a number and send it; where words are asked for, type them. If you are cut off, dial again: everything "
            "is kept. In an emergency call %(police)s police, %(fire)s fire, %(ambulance)s ambulance. You may also text PA, "
            "what is wrong and where, to %(number)s."
        ) % {**house.numbers, "number": house.number}


def own_name(language: str) -> str:
    """A language as its own speakers call it; its code where nobody knows."""
    try:
        name = Locale.parse(language).get_display_name(language)
    except (UnknownLocaleError, ValueError):
        name = None
    return f"{name[0].upper()}{name[1:]}" if name else language


def sentences() -> Sequence[str]:
    """Every sentence of the script, for whoever checks that all are translated."""
    told = [sentence for screen in SCREENS.values() for sentence in (screen.asks, *(c.says for c in screen.choices))]
    tables = (FIELD_NAMES, WHENS, SCORES, VERDICTS, WRONGS)
    return [sentence for sentence in (*told, *(words for table in tables for words in table.values())) if sentence]


def _out(screen: Screen, t: Translate) -> Sequence[str]:
    """The keys that lead away."""
    return (t("0 Leave"),) if screen.back is None else (t("0 Back"), t("00 Home"))


def _skip(standing: Standing, screen: Screen, t: Translate) -> str:
    """The next key on a question that may be passed over, or was answered before."""
    if screen.types is None or screen.types.keeps == "case":
        return ""
    if getattr(standing.draft, screen.types.keeps):
        return t("99 Keep it")
    return t("99 Skip") if screen.types.optional else ""


def _named(case: Case, t: Translate) -> str:
    return t("No. %(reference)s: %(state)s.") % {"reference": case.reference, "state": t(STATES[case.report.state])}


def _none(listing: Listing, t: Translate) -> str:
    if listing is Listing.ANSWERED:
        return t("There is no answer to rate yet.")
    return t("No complaint was sent from this phone yet.")


def _cut(text: str, most: int) -> str:
    """At a word's end."""
    return text if len(text) <= most else text[: most + 1].rsplit(" ", 1)[0]
