"""Does at once what workers and the clock would do: for an official's practice, which has neither."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from smsgw.gateway import Gateway

MOST_ROUNDS = 20  # something that never ends must not hold a page


class AtOnce:
    """The bell of a practice: whoever rings it waits until the work is done."""

    def __init__(self, gateway: Gateway, pool: ThreadPoolExecutor) -> None:
        self._gateway, self._pool = gateway, pool
        self.failures = 0

    def ring(self, name: str) -> None:
        """Works on whatever waits, of every kind."""
        self.ring_now(name)

    def ring_now(self, _name: str) -> bool:
        """The same."""
        for _ in range(MOST_ROUNDS):
            if not sum(batch() for batch in self._batches()):
                break
        return True

    def _batches(self) -> Sequence[Callable[[], int]]:
        house = self._gateway
        return (
            house.listener().batch,
            house.alarm_watch().batch,
            house.chaser().batch,
            house.bundler().batch,
            house.coach().batch,
            house.colleague().batch,
            house.postman(self._pool).batch,
            house.switchboard().batch,
            house.verdict_watch().batch,
            house.merge_keeper().batch,
            house.part_watch().batch,
            house.herald().batch,
        )
