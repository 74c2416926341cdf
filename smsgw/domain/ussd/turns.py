"""Which turns are new, and what was added: providers repeat calls, some repeat everything typed so far, some number turns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smsgw.domain.messages import UssdEvent, UssdTurn
from smsgw.domain.ussd.breaks import LONGEST_SESSION

# A network takes longer to show a screen and bring an answer; a provider that calls again by mistake does so at once, or
# when no network would have kept the session so long.
SAME_KEY_WITHIN: Final = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Last:
    """The turn before, as the session keeps it. `history` is None where none was told; `mark` is the provider's number."""

    history: str | None
    mark: str
    typed: str
    at: datetime


def is_repeated(turn: UssdTurn, last: Last, now: datetime) -> bool:
    """Whether this turn, or one before it, was played already."""
    if turn.history is not None:
        before = last.history
        return before is not None and (turn.history == before or _goes_on(turn.history, before))
    if turn.event is UssdEvent.START:
        return True
    if turn.mark:
        same = turn.mark == last.mark and turn.typed == last.typed  # a number that never grows must stop nobody
        return same or _is_earlier(turn.mark, last.mark)
    within_a_session = SAME_KEY_WITHIN <= now - last.at <= LONGEST_SESSION
    return turn.typed == last.typed and not within_a_session


def added(turn: UssdTurn, last_history: str | None) -> str | None:
    """What was typed since the turn before, as one answer; None when nothing was. A free text may hold `*`, so of a
    history only what was added counts."""
    if turn.history is None:
        return turn.typed if turn.event is UssdEvent.INPUT else None
    if not turn.history:
        return None
    if last_history and turn.history.startswith(f"{last_history}*"):
        return turn.history[len(last_history) + 1 :]
    return turn.history


def _goes_on(shorter: str, longer: str) -> bool:
    return not shorter or longer.startswith(f"{shorter}*")


def _is_earlier(mark: str, than: str) -> bool:
    both = mark + than
    return both.isascii() and mark.isdigit() and than.isdigit() and int(mark) < int(than)
