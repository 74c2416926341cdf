"""Sends people's messages as their providers do: signed, twice, out of order, again when nobody answered."""

import random
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ops.chaos import calls
from ops.chaos.calls import Call
from ops.chaos.journal import Journal
from ops.chaos.line import Heard, Line
from ops.chaos.messages import Message, turns

AT_ONCE = 16
REORDERED = 8  # neighbours that may change places
TRIES, TRIED_AGAIN_S = 40, 1.5
KNOWS_NO_RETRY = 0.1  # share of the messages that their provider brings once only
BROUGHT_TWICE = 0.25
LATEST_COPY_S = 6.0
REFERENCE = re.compile(r"\b\d{5,}\b")


@dataclass(frozen=True, slots=True)
class Driver:
    """`rate` is in messages a second. What becomes of each call is written into the journal."""

    seed: int
    line: Line
    journal: Journal
    rate: float

    def send(self, messages: Sequence[Message]) -> None:
        """Returns when every message was acknowledged or given up."""
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as people:
            jobs = []
            for place, message in enumerate(self._reordered(messages)):
                time.sleep(max(0.0, began + place / self.rate - time.monotonic()))
                jobs.append(people.submit(self.bring, message))
            wait(jobs)
        for job in jobs:
            job.result()

    def bring(self, message: Message) -> None:
        """One message, with the copies that its provider makes of it."""
        chance = random.Random(f"{self.seed}:{message.number}")  # noqa: S311 - repeatable on purpose
        tries = 1 if chance.random() < KNOWS_NO_RETRY else TRIES
        copies = chance.randint(1, 4) if chance.random() < BROUGHT_TWICE and message.kind != "ussd" else 0
        if message.kind == "ussd":
            self._dial(message, tries)
            return
        call = calls.text(message.provider, message.ref, message.sender, message.body)
        if copies and chance.random() < 0.5:
            with ThreadPoolExecutor(copies + 1) as parallel:
                list(parallel.map(lambda _: self._until_taken(message, call, tries), range(copies + 1)))
            return
        self._until_taken(message, call, tries)
        for _ in range(copies):
            time.sleep(chance.uniform(0.0, LATEST_COPY_S / 4))
            self._until_taken(message, call, 1)

    def _dial(self, message: Message, tries: int) -> None:
        """Turn by turn. Who gets no answer hangs up; whether the last turn was done is what counts."""
        for last, typed in _marked(turns(message)):
            call = calls.turn(message.ref, message.sender, typed)
            heard = self._until_taken(message, call, tries, counts=last)
            if not heard.acknowledged or (heard.body.startswith("END") and not last):
                return

    def _until_taken(self, message: Message, call: Call, tries: int, *, counts: bool = True) -> Heard:
        for nth in range(tries):
            heard = self.line.call(call)
            self.journal.write(
                "call",
                number=message.number,
                status=heard.status,
                ms=heard.took_ms,
                whole=counts and _done(message, heard),
            )
            if heard.acknowledged or (heard.status is not None and heard.status < 500):
                break
            if nth + 1 < tries:
                time.sleep(TRIED_AGAIN_S)
        return heard

    def _reordered(self, messages: Sequence[Message]) -> Iterator[Message]:
        chance = random.Random(f"{self.seed}:order")  # noqa: S311 - repeatable on purpose
        for start in range(0, len(messages), REORDERED):
            few = list(messages[start : start + REORDERED])
            chance.shuffle(few)
            yield from few


def _done(message: Message, heard: Heard) -> bool:
    """Whether the message was taken: a USSD screen without a reference only says politely that it was not."""
    return heard.acknowledged and (message.kind != "ussd" or bool(REFERENCE.search(heard.body)))


def _marked(typed: Sequence[str]) -> Iterator[tuple[bool, str]]:
    return ((place == len(typed) - 1, one) for place, one in enumerate(typed))
