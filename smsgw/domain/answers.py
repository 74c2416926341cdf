"""What a short text tells in the light of the question that was asked: "to 5", "hom qua", "1", "khong biet"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from smsgw.domain import answer_words as known
from smsgw.domain.coaching import Question
from smsgw.domain.understanding import Intent, Missing, Understanding
from smsgw.domain.words import Spelling, Words

_SPELLING: Final = Spelling(known.SHORT)
_FREEST: Final = 12  # words at most that may be an answer though nothing in them says so
_SHORT: Final = 6
_NAME_WORDS: Final = 4
_BARE_SHARE: Final = 0.6
_NO_OTHER_PURPOSE: Final = frozenset({Intent.FOLLOWUP, Intent.CONFIRM, Intent.NEW_COMPLAINT})
_BESIDE: Final = frozenset({Intent.THANKS, Intent.RATING, Intent.STATUS, Intent.HELP, Intent.WRONG_NUMBER})
_UNIT_WORDS: Final = known.words("phuong xa o tai thi tran thuoc ben trong dia ban thanh pho em toi minh la nha")
_TO_WHERE: Final = re.compile(r"(?i)[ ,]+(?:o|ở|nha|nhà|tai|tại|thuoc|thuộc)$")
_KEYS: Final = {Question.WARD: "place"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text tells for our gaps, as said: `place`, `when` (with `day`, ISO, where one follows), `who`, `name`, `home`.

    `fills` says that it answers the very question, `plainly` that its own words say so; `bare` that it is no more than
    that, so that no complaint of its own need be looked for in it. `knows_not` says that the person knows or said
    nothing, `acknowledges` that it is a mere "ok", after which the answer may still come; `complains` that it has
    words of trouble.
    """

    told: Mapping[str, str] = field(default_factory=dict)
    fills: bool = False
    plainly: bool = False
    bare: bool = False
    knows_not: bool = False
    acknowledges: bool = False
    complains: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """One text: as typed, in words, its plain words joined by blanks, and how it was read."""

    text: str
    words: Words
    plain: str
    read: Understanding

    def typed(self, start: int, end: int) -> str:
        """The typed words behind a span of `plain`."""
        first = self.plain.count(" ", 0, start) + self.plain[start : start + 1].isspace()
        after = self.plain.count(" ", 0, end) + (not self.plain[end - 1 : end].isspace())
        return self.words.said(first, after).strip(" ,.;:-") if first < after else ""

    def is_short(self, most: int) -> bool:
        return len(self.words.plain) <= most


def answer(question: Question | None, text: str, read: Understanding, today: date) -> Answer:
    """Reads a text in the light of a question, or of none. `today` is the local day on which it was written."""
    words = _SPELLING.words(text)
    said = _Said(text.strip(), words, " ".join(words.plain), read)
    plainly = _told(said, today)
    if not words.plain or (said.is_short(_FREEST) and known.NOT_KNOWN.match(said.plain) and not plainly):
        return Answer(knows_not=True)
    empty = known.SAYS_NOTHING.issuperset(words.plain)
    spoken = len([word for word in words.plain if word in known.SAYS_NOTHING]) > len(words.plain) / 2
    told = _in_its_light(question, plainly, said) if question and not spoken and said.is_short(_FREEST) else plainly
    fills = _fills(question, told, read)
    key = _KEYS.get(question or Question.FREE, question.value if question else "")
    return Answer(
        told=told,
        fills=fills,
        plainly=fills and _tells_plainly(question, key, plainly, read),
        bare=fills and _is_bare(key, plainly, said),
        knows_not=empty and not told,
        complains=known.TROUBLE.search(said.plain) is not None,
        acknowledges=not told and known.ACKNOWLEDGES.issuperset(words.plain),
    )


def tells_a_matter(read: Understanding) -> bool:
    """Whether the text tells a problem of its own."""
    return read.intent in (Intent.NEW_COMPLAINT, Intent.EMERGENCY) and Missing.WHAT not in read.missing


@lru_cache(maxsize=1024)
def is_finer_than(place: str, ward: str | None) -> bool:
    """Whether a place names more than its ward or commune."""
    return bool(set(_plain(place).split()) - set(_plain(ward or "").split()) - _UNIT_WORDS)


def is_numbered(place: str) -> bool:
    """Whether a place is only the number of a hamlet or house: enough together with its ward or commune."""
    return known.NUMBERED.fullmatch(_plain(place)) is not None


def day_of(said: str, today: date) -> date | None:
    """The local day that plain words point to; None where they point to none. A date without a year is the last such."""
    for pattern, ago in known.DAYS_AGO:
        if pattern.search(said):
            return today - timedelta(days=ago)
    if match := known.DATE.search(said):
        return _dated(match, today)
    if match := known.SO_MANY_DAYS.search(said):
        count = int(match[1]) if match[1].isdigit() else known.COUNTS.get(match[1], 0)
        return today - timedelta(days=count) if count else None
    if match := known.WEEKDAY.search(said):
        weekday = known.WEEKDAYS[match[1]] if match[1] else 6
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    return None


def _told(said: _Said, today: date) -> dict[str, str]:
    """What the words say by themselves."""
    told: dict[str, str] = {}
    place = said.read.place_text or _home_beside_thanks(said)
    if place and is_finer_than(place, said.read.ward):
        told["place"] = place
    if when := _time(said):
        told["when"] = when
    if said.is_short(_FREEST) and (name := _name(said)):
        told["name"] = name
        if home := known.HOME.search(said.plain):
            told["home"] = said.typed(*home.span())
            told.pop("place", None)
    if known.FILE_NUMBER.fullmatch(said.plain) and not known.DATE.fullmatch(said.plain):
        told["who"] = said.text
    if "when" in told and (day := day_of(said.plain, today)):
        told["day"] = day.isoformat()
    return told


def _home_beside_thanks(said: _Said) -> str:
    """Of a text that was read as thanks or the like no place is made out."""
    found = known.HOME.search(said.plain) if said.is_short(_FREEST) and said.read.intent in _BESIDE else None
    return said.typed(*found.span()) if found else ""


def _in_its_light(question: Question, told: Mapping[str, str], said: _Said) -> dict[str, str]:
    """A short text is what was asked for, unless it plainly tells something else."""
    only_time = "when" in told and len(said.plain) <= len(_plain(told["when"])) + len(" tu toi")
    match question:
        case Question.WHEN if "when" in told and "place" not in told and not tells_a_matter(said.read):
            return {**told, "when": said.text}
        case Question.PLACE | Question.WARD if not (only_time or "place" in told) and _sounds_like_a_place(said):
            street = {key: value for key, value in told.items() if key != "name" or known.SELF.match(said.plain)}
            return {**street, "place": said.text}
        case Question.WHO if not only_time and _sounds_like_a_name(said):
            return {**told, "who": said.text}
        case Question.NAME if not only_time:
            return _whose(told, said)
        case _:
            return dict(told)


def _whose(told: Mapping[str, str], said: _Said) -> dict[str, str]:
    """A name, a hamlet or both: where the sender lives is not where the matter is."""
    home = known.HOME.search(said.plain)
    whose = {key: value for key, value in told.items() if key not in ("place", "who")}
    if home:
        whose["home"] = said.typed(*home.span())
    if "name" not in whose and not (home and home.start() <= len("em o ")):
        whose["name"] = _TO_WHERE.sub("", said.typed(0, home.start() if home else len(said.plain)))
    return whose


def _sounds_like_a_place(said: _Said) -> bool:
    """More than a ward: begins or reads as places do, is a number, or may be a name."""
    if said.read.ward is not None and not is_finer_than(said.text, said.read.ward):
        return False
    reads = known.HEADS.match(said.plain) or known.PLACE.search(said.plain) or known.NUMBERED.fullmatch(said.plain)
    return reads is not None or _may_be_a_name(said)


def _sounds_like_a_name(said: _Said) -> bool:
    """A name, a number of a file, or somebody with a title."""
    if said.plain.replace(" ", "").isdigit():
        return len(said.plain) > len("99")
    reads = known.FILE_NUMBER.fullmatch(said.plain) or known.SELF.match(said.plain) or known.TITLED.match(said.plain)
    return reads is not None or any(sign.isdigit() for sign in said.plain) or _may_be_a_name(said)


def _may_be_a_name(said: _Said) -> bool:
    """Words in capitals, or a few of which none is an everyday one."""
    capitals = sum(said.words.is_capital(at) for at in range(len(said.words.plain)))
    if capitals > 1 and not said.text.isupper():
        return True
    return len(said.words.plain) <= _NAME_WORDS and known.COMMON.isdisjoint(said.words.plain)


def _fills(question: Question | None, told: Mapping[str, str], read: Understanding) -> bool:
    match question:
        case Question.WHAT:
            return tells_a_matter(read)
        case Question.WARD:
            return read.ward is not None or "place" in told
        case Question.NAME:
            return "name" in told or "home" in told
        case None | Question.FREE:
            return False
        case _:
            return question.value in told


def _tells_plainly(question: Question | None, key: str, plainly: Mapping[str, str], read: Understanding) -> bool:
    ward = question is Question.WARD and read.ward is not None
    return key in plainly or ward or (question is Question.WHO and "name" in plainly)


def _is_bare(key: str, plainly: Mapping[str, str], said: _Said) -> bool:
    """Whether nearly all of it is the answer, or nothing else is in it."""
    named = key in ("who", "name")
    told = plainly.get(key, "") or (plainly.get("name", "") if named else "")
    covered = len(_plain(told).split())
    if covered >= _BARE_SHARE * len(said.words.plain):
        return True
    begins = known.TIME.match(said.plain) if key == "when" and said.is_short(_SHORT) else None
    if begins and not known.ASKS.search(said.plain, begins.end()):
        return True
    if said.read.intent not in _NO_OTHER_PURPOSE:
        return False
    if not tells_a_matter(said.read):
        return True
    if not said.is_short(_FREEST):
        return False
    if said.read.category is None or (named and told):
        return True
    calm = not known.TROUBLE.search(said.plain)
    return calm and (named or bool(told) or (key == "place" and known.HEADS.match(said.plain) is not None))


def _plain(text: str) -> str:
    return " ".join(_SPELLING.words(text).plain)


def _time(said: _Said) -> str:
    """The words that say when, as typed; empty for none."""
    found = [said.typed(*match.span()) for match in known.TIME.finditer(said.plain)]
    if found:
        return " ".join(found)
    if marked := known.MARKED_TIME.search(said.text.lower()):
        return said.text[slice(*marked.span())]
    loosely = 1 < len(said.words.plain) <= _SHORT and known.TIME_HEADS.match(said.plain)
    return said.text if loosely and not known.PLACE.search(said.plain) else ""


def _name(said: _Said) -> str:
    """A person's name: after "ten la", or a surname with what follows it, both in capitals or with a middle name."""
    home = known.HOME.search(said.plain)
    if self_told := known.SELF.match(said.plain):
        return _TO_WHERE.sub("", said.typed(self_told.end(), home.start() if home else len(said.plain)))
    match = known.FULL_NAME.match(said.plain)
    if match is None:
        return ""
    end = min(match.end(), home.start()) if home else match.end()
    named = match.group().split()
    capitals = all(said.words.is_capital(at) for at in range(2)) and not said.text.isupper()
    return said.typed(0, end) if capitals or named[1] in known.MIDDLE_NAMES else ""


def _dated(match: re.Match[str], today: date) -> date | None:
    day, month, year = int(match[1]), int(match[2]), match[3]
    try:
        if year:
            return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
