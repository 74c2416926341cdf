"""What is known about a trial from outside and from the product's database, as plain values for the checker."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def digest(body: str) -> str:
    """A text's mark: the evidence holds no words."""
    return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A person's message, all its calls together. `kind` is complaint, command or ussd; `token` stands in its text and in
    no other's, empty for a command. `acknowledged_at` is the first 2xx, None when there was none."""

    provider: str
    ref: str
    kind: str
    token: str
    acknowledged_at: float | None


@dataclass(frozen=True, slots=True)
class Letter:
    """An official's answer: the complaint's token, the mark of a text of its own, and whether the desk said it went."""

    token: str
    mark: str
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that a provider sends. `outbox_id` is what our reference says, None where the provider takes none.
    `ambiguous`: its answer did not say so."""

    at: float
    provider: str
    phone: str
    body: str
    outbox_id: int | None
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A genuine receipt that was sent: by our reference, or else by phone and text."""

    outbox_id: int | None
    phone: str
    body: str
    word: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text as the product stored it. `tokens` are those of the trial found in it."""

    id: int
    provider: str
    ref: str
    state: str
    token: str


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint; `token` is the one in its text."""

    id: int
    key: str
    channel: str
    token: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A text to send. `body` is a digest. `waiting`: it is queued, being sent, or to be looked at again; `due_for` is how
    many seconds it has been so past its time; `alerts` are the keys of the alerts that it tells."""

    id: int
    key: str
    phone: str
    body: str
    state: str
    flagged: bool
    waiting: bool
    due_for: float = 0.0
    mark: str = ""
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """A complaint whose due moment was put into the past, and who must hear of it."""

    complaint_id: int
    stage: str
    version: int
    phones: tuple[str, ...]

    def key_for(self, phone: str) -> str:
        """The key that makes the alert happen once."""
        return f"alert:{self.complaint_id}:answer:{self.stage}:{self.version}:{phone}"


@dataclass(frozen=True, slots=True)
class Move:
    """A change of an outbox row's state that was seen. `flagged` is how the row stood afterwards."""

    outbox_id: int
    before: str
    after: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything. `breaks` are the moments at which a sender or the database was killed or frozen; `waits` says how many
    seconds each due row waited, counted from the end of the faults; `looks_up` are the providers that are asked after a
    doubt."""

    attempts: Sequence[Attempt] = ()
    letters: Sequence[Letter] = ()
    handed: Sequence[Handed] = ()
    told: Sequence[Told] = ()
    texts: Sequence[TextRow] = ()
    complaints: Sequence[ComplaintRow] = ()
    outbox: Sequence[OutboxRow] = ()
    overdue: Sequence[Overdue] = ()
    moves: Sequence[Move] = ()
    breaks: Sequence[float] = ()
    waits: Mapping[str, float] = field(default_factory=dict)
    ambiguous_faults: int = 0
    looks_up: frozenset[str] = frozenset()
