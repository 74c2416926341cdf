"""Numbers that no row can have are nobody's, whichever database would be asked for them."""

import pytest
from flask import Flask

from handlers.digits import whole_number
from tests.handlers.desks import signed_in


@pytest.mark.parametrize("told", ["", "-1", "1.0", "1e3", "²", "٣", " 1", "x", str(2**31), "9" * 5000])
def test_other_signs_and_what_no_row_can_have_are_no_number(told: str) -> None:
    assert whole_number(told) is None


@pytest.mark.parametrize("number", [0, 7, 2**31 - 1])
def test_digits_are_read(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("number", [2**31, 2**63, 2**70])
@pytest.mark.parametrize("page", ["/admin/officials/{}", "/admin/units/{}", "/admin/templates/{}", "/published/{}"])
def test_an_address_with_such_a_number_leads_nowhere(app: Flask, page: str, number: int) -> None:
    assert signed_in(app, "quantri").opens(page.format(number)).status_code == 404
