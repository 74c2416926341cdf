"""USSD sessions and calls of before outlive what came with sessions that go on."""

from pathlib import Path

import pytest
from sqlalchemy import text

from smsgw.store import migrate
from smsgw.store.database import open_engine


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    found: str = request.getfixturevalue("postgres")
    if migrate.standing(found):
        migrate.downgrade(found, "base")
    return found


AT = "'2026-11-23 02:00:00'"
BEFORE = f"""
insert into units (id, code, kind, name, valid_from, duty_phone, demo)
    values (1, '1', 'ward', 'A', '2025-01-01', '', false);
insert into citizens (id, phone, language, tone_marks, prompt, created_at)
    values (1, '+84900000001', 'vi', false, '', {AT});
insert into complaints (id, key, citizen_id, channel, text, missing, urgent, emergency, sensitive, reasons, unit_id,
    triage_reason, state, received_at, due_confirmed, due_source, deadline_version, stage, version)
    values (1, 'a', 1, 'ussd', 'x', '[]', false, false, false, '[]', 1, '', 'received', {AT}, false, '', 1, '', 1);
insert into outbox (id, key, kind, lane, recipient, body, segments, complaint_id, provider, optional, state, attempts,
    doubts, not_there, possible_duplicate, next_attempt_at, provider_used, provider_ref, error, created_at)
    values (1, 'a', 'OfficeAnswer', 2, '+84900000001', 'x', 1, 1, '', false, 'failed', 1,
    0, 0, false, {AT}, '', '', '', {AT});
insert into calls (id, outbox_id, complaint_id, unheard, state, tries, opened_at)
    values (1, 1, 1, 'answer', 'open', 2, {AT});
insert into sittings (provider, session_id, phone, service_code, answers, last_screen, more, state, complaint_id,
    started_at, touched_at) values ('x', 'a', '+84900000001', '*1', '["1"]', 'x', true, 'open', null, {AT}, {AT});
insert into sittings (provider, session_id, phone, service_code, answers, last_screen, more, state, complaint_id,
    started_at, touched_at) values ('x', 'b', '+84900000001', '*1', '["1"]', 'x', false, 'ended', 1, {AT}, {AT})
"""


def test_old_sessions_are_over_and_old_calls_are_still_to_be_made(url: str) -> None:
    migrate.upgrade(url, "0012")
    engine = open_engine(url)
    writing = engine.execution_options(smsgw_writes=True)
    with writing.begin() as connection:
        for statement in BEFORE.split(";"):
            connection.execute(text(statement))
    migrate.upgrade(url)
    with writing.begin() as connection:
        old = "select session_id, state, outcome, filings, look_at, standing from sittings order by session_id"
        rows = [(*row[:5], row[5] if isinstance(row[5], dict) else {}) for row in connection.execute(text(old))]
        assert rows == [("a", "ended", "left", 0, None, {}), ("b", "ended", "filed", 1, None, {})]
        assert connection.execute(text("select outbox_id, unheard, state, tries from calls")).all() == [
            (1, "answer", "open", 2)
        ]
        wish = "insert into calls (id, complaint_id, unheard, state, tries, opened_at) "
        connection.execute(text(f"{wish} values (2, 1, 'wish', 'open', 0, '2026-11-23 02:00:00')"))
    migrate.downgrade(url, "0012")
    with engine.connect() as connection:
        assert connection.execute(text("select id from calls")).all() == [(1,)]
    engine.dispose()
    migrate.downgrade(url, "base")
