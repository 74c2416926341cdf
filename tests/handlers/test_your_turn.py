"""A complaint's page says to whoever opens it whether it is their turn."""

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.handlers.desks import filed, row, signed_in, units

pytestmark = pytest.mark.slow  # many sign-ins

EVERYBODY = ("dau-moi-ankhe", "canbo-kinhte", "lanhdao-ankhe", "giamsat-tinh", "kiemtoan")


def whose_turn(app: Flask, reference: str) -> list[str]:
    """Those to whom the page says so."""
    pages = {name: signed_in(app, name).opens(f"/desk/{reference}?lang=en") for name in EVERYBODY}
    return [name for name, page in pages.items() if "Your turn:" in page.text]


@pytest.mark.parametrize(
    ("stands", "whose"),
    [
        ("unassigned", ["dau-moi-ankhe"]),
        ("assigned", ["canbo-kinhte"]),
        ("bounced", ["lanhdao-ankhe"]),
        ("waiting", []),
        ("answered", []),
    ],
)
def test_it_is_one_persons_turn_or_nobodys(app: Flask, gateway: Gateway, stands: str, whose: list[str]) -> None:
    reference = filed(gateway, category=None if stands == "unassigned" else "HT")  # type: ignore[arg-type]
    with gateway.database.write() as session:
        complaint = session.get_one(type(row(gateway, reference)), row(gateway, reference).id)
        if stands == "bounced":
            complaint.state, complaint.office_id, complaint.triage_reason = "received", None, "bounced"
        if stands in ("waiting", "answered"):
            complaint.state = stands
    assert whose_turn(app, reference) == whose


def test_an_office_that_has_nothing_to_do_with_it_is_not_asked(app: Flask, gateway: Gateway) -> None:
    reference = filed(gateway)
    signed_in(app, "dau-moi-ankhe").posts(
        f"/desk/{reference}/pass", office=str(units(gateway)["23617-ca"]), reason="Việc của công an"
    )
    assert whose_turn(app, reference) == []
    assert "Your turn:" in signed_in(app, "congan-ankhe").opens(f"/desk/{reference}?lang=en").text
