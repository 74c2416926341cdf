"""What an operator types, and what comes back."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Rule, the_rule
from smsgw.gateway import Gateway
from smsgw.providers.contract import Surroundings
from smsgw.providers.kannel import Kannel
from smsgw.store import labels
from smsgw.store.database import Database
from smsgw.store.passwords import HASHER
from smsgw.store.tables import Call, Citizen, Complaint, Event, Inbound, Official, Outgoing, Route, Unit
from tests.conftest import Clock
from tests.handlers.desks import filed

AN_KHE = "23617"


@pytest.fixture
def types(app: Flask):
    """Runs one command."""

    def run(*words: str, given: str = "") -> Result:
        return app.test_cli_runner().invoke(args=list(words), input=given)

    return run


def complaint(gateway: Gateway, number: int, **more: object) -> None:
    now = gateway.now()
    with gateway.database.write() as session:
        citizen = Citizen(phone=f"+8490000090{number:02}", created_at=now)
        session.add(citizen)
        session.flush()
        told = {
            "key": f"test:{number}",
            "reference": f"900{number:02}",
            "citizen_id": citizen.id,
            "channel": "sms",
            "text": "mat nuoc",
            "unit_id": session.scalars(select(Unit.id).where(Unit.code == AN_KHE, Unit.kind == "ward")).one(),
            "state": "assigned",
            "received_at": now,
            "due_at": now + timedelta(days=3),
            "look_at": now,
        }
        session.add(Complaint(**{**told, **more}))


def _answer(session: Session, gateway: Gateway, reference: str) -> Outgoing:
    """An answer's text to the citizen of this complaint, as the outbox has it."""
    asked = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
    row = Outgoing(
        key=f"answer:{asked.id}:1",
        kind="OfficeAnswer",
        lane=2,
        recipient=asked.citizen.phone,
        body="Da sua duong.",
        segments=1,
        complaint_id=asked.id,
        next_attempt_at=gateway.now(),
        created_at=gateway.now(),
    )
    session.add(row)
    return row


class TestUnderstand:
    def test_each_line_is_answered_by_one_line_with_its_id(self, types):
        lines = [{"id": "a", "text": "TT"}, {"id": "b", "text": "PA HT đèn đường tắt ở hẻm 12 Quang Trung"}]
        result = types("understand", given="\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
        told = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exit_code == 0
        assert [line["id"] for line in told] == ["a", "b"]
        assert [line["intent"] for line in told] == ["status", "new_complaint"]
        assert {"category", "ward", "place_text", "missing", "urgent", "seed_group"} <= told[0].keys()

    def test_reasons_come_only_when_asked_for(self, types):
        line = json.dumps({"id": "a", "text": "PA DN mat nuoc"})
        silent, told = (json.loads(types("understand", *flag, given=line).stdout) for flag in ((), ("--explain",)))
        assert set(told) > set(silent)

    def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on(self, types):
        given = '{"id": "a", "text": "TT"}\nnot json\n[1]\n{"id": "b"}\n\n{"id": "c", "text": "HD"}\n'
        result = types("understand", given=given)
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "c"]
        assert result.exit_code == 1
        assert re.findall(r"line (\d) ", result.stderr) == ["2", "3", "4"]

    def test_a_text_typed_behind_it_is_told_for_eyes(self, types):
        result = types("understand", "--explain", "mat nuoc o thon 2 tu an tu hom qua")
        assert result.exit_code == 0
        assert re.search(r"^category +DN$", result.stdout, re.MULTILINE)
        assert re.search(r"^category +DN +\+[0-9.]+ +mat nuoc$", result.stdout, re.MULTILINE)

    def test_explained_lines_say_which_words_spoke_for_what(self, types):
        told = json.loads(types("understand", "--explain", given='{"id": "a", "text": "mat nuoc thon 2 tu an"}').stdout)
        assert {"question": "place", "answer": "Tú An", "words": "thon 2 tu an", "weight": 1.0} in told["spoke"]
        assert next(iter(told["categories"])) == told["category"] == "DN"

    def test_it_needs_no_database(self, types, breaks: Callable[[], None]):
        breaks()
        assert types("understand", given='{"id": "a", "text": "TT"}').exit_code == 0


class TestLabels:
    def test_what_officials_decided_is_written_for_the_next_training_and_shown_as_a_table(self, types, gateway):
        decided(gateway, read_as="HT", decided="DN")
        lesson = json.loads(types("labels").stdout)
        table = types("confusion").stdout.splitlines()
        assert lesson["category"] == "DN"
        assert [line.split()[0] for line in table] == ["decided", "DN"]
        assert table[1].endswith("0%")
        told = json.loads(types("confusion", "--json").stdout)
        assert told == [{"decided": "DN", "read": "HT", "count": 1}]

    def test_before_any_decision_it_says_so(self, types):
        assert "No official" in types("confusion").stdout
        assert types("labels").stdout == ""


def decided(gateway: Gateway, *, read_as: str, decided: str) -> None:
    reference = filed(gateway, category=CategoryCode(read_as))
    with gateway.database.write() as session:
        matter = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        labels.keep(session, matter, decided, None, gateway.now())


class TestReport:
    PERIOD = ("report", "--from", "2026-11-01", "--to", "2026-11-30")

    @pytest.fixture(autouse=True)
    def _a_month(self, gateway: Gateway, clock: Clock):
        """Six in November: two answered in time, one late, one overdue, one in hand, one withdrawn; one of October."""
        early = clock.at - timedelta(days=10)
        complaint(gateway, 1, category="GT", received_at=early, due_at=clock.at, state="answered", answered_at=early)
        complaint(gateway, 2, category="DB", received_at=early, due_at=clock.at, state="answered", answered_at=clock.at)
        late = clock.at - timedelta(hours=1)
        complaint(gateway, 3, category="DD", received_at=early, due_at=early, state="answered", answered_at=late)
        complaint(gateway, 4, category=None, received_at=early, due_at=late)
        complaint(gateway, 5, category="HT", received_at=early)
        complaint(gateway, 6, category="MT", received_at=early, due_at=late, state="withdrawn")
        with gateway.database.write() as session:
            withdrawn = session.scalars(select(Complaint.id).where(Complaint.reference == "90006")).one()
            session.add(Event(complaint_id=withdrawn, at=early, kind="withdrawn"))
        october = datetime(2026, 10, 5, tzinfo=UTC)
        complaint(gateway, 7, category="HT", received_at=october, due_at=october, state="answered", answered_at=october)
        clock.moves(seconds=1)

    def test_its_json_has_the_figures(self, types):
        told = json.loads(types(*self.PERIOD, "--format", "json").stdout)
        assert told["received"] == 6
        assert told["groups"] == {"covid": 1, "traffic": 1, "land": 1, "other": 3}
        assert {code: n for code, n in told["categories"].items() if n} == {
            **dict.fromkeys(("GT", "HT", "DD", "DB", "MT"), 1),
            "none": 1,
        }
        assert (told["answered"], told["on_time"], told["late"], told["in_hand"]) == (3, 3, 2, 2)
        assert told["on_time_share"] == pytest.approx(4 / 6)

    def test_it_tells_which_answers_no_text_could_bring_and_who_was_told_by_phone(self, types, gateway: Gateway):
        with gateway.database.write() as session:
            answers = [_answer(session, gateway, reference) for reference in ("90001", "90002", "90003")]
            answers[0].state = answers[1].state = "failed"
            answers[2].state = "delivery_unknown"
        assert gateway.switchboard().batch() == 2
        with gateway.database.write() as session:
            first = session.scalars(select(Call).order_by(Call.id)).first()
            assert first
            first.state = "told"
        told = json.loads(types(*self.PERIOD, "--format", "json").stdout)
        assert {name: n for name, n in told.items() if name.startswith("answers_")} == {
            "answers_not_delivered": 2,
            "answers_told_by_phone": 1,
            "answers_to_phone": 1,
            "answers_delivery_unknown": 1,
        }
        table = types(*self.PERIOD, "--language", "en").stdout
        assert re.search(r"Answers that no text could bring \.+ 2\n  told by phone \.+ 1\n", table)

    def test_its_table_shows_the_share_beside_the_answers(self, types):
        table = types(*self.PERIOD, "--language", "en").stdout
        assert re.search(r"On-time share \.+ 66\.7 % \(answered 3 of 6\)", table)
        assert re.search(r"Received in the period \.+ 6$", table, re.MULTILINE)
        assert max(map(len, table.splitlines())) <= 66

    def test_no_number_is_shown_where_there_was_nothing_to_handle(self, types):
        nothing = ("report", "--from", "2025-01-01", "--to", "2025-01-31")
        assert json.loads(types(*nothing, "--format", "json").stdout)["on_time_share"] is None
        assert re.search(r"Late share \.+ -$", types(*nothing, "--language", "en").stdout, re.MULTILINE)

    def test_it_is_written_to_a_file(self, types, tmp_path: Path):
        file = tmp_path / "november.json"
        result = types(*self.PERIOD, "--format", "json", "--output", str(file))
        assert (result.exit_code, result.stdout) == (0, "")
        assert json.loads(file.read_text("utf-8"))["received"] == 6

    def test_a_file_that_cannot_be_written_is_named(self, types, tmp_path: Path):
        result = types(*self.PERIOD, "--output", str(tmp_path / "nowhere" / "r.txt"))
        assert result.exit_code == 1
        assert "r.txt" in result.stderr

    @pytest.mark.parametrize(
        ("first", "last"), [("2026-11-31", "2026-12-01"), ("yesterday", "2026-12-01"), ("2026-12-02", "2026-12-01")]
    )
    def test_impossible_days_are_refused(self, types, first: str, last: str):
        result = types("report", "--from", first, "--to", last)
        assert result.exit_code == 2
        assert "Traceback" not in result.output

    def test_a_day_begins_at_midnight_in_viet_nam(self, types, gateway: Gateway):
        complaint(gateway, 8, received_at=datetime(2026, 9, 30, 17, 0, tzinfo=UTC))
        complaint(gateway, 9, received_at=datetime(2026, 9, 30, 16, 59, tzinfo=UTC))
        day = types("report", "--from", "2026-10-01", "--to", "2026-10-01", "--format", "json")
        assert (json.loads(day.stdout)["received"], json.loads(day.stdout)["carried_over"]) == (1, 1)


class TestDeadlines:
    def test_they_tell_what_is_due_and_who_would_hear_of_it(self, types, gateway: Gateway, clock: Clock):
        complaint(gateway, 1, received_at=clock.at, due_at=clock.at + timedelta(hours=8))
        at = (clock.at + timedelta(hours=9)).isoformat()
        told = json.loads(types("deadlines", "--at", at, "--json").stdout)
        assert [due["reference"] for due in told["due"]] == ["90001"]
        assert {alert["stage"] for alert in told["alerts"]} == {"due"}
        assert all(alert["why"] for alert in told["alerts"])
        assert "+8490000" not in json.dumps(told)

    def test_nothing_is_sent(self, types, gateway: Gateway, clock: Clock):
        complaint(gateway, 1, due_at=clock.at - timedelta(hours=8))
        table = types("deadlines").stdout
        assert "90001" in table
        with gateway.database.read() as session:
            assert session.scalars(select(Outgoing)).all() == []

    def test_a_moment_without_a_zone_is_one_in_viet_nam(self, types, gateway: Gateway):
        complaint(gateway, 1, due_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
        before, after = (
            types("deadlines", "--at", at, "--json").stdout for at in ("2026-11-24T16:59", "2026-11-24T17:00")
        )
        assert (len(json.loads(before)["due"]), len(json.loads(after)["due"])) == (0, 1)

    @pytest.mark.parametrize("at", ["soon", "9999-12-31T23:59"])
    def test_a_moment_that_is_none_is_refused(self, types, at: str):
        assert types("deadlines", "--at", at).exit_code == 2

    def test_any_moment_gives_every_term_and_alert_of_a_complaint_that_came_then_with_its_sum(self, types):
        told = json.loads(types("deadlines", "--at", "2027-02-03T15:00", "--field", "gt", "--json").stdout)
        answer = next(term for term in told["terms"] if (term["step"], term["level"]) == ("answer", "normal"))
        assert datetime.fromisoformat(answer["due_at"]) == datetime(2027, 2, 17, 10, 0, tzinfo=UTC)
        assert [alert["stage"] for alert in answer["alerts"]] == ["half", "near", "due", "overdue"]
        days = {line["day"]: line for line in answer["sum"]}
        assert (days["2027-02-11"]["minutes"], days["2027-02-11"]["total"]) == (480, 1)
        assert days["2027-02-06"]["why"] == "holiday or closed: Lunar New Year"
        assert days["2027-02-13"]["why"] == "day off of the week"
        assert [line["total"] for line in answer["sum"]][-1] == answer["amount"] == 5

    def test_a_row_of_the_office_shows_where_the_office_is_named(self, types):
        set_it = (
            "term",
            "set",
            "--unit",
            "23617-kt",
            "--step",
            "resolve",
            "--days",
            "2",
            "--calendar",
            "--source",
            "QD 1",
        )
        assert types(*set_it).exit_code == 0
        everywhere, there = types("deadlines").stdout, types("deadlines", "--office", "23617-kt").stdout
        assert "2 calendar days" not in everywhere
        assert "Resolve, normal: 2 calendar days, due" in there
        assert "There is no" in types("deadlines", "--office", "nowhere").stderr

    def test_a_year_far_ahead_has_its_own_tet(self, types):
        told = types("deadlines", "--at", "2040-02-09T08:00").stdout
        assert "2040-02-12 Sun     0 min" in told
        assert "Lunar New Year" in told


class TestOutbox:
    @pytest.fixture(autouse=True)
    def _three_texts(self, gateway: Gateway, web: FlaskClient):
        for n, body in enumerate(("TT", "HD", "MENU")):
            form = {"from": f"+8490000010{n}", "to": "8079", "text": body, "id": f"m{n}"}
            assert web.post("/sms/simulator", data=form).status_code == 200
        gateway.listener().batch()
        with gateway.database.write() as session:
            first, second, _ = session.scalars(select(Outgoing.id).order_by(Outgoing.id))
            session.execute(
                update(Outgoing).where(Outgoing.id == first).values(state="unknown", possible_duplicate=True)
            )
            session.execute(update(Outgoing).where(Outgoing.id == second).values(state="failed", error="refused"))

    def test_it_says_what_waits_what_is_in_doubt_and_what_failed(self, types):
        told = json.loads(types("outbox", "--json").stdout)
        assert {heading: heap["total"] for heading, heap in told.items()} == {"waiting": 1, "in_doubt": 1, "failed": 1}
        assert told["failed"]["newest"][0]["error"] == "refused"

    def test_numbers_are_masked_and_words_left_out(self, types, gateway: Gateway):
        with gateway.database.read() as session:
            bodies = session.scalars(select(Outgoing.body)).all()
        for shown in (types("outbox").stdout, types("outbox", "--json").stdout):
            assert "90000010" not in shown.replace(" ", "")
            assert [body for body in bodies if body in shown] == []

    def test_it_says_where_a_call_stands_that_is_made_in_place_of_a_text(self, types, gateway: Gateway):
        complaint(gateway, 1)
        with gateway.database.write() as session:
            _answer(session, gateway, "90001").state = "undelivered"
        gateway.switchboard().batch()
        newest, older = json.loads(types("outbox", "--json").stdout)["failed"]["newest"]
        assert (newest["kind"], newest["call"], older["call"]) == ("OfficeAnswer", "open", None)
        assert "call: open" in types("outbox").stdout

    def test_the_table_flags_what_may_go_twice(self, types):
        assert "perhaps twice" in types("outbox").stdout


class TestRoster:
    @staticmethod
    def named(database: Database, username: str) -> Official:
        with database.read() as session:
            official = session.scalars(select(Official).where(Official.username == username)).one()
            assert official.unit
            return official

    def test_an_official_is_added_with_a_password_that_is_kept_as_a_hash(self, types, gateway: Gateway):
        result = types("official", "add", "Trần Thị B", "--role", "focal", "--unit", AN_KHE)
        told = dict(line.split(": ", 1) for line in result.stdout.splitlines())
        official = self.named(gateway.database, "tran-thi-b")
        assert told["username"] == "tran-thi-b"
        assert HASHER.verify(official.password or "", told["password"])
        assert (official.name, official.unit.code) == ("Trần Thị B", AN_KHE)
        assert [role.name for role in official.roles] == ["focal"]

    def test_the_new_official_signs_in(self, types, web: FlaskClient):
        told = dict(
            line.split(": ", 1) for line in types("official", "add", "moi", "--role", "admin").stdout.splitlines()
        )
        page = web.get("/login").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
        assert token
        form = {"username": told["username"], "password": told["password"], "csrf_token": token[1]}
        assert web.post("/login", data=form).status_code == 302

    def test_two_passwords_are_never_the_same(self, types):
        outputs = {types("official", "add", f"nguoi {n}", "--role", "admin").stdout.splitlines()[1] for n in range(3)}
        assert len(outputs) == 3

    @pytest.mark.parametrize("office", ["kt", f"{AN_KHE}-kt"])
    def test_an_officer_belongs_to_an_office_of_the_unit(self, types, gateway: Gateway, office: str):
        words = ("official", "add", "Le C", "--role", "officer", "--unit", "phường An Khê", "--office", office)
        assert types(*words, "--phone", "0900 000 777").exit_code == 0
        official = self.named(gateway.database, "le-c")
        assert (official.unit.code, official.phone) == (f"{AN_KHE}-kt", "+84900000777")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("X", "--role", "officer", "--unit", AN_KHE), "belongs to an office"),
            (("X", "--role", "focal", "--unit", AN_KHE, "--office", "kt"), "belongs to a ward or commune"),
            (("X", "--role", "supervisor", "--unit", AN_KHE), "belongs to the province"),
            (("X", "--role", "focal", "--unit", "99999"), "There is no '99999'"),
            (("X", "--role", "head", "--unit", AN_KHE, "--office", "zz"), "There is no 'zz'"),
            (("X", "--role", "admin", "--phone", "113"), "not a Vietnamese mobile number"),
            (("...", "--role", "admin"), "give a --username"),
            (("X", "--role", "admin", "--username", "quantri"), "is taken"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, types, gateway: Gateway, words, sentence: str):
        result = types("official", "add", *words)
        assert result.exit_code == 1
        assert sentence in result.stderr
        with gateway.database.read() as session:
            assert session.scalars(select(Official).where(Official.name == "X")).all() == []

    def test_a_role_that_does_not_exist_is_refused(self, types):
        assert types("official", "add", "X", "--role", "king").exit_code == 2

    def test_an_office_takes_over_its_fields_from_today(self, types, gateway: Gateway, clock: Clock):
        words = ("office", "add", "Đội Quản lý đô thị", "--unit", "An Khe", "--field", "HT", "--field", "xd")
        assert types(*words).exit_code == 0
        with gateway.database.read() as session:
            handbook = gateway.handbook(session)
            unit = next(p for p in handbook.places.values() if p.code == AN_KHE)
            office = handbook.matrix.offices["HT", unit.id]
            old = session.scalars(select(Route).where(Route.category == "HT", Route.unit_id == unit.id)).first()
        assert handbook.name_of(office) == "Đội Quản lý đô thị"
        assert handbook.matrix.offices["XD", unit.id] == office
        assert handbook.matrix.offices["GT", unit.id] != office
        assert old is not None
        assert old.valid_to == clock.at.date() - timedelta(days=1)

    def test_fields_may_be_given_twice_on_one_day(self, types, gateway: Gateway):
        for name in ("Doi mot", "Doi hai"):
            assert types("office", "add", name, "--unit", AN_KHE, "--field", "HT").exit_code == 0
        with gateway.database.read() as session:
            handbook = gateway.handbook(session)
            unit = next(p for p in handbook.places.values() if p.code == AN_KHE)
            assert handbook.name_of(handbook.matrix.offices["HT", unit.id]) == "Doi hai"

    def test_a_unit_is_added_once(self, types, gateway: Gateway):
        words = ("unit", "add", "xã Ví Dụ", "--kind", "commune", "--code", "23995")
        assert types(*words).exit_code == 0
        again = types(*words)
        assert again.exit_code == 1
        assert "in use" in again.stderr
        with gateway.database.read() as session:
            assert gateway.handbook(session).by_code["23995"].kind == "commune"

    def test_a_units_duty_phone_is_set_in_the_spelling_that_texts_need(self, types, gateway: Gateway):
        result = types("unit", "duty", AN_KHE, "0900 000 113")
        assert result.exit_code == 0
        assert "0900 000 113" in result.stdout
        assert self.duty_phone(gateway) == "+84900000113"

    @pytest.mark.parametrize("phone", ["ban truc", "113", "0900"])
    def test_a_duty_phone_that_no_text_can_reach_is_refused(self, types, gateway: Gateway, phone: str):
        before = self.duty_phone(gateway)
        result = types("unit", "duty", AN_KHE, phone)
        assert result.exit_code == 1
        assert "not a Vietnamese mobile number" in result.stderr
        assert self.duty_phone(gateway) == before

    def test_a_duty_phone_can_be_given_up(self, types, gateway: Gateway):
        assert types("unit", "duty", AN_KHE, "").exit_code == 0
        assert self.duty_phone(gateway) == gateway.settings.duty_phone

    @staticmethod
    def duty_phone(gateway: Gateway) -> str:
        with gateway.database.read() as session:
            handbook = gateway.handbook(session)
            return handbook.duty_phone_of(handbook.by_code[AN_KHE].id)


class TestTerms:
    SOURCE = "QD 12/2026/QD-UBND"

    @staticmethod
    def rule(gateway: Gateway, on: date, category: str = "GT", *, unit: str = AN_KHE, urgent: bool = False) -> Rule:
        with gateway.database.read() as session:
            found = the_rule(gateway.handbook(session).rules, category, urgent, on, unit)
        assert found
        return found

    def test_a_confirmed_term_holds_from_today(self, types, gateway: Gateway, clock: Clock):
        before = self.rule(gateway, clock.at.date())
        result = types("term", "set", "--field", "gt", "--days", "4", "--source", self.SOURCE, "--confirmed")
        assert result.exit_code == 0, result.output
        now = self.rule(gateway, clock.at.date())
        assert (now.amount, now.measure, now.source, now.confirmed) == (4, "days", self.SOURCE, True)
        yesterday = self.rule(gateway, clock.at.date() - timedelta(days=1))
        assert (yesterday.amount, yesterday.confirmed) == (before.amount, False)

    def test_a_term_of_one_unit_leaves_the_others_alone(self, types, gateway: Gateway, clock: Clock):
        words = ("--field", "GT", "--hours", "6", "--source", self.SOURCE, "--unit", AN_KHE)
        assert types("term", "set", *words).exit_code == 0
        assert self.rule(gateway, clock.at.date()).measure == "hours"
        assert self.rule(gateway, clock.at.date(), unit="23614").measure == "days"

    def test_an_urgent_term_leaves_the_ordinary_one_alone(self, types, gateway: Gateway, clock: Clock):
        assert types("term", "set", "--urgent", "--hours", "4", "--source", self.SOURCE).exit_code == 0
        assert self.rule(gateway, clock.at.date(), urgent=True).amount == 4
        assert self.rule(gateway, clock.at.date()).measure == "days"

    def test_a_term_may_begin_later_and_be_thought_over(self, types, gateway: Gateway, clock: Clock):
        today, new_year = clock.at.date(), date(2027, 1, 1)
        words = ("--field", "GT", "--source", self.SOURCE, "--from", new_year.isoformat())
        before = self.rule(gateway, today)
        for days in ("8", "9"):
            assert types("term", "set", *words, "--days", days).exit_code == 0
        assert self.rule(gateway, today).amount == before.amount
        assert self.rule(gateway, new_year - timedelta(days=1)).amount == before.amount
        assert self.rule(gateway, new_year).amount == 9

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            (("--days", "5", "--source", " "), 1, "--source"),
            (("--days", "5", "--source", "x", "--from", "2026-11-22"), 1, "in the past"),
            (("--days", "5", "--source", "x", "--unit", "99999"), 1, "There is no '99999'"),
            (("--days", "5", "--hours", "5", "--source", "x"), 2, "either --days or --hours"),
            (("--source", "x"), 2, "either --days or --hours"),
            (("--days", "0", "--source", "x"), 2, "--days"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, types, gateway: Gateway, words, code: int, sentence: str):
        before = self.rules(gateway)
        result = types("term", "set", "--field", "GT", *words)
        assert result.exit_code == code
        assert sentence in result.stderr
        assert self.rules(gateway) == before

    @staticmethod
    def rules(gateway: Gateway) -> tuple[Rule, ...]:
        with gateway.database.read() as session:
            return gateway.handbook(session).rules


def test_no_command_changes_people_past_the_log(types):
    for stranger in ("users", "roles"):
        result = types(stranger, "--help")
        assert (result.exit_code, "No such command" in result.output) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ("understand",),
        ("labels",),
        ("report",),
        ("deadlines",),
        ("outbox",),
        ("restored",),
        ("official", "add"),
        ("office", "add"),
        ("unit", "add"),
        ("unit", "duty"),
        ("term", "set"),
        ("term", "preset"),
    ],
)
def test_every_command_explains_itself_with_an_example(types, command: tuple[str, ...]):
    result = types(*command, "--help")
    assert result.exit_code == 0
    assert "./run flask" in result.stdout


class TestRestored:
    def test_it_says_what_goes_as_a_possible_duplicate_and_what_does_not_go(self, types, gateway: Gateway):
        result = types("restored")
        assert result.exit_code == 0
        assert result.output == "Texts that will go as possible duplicates: 0\nTexts that will not go: 0\n"


class TestReconcile:
    def test_a_house_whose_providers_list_nothing_says_so(self, types):
        result = types("reconcile")
        assert (result.exit_code, result.output) == (0, "No provider that is named here can list its texts.\n")

    def test_what_never_reached_us_is_taken_in_and_other_differences_are_shown_masked(
        self, types, gateway: Gateway, tmp_path: Path
    ):
        log, seconds = tmp_path / "access.log", int(gateway.now().timestamp())
        log.write_text(f"Receive SMS|an-id|{seconds}|op|0|+84900001234|8079|PA mat nuoc\n")
        heard(gateway, log)
        first, again = types("reconcile", "--since", "2026-11-23T08:00"), types("reconcile")
        assert first.output == "kannel: texts that had not reached us, taken in now: 1\n" + _NOTHING_SENT
        assert again.output == "kannel: texts that had not reached us, taken in now: 0\n" + _NOTHING_SENT
        with gateway.database.read() as session:
            assert [text.body for text in session.scalars(select(Inbound))] == ["PA mat nuoc"]

    def test_a_provider_that_could_not_be_asked_is_named(self, types, gateway: Gateway, tmp_path: Path):
        heard(gateway, tmp_path / "nowhere.log")
        result = types("reconcile")
        assert result.exit_code == 1
        assert "kannel: could not be asked: KANNEL_ACCESS_LOG cannot be read: FileNotFoundError" in result.output


_NOTHING_SENT = "kannel: sent by it, not in our books: 0\nkannel: in our books, unknown to it: 0\n"


def heard(gateway: Gateway, log: Path) -> None:
    """Opens the house's ear to a Kannel with this access log."""
    env = {"KANNEL_CALLBACK_TOKEN": "x" * 22, "KANNEL_ACCESS_LOG": str(log)}
    gateway.providers["kannel"] = Kannel.open(Surroundings(env, "https://house.example", "key"))
    gateway.settings = replace(gateway.settings, sms_in=("kannel",))
