"""The number a citizen quotes: a counter followed by one check digit."""

# Damm's quasigroup of order 10 (H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004): finds every
# single wrong digit and every swap of two neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_BEFORE_FIRST = 999
SHORTEST, LONGEST = 5, 7


def _remainder(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def reference_for(n: int) -> str:
    """The reference of the n-th complaint (n from 1): five digits for the first 9000, then six, then seven."""
    if n < 1:
        raise ValueError("complaints are counted from 1")
    body = str(_BEFORE_FIRST + n)
    return f"{body}{_remainder(body)}"


def is_valid(typed: str) -> bool:
    """Whether these digits could be one of ours: five to seven ASCII digits whose check digit agrees."""
    right_shape = typed.isascii() and typed.isdigit() and SHORTEST <= len(typed) <= LONGEST
    return right_shape and typed[0] != "0" and _remainder(typed) == 0


def near_misses(typed: str) -> list[str]:
    """Valid references one slip away from `typed`: a swap, then a wrong digit, one too many, one left out."""
    slips = (*_swapped(typed), *_replaced(typed), *_shortened(typed), *_lengthened(typed))
    return [slip for slip in dict.fromkeys(slips) if slip != typed and is_valid(slip)]


def _swapped(digits: str) -> list[str]:
    return [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]


def _replaced(digits: str) -> list[str]:
    return [digits[:i] + new + digits[i + 1 :] for i in range(len(digits)) for new in "0123456789"]


def _shortened(digits: str) -> list[str]:
    return [digits[:i] + digits[i + 1 :] for i in range(len(digits))]


def _lengthened(digits: str) -> list[str]:
    return [digits[:i] + new + digits[i:] for i in range(len(digits) + 1) for new in "0123456789"]
