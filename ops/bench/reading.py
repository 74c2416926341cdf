"""How many texts a second one core understands, what the reader keeps in memory, and the worst it can be given. Prints one
line of JSON."""

import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from itertools import cycle

from ops.bench.texts import bodies
from ops.bench.usage import resident_mb

LONGEST = 2000
# What costs a reader most: one long word, many numbers, phrases that may begin anywhere, and floods of signs.
WORST = (
    "a",
    "bcdfgh",
    "1 ",
    "12345 ",
    "a1",
    "day dien cot dien cau ",
    "duong ",
    "to 5 an ",
    "matdiennuocrac",
    "ĐƯỜNG HƯ ",
    "xuong go thanh dat an binh ",
    "a\u0301\u0302",
    "\ud83d",
    "\u202e",
    "\0",
)


def measure(seconds: float) -> dict[str, float]:
    """Reads texts for so many seconds of CPU time, after each was read once."""
    from smsgw.data.load import load_reader

    before = resident_mb([os.getpid()])
    began = time.process_time()
    reader = load_reader()
    texts = bodies()
    for text in texts:
        reader.read(text)
    loaded = time.process_time() - began
    kept = resident_mb([os.getpid()]) - before
    per_text = _per_text(reader.read, texts, seconds)
    naive = _per_text(naive_reader(), texts, seconds / 4)
    return {
        "texts_per_s": 1 / per_text,
        "text_us": 1e6 * per_text,
        "naive_us": 1e6 * naive,
        "load_s": loaded,
        "memory_mb": kept,
        "worst_ms": 1e3 * max(_best_of_three(reader.read, (piece * LONGEST)[:LONGEST]) for piece in WORST),
    }


def naive_reader() -> Callable[[str], str | None]:
    """What most people write first: marks taken off, then a regular expression a field, the first that fits wins."""
    words = {
        "GT": "duong|cau|xe tai|den do|bien bao|ke xe",
        "HT": "den duong|cong|ngap|via he|cay xanh|cho",
        "DN": "dien|nuoc may|cup nuoc|tru dien",
        "MT": "rac|khoi|bui|hoi|nuoc thai|heo",
        "DD": "dat|so do|tach thua|ranh",
        "XD": "xay|lan chiem|vat lieu|loi di",
        "AN": "trom|danh nhau|karaoke|nhac|lua dao",
        "DB": "covid|sot xuat huyet|vac xin|muoi",
        "YT": "tram y te|benh vien|thuoc|ngo doc",
        "GD": "truong|hoc sinh|co giao|hoc phi",
        "XH": "ho ngheo|tro cap|bao hiem|luong",
        "HC": "can bo|khai sinh|can cuoc|mot cua",
        "NN": "mia|lua|bo|kenh|rung|thuy loi",
        "KH": "song|mang|gia|can thieu|le hoi",
    }
    fields = [(field, re.compile(rf"\b(?:{pattern})\b")) for field, pattern in words.items()]

    def read(text: str) -> str | None:
        letters = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        return next((field for field, pattern in fields if pattern.search(plain)), None)

    return read


def _per_text(read: Callable[[str], object], texts: Sequence[str], seconds: float) -> float:
    count = 0
    began = time.process_time()
    for text in cycle(texts):
        read(text)
        count += 1
        if time.process_time() - began > seconds:
            break
    return (time.process_time() - began) / count


def _best_of_three(read: Callable[[str], object], text: str) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        read(text)
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]))))
