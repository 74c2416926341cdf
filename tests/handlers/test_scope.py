"""Nobody sees or touches a complaint outside their unit and role; out of scope looks exactly like absent."""

import re

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.handlers.desks import AN_BINH, Desk, filed, row, signed_in, texts, units

ABSENT = "99994"
ACTS = {
    "answer": {"text": "Da xong.", "seen": "1"},
    "question": {"text": "O dau?", "seen": "1"},
    "preview": {"text": "Da xong.", "kind": "answer"},
    "triage": {"category": "HT", "office": ""},
    "pass": {"office": "1", "reason": "vi sao"},
    "unit": {"unit": "1", "reason": "vi sao"},
    "near": {},
    "merge": {"other": "99995"},
    "separate": {},
    "taken-up": {},
    "offices": {"part_office": "1", "question": "gi"},
    "divide": {"stays": "den", "goes": "den"},
    "call-back": {},
    "note": {"note": "vi sao"},
    "seal": {"reason": "vi sao"},
    "call": {"call": "1", "tries": "0", "outcome": "told", "words": ""},
}
SEES_AN_BINH = {
    "dau-moi-ankhe": False,
    "lanhdao-ankhe": False,
    "canbo-kinhte": False,
    "congan-ankhe": False,
    "dau-moi-anbinh": True,
    "lanhdao-anbinh": True,
    "canbo-anbinh": True,
    "canbo-cuuan": False,
    "giamsat-tinh": True,
    "kiemtoan": True,
}


def bare(page: str, reference: str) -> str:
    """The page without what differs by itself: the error's number, the token, the address."""
    return re.sub(r"\b[0-9a-f]{8}\b", "", page).replace(reference, "")


@pytest.mark.parametrize(("username", "sees"), SEES_AN_BINH.items())
def test_a_complaint_is_seen_within_the_unit_and_by_the_province_only(
    app: Flask, gateway: Gateway, username: str, sees: bool
):
    reference = filed(gateway, unit=AN_BINH)
    desk = signed_in(app, username)
    assert desk.opens(f"/desk/{reference}").status_code == (200 if sees else 404)
    assert (f'href="/desk/{reference}"' in desk.opens("/desk/?state=all").text) is sees
    assert (desk.opens(f"/desk/?q={reference}").status_code == 302) is sees


def test_triage_is_for_the_focal_official_and_the_leader_not_for_offices(app: Flask, gateway: Gateway):
    reference = filed(gateway, category=None)
    seen = {
        name: signed_in(app, name).opens(f"/desk/{reference}").status_code
        for name in ("dau-moi-ankhe", "lanhdao-ankhe")
    }
    assert set(seen.values()) == {200}
    assert signed_in(app, "canbo-kinhte").opens(f"/desk/{reference}").status_code == 404


def test_an_administrator_sees_no_complaint(app: Flask, gateway: Gateway):
    reference = filed(gateway)
    admin = signed_in(app, "quantri")
    assert admin.opens("/desk/").status_code == 403
    assert admin.opens(f"/desk/{reference}").status_code == 403


def test_out_of_scope_reads_exactly_like_absent(app: Flask, gateway: Gateway):
    foreign = filed(gateway, unit=AN_BINH)
    desk = signed_in(app, "dau-moi-ankhe")
    outside, absent = desk.opens(f"/desk/{foreign}"), desk.opens(f"/desk/{ABSENT}")
    assert (outside.status_code, absent.status_code) == (404, 404)
    assert bare(outside.text, foreign) == bare(absent.text, ABSENT)


@pytest.mark.parametrize("act", ACTS)
def test_no_act_reaches_a_complaint_of_another_unit(app: Flask, gateway: Gateway, act: str):
    foreign = filed(gateway, unit=AN_BINH, category=None if act == "triage" else "HT")  # type: ignore[arg-type]
    before = row(gateway, foreign)
    desk = signed_in(app, "dau-moi-ankhe")
    outside, absent = (desk.posts(f"/desk/{reference}/{act}", **ACTS[act]) for reference in (foreign, ABSENT))
    assert (outside.status_code, absent.status_code) == (404, 404)
    assert bare(outside.text, foreign) == bare(absent.text, ABSENT)
    assert row(gateway, foreign).version == before.version
    assert texts(gateway) == []


def test_passing_to_another_unit_moves_the_right_to_see(app: Flask, gateway: Gateway):
    reference, an_binh = filed(gateway), units(gateway)[AN_BINH]
    old, new = signed_in(app, "dau-moi-ankhe"), signed_in(app, "dau-moi-anbinh")
    assert new.opens(f"/desk/{reference}").status_code == 404
    old.posts(f"/desk/{reference}/unit", unit=str(an_binh), reason="Nơi xảy ra ở An Bình")
    assert new.opens(f"/desk/{reference}").status_code == 200
    assert old.opens(f"/desk/{reference}").status_code == 404


def test_the_province_passes_between_units_but_does_not_answer(app: Flask, gateway: Gateway):
    reference, an_binh = filed(gateway), units(gateway)[AN_BINH]
    province: Desk = signed_in(app, "giamsat-tinh")
    assert province.posts(f"/desk/{reference}/answer", text="Da xong.").status_code == 403
    assert province.posts(f"/desk/{reference}/unit", unit=str(an_binh), reason="Ở An Bình").status_code == 302
    assert row(gateway, reference).unit_id == an_binh
