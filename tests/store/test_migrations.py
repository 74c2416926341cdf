"""Every revision leads to today's tables, on both databases, and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from smsgw.store import migrate
from smsgw.store.database import open_engine
from smsgw.store.tables import Complaint, Event


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
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


def test_texts_on_their_way_outlive_the_columns_that_doubts_need(url: str) -> None:
    migrate.upgrade(url, "0001")
    engine = open_engine(url)
    with engine.execution_options(smsgw_writes=True).begin() as connection:
        connection.execute(text(_A_TEXT), {"at": "2026-11-23 02:00:00"})
        connection.execute(text("insert into provider_health (name, failures, why) values ('twilio', 3, 'busy')"))
    migrate.upgrade(url)
    with engine.connect() as connection:
        row = connection.execute(text("select dispatched_at, created_at, not_there from outbox")).one()
        fares = connection.execute(text("select failures, calls, troubles_before, returned_at from provider_health"))
        assert (row.dispatched_at, row.not_there) == (row.created_at, 0)
        assert tuple(fares.one()) == (3, 0, 0, None)
    engine.dispose()
    migrate.downgrade(url, "base")


def test_complaints_and_terms_outlive_the_columns_that_legal_time_needs(url: str) -> None:
    migrate.upgrade(url, "0006")
    engine = open_engine(url)
    with engine.execution_options(smsgw_writes=True).begin() as connection:
        for statement in _A_COMPLAINT.split(";"):
            connection.execute(text(statement), {"at": "2026-11-23 02:00:00"} if ":at" in statement else {})
    migrate.upgrade(url)
    with engine.connect() as connection:
        row = connection.execute(text("select due_at, rule_id, steps, stops, paused_at from complaints")).one()
        rule = connection.execute(text("select amount, step, counting, pause_days from deadline_rules")).one()
        assert row.due_at is not None
        assert (row.rule_id, row.paused_at) == (None, None)
        assert [str(column).replace(" ", "") for column in (row.steps, row.stops)] == ["{}", "[]"]
        assert tuple(rule) == (5, "answer", "working", 0)
    engine.dispose()
    migrate.downgrade(url, "base")


def test_answers_given_before_anybody_was_asked_for_a_verdict_wait_for_none(url: str) -> None:
    migrate.upgrade(url, "0011")
    engine = open_engine(url)
    answered = "update complaints set state = 'answered', answered_at = :at"
    with engine.execution_options(smsgw_writes=True).begin() as connection:
        for statement in (*_A_COMPLAINT.split(";"), answered):
            connection.execute(text(statement), {"at": "2026-11-23 02:00:00"} if ":at" in statement else {})
    migrate.upgrade(url)
    with engine.connect() as connection:
        row = connection.execute(
            text("select ending, closed_at, answered_at, verdict_at, not_done from complaints")
        ).one()
        assert (row.ending, row.closed_at) == ("unasked", row.answered_at)
        assert (row.verdict_at, row.not_done) == (None, 0)
    engine.dispose()
    migrate.downgrade(url, "base")


_A_COMPLAINT = """
insert into units (id, code, kind, name, valid_from, duty_phone, demo)
values (1, '1', 'ward', 'Phuong', '2025-07-01', '', false);
insert into citizens (id, phone, language, tone_marks, prompt, created_at)
values (1, '+84900000001', 'vi', false, '', :at);
insert into deadline_rules (level, amount, measure, source, confirmed, valid_from)
values ('normal', 5, 'days', 'an act', true, '2025-07-01');
insert into complaints (key, reference, citizen_id, channel, text, missing, urgent, emergency, sensitive, reasons, unit_id,
    triage_reason, state, received_at, due_at, due_confirmed, due_source, deadline_version, stage, version)
values ('a', '10008', 1, 'sms', 'x', '[]', false, false, false, '[]', 1, '', 'assigned', :at, :at, true, 'an act', 1, '', 1)
"""


def test_histories_of_before_tell_field_and_due_moment(url: str) -> None:
    migrate.upgrade(url, "0006")
    engine = open_engine(url)
    line = """insert into events (complaint_id, at, kind, note, details)
        select id, received_at, 'received', '', '{}' from complaints"""
    with engine.execution_options(smsgw_writes=True).begin() as connection:
        for statement in _A_COMPLAINT.split(";"):
            connection.execute(text(statement), {"at": "2026-11-23 02:00:00"} if ":at" in statement else {})
        connection.execute(text(line))
    migrate.upgrade(url)
    with Session(engine) as session:
        details, due = session.execute(select(Event.details, Complaint.due_at).join(Complaint)).one()
    assert set(details) == {"category", "due"}
    assert due
    assert details["due"] == due.isoformat()
    engine.dispose()
    migrate.downgrade(url, "base")


_A_TEXT = """
insert into outbox (key, kind, lane, recipient, body, segments, provider, optional, state, attempts, doubts,
    possible_duplicate, next_attempt_at, provider_used, provider_ref, error, created_at)
values ('a', 'Help', 2, '+84900000001', 'x', 1, '', false, 'dispatching', 1, 0,
    false, :at, 'twilio', '', '', :at)
"""


def test_questions_that_were_open_are_still_open_where_complaints_hold_them(url: str) -> None:
    migrate.upgrade(url, "0006")
    engine = open_engine(url)
    with engine.execution_options(smsgw_writes=True).begin() as connection:
        for statement in _TWO_QUESTIONS.split(";"):
            connection.execute(text(statement), {"at": "2026-11-23 02:00:00", "until": "2026-11-25 02:00:00"})
    migrate.upgrade(url)
    with engine.connect() as connection:
        rows = connection.execute(
            text("select asking, asked, asking_until, facts, private from complaints order by id")
        )
        place, question = rows.all()
        assert (place.asking, question.asking) == ("place", "free")
        assert "place" in str(place.asked)
        assert str(place.asking_until).startswith("2026-11-25")
        prompts = connection.execute(text("select prompt from citizens order by id")).scalars().all()
        assert prompts == ["", "question"]
    engine.dispose()
    migrate.downgrade(url, "base")


_TWO_QUESTIONS = """
insert into units (id, code, kind, name, valid_from, duty_phone, demo) values (1, '1', 'ward', 'x', '2025-07-01', '', false);
insert into citizens (id, phone, language, tone_marks, prompt, prompt_complaint_id, prompt_until, created_at)
values (1, '+84900000001', 'vi', false, 'gap:place', 1, :until, :at),
    (2, '+84900000002', 'vi', false, 'question', 2, :until, :at);
insert into complaints (id, key, citizen_id, channel, text, missing, urgent, emergency, sensitive, reasons, unit_id,
    triage_reason, state, received_at, due_confirmed, due_source, deadline_version, stage, version)
values (1, 'a', 1, 'sms', 'x', '["place"]', false, false, false, '[]', 1, '', 'received', :at, false, '', 1, '', 1),
    (2, 'b', 2, 'sms', 'x', '[]', false, false, false, '[]', 1, '', 'waiting', :at, false, '', 1, '', 1)
"""
