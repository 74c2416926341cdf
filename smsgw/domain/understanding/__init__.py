"""Reading a citizen's text: what is wanted, about what, where, what is missing, how urgent, and why we think so."""

from smsgw.domain.understanding.explained import Explained, Leaning, Spoke
from smsgw.domain.understanding.outcome import Intent, Missing, Sensitive, Understanding
from smsgw.domain.understanding.reader import Reader

__all__ = ["Explained", "Intent", "Leaning", "Missing", "Reader", "Sensitive", "Spoke", "Understanding"]
