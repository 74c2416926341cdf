"""The limits, quiet hours and early warnings that the environment sets."""

import re
from collections.abc import Mapping

from smsgw.domain import quiet
from smsgw.domain.limits import Limits, Rate
from smsgw.domain.swarms import Swarm

RANGE = re.compile(r"\+[1-9]\d{0,11}", re.ASCII)
RATE = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})", re.ASCII)
BUDGET = re.compile(r"[1-9]\d{0,8}", re.ASCII)
USUAL = Limits()
MOST_HOURS = 168


def read(env: Mapping[str, str]) -> tuple[Limits, list[str]]:
    """The limits as far as they can be read, and all that is wrong with them. A name that is there but empty switches
    off quiet hours and the budget."""
    problems: list[str] = []
    limits = Limits(
        citizens=_rate(env, "SMSGW_CITIZEN_LIMIT", USUAL.citizens, problems),
        officials=_rate(env, "SMSGW_OFFICIAL_LIMIT", USUAL.officials, problems),
        budget=_budget(env, problems),
        quiet=_quiet(env, problems),
        ranges=_ranges(env, problems),
    )
    return limits, problems


def _rate(env: Mapping[str, str], name: str, usual: Rate, problems: list[str]) -> Rate:
    given = env.get(name) or f"{usual.hour}/{usual.day}"
    if match := RATE.fullmatch(given.replace(" ", "")):
        return Rate(int(match[1]), int(match[2]))
    problems.append(f"{name} is {given!r}: it must be texts an hour and a day, such as {usual.hour}/{usual.day}")
    return usual


def read_swarm(env: Mapping[str, str]) -> tuple[Swarm, list[str]]:
    """How many people within how many hours make an early warning, and what is wrong with that."""
    usual = Swarm()
    given = env.get("SMSGW_EARLY_WARNING") or f"{usual.people}/{usual.hours}"
    match = RATE.fullmatch(given.replace(" ", ""))
    if match and int(match[1]) > 1 and int(match[2]) <= MOST_HOURS:
        return Swarm(int(match[1]), int(match[2])), []
    wrong = f"SMSGW_EARLY_WARNING is {given!r}: it must be people and hours, such as {usual.people}/{usual.hours}"
    return usual, [f"{wrong}; at least 2 people, at most {MOST_HOURS} hours"]


def _budget(env: Mapping[str, str], problems: list[str]) -> int | None:
    given = env.get("SMSGW_DAILY_BUDGET", str(USUAL.budget)).strip()
    if not given:
        return None
    if BUDGET.fullmatch(given):
        return int(given)
    problems.append(f"SMSGW_DAILY_BUDGET is {given!r}: it must be a number of segments, or empty for no budget")
    return USUAL.budget


def _quiet(env: Mapping[str, str], problems: list[str]) -> quiet.QuietHours | None:
    """None in a demo that sets none: whoever tries it at night wants to see answers and alerts come."""
    usual = USUAL.quiet if env.get("SMSGW_ENV") == "production" else None
    given = env.get("SMSGW_QUIET_HOURS")
    try:
        return usual if given is None else quiet.read(given)
    except ValueError:
        problems.append(f"SMSGW_QUIET_HOURS is {given!r}: it must be like 21:00-07:00, or empty for none")
        return usual


def _ranges(env: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    given = env.get("SMSGW_ANSWER_RANGES") or ",".join(USUAL.ranges)
    ranges = tuple(part.strip() for part in given.split(",") if part.strip())
    problems += [
        f"SMSGW_ANSWER_RANGES names {one!r}: it must be how numbers begin, such as +84"
        for one in ranges
        if not RANGE.fullmatch(one)
    ]
    return ranges
