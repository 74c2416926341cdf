"""Which port the web server gets."""

import socket
from collections.abc import Iterator

import pytest

from ops import ports


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on, ready to share it as Granian would."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        yield other.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_seen(taken: int, host: str) -> None:
    trouble = ports.trouble(host, taken)
    assert trouble is not None
    assert ports.is_busy(trouble)


def test_another_port_is_found_for_it(taken: int) -> None:
    assert ports.trouble("127.0.0.1", ports.free_beside("127.0.0.1", taken)) is None


def test_an_address_that_is_not_ours_is_not_called_busy() -> None:
    trouble = ports.trouble("192.0.2.1", 8000)
    assert trouble is not None
    assert not ports.is_busy(trouble)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("gateway.example", "http://gateway.example:8000"),
    ],
)
def test_people_are_told_an_address_that_works_here(host: str, address: str) -> None:
    assert ports.local_address(host, 8000) == address


def test_silence_is_not_an_answer(taken: int) -> None:
    assert not ports.answers("127.0.0.1", taken, "/healthz", seconds=0.05)
