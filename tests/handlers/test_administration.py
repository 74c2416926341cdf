"""Administrators change people, offices and routing by pages; every change is in a log that auditors read."""

import re

import pytest
from flask import Flask

from smsgw.domain.categories import CategoryCode
from smsgw.gateway import Gateway
from smsgw.store.tables import Official, Route, Unit
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, AN_KHE, Desk, filed, hidden, row, signed_in, units

ADMIN = "quantri"
PASSWORD = "bon cau vai mua lua"


def people(gateway: Gateway) -> dict[str, Official]:
    from smsgw.store import officials

    with gateway.database.read() as session:
        return {one.username: one for one in officials.everyone(session)}


def offices(gateway: Gateway, unit: str = AN_KHE) -> dict[str, int]:
    """Ids of a unit's offices by the last part of their codes."""
    return {code.partition("-")[2]: id_ for code, id_ in units(gateway).items() if code.startswith(f"{unit}-")}


def logged(desk: Desk, path: str = "/admin/log?lang=en") -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", desk.opens(path).text))


@pytest.mark.slow
def test_somebody_new_chooses_a_password_with_a_code_once(app: Flask, gateway: Gateway):
    admin = signed_in(app, ADMIN)
    told = {"name": "Lê Văn Cường", "role": "officer", "unit": str(offices(gateway)["kt"]), "phone": "0900 000 777"}
    added = admin.posts("/admin/officials/add", **told, language="vi", username="")
    assert added.status_code == 302
    number = added.headers["Location"].rpartition("/")[2]
    assert people(gateway)["le-van-cuong"].phone == "+84900000777"
    page = admin.posts(f"/admin/officials/{number}/admit").text
    code = re.search(r'id="code">([^<]+)<', page)
    assert code
    web = app.test_client()
    for again, status in ((PASSWORD, 302), (PASSWORD, 422)):
        form = hidden(web.get(f"/new-password?code={code[1].lower()}").text)
        told = {"csrf_token": form["csrf_token"], "code": form["code"], "password": PASSWORD, "again": again}
        assert web.post("/new-password/take-up", data=told).status_code == status
    assert signed_in(app, "le-van-cuong", PASSWORD).opens("/desk/").status_code == 200
    log = logged(admin)
    assert "Person added Lê Văn Cường" in log
    assert "password: a new one" in log
    assert PASSWORD not in log
    assert "argon2" not in log


def test_a_new_code_ends_the_old_password_and_every_session_at_once(app: Flask, gateway: Gateway, clock: Clock):
    officer = signed_in(app, "canbo-kinhte")
    admin, number = signed_in(app, ADMIN), people(gateway)["canbo-kinhte"].id
    assert officer.opens("/desk/").status_code == 200
    page = admin.posts(f"/admin/officials/{number}/admit").text
    assert officer.opens("/desk/").headers["Location"].startswith("/login")
    code = re.search(r'id="code">([^<]+)<', page)
    assert code
    clock.moves(days=7)
    web = app.test_client()
    form = hidden(web.get(f"/new-password?code={code[1]}").text)
    late = {"csrf_token": form["csrf_token"], "code": code[1], "password": PASSWORD, "again": PASSWORD}
    assert web.post("/new-password/take-up", data=late).status_code == 422


@pytest.mark.slow
@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "canbo-kinhte-1"])
def test_a_password_that_is_easily_guessed_is_not_taken(app: Flask, gateway: Gateway, password: str):
    from smsgw.services import personnel
    from smsgw.services.roster import RosterError

    with gateway.database.write() as session:
        official = session.get_one(Official, people(gateway)["canbo-kinhte"].id)
        code = personnel.admit(session, official, gateway.now())
        with pytest.raises(RosterError):
            personnel.choose_password(session, code, password, gateway.now())
        assert official.password is None


@pytest.mark.slow
def test_whoever_leaves_is_signed_out_and_alerted_no_more(app: Flask, gateway: Gateway):
    from smsgw.store import officials

    officer, admin = signed_in(app, "canbo-kinhte"), signed_in(app, ADMIN)
    known = people(gateway)["canbo-kinhte"]
    assert admin.posts(f"/admin/officials/{known.id}/switch", active="").status_code == 302
    assert officer.opens("/desk/").headers["Location"].startswith("/login")
    with gateway.database.read() as session:
        assert known.id not in {one.id for one in officials.with_phone(session, known.unit_id, ("officer",))}
    me = people(gateway)[ADMIN].id
    assert admin.posts(f"/admin/officials/{me}/switch", active="").status_code == 422


@pytest.mark.slow
def test_the_last_administrator_stays_one_and_a_role_stays_in_its_place(app: Flask, gateway: Gateway):
    admin, me = signed_in(app, ADMIN), people(gateway)[ADMIN]
    told = {"name": "A", "language": "vi", "phone": ""}
    alone = admin.posts(f"/admin/officials/{me.id}/amend", **told, role="auditor", unit=str(me.unit_id))
    assert alone.status_code == 422
    misplaced = admin.posts("/admin/officials/add", **told, role="officer", unit=str(units(gateway)[AN_KHE]))
    assert misplaced.status_code == 422
    assert [role.name for role in people(gateway)[ADMIN].roles] == ["admin"]


def test_a_field_goes_to_another_office_from_the_day_on_that_was_said(app: Flask, gateway: Gateway, clock: Clock):
    admin, culture = signed_in(app, ADMIN), offices(gateway)["vhxh"]
    told = {"field": "HT", "unit": str(units(gateway)[AN_KHE]), "office": str(culture), "first": "2026-11-25"}
    assert admin.posts("/admin/fields/route", **told).status_code == 302
    before = filed(gateway, "Den duong hem 12 tat")
    clock.moves(days=2)
    after = filed(gateway, "Den duong hem 13 tat")
    assert row(gateway, before).office_id == offices(gateway)["kt"]
    assert row(gateway, after).office_id == culture
    assert admin.posts("/admin/fields/route", **{**told, "first": "2026-11-24"}).status_code == 422
    foreign = {**told, "office": str(offices(gateway, AN_BINH)["kt"]), "first": "2026-12-01"}
    assert admin.posts("/admin/fields/route", **foreign).status_code == 422


@pytest.mark.slow
def test_a_field_that_is_not_handled_is_offered_nowhere_and_goes_to_a_person(app: Flask, gateway: Gateway):
    admin, focal = signed_in(app, ADMIN), signed_in(app, "dau-moi-ankhe")
    unclear = filed(gateway, "Chuyen nay keo dai", category=None)
    assert '<option value="DB"' in focal.opens(f"/desk/{unclear}").text
    assert admin.posts("/admin/fields/DB/switch", use="").status_code == 302
    assert '<option value="DB"' not in focal.opens(f"/desk/{unclear}").text
    reference = filed(gateway, "Ca xom sot xuat huyet", category=CategoryCode.DB)
    assert (row(gateway, reference).state, row(gateway, reference).office_id) == ("received", None)
    admin.posts("/admin/fields/DB/switch", use="yes")
    assert row(gateway, filed(gateway, "Lai sot xuat huyet", category=CategoryCode.DB)).office_id
    assert "Field that is not handled added DB" in logged(admin)


@pytest.mark.slow
def test_two_offices_become_one_and_what_is_open_goes_over_while_what_was_done_stays(
    app: Flask, gateway: Gateway, clock: Clock
):
    known = offices(gateway)
    done, open_ = filed(gateway, "Den duong hem 1 tat"), filed(gateway, "Den duong hem 2 tat")
    signed_in(app, "canbo-kinhte").answers(done, "Thứ năm đội chiếu sáng đã thay bóng đèn.")
    due = row(gateway, open_).due_at
    admin = signed_in(app, ADMIN)
    merged = admin.posts(f"/admin/units/{known['kt']}/merge", into=str(known["vhxh"]), first="2026-11-24")
    assert merged.status_code == 302
    assert row(gateway, open_).office_id == known["kt"]  # not before its day
    clock.moves(days=1)
    while gateway.settler().batch():
        pass
    assert row(gateway, open_).office_id == known["vhxh"]
    assert row(gateway, open_).due_at == due
    assert row(gateway, done).office_id == known["kt"]
    assert people(gateway)["canbo-kinhte"].unit_id == known["vhxh"]
    desk = signed_in(app, "canbo-kinhte")
    assert desk.opens(f"/desk/{done}").status_code == 200  # what was done there is still read
    assert "offices were merged or split" in desk.opens(f"/desk/{open_}?lang=en").text
    assert row(gateway, filed(gateway, "Den duong hem 3 tat")).office_id == known["vhxh"]


@pytest.mark.slow
def test_a_commune_becomes_part_of_another_and_texts_that_name_it_still_arrive(
    app: Flask, gateway: Gateway, clock: Clock
):
    ids = units(gateway)
    open_ = filed(gateway, unit=AN_BINH)
    answered = filed(gateway, "Den tat", unit=AN_BINH, phone="+84900004321")
    signed_in(app, "canbo-anbinh").answers(answered, "Thứ năm đội chiếu sáng đã thay bóng đèn.")
    admin = signed_in(app, ADMIN)
    assert (
        admin.posts(f"/admin/units/{ids[AN_BINH]}/merge", into=str(ids[AN_KHE]), first="2026-11-23").status_code == 302
    )
    assert (row(gateway, open_).unit_id, row(gateway, open_).office_id) == (ids[AN_KHE], offices(gateway)["kt"])
    assert row(gateway, answered).unit_id == ids[AN_BINH]
    focal = signed_in(app, "dau-moi-ankhe")
    assert focal.opens(f"/desk/{open_}").status_code == 200
    assert focal.opens(f"/desk/{answered}").status_code == 200
    assert row(gateway, filed(gateway, "Den duong tat nua", unit=AN_BINH)).unit_id == ids[AN_KHE]
    assert people(gateway)["dau-moi-anbinh"].unit_id == ids[AN_KHE]


@pytest.mark.slow
def test_an_office_is_split_by_fields_and_open_complaints_of_these_follow(app: Flask, gateway: Gateway):
    lamp = filed(gateway, "Den tat", category=CategoryCode.HT)
    road = filed(gateway, "Duong hu", category=CategoryCode.GT)
    admin, old = signed_in(app, ADMIN), offices(gateway)["kt"]
    done = admin.posts(f"/admin/units/{old}/split", name="Đội Quản lý đô thị", field="HT")
    assert done.status_code == 302
    new = units(gateway)[f"{AN_KHE}-doi-quan-ly-do-thi"]
    assert row(gateway, lamp).office_id == new
    assert row(gateway, road).office_id == old
    assert row(gateway, filed(gateway, "Den tat nua", category=CategoryCode.HT)).office_id == new


@pytest.mark.slow
def test_a_commune_is_split_by_the_former_units_that_texts_name(app: Flask, gateway: Gateway):
    here = filed(gateway, "Den tat", unit="23629", ward="Tú An")
    there = filed(gateway, "Duong hu", unit="23629", ward="Cửu An", phone="+84900004321")
    admin, old = signed_in(app, ADMIN), units(gateway)["23629"]
    done = admin.posts(f"/admin/units/{old}/split", name="Xã Tú An", code="23999", place="Xã Tú An")
    assert done.status_code == 302
    new = units(gateway)
    assert (row(gateway, here).unit_id, row(gateway, here).office_id) == (new["23999"], new["23999-kt"])
    assert row(gateway, there).unit_id == old


@pytest.mark.slow
def test_merging_refuses_what_cannot_be(app: Flask, gateway: Gateway):
    admin, known = signed_in(app, ADMIN), offices(gateway)
    for into, first in (
        (known["kt"], "2026-11-24"),
        (units(gateway)[AN_BINH], "2026-11-24"),
        (known["ca"], "2026-11-22"),
    ):
        refused = admin.posts(f"/admin/units/{known['kt']}/merge", into=str(into), first=first)
        assert refused.status_code == 422
    with gateway.database.read() as session:
        assert session.get_one(Unit, known["kt"]).valid_to is None


@pytest.mark.slow
def test_a_provider_is_taken_out_of_use_and_no_text_goes_by_it(app: Flask, gateway: Gateway, works):  # type: ignore[no-untyped-def]
    from tests.handlers.desks import texts

    admin = signed_in(app, ADMIN)
    assert admin.posts("/admin/providers/simulator/switch", use="").status_code == 302
    assert "every text waits" in admin.opens("/admin/providers?lang=en").text
    reference = filed(gateway)
    signed_in(app, "canbo-kinhte").answers(reference, "Thứ năm đội chiếu sáng đã thay bóng đèn.")
    with gateway.database.write() as session:
        from smsgw.services.allotting import Allotter

        allotter = Allotter.begin(session, ("simulator",), {}, gateway.now())
        assert allotter._senders("") == []
    admin.posts("/admin/providers/simulator/switch", use="yes")
    works()
    assert [text.state for text in texts(gateway)] == ["accepted"]
    assert admin.posts("/admin/providers/nobody/switch").status_code == 404


@pytest.mark.slow
def test_the_log_names_who_when_before_and_after_and_auditors_read_it(app: Flask, gateway: Gateway):
    admin, unit = signed_in(app, ADMIN), units(gateway)[AN_KHE]
    admin.posts(f"/admin/units/{unit}/amend", name="Phường An Khê mới", duty_phone="0900 000 115")
    admin.posts("/admin/calendar/day", day="2027-03-03", kind="off", name="Lễ hội", source="QĐ 9")
    admin.posts("/admin/keepers/name", official="lanhdao-ankhe", unit=str(unit))
    log = logged(signed_in(app, "kiemtoan"))
    assert "Unit or office changed Phường An Khê mới name: Phường An Khê" in log
    assert "duty phone: +84900000115" in log
    assert "Calendar added Lễ hội" in log
    assert "Reader of sealed texts added Lãnh đạo phường An Khê (demo)" in log
    assert log.count("Quản trị hệ thống (demo)") == 3
    assert signed_in(app, "dau-moi-ankhe").opens("/admin/log").status_code == 403


@pytest.mark.slow
def test_a_command_stands_in_the_log_too(app: Flask, gateway: Gateway):
    told = app.test_cli_runner().invoke(args=["unit", "duty", AN_KHE, "0900000113"])
    assert told.exit_code == 0, told.output
    assert "by a command" in logged(signed_in(app, ADMIN))


@pytest.mark.slow
def test_what_fails_is_not_logged(app: Flask, gateway: Gateway):
    admin = signed_in(app, ADMIN)
    admin.posts("/admin/units/add", name="Xã Mới", kind="commune", code=AN_KHE)
    assert "Nothing was changed yet." in logged(admin)
    with gateway.database.read() as session:
        assert session.get(Route, 0) is None


@pytest.mark.slow
def test_settings_are_shown_without_a_secret(app: Flask, gateway: Gateway):
    page = signed_in(app, ADMIN).opens("/admin/settings").text
    assert gateway.settings.secret_key not in page
    assert "Phản ánh An Khê (demo)" in page
