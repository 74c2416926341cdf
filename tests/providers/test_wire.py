"""What a line's troubles say about a text: whether the request had begun decides, not the kind of trouble."""

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

from smsgw.domain.messages import AccountWrong, InDoubt, Outcome, TryLater
from smsgw.providers.wire import Line, Trouble, trouble
from tests.providers.wires import answering, nobody_listening

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
PATIENCE = (2.0, 2.0)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def certified(tmp_path: Path) -> Path:
    """A key and a certificate of 127.0.0.1 in one file."""
    openssl = which("openssl")
    if openssl is None:
        assert not os.environ.get("CI"), "openssl is missing"
        pytest.skip("openssl is not on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [openssl, "req", *asked, *named, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    file = tmp_path / "certified.pem"
    file.write_bytes(key.read_bytes() + certificate.read_bytes())
    return file


@contextmanager
def served(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Where one connection is dealt with by `serve`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def work() -> None:
            listener.settimeout(10)
            line, _ = listener.accept()
            with line:
                serve(line)

        server = threading.Thread(target=work)
        server.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        server.join(10)


def outcome(line: Line, url: str) -> Outcome:
    with pytest.raises(Trouble) as met:
        line.post(url, {"To": "+84900000001"})
    return trouble(met.value)


def test_tls_that_breaks_after_the_request_leaves_the_text_in_doubt(
    certified: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certified))

    def serve(line: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certified)
        with context.wrap_socket(line, server_side=True) as tls:
            tls.recv(65_536)
            socket.socket.send(tls, b"\x17\x03\x03\x00\x05broken record")  # past the cipher

    with served(serve) as address:
        assert isinstance(outcome(Line(f"https://{address}", PATIENCE), f"https://{address}/"), InDoubt)


def test_a_certificate_that_nobody_trusts_sent_nothing(certified: Path) -> None:
    def serve(line: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certified)
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(line, server_side=True)

    with served(serve) as address:
        assert isinstance(outcome(Line(f"https://{address}", PATIENCE), f"https://{address}/"), TryLater)


def test_a_proxy_that_hangs_up_on_a_request_leaves_the_text_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        assert isinstance(outcome(Line("http://provider.example", PATIENCE), "http://provider.example/"), InDoubt)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_sent_nothing(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy)
        url = f"{scheme}://provider.example"
        assert isinstance(outcome(Line(url, PATIENCE), url), TryLater)


def test_a_proxy_that_refuses_the_tunnel_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        url = "https://provider.example"
        assert isinstance(outcome(Line(url, PATIENCE), url), TryLater)


PROVEN = b"proxy-authorization: basic dxnlcjpwyxnzihdvcmq="


@pytest.mark.parametrize(
    ("name", "before", "proven"),
    [("HTTP_PROXY", "http://user:pass%20word@", True), ("ALL_PROXY", "http://", False), ("HTTP_PROXY", "", False)],
)
def test_a_proxy_is_met_as_the_environment_names_it(
    name: str, before: str, proven: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []

    def serve(line: socket.socket) -> None:
        heard.append(line.recv(65_536))
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with served(serve) as proxy:
        monkeypatch.setenv(name, before + proxy)
        assert Line("http://provider.example", PATIENCE).post("http://provider.example/x").text == "ok"
    assert heard[0].startswith(b"POST http://provider.example/x HTTP/1.1")
    assert (PROVEN in heard[0].lower()) is proven


def test_a_proxy_of_a_kind_we_cannot_use_is_the_operators_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5h://127.0.0.1:1080")
    assert isinstance(outcome(Line("http://provider.example", PATIENCE), "http://provider.example/"), AccountWrong)
