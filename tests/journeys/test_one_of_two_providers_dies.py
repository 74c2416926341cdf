"""Real processes, twenty texts a second, and one of two providers dead for a while: hardly anybody waits.

Scaled: it is dead for 40 seconds, not for five minutes (SMSGW_DEAD_FOR says otherwise). Whom its death costs time are the
texts that were in its hands when it died, and one that tries it every 30 seconds; so what is late is counted against the
texts of five minutes. How long anybody or anything waits is not scaled.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from ops import ports
from ops.chaos.house import House
from smsgw.store.database import Database
from smsgw.store.tables import Outgoing
from tests.journeys.streets import StandIn, Street, opened

DEAD_FOR_S = float(os.environ.get("SMSGW_DEAD_FOR", "40"))
A_SECOND = 20
LATE = timedelta(seconds=60)
LATE_PART = 0.02
TEXTS_OF_FIVE_MINUTES = A_SECOND * 300
USED_AGAIN_WITHIN_S = 300.0


class HouseOfTwo(House):
    """With Twilio first and Africa's Talking for when it fails."""

    other: ClassVar[int]

    @property
    def environ(self) -> dict[str, str]:
        return House.environ.fget(self) | {  # type: ignore[attr-defined, no-any-return]
            "SMSGW_SMS_OUT": "twilio,africastalking",
            "AFRICASTALKING_API_BASE": f"http://127.0.0.1:{self.other}/version1",
            "SMSGW_RATE_TWILIO": "100",
            "SMSGW_RATE_AFRICASTALKING": "100",
        }


def _late(rows: list[Outgoing], come_before: datetime) -> tuple[int, int]:
    """Of the texts that came before then, how many waited for more than a minute, and how many there are."""
    theirs = [row for row in rows if row.created_at < come_before]
    return sum((row.accepted_at or datetime.now(UTC)) - row.created_at > LATE for row in theirs), len(theirs)


def _tried(tmp_path: Path, first: StandIn, second: StandIn) -> tuple[int, int, int, timedelta]:
    """How many texts were late, of how many; how often the dead one was tried; after what time it took a text again."""
    HouseOfTwo.other = second.port
    url = f"sqlite:///{tmp_path / 'house.db'}"
    house = HouseOfTwo(tmp_path / "home", url, first.port, ports.free_beside("127.0.0.1", 21_000 + first.port % 999))
    house.start()
    database = Database(url)
    try:
        street = Street(database)
        street.flows(5)
        first.dies()
        street.flows(DEAD_FOR_S)
        tried, before, healed = first.tried - len(first.taken), len(first.taken), datetime.now(UTC)
        first.heals()
        street.flows(USED_AGAIN_WITHIN_S, until=lambda: len(first.taken) > before)
        used_again = datetime.now(UTC) - healed
        assert len(first.taken) > before
        street.flows(max(0.0, (LATE - used_again).total_seconds() + 5))
        late, all_of_them = _late(street.rows(), healed)
        assert not [row for row in street.rows() if row.possible_duplicate]
    finally:
        database.close()
        house.stop()
    return late, all_of_them, tried, used_again


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("refuses", [True, False], ids=["it refuses", "it says nothing"])
def test_hardly_anybody_waits_and_it_is_used_again(tmp_path: Path, *, refuses: bool) -> None:
    first, second = StandIn(refuses), StandIn(refuses)
    with opened(first, second):
        late, all_of_them, tried, used_again = _tried(tmp_path, first, second)
    print(
        f"late {late} of {all_of_them}, {late / TEXTS_OF_FIVE_MINUTES:.2%} of five minutes' texts; "
        f"tried in vain {tried}; used again after {used_again.total_seconds():.0f} s"
    )
    assert used_again.total_seconds() < USED_AGAIN_WITHIN_S
    assert late <= LATE_PART * max(TEXTS_OF_FIVE_MINUTES, all_of_them)
    taken = [one.order.phone for one in (*first.taken, *second.taken)]
    assert len(set(taken)) == len(taken)
