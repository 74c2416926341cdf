"""What is typed as no database takes it: numbers that no row can have are nobody's, and NUL is kept as another sign."""

import pytest
from flask import Flask

from handlers.typed import whole_number
from handlers.web import create_app
from smsgw.gateway import Gateway
from tests.conftest import Bell
from tests.handlers.desks import filed, signed_in


@pytest.mark.parametrize("told", ["", "-1", "1.0", "1e3", "²", "٣", " 1", "x", str(2**31), "9" * 5000])
def test_other_signs_and_what_no_row_can_have_are_no_number(told: str) -> None:
    assert whole_number(told) is None


@pytest.mark.parametrize("number", [0, 7, 2**31 - 1])
def test_digits_are_read(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("where", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_nul_is_kept_as_a_sign_that_stands_for_none(where: str, request: pytest.FixtureRequest, bell: Bell) -> None:
    house: Gateway = request.getfixturevalue(where)
    desk = signed_in(create_app(house, bell), "dau-moi-ankhe")  # type: ignore[arg-type]
    reference = filed(house)
    assert desk.posts(f"/desk/{reference}/note", note="goi\0 lai").status_code == 302
    assert "goi\ufffd lai" in desk.opens(f"/desk/{reference}").text
    assert desk.opens("/desk/?q=a%00").status_code == 200
    assert desk.opens("/desk/%00").status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63, 2**70])
@pytest.mark.parametrize("page", ["/admin/officials/{}", "/admin/units/{}", "/admin/templates/{}", "/published/{}"])
def test_an_address_with_such_a_number_leads_nowhere(app: Flask, page: str, number: int) -> None:
    assert signed_in(app, "quantri").opens(page.format(number)).status_code == 404
