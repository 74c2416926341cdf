"""Who calls a webhook proves who it is; who can prove nothing is heard on this machine only."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from handlers.callers import LARGEST_BODY
from smsgw.gateway import Gateway
from smsgw.providers import refs
from smsgw.store.tables import Inbound

CALLS = {
    "/sms/simulator": {"id": "m1", "from": "+84900000001", "to": "8079", "text": "PA GT duong hu"},
    "/ussd/simulator": {"session": "s1", "phone": "+84900000001", "code": "*8079#", "text": ""},
}


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-Ip"])
def test_the_simulator_is_not_heard_through_a_proxy(web: FlaskClient, path: str, header: str) -> None:
    assert web.post(path, data=CALLS[path], headers={header: "203.0.113.7"}).status_code == 403


@pytest.mark.parametrize("path", CALLS)
def test_the_simulator_is_not_heard_from_another_machine(web: FlaskClient, path: str) -> None:
    assert web.post(path, data=CALLS[path], environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 403


@pytest.mark.parametrize("path", CALLS)
def test_the_simulator_is_heard_on_this_machine(web: FlaskClient, path: str) -> None:
    assert web.post(path, data=CALLS[path]).status_code == 200


def test_a_form_of_a_thousand_fields_is_refused(web: FlaskClient, gateway: Gateway) -> None:
    form = CALLS["/sms/simulator"] | {f"f{number}": "" for number in range(1000)}
    assert web.post("/sms/simulator", data=form).status_code == 413
    with gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbound)) == 0


def test_a_call_that_does_not_tell_its_length_is_heard_whole_or_refused(web: FlaskClient, gateway: Gateway) -> None:
    def sends(length: int) -> int:
        body = b"id=m%d&from=%%2B84900000001&text=" % length + b"x" * length
        in_chunks = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        form = "application/x-www-form-urlencoded"
        return web.post("/sms/simulator", content_type=form, environ_overrides=in_chunks).status_code

    assert (sends(1000), sends(2 * LARGEST_BODY)) == (200, 413)
    with gateway.database.read() as session:
        assert session.scalars(select(Inbound.body)).all() == ["x" * 1000]


@pytest.mark.parametrize(
    ("body", "kind", "kept"),
    [
        (b"id=m1&from=%2B84900000001&text=duong hu \xe0\xff", "application/x-www-form-urlencoded", "duong hu %E0%FF"),
        (b"id=m1&from=%2B84900000001&text=duong+hu+%e0%ff", "application/x-www-form-urlencoded", "duong hu %E0%FF"),
        (
            b'{"id": "m1", "from": "+84900000001", "text": "duong hu \xe0\xff"}',
            "application/json",
            "duong hu \ufffd\ufffd",
        ),
    ],
)
def test_a_text_with_octets_that_are_no_letters_is_kept(
    web: FlaskClient, gateway: Gateway, body: bytes, kind: str, kept: str
) -> None:
    assert web.post("/sms/simulator", data=body, content_type=kind).status_code == 200
    with gateway.database.read() as session:
        assert session.scalars(select(Inbound.body)).all() == [kept]


@pytest.mark.parametrize("path", ["/sms/simulator", "/receipts/simulator", "/ussd/simulator/-/ended"])
def test_what_cannot_be_stored_is_brought_again(
    web: FlaskClient, gateway: Gateway, breaks: Callable[[], None], path: str
) -> None:
    calls = CALLS | {"/receipts/simulator": {"ref": refs.sign(gateway.settings.secret_key, 1), "status": "delivered"}}
    breaks()
    gateway.spool.folder.touch()  # a file in the place of the folder in which messages are kept meanwhile
    assert web.post(path, data=calls.get(path, CALLS["/ussd/simulator"])).status_code == 503
