"""Telephone numbers: one spelling for each, and how to show them to people."""

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_LETTER: Final = re.compile(r"[^\W\d_]")
_WRITTEN_IN_FULL: Final = re.compile(r"[+\uff0b0\uff10]")
_DIGIT: Final = re.compile(r"\d")
# The national numbering plan gives these nine-digit numbers to mobile networks in Vietnam. The library
# knows only the ranges already handed out, and a citizen of a new one must not go unanswered.
_MOBILE_PLAN: Final = {"VN": re.compile(r"[35789]\d{8}")}
_WRITTEN_WHOLE: Final = re.compile(r"\+84" + _MOBILE_PLAN["VN"].pattern, re.ASCII)  # as providers mostly write one
_ABROAD: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_GAP: Final = r"[ \t\u00a0.()-]{0,3}"
_AMONG_WORDS: Final = re.compile(rf"(?<![\w+])(?:(?:\+?84|0084|0)(?:{_GAP}\d){{8,10}}|\+\d(?:{_GAP}\d){{6,14}})(?!\w)")
_SHORT_CODE_AT_MOST: Final = 6
_SHOWN_BEHIND: Final = 3
_SHOWN_IN_FRONT: Final = 2


@lru_cache(maxsize=4096)
def normalised(raw: str, country: str = "VN") -> str:
    """The one spelling of a sender or recipient: E.164 for a number, else the text as given, trimmed.

    A number is one of the numbering plan of `country` (ISO 3166 code), or one of a possible length written with its
    country or trunk prefix. Short codes (1022, 8077) and sender names stay text. Never raises.
    """
    text = raw.strip()
    if country == "VN" and _WRITTEN_WHOLE.fullmatch(text):
        return text
    number = _number(text, country)
    return text if number is None else phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_number(normal: str) -> bool:
    """Whether a normalised sender is a number that a text can go to; short codes and sender names are not."""
    return normal.startswith("+")


@lru_cache(maxsize=4096)
def is_mobile(number: str, country: str = "VN") -> bool:
    """Whether `number` is a mobile line of `country`, so that a text to it can be read.

    By the national plan where it is known here, else by the ranges of libphonenumber. The old eleven-digit 01x lines,
    converted in 2018, are none.
    """
    found = _number(number.strip(), country)
    if found is None or not _at_home(found, country):
        return False
    return _in_mobile_plan(found, country) or phonenumbers.number_type(found) == PhoneNumberType.MOBILE


@lru_cache(maxsize=4096)
def is_answered(number: str, ranges: tuple[str, ...], country: str = "VN") -> bool:
    """Whether a person's text from this number is one to reply to: it begins as one of `ranges` (such as +84) and is a
    mobile line. Short codes, sender names and numbers that cost extra never are."""
    if not is_number(number) or not number.startswith(ranges):
        return False
    if _WRITTEN_WHOLE.fullmatch(number) and country == "VN":
        return True  # nearly everybody, at a hundredth of the cost
    found = _number(number, country)
    if found is None or _at_home(found, country):
        return is_mobile(number, country)
    return phonenumbers.number_type(found) in _ABROAD


@lru_cache(maxsize=4096)
def for_eyes(number: str, country: str = "VN") -> str:
    """How people write the number: national style at home (0900 001 234), international abroad, other text as it is."""
    found = _number(number.strip(), country)
    if found is None:
        return number.strip()
    style = PhoneNumberFormat.NATIONAL if _at_home(found, country) else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(found, style)


@lru_cache(maxsize=4096)
def masked(number: str, country: str = "VN") -> str:
    """The number with only its first two and last three digits, for logs and for eyes that need no more; of a foreign
    one the country and the last three.

    +84900001234 becomes "09x xxx x234". Short codes and sender names name nobody and stay; any other text with more
    than six digits keeps its last three.
    """
    found = _number(number.strip(), country)
    if found is None:
        return _with_last_digits_only(number.strip())
    national = phonenumbers.national_significant_number(found)
    if _at_home(found, country):
        return _crossed_out("0" + national, in_front=_SHOWN_IN_FRONT)
    return f"+{found.country_code} {_crossed_out(national, in_front=0)}"


def without_numbers(words: str, country: str = "VN") -> str:
    """A person's words with every telephone number among them masked."""
    return _AMONG_WORDS.sub(lambda found: masked(found[0], country), words)


def _number(text: str, country: str) -> PhoneNumber | None:
    if _LETTER.search(text):
        return None
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if phonenumbers.is_valid_number(number) or (_at_home(number, country) and _in_mobile_plan(number, country)):
        return number
    return number if _WRITTEN_IN_FULL.match(text) and phonenumbers.is_possible_number(number) else None


def _at_home(number: PhoneNumber, country: str) -> bool:
    return number.country_code == phonenumbers.country_code_for_region(country)


def _in_mobile_plan(number: PhoneNumber, country: str) -> bool:
    plan = _MOBILE_PLAN.get(country)
    return plan is not None and plan.fullmatch(phonenumbers.national_significant_number(number)) is not None


def _crossed_out(digits: str, *, in_front: int) -> str:
    hidden = "x" * (len(digits) - in_front - _SHOWN_BEHIND)
    shown = digits[:in_front] + hidden + digits[-_SHOWN_BEHIND:]
    return f"{shown[:3]} {shown[3:6]} {shown[6:]}".strip()


def _with_last_digits_only(text: str) -> str:
    to_hide = len(_DIGIT.findall(text)) - _SHOWN_BEHIND
    return text if to_hide + _SHOWN_BEHIND <= _SHORT_CODE_AT_MOST else _DIGIT.sub("x", text, count=to_hide)
