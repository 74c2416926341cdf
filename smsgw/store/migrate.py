"""Brings a database to the newest revision, and says where one stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from smsgw.store.database import open_engine

SCRIPTS = Path(__file__).with_name("migrations")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> bool:
    """Upgrades; True when there was something to do."""
    if revision == "head" and is_current(url):
        return False
    command.upgrade(_config(url), revision)
    return True


def downgrade(url: str, revision: str) -> None:
    """Goes back, for tests and for a retreat."""
    command.downgrade(_config(url), revision)


def write_revision(url: str, message: str) -> None:
    """Writes a revision from the difference between tables and database (developers)."""
    command.revision(_config(url), message, autogenerate=True)


def is_current(url: str) -> bool:
    """Whether the database stands at the newest revision."""
    return standing(url) == head()


def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def standing(url: str) -> str | None:
    """The revision a database stands at; None when it is empty."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
