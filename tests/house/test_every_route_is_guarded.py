"""Every address and who may use it: one that is not in the table fails, and so does a guard that differs from it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from handlers.web import create_app
from smsgw.gateway import Gateway
from tests.conftest import Bell

READERS = frozenset({"focal", "officer", "head", "leader", "supervisor", "auditor"})
WRITERS = frozenset({"focal", "officer", "head"})
ADMIN = frozenset({"admin"})
EVERYBODY = None  # anybody, or a guard of its own that its own tests try

PEOPLE: dict[str, frozenset[str] | None] = {
    "start": READERS | ADMIN,
    "desk.inbox": READERS,
    "desk.save_filter": READERS,
    "desk.forget_filter": READERS,
    "desk.page": READERS,
    "desk.leftovers": frozenset({"focal", "supervisor"}),
    "desk.letter": WRITERS,
    "desk.live_preview": WRITERS,
    "desk.keep_note": WRITERS | {"leader"},
    "desk.call_back": WRITERS,
    "desk.divide_in_two": WRITERS,
    "desk.ask_office": frozenset({"focal"}),
    "desk.part": frozenset({"officer", "head"}),  # and 404 for an office that was not asked
    "desk.give_part": frozenset({"officer", "head"}),
    "desk.switch_shortcuts": READERS,
    "desk.triage": frozenset({"focal", "leader"}),  # leaders where a complaint was passed on again and again
    "desk.pass_on": WRITERS,
    "desk.pass_to_unit": frozenset({"focal", "supervisor"}),
    "desk.bring_near": WRITERS | {"leader"},
    "desk.call": WRITERS,
    "desk.run_on": WRITERS,
    "desk.ask_time": WRITERS,
    "desk.decide_time": frozenset({"head", "leader"}),
    "desk.second_looks": READERS,
    "desk.set_approval": frozenset({"leader"}),
    "desk.let_go": frozenset({"focal", "leader"}),
    "desk.send_back": frozenset({"focal", "leader"}),
    "desk.take_back": WRITERS,
    "desk.merge": WRITERS,
    "desk.separate": WRITERS,
    "desk.take_up": WRITERS | {"leader", "supervisor"},
    "desk.dismiss_guide": READERS,
    "desk.show_guide": READERS,
    "practice.start": READERS - {"auditor"},
    "practice.begin": READERS - {"auditor"},
    "practice.end": READERS - {"auditor"},
    "desk.sealed": READERS,  # who is not named to read them sees a number
    "desk.sealed_matter": READERS,  # and gets 404 here and below
    "desk.read_sealed": READERS,
    "desk.hand_over": READERS,
    "desk.release": READERS,
    "desk.put_under_seal": WRITERS,
    "desk.own_number": READERS,
    "desk.text_own_code": READERS,
    "desk.confirm_own_code": READERS,
    "desk.change_own_number": READERS,
    "desk.open_own_number": READERS,
    "desk.verdicts": READERS,
    "desk.look": frozenset({"focal", "head", "leader"}),
    "desk.refuse": frozenset({"focal", "leader"}),
    "desk.figures": READERS - {"officer"},
    "desk.report": READERS - {"officer"},
    "desk.publication": frozenset({"focal", "leader"}),
    "desk.propose": frozenset({"focal"}),
    "desk.decide_publication": frozenset({"focal", "leader"}),
    "desk.unpublish": frozenset({"focal", "leader"}),
    "admin.start": ADMIN,
    "admin.units": ADMIN,
    "admin.people": ADMIN,
    "admin.fields": ADMIN,
    "admin.add_unit": ADMIN,
    "admin.add_office": ADMIN,
    "admin.unit": ADMIN,
    "admin.amend_unit": ADMIN,
    "admin.merge_unit": ADMIN,
    "admin.split_unit": ADMIN,
    "admin.add_person": ADMIN,
    "admin.person": ADMIN,
    "admin.amend_person": ADMIN,
    "admin.switch_person": ADMIN,
    "admin.admit_person": ADMIN,
    "admin.set_route": ADMIN,
    "admin.switch_field": ADMIN,
    "admin.providers": ADMIN,
    "admin.switch_provider": ADMIN,
    "admin.settings": ADMIN,
    "admin.log": ADMIN | {"auditor"},
    "admin.terms": ADMIN,
    "admin.add_term": ADMIN,
    "admin.adopt_preset": ADMIN,
    "admin.confirm_term": ADMIN,
    "admin.end_term": ADMIN,
    "admin.calendar": ADMIN,
    "admin.keep_day": ADMIN,
    "admin.forget_day": ADMIN,
    "admin.forget_closure": ADMIN,
    "admin.keep_hours": ADMIN,
    "admin.forget_hours": ADMIN,
    "admin.import_days": ADMIN,
    "admin.what_if": ADMIN,
    "admin.numbers": ADMIN,
    "admin.text_code": ADMIN,
    "admin.confirm_code": ADMIN,
    "admin.change_number": ADMIN,
    "admin.open_number": ADMIN,
    "admin.orders": ADMIN | {"auditor"},
    "admin.duty": ADMIN,
    "admin.add_shift": ADMIN,
    "admin.remove_shift": ADMIN,
    "admin.add_leave": ADMIN,
    "admin.end_leave": ADMIN,
    "admin.choose_digest": ADMIN,
    "admin.outbox": ADMIN,
    "admin.keepers": ADMIN,
    "admin.name_keeper": ADMIN,
    "admin.end_keeper": ADMIN,
    "admin.templates": ADMIN,
    "admin.template": ADMIN,
    "admin.keep_template": ADMIN,
    "admin.retire_template": ADMIN,
    "admin.register_text": ADMIN,
    "admin.end_registered": ADMIN,
    "admin.understand": ADMIN,
    "admin.confusion": ADMIN,
    "admin.broken_off": ADMIN,
    "security.login": EVERYBODY,
    "security.logout": EVERYBODY,
    "static": EVERYBODY,
    "admission.choose": EVERYBODY,
    "admission.take_up": EVERYBODY,
    "admission.chosen": EVERYBODY,
    "public.home": EVERYBODY,
    "public.leaflet": EVERYBODY,
    "public.loudspeaker": EVERYBODY,
    "open.figures": EVERYBODY,
    "open.figures_csv": EVERYBODY,
    "open.published": EVERYBODY,
    "open.case": EVERYBODY,
    "open.services": EVERYBODY,
    "open.requests": EVERYBODY,
    "open.one_request": EVERYBODY,
    "health.house": EVERYBODY,
    "health.metrics": EVERYBODY,
    "health.process": EVERYBODY,
    "phone.answer": EVERYBODY,
    "phone.count": EVERYBODY,
    "phone.dial": EVERYBODY,
    "phone.hang_up": EVERYBODY,
    "phone.home": EVERYBODY,
    "phone.send": EVERYBODY,
    "phone.texts": EVERYBODY,
}
MACHINES = {"sms.text_arrives", "receipts.receipt_arrives", "ussd.key_pressed"}
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def app(gateway: Gateway, bell: Bell) -> Flask:
    return create_app(gateway, bell)  # type: ignore[arg-type]


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with an address made from it."""
    for rule in app.url_map.iter_rules():
        fill = {"kind": "answer", "filename": "desk.css"}
        named = {name: fill.get(name, "10008") for name in rule.arguments}
        with app.test_request_context():
            yield rule, app.url_map.bind("localhost").build(rule.endpoint, named)


def test_every_address_is_in_the_table(app: Flask):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(PEOPLE)
    assert {rule.endpoint for rule in app.extensions["smsgw_machines"].url_map.iter_rules()} == MACHINES


def test_every_page_demands_the_roles_of_the_table(app: Flask):
    demanded = {name: getattr(view, "demanded", None) for name, view in app.view_functions.items()}
    assert {name: roles and frozenset(map(str, roles)) for name, roles in demanded.items()} == PEOPLE


def test_strangers_are_sent_to_the_login_page(app: Flask, web: FlaskClient):
    for rule, address in routes(app):
        if PEOPLE[rule.endpoint] is not EVERYBODY and "GET" in (rule.methods or ()):
            response = web.get(address)
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/login"), rule


def test_every_form_needs_its_token(app: Flask, web: FlaskClient):
    for rule, address in routes(app):
        if "POST" in (rule.methods or ()):
            assert web.post(address).status_code == 400, rule


def test_what_changes_something_is_never_a_link(app: Flask, web: FlaskClient):
    for rule, address in routes(app):
        if not SAFE & (rule.methods or set()) - {"OPTIONS"}:
            assert web.get(address).status_code == 405, rule
