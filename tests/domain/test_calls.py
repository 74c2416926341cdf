"""Which texts ask for a call, and which do not."""

import pytest

from smsgw.domain.calls import AFTER, Outcome, Standing, must_phone


@pytest.mark.parametrize("kind", ["OfficeAnswer", "OfficeQuestion", "NotAccepted"])
@pytest.mark.parametrize(
    ("state", "being_checked", "phones"),
    [
        ("failed", False, True),
        ("undelivered", False, True),
        ("unknown", False, True),
        ("unknown", True, False),
        ("delivery_unknown", False, False),
        ("accepted", False, False),
        ("delivered", False, False),
        ("queued", False, False),
        ("dispatching", True, False),
        ("cancelled", False, False),
    ],
)
def test_an_offices_text_that_did_not_arrive_is_phoned(kind, state, being_checked, phones):
    assert must_phone(kind, state, being_checked=being_checked) is phones


@pytest.mark.parametrize("kind", ["ComplaintReceived", "DeadlineAlert", "CallCitizen", "Help"])
def test_nobody_phones_for_a_receipt_or_an_alert(kind):
    assert not must_phone(kind, "failed", being_checked=False)


def test_only_a_citizen_who_was_told_or_cannot_be_reached_ends_a_call():
    assert {outcome for outcome in Outcome if AFTER[outcome] is not Standing.OPEN} == {
        Outcome.TOLD,
        Outcome.UNREACHABLE,
    }
