"""Officials of a unit leave one another notes on a complaint; no citizen and no other unit ever reads them."""

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.handlers.desks import AN_BINH, Desk, filed, signed_in, texts, units

WORDS = "Gọi bác Ba <b>trước</b> khi đi"


def test_a_note_stands_with_who_and_when_and_nothing_goes_to_the_citizen(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway)
    officer, leader = signed_in(app, "canbo-kinhte"), signed_in(app, "lanhdao-ankhe")
    assert officer.posts(f"/desk/{reference}/note", note=WORDS).status_code == 302
    page = leader.opens(f"/desk/{reference}?lang=en").text
    assert "Gọi bác Ba &lt;b&gt;trước&lt;/b&gt; khi đi" in page
    assert page.count("Note for colleagues; the citizen never reads it") == 1
    assert texts(gateway) == []


def test_an_empty_note_is_given_back(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway)
    response = signed_in(app, "canbo-kinhte").posts(f"/desk/{reference}/note", note="  \n ")
    assert response.status_code == 422


def test_auditors_see_that_there_is_a_note_and_not_its_words(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway)
    signed_in(app, "canbo-kinhte").posts(f"/desk/{reference}/note", note="Gọi bác Ba trước")
    page = signed_in(app, "kiemtoan").opens(f"/desk/{reference}?lang=en").text
    assert "Note for colleagues" in page
    assert "Gọi bác Ba" not in page


@pytest.mark.slow
def test_the_next_unit_does_not_read_what_the_last_one_noted_for_itself(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway)
    here = signed_in(app, "dau-moi-ankhe")
    here.posts(f"/desk/{reference}/note", note="Gọi bác Ba trước")
    here.posts(f"/desk/{reference}/unit", unit=str(units(gateway)[AN_BINH]), reason="Ở An Bình")
    there: Desk = signed_in(app, "dau-moi-anbinh")
    assert "Gọi bác Ba" not in there.opens(f"/desk/{reference}").text
    there.posts(f"/desk/{reference}/note", note="Hỏi lại thôn 2")
    assert "Hỏi lại thôn 2" in there.opens(f"/desk/{reference}").text
