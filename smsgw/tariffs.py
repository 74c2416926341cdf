"""What segments cost, what carriers take, who gets tone marks and which addresses any text may hold, as the environment
sets them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from smsgw.domain.carriers import Carrier, Carriers, Marked, Price

PRICE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) +(\S.{0,11})")
AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
NUMBER = re.compile(r"\+?[0-9][0-9 .-]{2,18}")
ALLOWED = "gov.vn"
SAID = {"yes": True, "no": False}


def read(env: Mapping[str, str], senders: Iterable[str]) -> tuple[Carriers, list[str]]:
    """Everything as far as it can be read, and all that is wrong with it."""
    problems: list[str] = []
    order = tuple(dict.fromkeys(senders))
    carriers = Carriers(
        order=order,
        known={name: _carrier(name, env, problems) for name in order},
        marked=_marked(env, problems),
        marks_up_to=_amount(env, problems),
        allowed=_allowed(env, problems),
    )
    return carriers, problems


def _carrier(name: str, env: Mapping[str, str], problems: list[str]) -> Carrier:
    def of(what: str) -> str:
        return f"SMSGW_{what}_{name.upper()}"

    return Carrier(
        price=_price(of("PRICE"), env, problems),
        forbidden="".join(dict.fromkeys(env.get(of("FORBIDDEN"), "").replace(" ", ""))),
        registered=_yes(of("REGISTERED"), env, problems, usual=False),
        tone_marks=_yes(of("TONE_MARKS"), env, problems, usual=True),
    )


def _price(variable: str, env: Mapping[str, str], problems: list[str]) -> Price | None:
    given = env.get(variable, "").strip()
    if not given:
        return None
    if match := PRICE.fullmatch(given):
        return Price(Decimal(match[1]), match[2])
    problems.append(f"{variable} is {given!r}: it must be what a segment costs and the currency, such as 350 VND")
    return None


def _yes(variable: str, env: Mapping[str, str], problems: list[str], *, usual: bool) -> bool:
    given = env.get(variable, "").strip().lower()
    if given and given not in SAID:
        problems.append(f"{variable} is {given!r}: it must be yes or no")
    return SAID.get(given, usual)


def _marked(env: Mapping[str, str], problems: list[str]) -> Marked:
    given = env.get("SMSGW_TONE_MARKS", "").strip().lower()
    if given in list(Marked):
        return Marked(given)
    if given:
        problems.append(f"SMSGW_TONE_MARKS is {given!r}: it must be all, letters or none")
    return Marked.ALL


def _amount(env: Mapping[str, str], problems: list[str]) -> Decimal | None:
    given = env.get("SMSGW_TONE_MARKS_UP_TO", "").strip()
    if given and not AMOUNT.fullmatch(given):
        problems.append(f"SMSGW_TONE_MARKS_UP_TO is {given!r}: it must be what one text may cost, such as 1200")
        return None
    return Decimal(given) if given else None


def _allowed(env: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    given = env.get("SMSGW_ALLOWED_MENTIONS", ALLOWED)
    told = tuple(part.strip() for part in given.split(",") if part.strip())
    problems += [
        f"SMSGW_ALLOWED_MENTIONS names {one!r}: it must be a web domain, such as gov.vn, or a telephone number"
        for one in told
        if not HOST.fullmatch(one) and not NUMBER.fullmatch(one)
    ]
    return told
