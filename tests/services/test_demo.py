"""Whom a demo may text through a real provider."""

from smsgw.domain.messages import SmsReceived
from smsgw.gateway import Gateway
from smsgw.services.demo import may_text
from smsgw.services.intake import receive

STRANGER = "+84900000001"


def texted_in(gateway: Gateway, provider: str) -> bool:
    """Whether somebody who texted in through this provider may be texted."""
    sms = SmsReceived(provider, "", "m1", STRANGER, "8079", "PA GT duong hu")
    with gateway.database.write() as session:
        receive(session, sms, gateway.now())
        return may_text(session, STRANGER, ())


def test_who_texted_in_through_a_real_provider_may_be_texted(gateway: Gateway) -> None:
    assert texted_in(gateway, "twilio")


def test_who_texted_in_through_the_simulator_only_may_not(gateway: Gateway) -> None:
    assert not texted_in(gateway, "simulator")


def test_who_is_listed_may_be_texted(gateway: Gateway) -> None:
    with gateway.database.read() as session:
        assert may_text(session, STRANGER, {STRANGER})
        assert not may_text(session, STRANGER, ())
