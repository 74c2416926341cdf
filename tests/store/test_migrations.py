"""Every revision leads to today's tables, on both databases, and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from smsgw.store import migrate


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    found: str = request.getfixturevalue("postgres")
    if migrate.standing(found):
        migrate.downgrade(found, "base")
    return found


def _revisions() -> list[str]:
    scripts = ScriptDirectory(str(migrate.SCRIPTS))
    return [revision.revision for revision in reversed(list(scripts.walk_revisions()))]


def test_the_tables_after_all_revisions_are_the_tables_of_the_code(url: str) -> None:
    assert migrate.upgrade(url)
    command.check(migrate._config(url))
    assert migrate.is_current(url)
    assert not migrate.upgrade(url)
    migrate.downgrade(url, "base")


def test_every_earlier_revision_is_brought_up_to_date_and_all_lead_back(url: str) -> None:
    for revision in _revisions():
        migrate.upgrade(url, revision)
        assert migrate.standing(url) == revision
        migrate.upgrade(url)
        assert migrate.is_current(url)
        migrate.downgrade(url, "base")
        assert migrate.standing(url) is None


def test_there_is_one_line_of_revisions() -> None:
    assert ScriptDirectory(str(migrate.SCRIPTS)).get_heads() == [migrate.head()]
