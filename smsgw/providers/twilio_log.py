"""Twilio's message log: which texts it has of ours, and which it took in for us.

Lists are asked by number or by day, never by our reference: Twilio keeps none. A text that still waits at Twilio has no
`date_sent`, so where such ones matter `date_created` is looked at instead. The body is as it was sent on, not as it was
handed over: Smart Encoding puts plain letters for typographic ones, and signs that a network has not may be left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from twilio.base.exceptions import TwilioException

from smsgw.domain.ledger import NoWord, Sighting
from smsgw.domain.messages import Delivery, OutgoingSms, SmsReceived
from smsgw.domain.phone import normalised
from smsgw.providers import fields
from smsgw.providers.wire import Trouble

_OF_ONE_PHONE: Final = 200  # the newest of them: far more than one person is sent in ten minutes
_A_PAGE: Final = 1000
_ON_TRIAL: Final = "Sent from your Twilio trial account - "  # what a trial account's texts begin with

Meaning = Mapping[str, Delivery]


def look_up(client: Any, meaning: Meaning, message: OutgoingSms, since: datetime) -> Sequence[Sighting]:
    """Ours to this number, made since then, and whether their words are these: Twilio may have altered them."""
    wanted = _words(message.text)
    listed = (one for one in _listed(client, to=message.to, limit=_OF_ONE_PHONE) if _is_ours(one))
    found = (replace(_sighting(one, meaning), same_words=_words(one.body) == wanted) for one in listed)
    return [one for one in found if one.provider_ref and one.at and one.at >= since]


def sent_since(client: Any, meaning: Meaning, since: datetime) -> Iterator[Sighting]:
    """Ours that Twilio sent since then; those that still wait there come next time."""
    for one in _listed(client, date_sent_after=since, page_size=_A_PAGE):
        if _is_ours(one) and isinstance(one.date_sent, datetime) and one.date_sent >= since:
            yield _sighting(one, meaning)


def received_since(client: Any, ours: Callable[[Any], bool], since: datetime) -> Iterator[SmsReceived]:
    """Texts that came in since then to the sender or service that is `ours`: an account may serve others too."""
    for one in _listed(client, date_sent_after=since, page_size=_A_PAGE):
        at = one.date_sent if isinstance(one.date_sent, datetime) else None
        if one.direction == "inbound" and ours(one) and at and at >= since and one.sid and fields.word(one.from_):
            yield SmsReceived(
                provider="twilio",
                account=fields.word(one.account_sid),
                provider_ref=fields.word(one.sid),
                sender=fields.sender(one.from_),
                recipient=fields.recipient(one.to),
                text=fields.text(one.body),
                sent_at=at,
            )


def _listed(client: Any, **asked: Any) -> Sequence[Any]:
    """Read to its end, so that a list that breaks off is no list."""
    try:
        return list(client.messages.list(**asked))
    except (TwilioException, Trouble) as error:
        raise NoWord(f"Twilio's list: {type(error).__name__}") from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        # The SDK trips over an answer that is not the JSON object it expects.
        raise NoWord(f"Twilio's list cannot be read: {type(error).__name__}") from error


def _words(body: object) -> str:
    return fields.text(body).removeprefix(_ON_TRIAL).strip()


def _is_ours(one: Any) -> bool:
    return isinstance(one.direction, str) and one.direction.startswith("outbound")


def _sighting(one: Any, meaning: Meaning) -> Sighting:
    at = one.date_created if isinstance(one.date_created, datetime) else None
    delivery = meaning.get(fields.word(one.status), Delivery.PENDING)
    return Sighting(fields.word(one.sid), normalised(fields.word(one.to)), at, delivery)
