"""The lab as a fixture, where Kannel is installed."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kannel.lab import KannelLab, Labs, found


@pytest.fixture
def kannel_lab(tmp_path: Path) -> Iterator[Callable[..., KannelLab]]:
    """`kannel_lab(get_url, recode=True, joins=True)` starts a Kannel that ends with the test; one a test."""
    if not (found("bearerbox") and found("smsbox")):
        reason = "Kannel is not installed (bearerbox and smsbox)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with Labs(tmp_path) as labs:
        yield labs.start
