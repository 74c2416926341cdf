"""How a complaint stands before an answer, as values that its history keeps, and the way back."""

from datetime import datetime
from typing import Any

from smsgw.store.tables import Complaint

_PLAIN = ("state", "asking", "stage", "stops", "steps", "verdict", "ending")
_MOMENTS = (
    "answered_at",
    "look_at",
    "asking_until",
    "due_at",
    "paused_at",
    "due_before_pause",
    "verdict_asked_at",
    "verdict_at",
    "silence_at",
    "held_at",
    "closed_at",
    "unopened_since",
)
_PROMPT = ("prompt", "prompt_complaint_id")


def how_it_stood(complaint: Complaint) -> dict[str, Any]:
    """Everything that an answer changes: of the complaint, and of what its citizen's next short text is about."""
    told = {name: getattr(complaint, name) for name in _PLAIN}
    told |= {name: at.isoformat() if (at := getattr(complaint, name)) else None for name in _MOMENTS}
    citizen = complaint.citizen
    until = citizen.prompt_until.isoformat() if citizen.prompt_until else None
    return told | {name: getattr(citizen, name) for name in _PROMPT} | {"prompt_until": until}


def put_back(complaint: Complaint, before: dict[str, Any]) -> None:
    """As it stood. What its citizen was asked since then stays asked."""
    for name in _PLAIN:
        setattr(complaint, name, before[name])
    for name in _MOMENTS:
        setattr(complaint, name, _moment(before[name]))
    citizen = complaint.citizen
    if not citizen.prompt:
        citizen.prompt, citizen.prompt_complaint_id = before["prompt"], before["prompt_complaint_id"]
        citizen.prompt_until = _moment(before["prompt_until"])


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
