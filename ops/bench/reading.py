"""How many texts a second one core understands, and what the reader keeps in memory. Prints one line of JSON."""

import json
import os
import sys
import time
from itertools import cycle

from ops.bench.texts import bodies
from ops.bench.usage import resident_mb


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
    read = 0
    began = time.process_time()
    for text in cycle(texts):
        reader.read(text)
        read += 1
        if time.process_time() - began > seconds:
            break
    per_text = (time.process_time() - began) / read
    return {
        "texts_per_s": 1 / per_text,
        "text_us": 1e6 * per_text,
        "load_s": loaded,
        "memory_mb": resident_mb([os.getpid()]) - before,
    }


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]))))
