"""What to do about a text that may or may not have been sent, by what its provider can tell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from smsgw.domain.ledger import Capability
from smsgw.domain.notices import Lane

ASKED_AFTER: Final = (timedelta(seconds=60), timedelta(seconds=180))  # since the call: a list may lag behind
ASKED_AGAIN_AFTER: Final = timedelta(seconds=60)  # when there was no word
ASKED_NO_LONGER: Final = timedelta(minutes=10)
RECEIPT_MAY_COME: Final = timedelta(seconds=120)
SENT_ONCE_MORE: Final = frozenset({Lane.URGENT, Lane.RECEIPT, Lane.ANSWER})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One text in doubt. `since` is how long ago the provider was called; `not_there` how often it has said since that
    it has no such text; `flagged` whether the text was sent again on suspicion before; `stale` whether it is too old to
    be sent at all."""

    lane: Lane
    since: timedelta
    not_there: int
    flagged: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """For a receipt, or until the provider can be asked."""

    still: timedelta


@dataclass(frozen=True, slots=True)
class Ask:
    """The provider, whether it has the text."""


@dataclass(frozen=True, slots=True)
class SendAgain:
    """`flagged` where the person may get it twice."""

    flagged: bool


@dataclass(frozen=True, slots=True)
class LeaveToPerson:
    """A machine can find out nothing more: the text stays in doubt, in sight of the operator."""


Step = Wait | Ask | SendAgain | LeaveToPerson


def first_look(can: Collection[Capability]) -> timedelta:
    """How long after the call a doubt is looked at first."""
    return ASKED_AFTER[0] if Capability.LOOK_UP in can else RECEIPT_MAY_COME


def next_step(doubt: Doubt, can: Collection[Capability]) -> Step:
    """A provider that can be asked is asked, twice unless it knows texts by our own id; what it does not have was not
    sent, and goes again whatever it is. Of others nothing can be learned but by a receipt: what a person waits for is
    sent once more, flagged; a reminder never is.
    """
    if Capability.LOOK_UP in can and doubt.since < ASKED_NO_LONGER:
        return _by_asking(doubt, can)
    if doubt.since < RECEIPT_MAY_COME:
        return Wait(RECEIPT_MAY_COME - doubt.since)
    if doubt.lane in SENT_ONCE_MORE and not doubt.flagged and not doubt.stale:
        return SendAgain(flagged=True)
    return LeaveToPerson()


def _by_asking(doubt: Doubt, can: Collection[Capability]) -> Step:
    enough = 1 if Capability.SAME_ID in can else len(ASKED_AFTER)
    if doubt.not_there >= enough:
        return LeaveToPerson() if doubt.stale else SendAgain(flagged=False)
    earliest = ASKED_AFTER[doubt.not_there]
    return Wait(earliest - doubt.since) if doubt.since < earliest else Ask()
