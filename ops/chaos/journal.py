"""A file that only grows, one line of JSON an event, each on the disk before its writer goes on."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Journal:
    """Written by many threads of one process. `at` is time.time(), which all processes of a machine share."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def write(self, event: str, **told: object) -> None:
        """Returns when the line is durable."""
        line = json.dumps({"at": round(time.time(), 4), "event": event, **told}, ensure_ascii=False).encode()
        with self._lock:
            self._out.write(line + b"\n")
            os.fsync(self._out.fileno())

    def close(self) -> None:
        self._out.close()


def entries(path: Path, event: str) -> list[Entry]:
    """All entries of one kind, in the order written. A last line that was cut in the middle counts for nothing."""
    found: list[Entry] = []
    if not path.exists():
        return found
    for line in path.read_bytes().split(b"\n")[:-1]:
        entry: Entry = json.loads(line)
        if entry["event"] == event:
            found.append(entry)
    return found
