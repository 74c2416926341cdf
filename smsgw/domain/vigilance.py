"""How long silence lasts before the next person hears, when a case is unopened for too long, and when the digest comes."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Vigilance:
    """`climbs_after` and `unopened_after` are working time; `digest_at` is by the clock in Viet Nam, on working days."""

    climbs_after: timedelta = timedelta(hours=2)
    unopened_after: timedelta = timedelta(hours=8)
    digest_at: time = time(7, 30)


USUAL: Final = Vigilance()
