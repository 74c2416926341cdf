"""What people will send: numbered complaints, each with a token that stands in no other, a few commands, USSD drafts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from ops.bench.texts import MATTERS
from ops.chaos.names import AFRICASTALKING, KANNEL, TWILIO
from smsgw.data import tables
from smsgw.domain.plain import plain

CONSONANTS = "bcdfghjklmnpqrstvwxz"  # no word of any language, nor a number that would be read as one
PLACE = "duong Quang Trung phuong An Khe"
COMMANDS = ("HUONG DAN", "TRA CUU")
ONE_COMMAND_IN, ONE_DRAFT_IN, ONE_REPEATS_IN = 10, 12, 7
SENDERS = 900_000
ELSEWHERE = str(len([row for row in tables.tree("units.toml", "unit") if "valid_to" not in row]) + 1)
MOST_SHARE = {TWILIO: 5, AFRICASTALKING: 3, KANNEL: 2}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one person. `ref` is the provider's id, for a USSD draft its session."""

    number: int
    provider: str
    ref: str
    kind: str
    sender: str
    token: str
    body: str


def token(number: int) -> str:
    """A word that is found in one text only."""
    signs = ""
    for _ in range(6):
        number, digit = divmod(number, len(CONSONANTS))
        signs = CONSONANTS[digit] + signs
    return f"zq{signs}"


def mark(of_token: str) -> str:
    """A word for an answer to the complaint with this token."""
    return f"zy{of_token.removeprefix('zq')}"


def messages(seed: int, how_many: int) -> Sequence[Message]:
    """The whole load, always the same for a seed. Nobody sends the same command twice: its replies would be alike."""
    chance = random.Random(f"{seed}:messages")  # noqa: S311 - repeatable on purpose
    providers = chance.choices(list(MOST_SHARE), list(MOST_SHARE.values()), k=how_many)
    first = chance.randrange(SENDERS)
    return [_message(number, provider, first) for number, provider in enumerate(providers)]


def _message(number: int, provider: str, first: int) -> Message:
    repeats = number % ONE_REPEATS_IN == ONE_REPEATS_IN - 1  # the sender before writes again
    sender = f"+84900{(first + number - repeats) % SENDERS:06d}"
    ref = f"SM{number:032x}" if provider == TWILIO else f"in-{number:08d}"
    mark = token(number)
    matter = plain(MATTERS[number % len(MATTERS)]).replace(",", "")
    if number % ONE_COMMAND_IN == ONE_COMMAND_IN - 1:
        return Message(number, provider, ref, "command", sender, "", COMMANDS[number % 20 // ONE_COMMAND_IN])
    if number % ONE_DRAFT_IN == ONE_DRAFT_IN - 1:
        return Message(number, AFRICASTALKING, f"ATU-{number:08d}", "ussd", sender, mark, f"{matter} {mark}")
    return Message(number, provider, ref, "complaint", sender, mark, f"PA GT {matter}, {PLACE} {mark}")


def turns(message: Message) -> list[str]:
    """What a USSD session has typed at each of its turns: send a complaint, the first field, the last of the places, no
    hamlet, the text, not sure since when, yes."""
    typed, told = [""], ""
    for answer in ("1", "1", ELSEWHERE, "99", message.body, "5", "1"):
        told = f"{told}*{answer}" if told else answer
        typed.append(told)
    return typed
