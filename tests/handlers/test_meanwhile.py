"""Of two officials on one complaint the second is refused, sees what the first one did, and keeps their own words."""

import re

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.handlers.desks import Desk, filed, hidden, row, signed_in, texts, units

THEIRS = "Đội điện thay bóng đèn sáng mai."
MINE = "Đội điện thay bóng đèn chiều nay."


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


def marked(page: str, whose: str) -> list[str]:
    return re.findall(rf'<mark class="{whose}">([^<]*)</mark>', page)


def test_a_second_answer_shows_both_side_by_side_and_keeps_the_second(
    gateway: Gateway, officer: Desk, focal: Desk
) -> None:
    reference = filed(gateway)
    preview = officer.previews(reference, MINE)
    focal.answers(reference, THEIRS)
    refused = officer.agrees(reference, preview)
    assert refused.status_code == 409
    assert (marked(refused.text, "theirs"), marked(refused.text, "mine")) == (["sang mai."], ["chieu nay."])
    assert f"readonly>{MINE}</textarea>" in refused.text
    assert [text.body for text in texts(gateway)] == [texts(gateway)[0].body]
    assert "sang mai" in texts(gateway)[0].body


def test_what_happened_meanwhile_is_listed_and_nothing_older(gateway: Gateway, officer: Desk, focal: Desk) -> None:
    reference = filed(gateway)
    officer.posts(f"/desk/{reference}/note", note="Việc cũ")
    preview = officer.previews(reference, MINE)
    focal.posts(f"/desk/{reference}/note", note="Việc mới")
    refused = officer.agrees(reference, preview)
    since = refused.text.partition('id="meanwhile"')[2].partition("</section>")[0]
    assert "Việc mới" in since
    assert "Việc cũ" not in since
    assert f"{MINE}</textarea>" in refused.text
    assert officer.agrees(reference, refused).status_code == 302


@pytest.mark.slow
def test_passing_on_what_a_colleague_has_just_changed_is_refused_with_what_they_did(
    gateway: Gateway, officer: Desk, focal: Desk
) -> None:
    reference = filed(gateway)
    seen = hidden(focal.opens(f"/desk/{reference}").text)["seen"]
    officer.posts(f"/desk/{reference}/note", note="Đang xử lý, đừng chuyển")
    office, before = str(units(gateway)["23617-ca"]), row(gateway, reference).office_id
    move = {"office": office, "reason": "Việc của công an"}
    refused = focal.posts(f"/desk/{reference}/pass", **move, seen=seen)
    assert refused.status_code == 409
    assert "Đang xử lý, đừng chuyển" in refused.text
    assert "Việc của công an</textarea>" in refused.text
    assert row(gateway, reference).office_id == before
    assert focal.posts(f"/desk/{reference}/pass", **move, seen=hidden(refused.text)["seen"]).status_code == 302
