"""Secrets that come with a call: whether one is ours, while old and new are both good."""

import hmac
from collections.abc import Iterable


def several(value: str) -> tuple[str, ...]:
    """The secrets of a comma-separated setting; the first is the one to use, the others are still accepted."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def is_one_of(given: str | None, ours: Iterable[str]) -> bool:
    """Compares with each in constant time. Nothing given and nothing set are both False."""
    offered = (given or "").encode("utf-8", "replace")
    matches = [hmac.compare_digest(offered, secret.encode("utf-8", "replace")) for secret in ours if secret]
    return any(matches)
