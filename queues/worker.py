"""Runs one RQ worker on one queue, with one gateway for the life of the process."""

import gc
import sys
import time

import structlog
from redis import AuthenticationError, Redis, RedisError, exceptions
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from queues.names import INBOX, QUEUES
from queues.workplace import workplace
from smsgw.logs import set_up_logs

MAINTENANCE_S, WORKER_TTL_S, MONITOR_S = 60, 30, 10
BROKER_TRIED_AGAIN_S = 2

log = structlog.get_logger()


class Worker(SimpleWorker):
    """RQ's worker that does not fork, back soon after the broker is: RQ's own waits grow to a minute."""

    max_connection_wait_time = 5.0


def wait_for(connection: Redis) -> None:
    """Until the broker answers, so that a worker started during an outage need not die and be waited for. Raises where
    waiting cannot help."""
    said = False
    while True:
        try:
            connection.ping()
        except AuthenticationError:
            raise
        except (exceptions.ConnectionError, exceptions.TimeoutError) as away:
            if not said:
                log.warning("the broker is away; waiting for it", error=type(away).__name__)
            said = True
            time.sleep(BROKER_TRIED_AGAIN_S)
        else:
            return


def keep_for_good() -> None:
    """What is there now stays as long as the process: the collector need not go through it again and again, which takes a tenth
    of a second with all the reader's tables, amid a transaction."""
    gc.collect()
    gc.freeze()


def work(queue: str) -> None:
    """Works until stopped. The worker that does not fork keeps everything warm; a crash is the supervisor's to mend, and
    the rows it held are taken up again."""
    place = workplace()
    settings = place.gateway.settings
    set_up_logs(production=not settings.demo)
    if queue == INBOX:
        place.gateway.load_words()
    keep_for_good()
    connection = Redis.from_url(settings.redis_url)
    wait_for(connection)
    worker = Worker(
        [Queue(queue, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        job_monitoring_interval=MONITOR_S,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in QUEUES:
        sys.exit(f"usage: python -m queues.worker {'|'.join(QUEUES)}")
    try:
        work(sys.argv[1])
    except RedisError as gone:
        sys.exit(f"the broker does not answer: {gone}")
