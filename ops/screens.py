"""Checks every USSD screen in every language with the longest data there is: `python -m ops.screens`, part of `./run check`."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product

from smsgw.data import tables
from smsgw.domain.notices import (
    ComplaintReceived,
    DangerReceived,
    EmergencyAdvice,
    HowToRate,
    Notice,
    Rated,
    StatusReport,
    VerdictHeard,
    WhereToTurn,
)
from smsgw.domain.ussd.known import Case, Known, Ward
from smsgw.domain.ussd.playing import press
from smsgw.domain.ussd.script import BACK, HOME, NEXT, SCREENS, Body, Name
from smsgw.domain.ussd.standing import Draft, Standing, Wrong
from smsgw.domain.verdicts import Verdict
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.catalogs import Catalogs
from smsgw.text.fit import Alphabet, folded, measure, mended
from smsgw.text.screens import Screens, Tongue, sentences
from smsgw.text.speech import STATES, House, Speech

REFERENCE = "9999999"
LATEST = datetime(2026, 12, 31, 10, 30, tzinfo=UTC)
ANSWER = (
    "Số 9999999: Tổ quản lý đô thị đã kiểm tra đoạn đường trước số nhà 145 Nguyễn Thị Minh Khai, "
    "sẽ vá các ổ gà và thay hai nắp cống trước ngày 31/12. Trong lúc thi công xin bà con đi chậm, "
    "theo hướng dẫn. Mọi thắc mắc gọi bộ phận một cửa."
)
LONGEST_TEXT = (
    "Đường Nguyễn Thị Minh Khai xuống cấp nghiêm trọng, trời mưa ngập tới đầu gối * xe máy chết máy liên tục " * 2
)
LONGEST_PLACE = "Tổ dân phố số 12, hẻm 145 Nguyễn Thị Minh Khai, đối diện nhà văn hóa"
LONGEST_SERVICE = "Phản ánh kiến nghị Ủy ban nhân dân phường An Khê"
MOST_STEPS = 12  # from the first screen to any other, and from any back to the first

Show = Callable[[Standing, Known, Tongue], list[str]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is inspected, and with which data. `show` gives a screen's pages; `ends` are the last screens by name."""

    show: Show
    ends: Callable[[Tongue], Mapping[str, str]]
    known: Known
    catalogs: Catalogs
    languages: Sequence[str]

    def violations(self) -> list[str]:
        """Everything that is wrong, a sentence each."""
        return [
            *self._untranslated(),
            *(wrong for tongue in self._tongues() for wrong in self._in(tongue)),
            *self._dead_ends(),
        ]

    def _tongues(self) -> Iterator[Tongue]:
        return (Tongue(language, marks) for language, marks in product(self.languages, (False, True)))

    def _in(self, tongue: Tongue) -> Iterator[str]:
        where = f"{tongue.language}{' with tone marks' if tongue.tone_marks else ''}"
        for name, text in self.ends(tongue).items():
            yield from (f"{where}, {name}: {wrong}" for wrong in _too_long(text, tongue))
        for standing in standings(self.known):
            pages = self.show(standing, self.known, tongue)
            yield from (f"{where}, {standing.screen}: {wrong}" for page in pages for wrong in _too_long(page, tongue))
            yield from (f"{where}, {standing.screen}: {wrong}" for wrong in self._lost(standing, pages, tongue))

    def _lost(self, standing: Standing, pages: Sequence[str], tongue: Tongue) -> Iterator[str]:
        """What no page shows: a number that may be pressed, a key that leads on or out, words of an answer."""
        screen, lines = SCREENS[standing.screen], "\n".join(pages).split("\n")
        many = len(self.known.listed(screen.lists)) if screen.lists else 0
        many += len(self.known.offered(screen, standing.case))
        for number in range(1, many + 1):
            if not any(line.startswith(f"{number} ") for line in lines):
                yield f"choice {number} stands on no page"
        for number, page in enumerate(pages, 1):
            keys = page.rsplit("\n", 1)[-1].split(" ")
            wanted = [BACK] if screen.back is None else [BACK, HOME]
            wanted += [NEXT] if number < len(pages) else []
            yield from (f"page {number} does not offer the key {key}" for key in wanted if key not in keys)
        if screen.body is Body.ANSWER:
            case = self.known.case(standing.case)
            dress = mended if tongue.tone_marks else folded
            said = set(" ".join(lines).split())
            lost = [word for word in dress(case.answer if case else "").split() if word not in said]
            yield from (f"the word {word!r} of an answer stands on no page, or was cut" for word in lost)

    def _untranslated(self) -> Iterator[str]:
        for language, sentence in product(self.languages, sentences()):
            if not self.catalogs.has(language, sentence):
                yield f"{language} lacks: {sentence}"

    def _dead_ends(self) -> Iterator[str]:
        """Every screen is reached from the first by keys alone or words, and leads back to it by the home key and, step by
        step, by the back key."""
        reached = walked(self.known)
        yield from (f"{name} is reached by no key" for name in Name if name not in reached and name is not Name.RESUME)
        for name in reached:
            if SCREENS[name].ends:
                continue
            at = Standing(screen=name)
            if press(at, HOME, self.known).standing.screen is not Name.MENU:
                yield f"{name}: the home key does not lead home"
            for _ in range(MOST_STEPS):
                at = press(at, BACK, self.known).standing
            if at.screen is not Name.LEFT:
                yield f"{name}: the back key does not lead out"


def standings(known: Known) -> Iterator[Standing]:
    """Every screen that waits, as it may stand: at first, with each word on what was wrong, with the longest draft."""
    full = Draft("NN", max(known.wards, key=lambda ward: len(ward.name)).code, LONGEST_PLACE, LONGEST_TEXT, "this_week")
    for name, screen in SCREENS.items():
        if screen.ends:
            continue
        for draft, wrong, case in product((Draft(), full), (None, *Wrong), ("", REFERENCE)):
            yield Standing(screen=name, draft=draft, wrong=wrong, case=case, goes_on=Name.FIELD)


def walked(known: Known) -> frozenset[Name]:
    """All screens that answers lead to from the first."""
    found, fresh = {Name.MENU}, [Standing()]
    while fresh:
        at = fresh.pop()
        for answer in (*map(str, range(1, 20)), NEXT, REFERENCE, "Ngập ở cầu"):
            after = press(at, answer, known).standing
            if after.screen not in found:
                found.add(after.screen)
                fresh.append(replace(after, page=0))
    return frozenset(found)


def _too_long(text: str, tongue: Tongue) -> Iterator[str]:
    fit = measure(text)
    if fit.segments > 1:
        yield f"{fit.units} units of {fit.alphabet} on one screen: {text!r}"
    if not text.strip():
        yield "an empty screen"
    if not tongue.tone_marks and fit.alphabet is not Alphabet.GSM7:
        yield f"signs outside GSM-7: {text!r}"


def longest(languages: Sequence[str]) -> Known:
    """The locality's own data and the longest of everything else."""
    wards = [
        Ward(str(number), f"{row['kind'].capitalize()} {row['name']}")
        for number, row in enumerate(row for row in tables.tree("units.toml", "unit") if "valid_to" not in row)
    ]
    office = max((row["name"] for row in tables.tree("offices.toml", "office")), key=len)
    cases = [Case(StatusReport(REFERENCE, state, LATEST, office), ANSWER, awaited=True) for state in STATES]
    return Known(wards, languages, lambda: cases)


def ends(screens: Screens, speech: Speech) -> Callable[[Tongue], Mapping[str, str]]:
    """Everything that a session may end with."""
    offices = [row["name"] for row in tables.tree("offices.toml", "office")]
    notices: list[Notice] = [
        *(ComplaintReceived(REFERENCE, due, office) for due in (LATEST, None) for office in offices),
        *(DangerReceived(REFERENCE, due) for due in (LATEST, None)),
        EmergencyAdvice(REFERENCE),
        WhereToTurn(),
        Rated(REFERENCE, 5),
        HowToRate(REFERENCE),
        *(VerdictHeard(REFERENCE, verdict, due) for verdict in Verdict for due in (LATEST, None)),
    ]

    def say(notice: Notice) -> Callable[[Tongue], str]:
        return lambda tongue: speech.say(notice, language=tongue.language, tone_marks=tongue.tone_marks)

    def told(tongue: Tongue) -> dict[str, str]:
        said = {f"{Name.FILED} {number}": screens.end(say(one), tongue) for number, one in enumerate(notices)}
        return said | {
            Name.LEFT: screens.left(Standing(), tongue),
            "left with a draft": screens.left(Standing(draft=Draft(text="x")), tongue),
            Name.CALLED: screens.called(REFERENCE, tongue),
            "closed": screens.closed("+84 900 000 100", tongue.language),
        }

    return told


def inspection() -> Inspection:
    """Of the screens as they are."""
    known_words = catalogs.load(ROOT / "locale")
    house = House(LONGEST_SERVICE, "+84 900 000 100", "", tables.whole("emergency.toml"))
    speech = Speech(known_words, house)
    screens = Screens(known_words, speech, LONGEST_SERVICE)
    return Inspection(screens.laid, ends(screens, speech), longest(screens.languages), known_words, screens.languages)


def main() -> int:
    """0 when nothing is wrong; else what is, and 1."""
    wrong = inspection().violations()
    print("\n".join(wrong) or "every USSD screen fits, leads on and is translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
