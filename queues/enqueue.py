"""The only way to wake a worker. A ring that fails is counted and forgotten: the clock's sweep finds the rows."""

import threading
import time

import structlog
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from queues.names import QUEUES

CONNECT_S = 0.25
REST_S = 0.01  # between two rings: a stream of texts asks the broker a hundred times a second, not once a text
JOB_TIMEOUT_S = 180  # a batch may begin in the last moment of a job and meet slow answers and locks
FAILURES_KEPT_S = 3600

log = structlog.get_logger()


def broker(url: str) -> Redis:
    """A connection for web code: it gives up after a quarter of a second."""
    return Redis.from_url(url, socket_timeout=CONNECT_S, socket_connect_timeout=CONNECT_S)


class Bell:
    """Rings for workers from a thread of its own, so that no request waits for the broker.

    A queue on which a job still lies unstarted needs no second one: that job will see everything committed before it runs.
    """

    def __init__(self, redis_url: str) -> None:
        self._queues = {name: Queue(name, connection=broker(redis_url), serializer=JSONSerializer) for name in QUEUES}
        self._wanted: set[str] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_away = False
        self.failures = 0

    def ring(self, name: str) -> None:
        """Wakes a worker of this queue soon. Never raises, never waits."""
        with self._changed:
            self._wanted.add(name)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
            self._changed.notify()

    def ring_now(self, name: str) -> bool:
        """Wakes a worker of this queue in the caller's thread; False when the broker is away, which is told once."""
        queue = self._queues[name]
        try:
            if queue.count == 0:
                queue.enqueue(
                    f"queues.jobs.drain_{name}",
                    job_timeout=JOB_TIMEOUT_S,
                    result_ttl=0,
                    failure_ttl=FAILURES_KEPT_S,
                )
        except RedisError as error:
            self.failures += 1
            if not self._is_away:
                log.warning("the broker is away; the clock will ring again", error=type(error).__name__)
            self._is_away = True
            return False
        if self._is_away:
            log.warning("the broker is back")
        self._is_away = False
        return True

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wanted:
                    self._changed.wait()
                wanted, self._wanted = self._wanted, set()
            for name in sorted(wanted):
                self.ring_now(name)
            time.sleep(REST_S)
