"""How many questions a citizen is asked, how long an answer is waited for, and what waiting does, as the environment sets."""

import re
from collections.abc import Mapping
from datetime import timedelta

from smsgw.domain.categories import CategoryCode
from smsgw.domain.coaching import USUAL, Coaching
from smsgw.domain.verdicts import USUAL as USUAL_WINDOW
from smsgw.domain.verdicts import Window

HOURS = re.compile(r"[1-9]\d{0,3}", re.ASCII)
QUESTIONS = re.compile(r"[0-3]", re.ASCII)
DAYS = re.compile(r"[1-9]\d?", re.ASCII)
SAID = {"yes": True, "no": False}


def read(env: Mapping[str, str]) -> tuple[Coaching, list[str]]:
    """The coach's rules as far as they can be read, and all that is wrong with them."""
    problems: list[str] = []
    coaching = Coaching(
        silence=hours(env, "SMSGW_QUESTION_HOURS", USUAL.silence, problems),
        most=_most(env, problems),
        stops_clock=_yes(env, "SMSGW_QUESTION_STOPS_CLOCK", problems),
        window=hours(env, "SMSGW_SAME_MATTER_HOURS", USUAL.window, problems),
        private_fields=_fields(env, "SMSGW_PRIVATE_FIELDS", problems),
    )
    return coaching, problems


def read_window(env: Mapping[str, str]) -> tuple[Window, list[str]]:
    """How long a word on an answer is waited for, and what follows a silence; and all that is wrong with it."""
    problems: list[str] = []
    every = (env.get("SMSGW_LOOK_FIELDS") or "").strip().lower() == "all"
    window = Window(
        days=_days(env, "SMSGW_VERDICT_DAYS", USUAL_WINDOW.days, problems),
        explain_days=_days(env, "SMSGW_EXPLAIN_DAYS", USUAL_WINDOW.explain_days, problems),
        look_fields=frozenset() if every else _fields(env, "SMSGW_LOOK_FIELDS", problems),
        look_always=every,
    )
    return window, problems


def _days(env: Mapping[str, str], name: str, usual: int, problems: list[str]) -> int:
    given = (env.get(name) or str(usual)).strip()
    if DAYS.fullmatch(given):
        return int(given)
    problems.append(f"{name} is {given!r}: it must be a number of working days from 1 to 99")
    return usual


def hours(env: Mapping[str, str], name: str, usual: timedelta, problems: list[str]) -> timedelta:
    """What the environment sets in hours; what is wrong with it is added to `problems`."""
    given = (env.get(name) or "").strip()
    if not given:
        return usual
    if HOURS.fullmatch(given):
        return timedelta(hours=int(given))
    problems.append(f"{name} is {given!r}: it must be a number of hours")
    return usual


def _most(env: Mapping[str, str], problems: list[str]) -> int:
    given = (env.get("SMSGW_QUESTIONS") or str(USUAL.most)).strip()
    if QUESTIONS.fullmatch(given):
        return int(given)
    problems.append(f"SMSGW_QUESTIONS is {given!r}: it must be 0 to 3 questions a complaint")
    return USUAL.most


def _yes(env: Mapping[str, str], name: str, problems: list[str]) -> bool:
    given = (env.get(name) or "no").strip().lower()
    if given not in SAID:
        problems.append(f"{name} is {given!r}: it must be yes or no")
    return SAID.get(given, False)


def _fields(env: Mapping[str, str], name: str, problems: list[str]) -> frozenset[str]:
    given = [part.strip().upper() for part in (env.get(name) or "").split(",") if part.strip()]
    unknown = [part for part in given if part not in CategoryCode.__members__]
    problems += [f"{name} names {part!r}: it must be codes of fields, such as XH" for part in unknown]
    return frozenset(given).difference(unknown)
