"""A number is an official's once the code that was texted to it comes back from a page: a few tries, a few codes a day."""

import re

import pytest
from sqlalchemy import func, select

from smsgw.gateway import Gateway
from smsgw.services import verifying
from smsgw.services.verifying import Trouble
from smsgw.store import phones
from smsgw.store.phones import Known
from smsgw.store.tables import Official, Outgoing
from tests.conftest import Clock

NUMBER = "+84900000103"


def whose(house: Gateway, username: str = "canbo-kinhte") -> Known:
    with house.database.read() as session:
        found = session.scalars(select(Official.id).where(Official.username == username)).one()
        known = phones.of(session, found)
        assert known
        return known


def sends(house: Gateway, username: str = "canbo-kinhte") -> Trouble | None:
    with house.database.write() as session:
        official = session.get_one(Official, whose(house, username).official.id)
        return verifying.send_code(session, house.speech, house.mint, official, now=house.now())


def types(house: Gateway, code: str, username: str = "canbo-kinhte") -> Trouble | None:
    with house.database.write() as session:
        official = session.get_one(Official, whose(house, username).official.id)
        return verifying.confirm(session, house.mint, official, code, by=official.id, now=house.now())


def changes(house: Gateway, written: str, username: str = "canbo-kinhte") -> Trouble | None:
    with house.database.write() as session:
        official = session.get_one(Official, whose(house, username).official.id)
        return verifying.change_number(session, house.speech, official, written, now=house.now())


def last(house: Gateway, number: str = NUMBER) -> str:
    with house.database.read() as session:
        return session.scalars(select(Outgoing.body).where(Outgoing.recipient == number).order_by(Outgoing.id)).all()[
            -1
        ]


def texted(house: Gateway, number: str = NUMBER) -> str:
    return re.findall(r"\b\d{6}\b", last(house, number))[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_that_was_texted_proves_the_number_once(gateway: Gateway) -> None:
    assert sends(gateway) is None
    code = texted(gateway)
    assert types(gateway, other_than(code)) is Trouble.WRONG
    assert types(gateway, f" {code[:3]} {code[3:]} ") is None
    assert whose(gateway).verified
    assert types(gateway, code) is Trouble.NO_CODE


def test_a_code_is_good_for_a_quarter_of_an_hour_and_five_tries(gateway: Gateway, clock: Clock) -> None:
    sends(gateway)
    clock.moves(minutes=15)
    assert types(gateway, texted(gateway)) is Trouble.NO_CODE
    sends(gateway)
    code = texted(gateway)
    assert [types(gateway, other_than(code)) for _ in range(5)] == [Trouble.WRONG] * 5
    assert types(gateway, code) is Trouble.NO_CODE
    assert not whose(gateway).verified


def test_only_the_newest_code_is_good_and_there_are_five_a_day(gateway: Gateway, clock: Clock) -> None:
    assert [sends(gateway) for _ in range(6)] == [None] * 5 + [Trouble.MANY_CODES]
    clock.moves(days=1)
    assert sends(gateway) is None
    with gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 6


def test_another_number_is_proved_by_nobody_until_it_is(gateway: Gateway) -> None:
    sends(gateway)
    types(gateway, texted(gateway))
    sends(gateway)
    late = texted(gateway)
    assert changes(gateway, "0269 3832 123") is Trouble.NO_NUMBER
    assert changes(gateway, "0905 000 001") is None
    assert last(gateway).startswith("Tin nhac cho can bo tu nay gui den so khac.")
    assert whose(gateway).official.phone == "+84905000001"
    assert not whose(gateway).verified
    assert types(gateway, late) is Trouble.NO_CODE
    assert changes(gateway, "0900000103") is None
    assert not whose(gateway).verified


def test_a_number_is_one_officials_and_free_again_when_they_have_another(gateway: Gateway) -> None:
    sends(gateway)
    types(gateway, texted(gateway))
    changes(gateway, NUMBER, "truong-kinhte")
    assert sends(gateway, "truong-kinhte") is Trouble.ANOTHERS
    changes(gateway, "0905 000 001")
    assert sends(gateway, "truong-kinhte") is None
    assert types(gateway, texted(gateway), "truong-kinhte") is None
    assert whose(gateway, "truong-kinhte").verified


def test_who_has_no_number_gets_no_code(gateway: Gateway) -> None:
    assert sends(gateway, "kiemtoan") is Trouble.NO_NUMBER


@pytest.mark.parametrize(("states", "fails"), [(["failed"] * 2, False), (["delivered", *["undelivered"] * 3], True)])
def test_a_number_that_none_of_three_texts_reached_is_found(gateway: Gateway, states: list[str], fails: bool) -> None:
    for state in states:
        sends(gateway)
        with gateway.database.write() as session:
            session.scalars(select(Outgoing).order_by(Outgoing.id.desc()).limit(1)).one().state = state
    with gateway.database.read() as session:
        assert phones.failing(session, [NUMBER]) == ({NUMBER} if fails else set())
