"""An official at a browser without JavaScript, and complaints that lie on their desk."""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from smsgw.domain.categories import CategoryCode
from smsgw.domain.understanding import Intent, Understanding
from smsgw.gateway import Gateway
from smsgw.services import filing
from smsgw.services.citizens import citizen_of
from smsgw.services.first_data import DEMO_PASSWORD
from smsgw.store.later import Later
from smsgw.store.tables import Complaint, Outgoing, Unit

AN_KHE, AN_BINH = "23617", "23614"
CITIZEN = "+84900001234"
FIELD = re.compile(r"<input\b[^>]*>")
NAMED = {name: re.compile(rf'\b{name}="([^"]*)"') for name in ("name", "value")}


def hidden(page: str) -> dict[str, str]:
    """Every input of a page by name, boxes only where they are ticked; the last of a name counts."""
    found = {}
    for tag in FIELD.findall(page):
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        name, value = (NAMED[part].search(tag) for part in ("name", "value"))
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


@dataclass
class Desk:
    """One signed-in browser."""

    web: FlaskClient

    def opens(self, path: str) -> TestResponse:
        return self.web.get(path)

    def posts(self, path: str, **fields: str) -> TestResponse:
        """Posts with a good token."""
        token = hidden(self.web.get("/desk/").text + self.web.get("/admin/units").text)["csrf_token"]
        return self.web.post(path, data={**fields, "csrf_token": token})

    def previews(self, reference: str, text: str, kind: str = "answer") -> TestResponse:
        seen = hidden(self.opens(f"/desk/{reference}").text).get("seen", "0")
        return self.posts(f"/desk/{reference}/{kind}", text=text, seen=seen)

    def agrees(
        self, reference: str, preview: TestResponse, kind: str = "answer", ticked: Collection[str] = ()
    ) -> TestResponse:
        """Sends exactly what the preview page's own form carries, and the boxes of it that the official ticked."""
        form = re.search(r'<section class="before".*?</section>', preview.text, re.DOTALL)
        assert form, preview.text
        assert all(f'name="{box}"' in form[0] for box in ticked)
        carried = hidden(form[0]) | dict.fromkeys(ticked, "yes")
        return self.web.post(f"/desk/{reference}/{kind}", data=carried)

    def answers(self, reference: str, text: str) -> TestResponse:
        return self.agrees(reference, self.previews(reference, text))


def signed_in(app: Flask, username: str, password: str = DEMO_PASSWORD) -> Desk:
    web = app.test_client()
    token = hidden(web.get("/login").text)["csrf_token"]
    response = web.post("/login", data={"username": username, "password": password, "csrf_token": token})
    assert response.status_code == 302, response.text
    return Desk(web)


def filed(
    gateway: Gateway,
    text: str = "Den duong hem 12 tat",
    *,
    unit: str | None = AN_KHE,
    category: CategoryCode | None = CategoryCode.HT,
    phone: str = CITIZEN,
    **read: object,
) -> str:
    """A complaint as reading such a text would have filed it; its reference."""
    understood = Understanding(
        intent=Intent.NEW_COMPLAINT,
        category=category,
        category_confidence=1.0,
        unit_today=unit,
        **read,  # type: ignore[arg-type]
    )
    with gateway.database.write() as session:
        citizen = citizen_of(session, phone, gateway.now())
        told = filing.Filing(f"test:{phone}:{text}", "sms", text, citizen, understood)
        later = Later(session)
        filed = filing.file(later, gateway.handbook(session), told, gateway.now())
        later.write()
        complaint = session.get(Complaint, filed.id)
        assert complaint
        return complaint.reference or ""


def row(gateway: Gateway, reference: str) -> Complaint:
    with gateway.database.read() as session:
        return session.scalars(select(Complaint).where(Complaint.reference == reference)).one()


def texts(gateway: Gateway, phone: str = CITIZEN) -> list[Outgoing]:
    with gateway.database.read() as session:
        return list(session.scalars(select(Outgoing).where(Outgoing.recipient == phone).order_by(Outgoing.id)))


def units(gateway: Gateway) -> Mapping[str, int]:
    """Ids of today's units and offices by code."""
    with gateway.database.read() as session:
        return {unit.code: unit.id for unit in session.scalars(select(Unit).where(Unit.valid_to.is_(None)))}
