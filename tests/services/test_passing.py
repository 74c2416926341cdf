"""Putting a complaint on another desk: who may, what changes, and what stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.progress import Refusal
from smsgw.gateway import Gateway
from smsgw.services import merging, passing
from smsgw.services.answering import Writer
from smsgw.services.handbook import Handbook
from smsgw.services.passing import NoReasonError, WrongDeskError
from smsgw.store import complaints
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Event, Official
from tests.conftest import Clock
from tests.handlers.desks import filed, row, units

Step = Callable[[Session, Handbook, Complaint, Writer], Refusal | None]


def done(gateway: Gateway, reference: str, username: str, step: Step) -> Refusal | None:
    with gateway.database.write() as session:
        official = session.scalars(select(Official).where(Official.username == username)).one()
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        writer = Writer(official.id, [role.name for role in official.roles])
        return step(session, gateway.handbook(session), complaint, writer)


def assigns(gateway: Gateway, category: str, office: int | None = None) -> Step:
    return lambda s, h, c, w: passing.assign(s, h, c, w, category=category, office_id=office, now=gateway.now())


def passes(gateway: Gateway, office: int, reason: str = "Việc của bên công an") -> Step:
    return lambda s, h, c, w: passing.pass_on(
        s, gateway.speech, h, c, w, office_id=office, reason=reason, now=gateway.now()
    )


def passes_to(gateway: Gateway, unit: int, reason: str = "Nơi xảy ra ở An Bình") -> Step:
    return lambda s, h, c, w: passing.pass_to_unit(
        s, gateway.speech, h, c, w, unit_id=unit, reason=reason, now=gateway.now()
    )


def brings_near(gateway: Gateway) -> Step:
    return lambda s, h, c, w: passing.bring_due_near(s, h, c, w, now=gateway.now())


def last_line(gateway: Gateway, reference: str) -> Event:
    with gateway.database.read() as session:
        return complaints.history(session, row(gateway, reference).id)[-1]


def test_out_of_triage_the_routing_matrix_names_the_office(gateway: Gateway):
    reference = filed(gateway, category=None)
    assert done(gateway, reference, "dau-moi-ankhe", assigns(gateway, "AN")) is None
    complaint = row(gateway, reference)
    assert (complaint.state, complaint.category, complaint.triage_reason) == ("assigned", "AN", "")
    assert complaint.office_id == units(gateway)["23617-ca"]


def test_out_of_triage_a_person_may_choose_another_office_than_the_matrix(gateway: Gateway):
    reference, wanted = filed(gateway, category=None), units(gateway)["23617-vp"]
    done(gateway, reference, "dau-moi-ankhe", assigns(gateway, "AN", wanted))
    assert row(gateway, reference).office_id == wanted


def test_the_date_the_citizen_was_told_survives_every_desk(gateway: Gateway, clock: Clock):
    reference, ids = filed(gateway, category=None), units(gateway)
    due = row(gateway, reference).due_at
    clock.moves(hours=3)
    for step in (assigns(gateway, "DN"), passes(gateway, ids["23617-ca"]), passes_to(gateway, ids["23614"])):
        assert done(gateway, reference, "dau-moi-ankhe", step) is None
        assert row(gateway, reference).due_at == due


@pytest.mark.parametrize("office", ["23614-kt", "23617", "52"])
def test_an_office_of_another_unit_is_no_choice(gateway: Gateway, office: str):
    ids = units(gateway)
    for reference, step in (
        (filed(gateway, category=None), assigns(gateway, "AN", ids[office])),
        (filed(gateway, phone="+84900001235"), passes(gateway, ids[office])),
    ):
        with pytest.raises(WrongDeskError):
            done(gateway, reference, "dau-moi-ankhe", step)


@pytest.mark.parametrize("category", ["", "ZZ", "gt"])
def test_a_field_that_does_not_exist_is_no_choice(gateway: Gateway, category: str):
    with pytest.raises(WrongDeskError):
        done(gateway, filed(gateway, category=None), "dau-moi-ankhe", assigns(gateway, category))


def test_passing_on_needs_a_reason_and_keeps_it(gateway: Gateway):
    reference, police = filed(gateway), units(gateway)["23617-ca"]
    with pytest.raises(NoReasonError):
        done(gateway, reference, "canbo-kinhte", passes(gateway, police, "  \n "))
    done(gateway, reference, "canbo-kinhte", passes(gateway, police, "Việc  của bên\ncông an"))
    line = last_line(gateway, reference)
    assert (line.kind, line.note, line.details["reached"]) == ("passed_on", "Việc của bên công an", "Công an")
    assert row(gateway, reference).office_id == police


def test_every_hop_is_counted(gateway: Gateway):
    reference, ids = filed(gateway), units(gateway)
    for office in ("23617-ca", "23617-kt", "23617-ca"):
        done(gateway, reference, "dau-moi-ankhe", passes(gateway, ids[office]))
    with gateway.database.read() as session:
        assert passing.hops(session, row(gateway, reference)) == 3


def test_another_unit_gets_it_in_triage_and_sees_why(gateway: Gateway):
    reference, an_binh = filed(gateway), units(gateway)["23614"]
    assert done(gateway, reference, "giamsat-tinh", passes_to(gateway, an_binh)) is None
    complaint = row(gateway, reference)
    assert (complaint.unit_id, complaint.office_id, complaint.state) == (an_binh, None, "received")
    assert complaint.triage_reason == "passed"


def merged_pair(gateway: Gateway) -> tuple[str, str]:
    """Two reports of one lamp that are handled as one; the older first."""
    main, part = filed(gateway), filed(gateway, "Den duong hem 12 van tat", phone="+84900001235")
    with gateway.database.write() as session:
        official = session.scalars(select(Official.id)).first() or 0
        scope = Scope(frozenset({units(gateway)["23617"]}))
        merging.merge(session, gateway.handbook(session), scope, (main, part), official, gateway.now())
    return main, part


def test_what_was_handled_with_it_stays_in_its_unit_and_goes_on_by_itself(gateway: Gateway):
    (main, part), ids = merged_pair(gateway), units(gateway)
    before = row(gateway, part).due_at
    assert done(gateway, main, "dau-moi-ankhe", passes_to(gateway, ids["23614"])) is None
    left = row(gateway, part)
    assert (left.unit_id, left.merged_into_id, left.state) == (ids["23617"], None, "assigned")
    assert (left.due_at, left.look_at) == (before, gateway.now())
    assert last_line(gateway, part).kind == "separated"


def test_within_its_unit_it_takes_along_what_is_handled_with_it(gateway: Gateway):
    (main, part), police = merged_pair(gateway), units(gateway)["23617-ca"]
    assert done(gateway, main, "dau-moi-ankhe", passes(gateway, police)) is None
    assert (row(gateway, part).office_id, row(gateway, part).merged_into_id) == (police, row(gateway, main).id)


def test_out_of_triage_it_takes_along_what_is_handled_with_it(gateway: Gateway):
    main, part = filed(gateway, category=None), filed(gateway, "o hem 12", category=None, phone="+84900001235")
    with gateway.database.write() as session:
        official = session.scalars(select(Official.id)).first() or 0
        scope = Scope(frozenset({units(gateway)["23617"]}))
        merging.merge(session, gateway.handbook(session), scope, (main, part), official, gateway.now())
    assert done(gateway, main, "dau-moi-ankhe", assigns(gateway, "AN")) is None
    left = row(gateway, part)
    assert (left.state, left.category, left.office_id) == ("assigned", "AN", units(gateway)["23617-ca"])


def test_an_officer_does_not_pass_to_another_unit(gateway: Gateway):
    an_binh = units(gateway)["23614"]
    assert done(gateway, filed(gateway), "canbo-kinhte", passes_to(gateway, an_binh)) is Refusal.NOT_YOURS


@pytest.mark.parametrize("unit", ["23617", "52", "23614-kt"])
def test_only_another_ward_or_commune_is_another_unit(gateway: Gateway, unit: str):
    reference, wrong = filed(gateway), units(gateway)[unit]
    with pytest.raises(WrongDeskError):
        done(gateway, reference, "dau-moi-ankhe", passes_to(gateway, wrong))


def test_a_due_date_brought_near_alerts_the_office_within_a_minute(gateway: Gateway, clock: Clock):
    reference = filed(gateway)
    version = row(gateway, reference).deadline_version
    done(gateway, reference, "canbo-kinhte", brings_near(gateway))
    clock.moves(seconds=60)
    while gateway.chaser().batch() or gateway.bundler().batch():
        pass
    complaint = row(gateway, reference)
    assert (complaint.stage, complaint.deadline_version) == ("due", version + 1)
    with gateway.database.read() as session:
        alerted = [t.recipient for t in complaints.conversation(session, complaint).told]
    assert "+84900000103" in alerted
