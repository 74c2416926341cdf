"""Administrators keep terms and calendar, anybody's sum is explained, and officials ask for more time."""

import io
import re
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.store.tables import CalendarDay, DeadlineRule, OfficeHours
from tests.conftest import Bell, Clock
from tests.handlers.desks import AN_BINH, AN_KHE, Desk, filed, hidden, row, signed_in, texts, units

TERM = {
    "field": "GT",
    "unit": "",
    "step": "answer",
    "level": "normal",
    "amount": "4",
    "measure": "days-working",
    "first": "2026-11-23",
    "last": "",
    "pause_days": "3",
    "source": "QD 12/2026/QD-UBND",
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
def admin(app: Flask) -> Desk:
    return signed_in(app, "quantri")


def rules(gateway: Gateway) -> list[DeadlineRule]:
    with gateway.database.read() as session:
        return list(session.scalars(select(DeadlineRule).order_by(DeadlineRule.id)))


def days(gateway: Gateway) -> dict[date, bool]:
    with gateway.database.read() as session:
        return {row.day: row.working for row in session.scalars(select(CalendarDay))}


class TestTerms:
    def test_a_new_row_is_put_into_the_table_and_the_former_one_ends(self, admin: Desk, gateway: Gateway):
        assert admin.posts("/admin/terms/new", **TERM, confirmed="yes").status_code == 302
        new = rules(gateway)[-1]
        assert (new.category, new.amount, new.pause_days, new.confirmed) == ("GT", 4, 3, True)
        former = [rule for rule in rules(gateway) if rule.category == "GT" and rule.id != new.id]
        assert [rule.valid_to for rule in former] == [date(2026, 11, 22)]
        page = admin.opens("/admin/terms?lang=en").text
        assert "QD 12/2026/QD-UBND" in page
        assert "a question stops it, 3 days at most" in page

    def test_everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays(self, admin: Desk, gateway: Gateway):
        before = len(rules(gateway))
        wrong = TERM | {"amount": "0", "first": "soon", "source": " ", "pause_days": "99", "last": "x"}
        page = admin.posts("/admin/terms/new?lang=en", **wrong)
        assert page.status_code == 422
        alert = re.search(r'role="alert".*?</div>', page.text, re.DOTALL)
        assert alert
        assert alert[0].count("<li>") == 5
        assert '<option value="GT" selected>' in page.text
        assert len(rules(gateway)) == before

    def test_a_row_in_the_past_is_refused_in_the_language_of_the_page(self, admin: Desk):
        page = admin.posts("/admin/terms/new?lang=vi", **TERM | {"first": "2026-11-22"})
        assert page.status_code == 422
        assert "Thời hạn không áp dụng lùi về trước" in page.text

    @pytest.mark.parametrize("field", ["step", "level", "measure", "field"])
    def test_words_that_no_form_of_ours_sends_are_refused(self, admin: Desk, field: str):
        assert admin.posts("/admin/terms/new", **TERM | {field: "nonsense"}).status_code == 400

    def test_rows_are_confirmed_and_ended_by_a_button(self, admin: Desk, gateway: Gateway):
        light = next(rule for rule in rules(gateway) if rule.category == "HT")
        assert admin.posts(f"/admin/terms/{light.id}/confirm").status_code == 302
        confirmed = rules(gateway)[-1]
        assert (confirmed.category, confirmed.confirmed) == ("HT", True)
        assert admin.posts(f"/admin/terms/{confirmed.id}/end").status_code == 302
        assert admin.posts(f"/admin/terms/{confirmed.id}/end").status_code == 422
        assert admin.posts("/admin/terms/999999/end").status_code == 422

    def test_an_act_is_taken_over_with_its_source(self, admin: Desk, gateway: Gateway):
        assert admin.posts("/admin/terms/preset", preset="ha-noi-2025", first="2026-12-01").status_code == 302
        assert {rule.step for rule in rules(gateway)[-2:]} == {"receive", "resolve"}
        assert "1207/QĐ-UBND" in admin.opens("/admin/terms").text
        assert admin.posts("/admin/terms/preset", preset="nothing", first="2026-12-01").status_code == 422


class TestCalendar:
    def test_a_day_is_put_in_and_taken_out(self, admin: Desk, gateway: Gateway):
        form = {"day": "2026-11-25", "kind": "off", "name": "Lũ", "source": "TB 5/UBND"}
        assert admin.posts("/admin/calendar/day", **form).status_code == 302
        assert days(gateway)[date(2026, 11, 25)] is False
        assert row(gateway, filed(gateway)).due_at == local("2026-11-30 17:00"), "the next complaint counts without it"
        assert admin.posts("/admin/calendar/day/2026-11-25/forget").status_code == 302
        assert date(2026, 11, 25) not in days(gateway)

    def test_a_day_without_an_act_is_refused(self, admin: Desk):
        form = {"day": "2026-11-25", "kind": "off", "name": "Lu", "source": " "}
        assert admin.posts("/admin/calendar/day", **form).status_code == 422
        assert admin.posts("/admin/calendar/day", **form | {"day": "soon"}).status_code == 422

    def test_a_closure_of_one_commune_moves_the_dates_of_that_commune_alone(self, admin: Desk, gateway: Gateway):
        here = str(units(gateway)[AN_KHE])
        form = {"day": "2026-11-25", "kind": "off", "name": "Lũ", "source": "TB 5/UBND", "unit": here}
        assert admin.posts("/admin/calendar/day", **form).status_code == 302
        assert row(gateway, filed(gateway)).due_at == local("2026-11-30 17:00")
        there = row(gateway, filed(gateway, unit=AN_BINH, phone="+84900001235"))
        assert there.due_at == local("2026-11-27 17:00")
        sums = admin.opens(f"/admin/what-if?lang=en&at=2026-11-23T09:00&field=HT&unit={here}").text
        assert "holiday or closed: Lũ" in sums
        assert admin.posts("/admin/calendar/day", **form | {"kind": "working"}).status_code == 422
        assert admin.posts("/admin/calendar/day", **form | {"unit": "9999"}).status_code == 422
        assert admin.posts(f"/admin/calendar/closure/{here}/2026-11-25/forget").status_code == 302
        assert row(gateway, filed(gateway, phone="+84900001236")).due_at == local("2026-11-27 17:00")

    def test_other_hours_hold_from_their_day_on(self, admin: Desk, gateway: Gateway, clock: Clock):
        form = {"first": "2026-12-01", "opens": "07:30", "breaks": "11:30", "resumes": "13:00", "closes": "16:30"}
        assert admin.posts("/admin/calendar/hours", **form, source="TB 7").status_code == 302
        assert row(gateway, filed(gateway)).due_at == local("2026-11-27 17:00")
        clock.at = local("2026-11-30 10:00")
        assert row(gateway, filed(gateway, phone="+84900001235")).due_at == local("2026-12-03 16:30")

    @pytest.mark.parametrize(
        "wrong", [{"first": "2026-11-22"}, {"breaks": "07:00"}, {"closes": "late"}, {"source": ""}, {"first": ""}]
    )
    def test_hours_that_make_no_day_are_refused(self, admin: Desk, gateway: Gateway, wrong: dict[str, str]):
        form = {"first": "2026-12-01", "opens": "07:30", "breaks": "11:30", "resumes": "13:00", "closes": "16:30"}
        assert admin.posts("/admin/calendar/hours", **{**form, "source": "TB 7", **wrong}).status_code == 422
        with gateway.database.read() as session:
            assert session.scalars(select(OfficeHours)).all() == []

    def test_a_file_is_looked_at_before_it_counts(self, admin: Desk, gateway: Gateway):
        before = days(gateway)
        shown = admin.posts(
            "/admin/calendar/import?lang=en", text="2027-02-13;working;Make-up;\n2026-01-02;off;Day;\n", source="QD 1"
        )
        assert shown.status_code == 200
        assert days(gateway) == before
        assert "other than before" in shown.text
        form = re.search(r'<form class="act".*?</form>', shown.text, re.DOTALL)
        assert form
        assert admin.web.post("/admin/calendar/import", data=hidden(form[0])).status_code == 302
        assert days(gateway)[date(2027, 2, 13)] is True

    def test_a_calendar_file_can_be_sent(self, admin: Desk):
        token = hidden(admin.opens("/admin/calendar").text)["csrf_token"]
        words = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270204\nSUMMARY:Tet\nEND:VEVENT\nEND:VCALENDAR"
        sent = {"csrf_token": token, "source": "QD 1", "file": (io.BytesIO(words), "tet.ics")}
        page = admin.web.post("/admin/calendar/import?lang=en", data=sent)
        assert "04/02/2027" in page.text
        assert "off already, as a public holiday" in page.text

    @pytest.mark.parametrize("way", ["file", "text"])
    def test_a_file_is_read_whole_or_not_at_all(self, admin: Desk, gateway: Gateway, way: str):
        before = days(gateway)
        words = "2027-02-04;off;Tet;QD 1\n" * 2100 + "2027-02-13;working;Make-up;QD 1\n"
        sent = {"file": (io.BytesIO(words.encode()), "days.csv")} if way == "file" else {"text": words}
        token = hidden(admin.opens("/admin/calendar").text)["csrf_token"]
        page = admin.web.post("/admin/calendar/import", data={"csrf_token": token, "keep": "yes", **sent})
        assert page.status_code == 413
        assert days(gateway) == before

    def test_nul_in_a_file_is_kept_as_a_sign_that_stands_for_none(self, admin: Desk, gateway: Gateway):
        token = hidden(admin.opens("/admin/calendar").text)["csrf_token"]
        sent = {"file": (io.BytesIO(b"2027-02-13;working;Make\0up;QD 1"), "days.csv"), "keep": "yes"}
        assert admin.web.post("/admin/calendar/import", data={"csrf_token": token, **sent}).status_code == 302
        with gateway.database.read() as session:
            row = session.get(CalendarDay, date(2027, 2, 13))
        assert row
        assert row.name == "Make\ufffdup"

    def test_a_file_with_mistakes_changes_nothing_and_tells_all_of_them(self, admin: Desk, gateway: Gateway):
        before = days(gateway)
        text = "2027-02-30;off;Tet;\n2027-02-04;maybe;Tet;\n2027-02-05;off;Tet;\n"
        page = admin.posts("/admin/calendar/import?lang=en", text=text, keep="yes")
        assert page.status_code == 422
        assert all(words in page.text for words in ("Line 1:", "Line 2:", "Give the act that the days come from."))
        assert days(gateway) == before


class TestWhatIf:
    def test_any_moment_gives_due_dates_alerts_and_the_sum(self, admin: Desk):
        page = admin.opens("/admin/what-if?lang=en&at=2027-02-03T15:00&field=GT").text
        assert "due 17:00 17/02/2027" in page
        assert "holiday or closed: Lunar New Year" in page
        assert "07:00 18/02/2027" in page

    def test_a_stop_of_the_clock_can_be_supposed(self, admin: Desk):
        asked = "at=2026-11-23T09:00&field=HT&stands_from=2026-11-25T10:00&stands_until=2026-11-26T10:00"
        page = admin.opens(f"/admin/what-if?lang=en&{asked}").text
        assert "due 17:00 30/11/2026" in page
        assert "the clock stood: waiting for the citizen" in page

    def test_a_clock_cannot_stand_before_the_complaint_has_come(self, admin: Desk):
        asked = "at=2026-11-25T09:00&field=HT&stands_from=2026-11-02T10:00&stands_until=2026-11-25T10:00"
        assert "due 17:00 30/11/2026" in admin.opens(f"/admin/what-if?lang=en&{asked}").text

    @pytest.mark.parametrize(
        "asked", ["at=soon", "stands_from=2026-11-25T10:00", "at=9999-12-31T23:59", "field=XX&unit=x"]
    )
    def test_nonsense_is_said_to_be_so_and_breaks_nothing(self, admin: Desk, asked: str):
        assert admin.opens(f"/admin/what-if?{asked}").status_code == 200


class TestMoreTime:
    def test_an_officer_asks_the_leader_grants_and_the_citizen_reads_it(self, app: Flask, gateway: Gateway, bell: Bell):
        reference = filed(gateway)
        officer, leader = signed_in(app, "canbo-kinhte"), signed_in(app, "lanhdao-ankhe")
        assert officer.posts(f"/desk/{reference}/time", until="2026-12-04", reason="cho vat tu").status_code == 302
        assert "Grant it" not in officer.opens(f"/desk/{reference}?lang=en").text
        assert "Grant it" in leader.opens(f"/desk/{reference}?lang=en").text
        bell.rung.clear()
        assert leader.posts(f"/desk/{reference}/time/decide", decision="grant").status_code == 302
        assert bell.rung == ["outbox"]
        assert row(gateway, reference).due_at == local("2026-12-04 17:00")
        assert "17h 4/12" in texts(gateway)[-1].body
        page = officer.opens(f"/desk/{reference}?lang=en").text
        assert "Until 04/12/2026: cho vat tu" in page
        assert "More time granted: 1 times" in page

    def test_what_stands_against_it_is_said_on_the_page(self, app: Flask, gateway: Gateway):
        reference, officer = filed(gateway), signed_in(app, "canbo-kinhte")
        for form in (
            {"until": "", "reason": "x"},
            {"until": "2026-12-05", "reason": "x"},
            {"until": "2026-12-04", "reason": ""},
        ):
            page = officer.posts(f"/desk/{reference}/time", **form)
            assert page.status_code == 422
            assert 'role="alert"' in page.text
        assert officer.posts(f"/desk/{reference}/time/decide", decision="grant").status_code == 403

    def test_a_refusal_needs_a_reason(self, app: Flask, gateway: Gateway):
        reference, leader = filed(gateway), signed_in(app, "lanhdao-ankhe")
        signed_in(app, "canbo-kinhte").posts(f"/desk/{reference}/time", until="2026-12-04", reason="cho vat tu")
        assert leader.posts(f"/desk/{reference}/time/decide", decision="refuse", reason="").status_code == 422
        assert leader.posts(f"/desk/{reference}/time/decide", decision="refuse", reason="lam ngay").status_code == 302
        assert leader.posts(f"/desk/{reference}/time/decide", decision="grant").status_code == 409


class TestAStoppedClock:
    @pytest.fixture
    def reference(self, app: Flask, gateway: Gateway) -> str:
        with gateway.database.write() as session:
            session.execute(update(DeadlineRule).values(pause_days=5))
        reference, officer = filed(gateway), signed_in(app, "canbo-kinhte")
        shown = officer.previews(reference, "Hem 12 nao?", "question")
        officer.agrees(reference, shown, "question")
        return reference

    def test_the_page_says_since_when_it_stands_and_lets_it_run_on_once(
        self, app: Flask, gateway: Gateway, reference: str, clock: Clock
    ):
        officer = signed_in(app, "canbo-kinhte")
        page = officer.opens(f"/desk/{reference}?lang=en").text
        assert "until then the clock stands" in page
        assert "The clock stands</span>" in officer.opens("/desk/?lang=en").text
        assert "The clock stands since 09:00 23/11/2026" in page
        clock.at = local("2026-11-26 10:00")
        assert officer.posts(f"/desk/{reference}/run-on").status_code == 302
        assert officer.posts(f"/desk/{reference}/run-on").status_code == 409
        assert row(gateway, reference).due_at == local("2026-11-30 17:00")
        assert "17h 30/11" in texts(gateway)[-1].body
        assert "New due date: 17:00 30/11/2026" in officer.opens(f"/desk/{reference}?lang=en").text
