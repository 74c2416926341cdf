"""Practice: the real desk on a house of one's own. Nothing of it reaches a person, a figure or the real desk."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from queues import clock as rhythm
from smsgw.gateway import Gateway
from smsgw.services import reporting
from smsgw.store import figures, practice
from smsgw.store.tables import Base, Complaint, FirstStep, Heartbeat
from tests.conftest import Bell, Clock
from tests.handlers.desks import Desk, hidden, signed_in

REFERENCE = re.compile(r'href="/practice/desk/(\d+)"')


def practises(app: Flask, username: str) -> Desk:
    """Signed in, with a practice begun."""
    desk = signed_in(app, username)
    begun = desk.posts("/practise/begin")
    assert (begun.status_code, begun.headers["Location"]) == (302, "/practice/desk/")
    return desk


def references(desk: Desk, path: str = "/practice/desk/?lang=en") -> list[str]:
    return list(dict.fromkeys(REFERENCE.findall(desk.opens(path).text)))


def rows(gateway: Gateway) -> dict[str, int]:
    """How many rows each table of the real house has."""
    with gateway.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in (FirstStep.__tablename__, Heartbeat.__tablename__)
        }


def test_it_opens(app: Flask):
    desk = practises(app, "canbo-kinhte")
    page = desk.opens("/practice/desk/?lang=en").text
    print(page)
    assert references(desk)
