"""Named points at which a house that is being tried ends as if its power went; in any other house they do nothing."""

import os
import signal
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

VARIABLE = "SMSGW_CRASH_POINTS"
NOWHERE = ".invalid"  # RFC 6761: such a name never resolves, so no provider and no citizen reaches a house called so

_folder: Path | None = None
_visits: Counter[str] = Counter()


def arm(env: Mapping[str, str]) -> None:
    """Listens for points in the folder that `SMSGW_CRASH_POINTS` names, but only in a house whose PUBLIC_URL lies under
    `.invalid`: one that serves people cannot be armed, whatever its environment says."""
    global _folder  # noqa: PLW0603 - a point must cost one look at a name
    host = urlsplit(env.get("PUBLIC_URL", "")).hostname or ""
    folder = env.get(VARIABLE, "")
    _folder = Path(folder) if folder and host.endswith(NOWHERE) else None


def point(name: str) -> None:
    """Ends this process with SIGKILL where a file of this name lies in the folder: at the k-th visit, where the file says
    k. The file is renamed first, so that it happens once and whoever laid it sees that it did."""
    if _folder is not None:
        _visit(_folder / name)


def _visit(laid: Path) -> None:
    try:
        wanted = int(laid.read_text(encoding="ascii"))
        _visits[laid.name] += 1
        if _visits[laid.name] < wanted:
            return
        laid.rename(laid.with_suffix(".hit"))
    except FileNotFoundError:
        return  # not laid, or another process was quicker
    os.kill(os.getpid(), signal.SIGKILL)
