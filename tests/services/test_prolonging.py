"""More time: asked for with a reason, decided by somebody else, told to the citizen, and never a way out of being late."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from smsgw.domain.extensions import Flaw
from smsgw.domain.progress import Refusal
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import calling, filing, prolonging
from smsgw.services.answering import Writer
from smsgw.services.prolonging import Wish
from smsgw.store import extensions
from smsgw.store.tables import AlertRow, Complaint, Event, Extension, Official
from smsgw.text.fit import measure
from tests.conftest import Clock
from tests.handlers.desks import filed, row, texts

OFFICE, HEAD, LEADER = "+84900000103", "+84900000104", "+84900000102"
WISH = Wish(date(2026, 12, 4), "cho  don vi thi cong ")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


def who(house: Gateway, username: str, *duties: str) -> Writer:
    with house.database.read() as session:
        return Writer(session.scalars(select(Official.id).where(Official.username == username)).one(), set(duties))


def asks(house: Gateway, reference: str, wish: Wish = WISH, by: str = "canbo-kinhte"):
    writer = who(house, by, "officer")
    with house.database.write() as session:
        handbook, complaint = house.handbook(session), _found(session, reference)
        now, mint = house.now(), house.mint
        return prolonging.ask(session, house.speech, handbook, complaint, writer, wish, now=now, mint=mint)


def grants(house: Gateway, reference: str, by: str = "lanhdao-ankhe", duty: str = "leader"):
    writer = who(house, by, duty)
    with house.database.write() as session:
        handbook, complaint = house.handbook(session), _found(session, reference)
        return prolonging.grant(session, house.speech, handbook, complaint, writer, now=house.now(), mint=house.mint)


def refuses(house: Gateway, reference: str, reason: str):
    writer = who(house, "lanhdao-ankhe", "leader")
    with house.database.write() as session:
        complaint, now, mint = _found(session, reference), house.now(), house.mint
        return prolonging.refuse(session, house.speech, complaint, writer, reason=reason, now=now, mint=mint)


def _found(session, reference: str) -> Complaint:
    return session.scalars(select(Complaint).where(Complaint.reference == reference)).one()


def chases(house: Gateway) -> None:
    while house.chaser().batch() or house.bundler().batch():
        pass


def stages(house: Gateway) -> list[str]:
    with house.database.read() as session:
        keys = session.scalars(select(AlertRow.key).where(AlertRow.stage != "unopened").order_by(AlertRow.id))
        return [":".join(key.split(":")[3:5]) for key in keys]


def test_granted_time_moves_the_due_date_and_the_citizen_is_told_why_in_one_segment(house: Gateway):
    reference = filed(house)
    assert asks(house, reference) is None
    assert row(house, reference).due_at == local("2026-11-27 17:00"), "a wish moves nothing"
    assert grants(house, reference) is None
    complaint = row(house, reference)
    assert (complaint.due_at, complaint.due_confirmed) == (local("2026-12-04 17:00"), True)
    (told,) = texts(house)
    assert told.body.startswith(
        f"So {reference}: chung toi can them thoi gian. Ly do: cho don vi thi cong. Tra loi truoc 17h 4/12."
    )
    assert measure(told.body).segments == 1
    with house.database.read() as session:
        line = session.scalars(select(Event).where(Event.kind == "extended")).one()
        assert (line.note, line.official_id) == ("cho don vi thi cong", who(house, "lanhdao-ankhe").id)
        assert datetime.fromisoformat(line.details["due_was"]) == local("2026-11-27 17:00")
        assert extensions.granted(session, complaint.id) == 1


def test_the_head_and_the_leader_are_texted_once_that_more_time_is_asked_for(house: Gateway):
    reference = filed(house)
    asks(house, reference)
    asks(house, reference)
    told = [*texts(house, HEAD), *texts(house, LEADER)]
    assert [text.body for text in told] == [
        f"So {reference}: co de nghi gia han den 4/12. Han 17h 27/11. Xin quyet dinh o ban lam viec."
    ] * 2
    assert texts(house, OFFICE) == []


def test_a_second_click_grants_nothing_more(house: Gateway):
    reference = filed(house)
    asks(house, reference)
    assert [grants(house, reference), grants(house, reference)] == [None, Refusal.NOT_ASKED]
    assert len(texts(house)) == 1


def test_who_asked_does_not_decide_and_an_officer_never_does(house: Gateway):
    reference = filed(house)
    asks(house, reference)
    assert grants(house, reference, "canbo-kinhte", "head") is Refusal.OWN_WISH
    assert grants(house, reference, "canbo-kinhte", "officer") is Refusal.NOT_YOURS
    assert row(house, reference).due_at == local("2026-11-27 17:00")


def test_one_wish_at_a_time(house: Gateway):
    reference = filed(house)
    assert [asks(house, reference), asks(house, reference)] == [None, Refusal.ASKED_ALREADY]


def test_a_wish_of_the_term_before_is_not_granted_once_it_was_opened_again(house: Gateway, clock: Clock):
    reference = filed(house)
    asks(house, reference)
    with house.database.write() as session:
        complaint = _found(session, reference)
        complaint.state = "answered"
    clock.moves(hours=1)
    with house.database.write() as session:
        complaint = _found(session, reference)
        filing.reopen(session, house.handbook(session), complaint, house.now(), why="not_done")
    due_at = row(house, reference).due_at
    assert grants(house, reference) is Refusal.NOT_ASKED
    assert row(house, reference).due_at == due_at
    assert asks(house, reference, Wish(date(2026, 12, 8), "cho vat tu")) is None


def test_what_is_overdue_gets_no_more_time_even_when_it_was_asked_for_before(house: Gateway, clock: Clock):
    reference = filed(house)
    asks(house, reference)
    clock.at = local("2026-11-27 17:00")
    assert grants(house, reference) == (Flaw.LATE_ALREADY,)
    other = filed(house, "Cong tac nghen", phone="+84900001235")
    clock.at = local("2026-12-10 09:00")
    assert asks(house, other) == (Flaw.LATE_ALREADY,)


@pytest.mark.parametrize(
    ("wish", "flaws"),
    [
        (Wish(date(2026, 12, 5), "mua"), (Flaw.DAY_OFF,)),
        (Wish(date(2026, 11, 27), "mua"), (Flaw.NOT_LATER,)),
        (Wish(date(2026, 11, 26), " "), (Flaw.NOT_LATER, Flaw.NO_REASON)),
    ],
)
def test_a_wish_that_cannot_be_granted_is_not_put_before_anybody(house: Gateway, wish: Wish, flaws: tuple[Flaw, ...]):
    reference = filed(house)
    assert asks(house, reference, wish) == flaws
    assert grants(house, reference) is Refusal.NOT_ASKED


def test_a_wish_that_is_refused_leaves_the_date_and_its_reason_in_the_history(house: Gateway):
    reference = filed(house)
    asks(house, reference)
    assert refuses(house, reference, " ") == (Flaw.NO_REASON,)
    assert refuses(house, reference, "lam duoc ngay") is None
    assert row(house, reference).due_at == local("2026-11-27 17:00")
    assert texts(house) == []
    with house.database.read() as session:
        assert session.scalars(select(Event.note).where(Event.kind == "time_refused")).one() == "lam duoc ngay"


def test_alerts_follow_the_new_date_and_half_way_is_not_told_again(house: Gateway, clock: Clock):
    reference = filed(house)
    clock.at = local("2026-11-27 11:00")
    chases(house)
    assert set(stages(house)) == {"near:1"}
    asks(house, reference)
    grants(house, reference)
    chases(house)
    assert set(stages(house)) == {"near:1"}, "nothing goes out because the date moved"
    for at in ("2026-12-01 17:00", "2026-12-03 17:00", "2026-12-04 11:00", "2026-12-04 17:00", "2026-12-07 07:00"):
        clock.at = local(at)
        chases(house)
    assert set(stages(house)) == {"near:1", "near:2", "due:2", "overdue:2"}


def test_a_wish_for_time_is_told_beside_a_citizens_wish_for_a_call(gateway: Gateway):
    reference, other = filed(gateway), filed(gateway, "Duong Quang Trung hu", phone="+84900001009")
    with gateway.database.write() as session:
        calling.wish(session, gateway.speech, _found(session, other), gateway.now())
        line = session.scalars(select(Event).where(Event.kind == "call_needed")).one()
        complaint, asker = _found(session, other), who(gateway, "canbo-kinhte").id
        asked = {"until": WISH.until, "reason": "cho", "asked_at": gateway.now(), "asked_by": asker, "state": "refused"}
        session.add(Extension(id=line.id - 1, complaint_id=complaint.id, **asked))
    asks(gateway, reference)
    assert [text.kind for text in texts(gateway, HEAD)] == ["CallWished", "MoreTimeAsked"]
