"""The desk's list: in the order of the day's work, found by words, narrowed by filters, and kept under a name."""

import re

import pytest
from flask import Flask

from smsgw.domain.understanding import Missing
from smsgw.gateway import Gateway
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, Desk, filed, row, signed_in, units

pytestmark = pytest.mark.slow  # many sign-ins

DRAIN = "cống thoát nước đường Quang Trung nghẹt, mưa là ngập"
LAMP = "den duong to 5 phuong Tay Son tat ba dem nay"


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


def listed(desk: Desk, query: str) -> list[str]:
    return re.findall(r'href="/desk/(\d+)"', desk.opens(f"/desk/?{query}").text)


def test_the_day_begins_with_what_is_late_and_ends_with_what_waits(gateway: Gateway, focal: Desk, clock: Clock) -> None:
    late = filed(gateway, "mot", phone="+84900001001")
    clock.moves(days=20)
    waiting = filed(gateway, "hai", phone="+84900001002")
    in_hand = filed(gateway, "ba", phone="+84900001003")
    new = filed(gateway, "bon", category=None, phone="+84900001004")
    emergency = filed(gateway, "nam", phone="+84900001005", emergency=True)
    with gateway.database.write() as session:
        session.get_one(type(row(gateway, waiting)), row(gateway, waiting).id).state = "waiting"
    page = focal.opens("/desk/?lang=en").text
    assert re.findall(r'href="/desk/(\d+)"', page) == [emergency, late, new, in_hand, waiting]
    assert re.findall(r'<h2 id="turn-\d">([A-Z][\w ]+?) <span', page) == [
        "Emergencies",
        "Overdue",
        "To assign",
        "Being handled",
        "Waiting for the citizen",
    ]


def test_every_row_says_who_does_what_next(gateway: Gateway, focal: Desk) -> None:
    filed(gateway)
    filed(gateway, "hai", category=None, phone="+84900001002")
    page = focal.opens("/desk/?lang=en").text
    assert "chooses the field and the office by" in page
    assert "answers the citizen by" in page


@pytest.mark.parametrize("sought", ["cống thoát", "CONG THOAT", "quang tr", "ngập quang", "nghẹt,mưa"])
def test_words_are_found_with_tone_marks_and_without(gateway: Gateway, focal: Desk, sought: str) -> None:
    drain, _lamp = filed(gateway, DRAIN), filed(gateway, LAMP, phone="+84900001002")
    assert listed(focal, f"q={sought}") == [drain]


@pytest.mark.parametrize("sought", ["ong thoat", "quang tat", "th_at", "lời nào khác"])
def test_what_nobody_wrote_is_not_found(gateway: Gateway, focal: Desk, sought: str) -> None:
    filed(gateway, DRAIN)
    filed(gateway, LAMP, phone="+84900001002")
    assert listed(focal, f"q={sought}") == []


def test_a_place_is_found_too_and_closed_ones_are_as_well(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, LAMP, place_text="hẻm Ông Bảy")
    focal.answers(reference, "Da xong.")
    assert listed(focal, "q=hem+ong+bay") == [reference]
    assert listed(focal, "q=hem+ong+bay&state=open") == []


def test_another_units_words_are_never_found(app: Flask, gateway: Gateway, focal: Desk) -> None:
    foreign = filed(gateway, DRAIN, unit=AN_BINH)
    assert listed(focal, "q=cong+thoat") == []
    assert listed(signed_in(app, "dau-moi-anbinh"), "q=cong+thoat") == [foreign]
    assert listed(signed_in(app, "giamsat-tinh"), "q=cong+thoat") == [foreign]


def test_an_office_finds_its_own_and_no_other_offices(app: Flask, gateway: Gateway) -> None:
    mine = filed(gateway, DRAIN)
    filed(gateway, f"{DRAIN} nua", category=None, phone="+84900001002")
    assert listed(signed_in(app, "canbo-kinhte"), "q=cong+thoat") == [mine]


def test_what_was_put_under_seal_is_found_no_more(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, DRAIN)
    focal.posts(f"/desk/{reference}/seal", reason="Tố cáo cán bộ")
    assert listed(focal, "q=cong+thoat") == []


def test_passed_to_another_unit_it_is_found_there(app: Flask, gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, DRAIN)
    focal.posts(f"/desk/{reference}/unit", unit=str(units(gateway)[AN_BINH]), reason="Ở An Bình")
    assert listed(focal, "q=cong+thoat") == []
    assert listed(signed_in(app, "dau-moi-anbinh"), "q=cong+thoat") == [reference]


def test_filters_narrow_together_and_nonsense_narrows_nothing(gateway: Gateway, focal: Desk, clock: Clock) -> None:
    incomplete = filed(gateway, "mot", phone="+84900001001", missing=frozenset({Missing.PLACE}))
    clock.moves(days=20)
    fresh = filed(gateway, "hai", phone="+84900001002", urgent=True)
    triage = filed(gateway, "ba", phone="+84900001003", category=None)
    office = row(gateway, fresh).office_id
    assert listed(focal, "mark=incomplete") == [incomplete]
    assert listed(focal, "term=late&field=HT&mark=incomplete&mark=unverified") == [incomplete]
    assert listed(focal, "term=late&mark=urgent") == []
    assert listed(focal, f"office={office}&mark=urgent") == [fresh]
    assert listed(focal, "office=none") == listed(focal, "field=none") == [triage]
    assert listed(focal, "mark=x&term=y&field=zz&office=-1&state=&page=0") == [incomplete, triage, fresh]


def test_what_others_are_handled_with_is_found_by_its_mark(gateway: Gateway, focal: Desk) -> None:
    main, part = filed(gateway, LAMP), filed(gateway, f"{LAMP} nua", phone="+84900001002")
    focal.posts(f"/desk/{part}/merge", other=main)
    assert listed(focal, "mark=together") == [main]


def test_a_list_is_kept_under_a_name_shown_replaced_and_deleted_by_its_owner_only(
    app: Flask, gateway: Gateway, focal: Desk
) -> None:
    other = signed_in(app, "lanhdao-ankhe")
    for query in ("mark=urgent&evil=1", "mark=urgent&term=late"):
        focal.posts("/desk/filters/save", name=" Gấp  <i> ", query=query)
    page = focal.opens("/desk/").text
    assert page.count("Gấp &lt;i&gt;</a>") == 1
    assert "/desk/?mark=urgent&amp;term=late" in page
    assert "evil" not in page
    assert "Gấp &lt;i&gt;" not in other.opens("/desk/").text
    [kept] = re.findall(r'name="filter" value="(\d+)"', page)
    other.posts("/desk/filters/forget", filter=kept)
    assert "Gấp" in focal.opens("/desk/").text
    focal.posts("/desk/filters/forget", filter=kept)
    focal.opens("/desk/")
    assert "Gấp" not in focal.opens("/desk/").text


@pytest.mark.parametrize(("name", "query"), [("", "mark=urgent"), ("Gấp", ""), ("Gấp", "evil=1")])
def test_nothing_is_kept_without_a_name_or_a_filter(focal: Desk, name: str, query: str) -> None:
    focal.posts("/desk/filters/save", name=name, query=query)
    assert "Gấp</a>" not in focal.opens("/desk/").text
