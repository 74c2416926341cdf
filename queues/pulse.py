"""Says whether the broker answers."""

from redis import RedisError

from queues.enqueue import broker


def answers(url: str) -> bool:
    """Waits a quarter of a second at most; never raises for the broker's trouble."""
    connection = broker(url)
    try:
        return bool(connection.ping())
    except (RedisError, OSError):
        return False
    finally:
        connection.close()
