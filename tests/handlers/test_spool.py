"""What providers and operators hear while the database takes nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from queues.clock import tick
from smsgw.gateway import Gateway
from smsgw.store.database import Database
from smsgw.store.spool import Standing
from smsgw.store.tables import Inbound, Sitting
from tests.conftest import MONDAY_MORNING, Bell, Clock
from tests.ops.toys import PATIENCE, eventually

USSD = {"session": "s1", "phone": "+84900000001", "code": "*8079#", "text": ""}


@contextmanager
def locked(gateway: Gateway) -> Iterator[None]:
    """Somebody else holds SQLite's one write lock."""
    with closing(Database(gateway.settings.database_url)) as other, other.write() as session:
        session.connection()
        yield


def text(web: FlaskClient, ref: str) -> int:
    form = {"from": "+84900000001", "to": "8079", "text": "PA mat nuoc", "id": ref}
    answer = web.post("/sms/simulator", data=form)
    assert answer.text == ""
    return answer.status_code


def told(web: FlaskClient) -> tuple[bool, str]:
    """Whether the spool is in order, and what there is to know of it."""
    check = web.get("/readyz").get_json()["checks"]["spool"]
    return check["ok"], check["why"]


@pytest.mark.sqlite
def test_texts_are_taken_while_the_database_is_locked_and_only_the_first_has_to_wait(
    web: FlaskClient, gateway: Gateway, bell: Bell, clock: Clock
) -> None:
    with locked(gateway):
        assert text(web, "m0") == 200
        began = time.monotonic()
        assert [text(web, f"m{number}") for number in range(1, 30)] == [200] * 29
        assert time.monotonic() - began < PATIENCE  # were each to wait, it would take 87 s
        assert told(web) == (True, "waiting for the database: 30")
        assert 'smsgw_spool_files{state="waiting"} 30.0' in web.get("/metrics").text
    clock.moves(minutes=20)
    bell.rung.clear()
    tick(gateway, bell, lambda: 0)  # type: ignore[arg-type]
    assert bell.rung == ["inbox"]
    with gateway.database.read() as session:
        rows = session.execute(select(Inbound.provider_ref, Inbound.received_at)).all()
    assert sorted(rows) == sorted((f"m{number}", MONDAY_MORNING) for number in range(30))
    assert told(web) == (True, "")


@pytest.mark.sqlite
def test_once_the_database_is_back_texts_go_straight_into_it(web: FlaskClient, gateway: Gateway) -> None:
    with locked(gateway):
        assert text(web, "m1") == 200
    eventually(lambda: not gateway.database._watch.is_away)
    assert text(web, "m2") == 200
    assert gateway.spool.standing() == Standing(waiting=1, bad=0)


def test_a_database_that_is_no_database_any_more_is_no_reason_to_refuse_a_text(
    web: FlaskClient, gateway: Gateway, breaks: Callable[[], None]
) -> None:
    breaks()
    assert text(web, "m1") == 200
    assert gateway.spool.standing() == Standing(waiting=1, bad=0)


def test_when_neither_takes_it_the_provider_is_asked_to_bring_it_again(
    web: FlaskClient, gateway: Gateway, breaks: Callable[[], None]
) -> None:
    breaks()
    gateway.spool.folder.touch()
    assert text(web, "m1") == 503
    assert told(web) == (
        False,
        f"{gateway.settings.home / 'spool'} is no folder: texts would be refused while the database is away",
    )


def test_damaged_files_are_shown_and_make_nobody_less_ready(web: FlaskClient, gateway: Gateway, bell: Bell) -> None:
    gateway.spool.prepare()
    (gateway.spool.folder / "20261123T020000.000000-abc.json").write_bytes(b"{half")
    tick(gateway, bell, lambda: 0)  # type: ignore[arg-type]
    assert told(web) == (True, "damaged files that a person must look at: 1")
    assert 'smsgw_spool_files{state="bad"} 1.0' in web.get("/metrics").text


@pytest.mark.sqlite
@pytest.mark.parametrize("known", [False, True])
def test_a_ussd_session_ends_with_what_to_do_instead(
    app: Flask, web: FlaskClient, gateway: Gateway, *, known: bool
) -> None:
    with locked(gateway):
        if known:
            assert text(web, "m1") == 200
        answer = web.post("/ussd/simulator", data=USSD)
    assert answer.status_code == 200
    assert "nhan tin phan anh den so 8079" in answer.get_json()["text"]
    shown = answer.get_json()
    assert (shown["more"], len(shown["text"]) <= 160) == (False, True)
    with gateway.database.read() as session:
        assert session.scalars(select(Sitting)).all() == []
