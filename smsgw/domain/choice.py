"""Which of several providers takes a text: one that fails rests, is tried with one text now and then, and comes back
little by little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from smsgw.domain.messages import AccountWrong, InDoubt, Outcome, TryLater

FAILURES_IN_A_ROW: Final = 5
MANY_CALLS: Final = 10  # in a minute; fewer say nothing about a rate
BAD_RATE: Final = 0.5
HALF_A_MINUTE: Final = timedelta(seconds=30)
PROBED_EVERY: Final = timedelta(seconds=30)
WISH_HEEDED: Final = timedelta(hours=1)
COMES_BACK_WITHIN: Final = timedelta(seconds=120)
FIRST_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of one provider.

    `failures` in a row; calls and troubles of the half minute since `counted_from` and of the one before it. With
    `closed_until` it rests, and may be tried with one text when that is past; `probed_at` says that such a text is out.
    `returned_at` is when it last came back.
    """

    failures: int = 0
    counted_from: datetime | None = None
    calls: int = 0
    troubles: int = 0
    calls_before: int = 0
    troubles_before: int = 0
    closed_until: datetime | None = None
    probed_at: datetime | None = None
    returned_at: datetime | None = None
    why: str = ""

    @property
    def rests(self) -> bool:
        return self.closed_until is not None

    @property
    def bad(self) -> bool:
        """Too many failures in a row, or too many among the calls of the last minute."""
        calls, troubles = self.calls + self.calls_before, self.troubles + self.troubles_before
        return self.failures >= FAILURES_IN_A_ROW or (calls >= MANY_CALLS and troubles >= BAD_RATE * calls)


def after(standing: Standing, outcome: Outcome, now: datetime) -> Standing:
    """The standing once a call came to this. A refusal for the text's own sake is no trouble of the provider's."""
    counted = _counting(standing, now)
    match outcome:
        case TryLater(why) | InDoubt(why):
            worse = replace(
                counted, failures=counted.failures + 1, calls=counted.calls + 1, troubles=counted.troubles + 1, why=why
            )
            wish = _wish(outcome)
            return _rested(worse, now, wish) if worse.bad or worse.rests or wish > PROBED_EVERY else worse
        case AccountWrong(why):
            return _rested(replace(counted, failures=counted.failures + FAILURES_IN_A_ROW, why=why), now)
        case _:
            return _well(counted, now)


def _counting(standing: Standing, now: datetime) -> Standing:
    """With the half minutes moved on."""
    since = standing.counted_from
    if since is not None and now - since < HALF_A_MINUTE:
        return standing
    just_before = since is not None and now - since < 2 * HALF_A_MINUTE
    return replace(
        standing,
        counted_from=now,
        calls=0,
        troubles=0,
        calls_before=standing.calls if just_before else 0,
        troubles_before=standing.troubles if just_before else 0,
    )


def _wish(outcome: Outcome) -> timedelta:
    """For how long the provider wants to be left alone: all texts, not the one that it said so of, and not for days."""
    asked = outcome.after if isinstance(outcome, TryLater) else None
    return min(timedelta(seconds=asked or 0), WISH_HEEDED)


def _rested(standing: Standing, now: datetime, wish: timedelta = PROBED_EVERY) -> Standing:
    """What it wished for before still holds when another text meets with trouble."""
    wished_before = min(standing.closed_until or now, now + WISH_HEEDED)
    until = max(wished_before, now + max(wish, PROBED_EVERY))
    return replace(standing, closed_until=until, probed_at=None, returned_at=None)


def _well(standing: Standing, now: datetime) -> Standing:
    """Only the text that was sent to try it brings a resting provider back: others left before it began to rest."""
    if not standing.rests:
        return replace(standing, failures=0, calls=standing.calls + 1, why="")
    if standing.probed_at is None:
        return standing
    return Standing(counted_from=now, calls=1, returned_at=now)


def probed(standing: Standing, now: datetime) -> Standing:
    """The standing once one text goes out to try a resting provider: no other does for a while."""
    return replace(standing, closed_until=now + PROBED_EVERY, probed_at=now)


def share(standing: Standing, now: datetime) -> float:
    """Which part of the texts that nobody's own provider must carry it may have now, from 0 to 1."""
    if standing.rests:
        return 0.0
    calls, troubles = standing.calls + standing.calls_before, standing.troubles + standing.troubles_before
    health = 1 - troubles / calls if calls >= MANY_CALLS else 1.0
    if standing.returned_at is None or now - standing.returned_at >= COMES_BACK_WITHIN:
        return health
    return health * max(FIRST_SHARE, (now - standing.returned_at) / COMES_BACK_WITHIN)


def room(standing: Standing) -> float:
    """How many texts may go to it before it is known how the first of them fared: few once it has begun to fail."""
    return float("inf") if standing.failures == 0 else max(1, FAILURES_IN_A_ROW - standing.failures)


def probe_due(standing: Standing, now: datetime) -> bool:
    return standing.closed_until is not None and standing.closed_until <= now


@dataclass(frozen=True, slots=True)
class Text:
    """What the choice must know of a text. `own` is the provider its person wrote through, or ''; `draw` lies evenly
    between 0 and 1, another for each text; one that `may_probe` can wait if it must be sent again."""

    own: str
    draw: float
    may_probe: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """`probe` says that this text tries a resting provider."""

    provider: str
    probe: bool = False


def choose(
    text: Text,
    candidates: Sequence[str],
    standings: Mapping[str, Standing],
    given: Mapping[str, int],
    now: datetime,
) -> Chosen | None:
    """One of the candidates, which are in order of preference; None when all rest. `given` is how many texts each was
    given in this round.

    The person's own provider carries the text whenever it does not rest, else the first does that does not, but for the
    share that a provider which has just come back leaves to the next. A resting one that would have been preferred gets
    a text to try it with.
    """
    healthy = [name for name in candidates if not standings[name].rests]
    roomy = [name for name in healthy if given.get(name, 0) < room(standings[name])] or healthy
    shared = [name for name in roomy if name == text.own or text.draw < share(standings[name], now)] or roomy
    chosen = shared[0] if shared else None
    preferred = candidates[: candidates.index(chosen)] if chosen else candidates
    trial = next((name for name in preferred if probe_due(standings[name], now)), None)
    if trial and (text.may_probe or chosen is None):
        return Chosen(trial, probe=True)
    return Chosen(chosen) if chosen else None


def draw(outbox_id: int, attempt: int) -> float:
    """A number for each try of each text that lies evenly between 0 and 1: multiples of the golden ratio do."""
    return (outbox_id * 0.6180339887498949 + attempt * 0.7548776662466927) % 1.0
