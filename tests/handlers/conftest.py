"""A browser on a house in demo, and the workers behind it, which run when told to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, create_engine, text

from handlers.web import create_app
from smsgw.gateway import Gateway
from tests.conftest import Bell


@pytest.fixture
def app(gateway: Gateway, bell: Bell) -> Flask:
    app = create_app(gateway, bell)  # type: ignore[arg-type]
    app.config["TESTING"] = True
    return app


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def works(gateway: Gateway, pool: ThreadPoolExecutor) -> Callable[[], None]:
    """Does what workers do until nothing is left."""

    def until_nothing_is_left() -> None:
        while gateway.listener().batch() or gateway.postman(pool).batch():
            pass

    return until_nothing_is_left


@pytest.fixture
def breaks(gateway: Gateway) -> Callable[[], None]:
    """Makes the database unreadable: a file of rubbish, or a PostgreSQL that lets nobody in."""
    url = gateway.database.engine.url

    def break_it() -> None:
        gateway.database.close()
        if url.get_backend_name() == "postgresql":
            shut(url)
            return
        file = gateway.settings.home / "smsgw.db"
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        file.write_bytes(b"this is no database" * 100)

    return break_it


def shut(url: URL) -> None:
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
        )
    engine.dispose()
