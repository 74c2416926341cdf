"""Hashes passwords: argon2id, with parameters above OWASP's minimum (19 MiB, two passes, one lane)."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher

FORM: Final = "NFKD"  # one keyboard writes ậ as one sign, another as three
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The encoded hash, parameters and salt included, of the password in the form in which signing in compares it."""
    return HASHER.hash(unicodedata.normalize(FORM, password))
