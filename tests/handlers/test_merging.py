"""On a complaint's page what may be the same matter is offered, merged by one press and taken apart by another."""

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from smsgw.services import alarming
from smsgw.store.later import Later
from smsgw.store.tables import Complaint
from tests.handlers.desks import AN_BINH, AN_KHE, Desk, filed, row, signed_in, texts, units

LAMP = "den duong to 5 phuong Tay Son tat ba dem nay"
AGAIN = "to 5 phuong Tay Son den duong tat, toi thui"
OTHER_PHONE = "+84900005555"


@pytest.fixture
def pair(gateway: Gateway) -> tuple[str, str]:
    return (
        filed(gateway, LAMP, place_text="to 5 phuong Tay Son"),
        filed(gateway, AGAIN, place_text="to 5 phuong Tay Son", phone=OTHER_PHONE),
    )


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


def test_the_page_offers_it_with_the_reasons(focal: Desk, pair: tuple[str, str]) -> None:
    page = focal.opens(f"/desk/{pair[1]}").text
    assert "Có thể trùng với" in page
    assert f'value="{pair[0]}"' in page
    assert "cùng nơi:" in page


def test_merged_the_answer_names_how_many_get_it_and_all_do(
    focal: Desk, gateway: Gateway, pair: tuple[str, str]
) -> None:
    response = focal.posts(f"/desk/{pair[1]}/merge", other=pair[0])
    assert response.headers["Location"].endswith(f"/desk/{pair[0]}")
    page = focal.opens(f"/desk/{pair[0]}").text
    assert pair[1] in page
    assert f'href="/desk/{pair[1]}"' not in focal.opens("/desk/").text
    preview = focal.previews(pair[0], "Da thay bong den.")
    assert "gửi cho 1 người dân nữa" in preview.text
    focal.agrees(pair[0], preview)
    assert [len(texts(gateway, phone)) for phone in ("+84900001234", OTHER_PHONE)] == [1, 1]


def test_another_unit_reads_no_word_of_what_was_handled_with_what_it_gets(
    app: Flask, focal: Desk, gateway: Gateway, pair: tuple[str, str]
) -> None:
    focal.posts(f"/desk/{pair[1]}/merge", other=pair[0])
    an_binh = units(gateway)[AN_BINH]
    assert focal.posts(f"/desk/{pair[0]}/unit", unit=str(an_binh), reason="Ở An Bình").status_code == 302
    there = signed_in(app, "dau-moi-anbinh")
    assert AGAIN not in there.opens(f"/desk/{pair[0]}").text
    assert f'href="/desk/{pair[1]}"' in focal.opens("/desk/").text
    with gateway.database.write() as session:  # as it lay before parts stayed behind
        session.get_one(Complaint, row(gateway, pair[1]).id).merged_into_id = row(gateway, pair[0]).id
    page = there.opens(f"/desk/{pair[0]}").text
    assert AGAIN not in page
    assert f'href="/desk/{pair[1]}"' not in page


def test_what_is_handled_with_another_is_acted_on_there_only(
    focal: Desk, gateway: Gateway, pair: tuple[str, str]
) -> None:
    focal.posts(f"/desk/{pair[1]}/merge", other=pair[0])
    page = focal.opens(f"/desk/{pair[1]}").text
    assert f"Xử lý chung với phản ánh {pair[0]}" in page
    assert "answer-text" not in page
    assert focal.posts(f"/desk/{pair[1]}/answer", text="Da xong.", proof="x").status_code == 409
    assert focal.posts(f"/desk/{pair[1]}/pass", office="1", reason="vi").status_code == 409
    assert texts(gateway, OTHER_PHONE) == []


def test_taken_apart_it_is_listed_again(focal: Desk, gateway: Gateway, pair: tuple[str, str]) -> None:
    focal.posts(f"/desk/{pair[1]}/merge", other=pair[0])
    assert focal.posts(f"/desk/{pair[1]}/separate").status_code == 302
    assert row(gateway, pair[1]).merged_into_id is None
    assert f'href="/desk/{pair[1]}"' in focal.opens("/desk/").text
    assert focal.posts(f"/desk/{pair[1]}/separate").status_code == 409


@pytest.mark.parametrize("other", ["99994", "", "no number", "itself"])
def test_with_nothing_of_the_kind_nothing_is_merged(
    focal: Desk, gateway: Gateway, pair: tuple[str, str], other: str
) -> None:
    wanted = pair[1] if other == "itself" else other
    assert focal.posts(f"/desk/{pair[1]}/merge", other=wanted).status_code == 409
    assert row(gateway, pair[1]).merged_into_id is None


def test_a_complaint_of_another_unit_is_neither_offered_nor_merged(focal: Desk, gateway: Gateway) -> None:
    mine = filed(gateway, LAMP, unit=AN_KHE, place_text="to 5")
    foreign = filed(gateway, AGAIN, unit=AN_BINH, place_text="to 5", phone=OTHER_PHONE)
    assert foreign not in focal.opens(f"/desk/{mine}").text
    assert focal.posts(f"/desk/{mine}/merge", other=foreign).status_code == 409
    assert row(gateway, foreign).merged_into_id is None


def test_who_only_looks_on_is_offered_nothing(app: Flask, pair: tuple[str, str]) -> None:
    for username in ("lanhdao-ankhe", "giamsat-tinh", "kiemtoan"):
        assert "Có thể trùng với" not in signed_in(app, username).opens(f"/desk/{pair[1]}").text


def test_a_danger_is_taken_up_once_and_by_name(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway, "day dien dut xuong duong to 5", urgent=True)
    with gateway.database.write() as session:
        complaint = session.get_one(Complaint, row(gateway, reference).id)
        later = Later(session)
        cry = alarming.Cry(complaint.id, reference, complaint.unit_id, False, complaint.citizen, 0, gateway.now())
        alarming.Siren(session, later, gateway.handbook(session), gateway.speech).sound(cry)
        later.write()
    leader, auditor = signed_in(app, "lanhdao-ankhe"), signed_in(app, "kiemtoan")
    assert "Tôi nhận việc này" in leader.opens(f"/desk/{reference}").text
    assert "Tôi nhận việc này" not in auditor.opens(f"/desk/{reference}").text
    for _ in range(2):
        assert leader.posts(f"/desk/{reference}/taken-up").status_code == 302
    page = leader.opens(f"/desk/{reference}").text
    assert "Tôi nhận việc này" not in page
    assert page.count("Đã nhận việc") == 1
