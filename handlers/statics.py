"""Names each static file by its content, so that a browser may keep it for long and still gets a new one at once."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask

KEPT_S = 30 * 24 * 3600
FOLDER = Path(__file__).parent / "static"


def name_versions(app: Flask) -> None:
    """Every `url_for("static", …)` carries `v`, a digest of the file."""

    @app.url_defaults
    def _add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", version(values["filename"]))


@lru_cache(maxsize=64)
def version(filename: str) -> str | None:
    """A short digest of a static file; None where there is none."""
    file = FOLDER / filename
    return blake2b(file.read_bytes(), digest_size=5).hexdigest() if file.is_file() else None
