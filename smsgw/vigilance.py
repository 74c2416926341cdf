"""How watchful the service is over officials' silence, as the environment sets it."""

from collections.abc import Mapping
from datetime import time

from smsgw.courtesy import hours
from smsgw.domain.vigilance import USUAL, Vigilance


def read(env: Mapping[str, str]) -> tuple[Vigilance, list[str]]:
    """The rules as far as they can be read, and all that is wrong with them."""
    problems: list[str] = []
    vigilance = Vigilance(
        climbs_after=hours(env, "SMSGW_CLIMBS_AFTER_HOURS", USUAL.climbs_after, problems),
        unopened_after=hours(env, "SMSGW_UNOPENED_HOURS", USUAL.unopened_after, problems),
        digest_at=_clock(env, "SMSGW_DIGEST_AT", USUAL.digest_at, problems),
    )
    return vigilance, problems


def _clock(env: Mapping[str, str], name: str, usual: time, problems: list[str]) -> time:
    given = (env.get(name) or "").strip()
    if not given:
        return usual
    try:
        return time.fromisoformat(given).replace(tzinfo=None)
    except ValueError:
        problems.append(f"{name} is {given!r}: it must be a time of day such as 07:30")
        return usual
