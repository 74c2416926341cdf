"""Gives each text of one claim its provider: by the providers' health, and within their rates."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.choice import Standing, Text, choose, draw
from smsgw.domain.notices import Lane
from smsgw.domain.rates import Level, filled
from smsgw.services import health
from smsgw.services.demo import senders_for
from smsgw.store.database import insert_once
from smsgw.store.outbox import Due
from smsgw.store.tables import Bucket

LOOKED_AT_AGAIN = (timedelta(seconds=10), timedelta(seconds=60))  # at the earliest, at the latest: an order may change


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The provider's rate is used up for the moment: the text stays where it is."""


@dataclass(slots=True)
class Allotter:
    """For one transaction. `order` is SMSGW_SMS_OUT; `rates` are segments a second, of the providers that have one;
    `trials` are the texts that try a resting provider, with how it stood before; `off` the providers out of use."""

    session: Session
    order: Sequence[str]
    now: datetime
    standings: dict[str, Standing]
    levels: dict[str, Level]
    given: Counter[str] = field(default_factory=Counter)
    trials: dict[int, Standing] = field(default_factory=dict)
    off: Collection[str] = ()

    @classmethod
    def begin(cls, session: Session, order: Sequence[str], rates: Mapping[str, float], now: datetime) -> Self:
        limited = {name: rates[name] for name in sorted(set(order)) if rates.get(name)}
        standings, levels = health.standings(session, order), _levels(session, limited, now)
        return cls(session, order, now, standings, levels, off=health.off(session))

    def _senders(self, wish: str) -> list[str]:
        """Who may send to somebody who wrote through this one, without those that are out of use."""
        return [name for name in senders_for(wish, self.order) if name not in self.off]

    def wishes_held_back(self) -> Collection[str]:
        """Of which texts none can go now, by the provider they wish for; '' stands for those that wish for none we have."""
        if all(level.left > 0 for level in self.levels.values()):
            return ()
        return [wish for wish in ("", *self.order) if self._first_is_empty(wish)]

    def _first_is_empty(self, wish: str) -> bool:
        first = next((name for name in self._senders(wish) if not self.standings[name].rests), None)
        return first is not None and self._empty(first)

    def provider_for(self, row: Due) -> str | HeldBack | None:
        """The provider to hand this text to; None when all that could have it rest."""
        may_probe = row.lane != Lane.URGENT and row.attempts == 0
        text = Text(row.provider, draw(row.id, row.attempts), may_probe)
        candidates = self._senders(row.provider)
        chosen = choose(text, candidates, self.standings, self.given, self.now)
        if chosen is None:
            return None
        if self._empty(chosen.provider):
            return HeldBack()
        if chosen.probe and not self._tries(chosen.provider, row):
            return self.provider_for(row)
        self._gives(chosen.provider, row.segments)
        return chosen.provider

    def one_may_be_tried_at(self, row: Due) -> datetime:
        """When to look again at a text for which all rest: soon where one is being tried at this moment."""
        soon, late = (self.now + wait for wait in LOOKED_AT_AGAIN)
        resting = [self.standings[name] for name in self._senders(row.provider)]
        opens = [soon if one.probed_at else one.closed_until or soon for one in resting]
        return min(max(soon, min(opens, default=soon)), late)

    def _tries(self, name: str, row: Due) -> bool:
        """Whether it is for us to try the resting provider. If not, another sender is about to."""
        before = self.standings[name]
        then = health.take_probe(self.session, name, before, self.now)
        self.standings[name] = then or health.standings(self.session, [name])[name]
        if then:
            self.trials[row.id] = before
        return then is not None

    def _empty(self, name: str) -> bool:
        return name in self.levels and self.levels[name].left <= 0

    def _gives(self, name: str, segments: int) -> None:
        self.given[name] += 1
        self._pours(name, segments)

    def _pours(self, name: str, segments: int) -> None:
        if name in self.levels:
            level = self.levels[name]
            self.levels[name] = Level(level.left - segments, level.at)

    def takes_back(self, name: str, row: Due) -> None:
        """A text that does not go after all; if it was to try a resting provider, the next one may."""
        self.given[name] -= 1
        self._pours(name, -row.segments)
        before = self.trials.pop(row.id, None)
        if before:
            health.give_back_probe(self.session, name, self.standings[name], before)
            self.standings[name] = before

    def end(self) -> None:
        """Writes down what is left in the buckets."""
        for name, level in self.levels.items():
            bucket = self.session.get_one(Bucket, name)
            bucket.left, bucket.filled_at = level.left, level.at


def _levels(session: Session, rates: Mapping[str, float], now: datetime) -> dict[str, Level]:
    """Each bucket as it is by now, and ours until the transaction ends."""
    found: dict[str, Level] = {}
    for name, rate in rates.items():
        insert_once(session, Bucket, {"provider": name, "left": max(rate, 1.0), "filled_at": now})
        row = session.scalars(select(Bucket).where(Bucket.provider == name).with_for_update(key_share=True)).one()
        found[name] = filled(Level(row.left, row.filled_at), rate, now)
    return found
