"""Runs one RQ worker on one queue, with one gateway for the life of the process."""

import sys

from redis import Redis, RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from queues.names import QUEUES
from queues.workplace import workplace
from smsgw.logs import set_up_logs

MAINTENANCE_S, WORKER_TTL_S, MONITOR_S = 60, 75, 10


def work(queue: str) -> None:
    """Works until stopped. The worker that does not fork keeps everything warm; a crash is the supervisor's to mend, and
    the rows it held are taken up again."""
    settings = workplace().gateway.settings
    set_up_logs(production=not settings.demo)
    connection = Redis.from_url(settings.redis_url)
    worker = SimpleWorker(
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
