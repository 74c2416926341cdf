"""Third-party reference data for contract tests, read from the folder that SMSGW_REFERENCE_DATA names."""

import os
from pathlib import Path

import pytest


def reference_file(*parts: str) -> Path:
    """The file, or the end of the test: skipped where there is none, failed where CI is set and it must be there."""
    folder = os.environ.get("SMSGW_REFERENCE_DATA", "")
    file = Path(folder, *parts)
    if folder and file.is_file():
        return file
    reason = f"SMSGW_REFERENCE_DATA names no folder with {'/'.join(parts)}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
