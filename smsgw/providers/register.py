"""The providers that there are: what is wrong with those that are named, and opening them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from smsgw.providers.africastalking import AfricasTalking
from smsgw.providers.android import Android
from smsgw.providers.arkesel import Arkesel
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.hubtel import Hubtel
from smsgw.providers.kannel import Kannel
from smsgw.providers.shapes import RATE
from smsgw.providers.simulator import Simulator
from smsgw.providers.tokens import several
from smsgw.providers.truroute import TruRoute
from smsgw.providers.twilio import Twilio

REGISTER: Final[dict[str, type[Provider]]] = {
    "simulator": Simulator,
    "twilio": Twilio,
    "africastalking": AfricasTalking,
    "kannel": Kannel,
    "android": Android,
    "hubtel": Hubtel,
    "arkesel": Arkesel,
    "truroute": TruRoute,
}


def repeaters() -> frozenset[str]:
    """Those that may bring one text twice under two ids."""
    return frozenset(name for name, provider in REGISTER.items() if provider.repeats_under_new_ids)


def problems(
    names_out: Iterable[str], names_in: Iterable[str], names_ussd: Iterable[str], env: Mapping[str, str]
) -> list[str]:
    """Everything wrong with the named providers at once, a sentence each; empty when all can be opened."""
    uses = (
        *(_Use(name, "SMSGW_SMS_OUT", "send texts", "sends", "needs_to_send") for name in names_out),
        *(_Use(name, "SMSGW_SMS_IN", "receive texts", "receives", "needs_to_receive") for name in names_in),
        *(_Use(name, "SMSGW_USSD", "serve USSD", "ussd", "needs_to_receive") for name in names_ussd),
    )
    return list(dict.fromkeys(problem for use in uses for problem in _problems(use, env)))


def open_providers(names: Iterable[str], around: Surroundings) -> dict[str, Provider]:
    """The named providers, each opened once. `problems` found nothing wrong with them before."""
    return {name: REGISTER[name].open(around) for name in names}


def rate(name: str, env: Mapping[str, str]) -> float:
    """Segments a second that the provider is handed at most; 0 for as many as there are."""
    told = env.get(_rate_variable(name), "").strip()
    return float(told) if told else REGISTER[name].rate


def _rate_variable(name: str) -> str:
    return f"SMSGW_RATE_{name.upper()}"


class _Use(NamedTuple):
    """A provider named for something; `able` and `needs` are attributes of its class."""

    name: str
    variable: str
    words: str
    able: str
    needs: str


def _problems(use: _Use, env: Mapping[str, str]) -> Iterator[str]:
    provider = REGISTER.get(use.name)
    if provider is None:
        yield f"{use.variable} names {use.name!r}: there are only {', '.join(REGISTER)}"
    elif not getattr(provider, use.able):
        yield f"{use.variable} names {use.name}, which cannot {use.words}"
    else:
        needed = getattr(provider, use.needs)
        yield from (f"{name} is missing: {use.name} needs it" for name in needed if not several(env.get(name, "")))
        yield from _misshapen(provider, env)
        told = env.get(_rate_variable(use.name), "").strip()
        if told and not RATE.fits(told):
            yield f"{_rate_variable(use.name)} is not as it must be: {RATE.words}"


def _misshapen(provider: type[Provider], env: Mapping[str, str]) -> Iterator[str]:
    for name, shape in provider.shapes.items():
        value = env.get(name, "").strip()
        if several(value) and not shape.fits(value):
            yield f"{name} is not as it must be: {shape.words}"
