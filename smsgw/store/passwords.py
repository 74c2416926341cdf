"""Hashes passwords: argon2id, with parameters above OWASP's minimum (19 MiB, two passes, one lane)."""

from argon2 import PasswordHasher

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The encoded hash, parameters and salt included."""
    return HASHER.hash(password)
