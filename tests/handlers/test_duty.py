"""Administrators keep the roster and leave; a deputy sees and handles the cases of who is away, there and nowhere else."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, DutyShift, Event, Leave, Official
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, Desk, filed, row, signed_in

LEAVE = {"away": "truong-kinhte", "deputy": "congan-ankhe", "from": "2026-11-23", "until": "2026-11-27"}
WATCH = {"official": "congan-ankhe", "first": "2026-11-23", "last": "2026-11-24"}


@pytest.fixture
def admin(app: Flask) -> Desk:
    return signed_in(app, "quantri")


def unit_id(gateway: Gateway, code: str = "23617") -> str:
    with gateway.database.read() as session:
        return str(gateway.handbook(session).by_code[code].id)


class TestThePage:
    def test_who_is_put_on_watch_is_shown_and_taken_out_again(self, admin: Desk, gateway: Gateway) -> None:
        assert "máy trực" in admin.opens("/admin/duty").text
        assert admin.posts("/admin/duty/shift", **WATCH, unit=unit_id(gateway)).status_code == 302
        page = admin.opens("/admin/duty?lang=en").text
        assert "day and night" in page
        assert page.count("Công an phường An Khê (demo)") > 4
        assert admin.posts("/admin/duty/shift/1/remove").status_code == 302
        with gateway.database.read() as session:
            assert session.scalars(select(DutyShift)).all() == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"last": ""}, "Choose the people and the unit"),
            ({"begins": "07:00"}, "Give both times"),
            ({"first": "2026-11-01", "last": "2026-11-02"}, "These days are over."),
            ({"official": "canbo-anbinh"}, "must belong to that unit"),
        ],
    )
    def test_what_cannot_be_is_said_and_what_was_typed_stays(
        self, admin: Desk, gateway: Gateway, wrong: dict[str, str], said: str
    ) -> None:
        page = admin.posts("/admin/duty/shift?lang=en", **{**WATCH, "unit": unit_id(gateway), **wrong})
        assert page.status_code == 422
        assert said in page.text
        chosen = wrong.get("official", WATCH["official"])
        assert f'<option value="{chosen}" selected>' in page.text

    def test_a_leave_is_noted_once_and_ended(self, admin: Desk, gateway: Gateway, clock: Clock) -> None:
        assert admin.posts("/admin/duty/leave", **LEAVE).status_code == 302
        assert admin.posts("/admin/duty/leave?lang=en", **LEAVE).status_code == 422
        clock.moves(days=2)
        assert admin.posts("/admin/duty/leave/1/end").status_code == 302
        with gateway.database.read() as session:
            assert session.scalars(select(Leave)).one().last.isoformat() == "2026-11-24"

    def test_the_digest_is_switched_off_for_one_person(self, admin: Desk, gateway: Gateway) -> None:
        admin.posts("/admin/duty/digest", whose="canbo-kinhte", digest="no")
        with gateway.database.read() as session:
            off = session.scalars(select(Official.username).where(Official.digest.is_(False))).all()
        assert off == ["canbo-kinhte"]
        assert "Without it now: Cán bộ phòng Kinh tế An Khê" in admin.opens("/admin/duty?lang=en").text


@pytest.mark.slow
class TestADeputy:
    @pytest.mark.slow
    def test_sees_the_cases_of_who_is_away_and_whose_they_are_until_they_are_back(
        self, app: Flask, admin: Desk, gateway: Gateway, clock: Clock
    ) -> None:
        reference = filed(gateway)
        deputy = signed_in(app, "congan-ankhe")
        assert deputy.opens(f"/desk/{reference}").status_code == 404
        admin.posts("/admin/duty/leave", **LEAVE)
        assert "You stand in for Trưởng phòng Kinh tế An Khê (demo)" in deputy.opens("/desk/?lang=en").text
        page = deputy.opens(f"/desk/{reference}?lang=en").text
        assert "Stands in: Công an phường An Khê (demo)" in page
        clock.moves(days=5)
        assert deputy.opens(f"/desk/{reference}").status_code == 404

    @pytest.mark.slow
    def test_may_do_there_what_the_absent_head_may_and_in_their_own_office_no_more_than_before(
        self, app: Flask, admin: Desk, gateway: Gateway
    ) -> None:
        there, own = filed(gateway), filed(gateway, "AN trom xe", phone="+84900001235")
        with gateway.database.write() as session:
            police = gateway.handbook(session).by_code["23617-ca"].id
            session.scalars(select(Complaint).where(Complaint.reference == own)).one().office_id = police
        admin.posts("/admin/duty/leave", **LEAVE)
        officer, deputy = signed_in(app, "canbo-kinhte"), signed_in(app, "congan-ankhe")
        wish = {"until": "2026-12-04", "reason": "cho vat tu"}
        officer.posts(f"/desk/{there}/time", **wish)
        deputy.posts(f"/desk/{own}/time", **wish)
        assert deputy.posts(f"/desk/{there}/time/decide", decision="grant").status_code == 302
        assert row(gateway, there).due_at.isoformat() == "2026-12-04T10:00:00+00:00"
        leader = signed_in(app, "lanhdao-ankhe")
        admin.posts("/admin/duty/leave", **{**LEAVE, "away": "lanhdao-ankhe", "deputy": "canbo-kinhte"})
        assert officer.opens(f"/desk/{own}").status_code == 200
        assert leader.opens(f"/desk/{own}").status_code == 200

    def test_of_another_unit_sees_nothing_of_it(self, app: Flask, admin: Desk, gateway: Gateway) -> None:
        admin.posts("/admin/duty/leave", **LEAVE)
        elsewhere = filed(gateway, unit=AN_BINH)
        assert signed_in(app, "congan-ankhe").opens(f"/desk/{elsewhere}").status_code == 404


class TestOpening:
    def test_the_office_opens_a_case_once_and_the_leaders_look_opens_nothing(
        self, app: Flask, gateway: Gateway
    ) -> None:
        reference = filed(gateway)
        signed_in(app, "lanhdao-ankhe").opens(f"/desk/{reference}")
        assert row(gateway, reference).unopened_since is not None
        officer = signed_in(app, "canbo-kinhte")
        for _ in range(2):
            assert officer.opens(f"/desk/{reference}").status_code == 200
        assert row(gateway, reference).unopened_since is None
        with gateway.database.read() as session:
            assert len(session.scalars(select(Event).where(Event.kind == "opened")).all()) == 1

    @pytest.mark.slow
    def test_that_a_colleague_opens_it_stops_nobody_who_is_writing(self, app: Flask, gateway: Gateway) -> None:
        reference = filed(gateway)
        officer, head = signed_in(app, "canbo-kinhte"), signed_in(app, "truong-kinhte")
        with gateway.database.read() as session:
            seen = str(session.scalars(select(Event.id).where(Event.kind == "received")).all()[-1])
        preview = officer.posts(f"/desk/{reference}/answer", text="Da sua xong duong hom qua.", seen=seen)
        head.opens(f"/desk/{reference}")
        officer.agrees(reference, preview)
        assert row(gateway, reference).state == "answered"


class TestTheCommand:
    HEAD = "unit,first,last,hours,official\n"

    def test_a_roster_is_read_from_a_file_and_shown_for_a_moment(self, app: Flask, tmp_path: Path) -> None:
        types, file = app.test_cli_runner().invoke, tmp_path / "roster.csv"
        file.write_text(f"{self.HEAD}23617,2026-11-23,2026-11-24,19:00-07:00,congan-ankhe\n", encoding="utf-8")
        for _ in range(2):
            assert types(args=["duty", "import", str(file)]).output == "rows: 1\n"
        night = types(args=["duty", "show", "--at", "2026-11-23T22:00"]).output
        assert "Phường An Khê: Công an phường An Khê (demo), 0900 000 105" in night
        assert "Phường An Khê: duty phone" in types(args=["duty", "show", "--at", "2026-11-23T12:00"]).output

    def test_a_file_with_mistakes_changes_nothing_and_tells_all_of_them(
        self, app: Flask, gateway: Gateway, tmp_path: Path
    ) -> None:
        file = tmp_path / "roster.csv"
        rows = "23617,2026-11-23,,24/7,congan-ankhe\n99,2026-11-23,,24/7,congan-ankhe\n23617,2026-11-23,,24/7,nobody\n"
        file.write_text(self.HEAD + rows, encoding="utf-8")
        said = app.test_cli_runner().invoke(args=["duty", "import", str(file)])
        assert said.exit_code == 1
        assert "line 3" in said.output
        assert "line 4: there is no official 'nobody'" in said.output
        with gateway.database.read() as session:
            assert session.scalars(select(DutyShift)).all() == []


def test_the_what_if_page_names_who_hears_and_who_is_on_watch(admin: Desk, gateway: Gateway) -> None:
    admin.posts("/admin/duty/leave", **{**LEAVE, "away": "canbo-kinhte", "until": "2026-12-31"})
    admin.posts("/admin/duty/shift", **WATCH, unit=unit_id(gateway))
    office = unit_id(gateway, "23617-kt")
    page = admin.opens(f"/admin/what-if?lang=en&at=2026-11-23T09:00&field=GT&unit={office}").text
    assert "Công an phường An Khê (demo) in place of Cán bộ phòng Kinh tế An Khê (demo)" in page
    assert "A danger at that moment is texted to: Công an phường An Khê (demo)" in page
    assert "in the digest of 07:30 30/11/2026" in page
    assert "silence: to the head at 15:00 01/12/2026" in page
