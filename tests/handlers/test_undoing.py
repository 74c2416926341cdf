"""An answer waits a few seconds, in which its writer may call it back; nobody ever notices."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, Desk, filed, row, signed_in, texts
from tests.services.conftest import Line

ANSWER = "Tổ điện thay bóng đèn chiều nay."
KEPT = (
    "state",
    "answered_at",
    "look_at",
    "asking",
    "due_at",
    "paused_at",
    "due_before_pause",
    "stage",
    "stops",
    "steps",
    "office_id",
)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"SMSGW_UNDO_SECONDS": "30", "SMSGW_QUIET_HOURS": ""}


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


def stands(complaint: Complaint) -> dict[str, object]:
    return {name: getattr(complaint, name) for name in KEPT}


def test_an_answer_goes_out_after_the_wait_and_is_answered_from_when_it_was_given(
    gateway: Gateway, officer: Desk, clock: Clock, works: object
) -> None:
    reference, given = filed(gateway), clock.at
    officer.answers(reference, ANSWER)
    works()  # type: ignore[operator]
    assert [text.state for text in texts(gateway)] == ["queued"]
    clock.moves(seconds=31)
    works()  # type: ignore[operator]
    assert [text.state for text in texts(gateway)] == ["accepted"]
    assert row(gateway, reference).answered_at == given


def test_called_back_nobody_gets_it_and_everything_stands_as_before(
    gateway: Gateway, officer: Desk, clock: Clock, works: object
) -> None:
    reference = filed(gateway)
    before = stands(row(gateway, reference))
    officer.answers(reference, ANSWER)
    assert row(gateway, reference).state == "answered"
    assert officer.opens(f"/desk/{reference}?lang=en").text.count("you can call it back") == 1
    assert officer.posts(f"/desk/{reference}/call-back").status_code == 302
    assert stands(row(gateway, reference)) == before
    clock.moves(minutes=5)
    works()  # type: ignore[operator]
    assert [text.state for text in texts(gateway)] == ["cancelled"]
    page = officer.opens(f"/desk/{reference}?lang=en").text
    assert "Called back before it went out" in page
    assert f">{ANSWER}</textarea>" in page


@pytest.mark.slow
def test_a_better_answer_goes_out_after_one_that_was_called_back(
    gateway: Gateway, officer: Desk, clock: Clock, works: object
) -> None:
    reference = filed(gateway)
    officer.answers(reference, ANSWER)
    officer.posts(f"/desk/{reference}/call-back")
    officer.answers(reference, "Tổ điện thay bóng đèn sáng mai.")
    clock.moves(seconds=31)
    works()  # type: ignore[operator]
    assert [text.state for text in texts(gateway)] == ["cancelled", "accepted"]
    assert "sang mai" in texts(gateway)[-1].body


def test_only_its_writer_calls_it_back_and_only_in_time(
    app: Flask, gateway: Gateway, officer: Desk, clock: Clock
) -> None:
    reference = filed(gateway)
    officer.answers(reference, ANSWER)
    assert signed_in(app, "dau-moi-ankhe").posts(f"/desk/{reference}/call-back").status_code == 409
    clock.moves(seconds=30)
    assert officer.posts(f"/desk/{reference}/call-back").status_code == 409
    assert row(gateway, reference).state == "answered"
    assert "Call it back" not in officer.opens(f"/desk/{reference}?lang=en").text


@pytest.mark.slow
def test_what_a_sender_holds_already_is_not_called_back(gateway: Gateway, officer: Desk) -> None:
    reference = filed(gateway)
    officer.answers(reference, ANSWER)
    with gateway.database.write() as session:
        session.get_one(type(texts(gateway)[0]), texts(gateway)[0].id).attempts = 1
    assert officer.posts(f"/desk/{reference}/call-back").status_code == 409


@pytest.mark.slow
def test_all_who_share_an_answer_are_spared_it(gateway: Gateway, officer: Desk, app: Flask, clock: Clock) -> None:
    main, part = filed(gateway), filed(gateway, "Den duong to 12 tat", phone="+84900005555")
    signed_in(app, "dau-moi-ankhe").posts(f"/desk/{part}/merge", other=main)
    before = [stands(row(gateway, one)) for one in (main, part)]
    officer.answers(main, ANSWER)
    assert [text.state for text in texts(gateway, "+84900005555")] == ["queued"]
    officer.posts(f"/desk/{main}/call-back")
    assert [stands(row(gateway, one)) for one in (main, part)] == before
    assert [text.state for text in texts(gateway, "+84900005555")] == ["cancelled"]
    assert row(gateway, part).merged_into_id == row(gateway, main).id


@pytest.mark.slow
def test_what_the_citizen_was_asked_is_asked_again(gateway: Gateway, officer: Desk, pool: ThreadPoolExecutor) -> None:
    reference = filed(gateway)
    officer.agrees(reference, officer.previews(reference, "Nhà ở đâu?", "question"), "question")
    before = stands(row(gateway, reference))
    officer.answers(reference, ANSWER)
    officer.posts(f"/desk/{reference}/call-back")
    assert stands(row(gateway, reference)) == before
    Line(gateway, pool).text("nha to 5 gan cho", CITIZEN)
    assert row(gateway, reference).state == "assigned"
