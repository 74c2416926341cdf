"""What a line's troubles say about a text: whether the request had begun decides, not the kind of trouble."""

import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

import pytest

from smsgw.domain.messages import AccountWrong, InDoubt, Outcome, TryLater
from smsgw.providers.wire import Answer, Line, Trouble, trouble
from tests.providers.wires import answering, dripping, hanging_up, leaving_after_each, nobody_listening, silent

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


ASKS = {
    "a form": lambda line, url: line.post(url, {"To": "+84900000001"}),
    "json": lambda line, url: line.post_json(url, ["+84900000001"]),
    "an address": lambda line, url: line.get(url, {"to": "+84900000001"}),
}


@pytest.mark.parametrize("asks", ASKS.values(), ids=ASKS.keys())
def test_what_had_no_answer_on_a_kept_connection_is_not_sent_again(asks: Callable[[Line, str], Answer]) -> None:
    with hanging_up(on_request=2) as (url, came):
        line = Line(url, PATIENCE)
        assert asks(line, url).text == "ok"
        with pytest.raises(Trouble) as met:
            asks(line, url)
        assert trouble(met.value) == InDoubt("no answer: hung up")
        assert came == [0, 0]
        assert asks(line, url).text == "ok"
        assert len(came) == 3


def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    with leaving_after_each() as (url, came):
        line = Line(url, PATIENCE)
        for _ in range(3):
            assert line.post(url, {"To": "+84900000001"}).text == "ok"
            time.sleep(0.1)
        assert came == [0, 1, 2]


def test_troubles_are_told_by_their_kind() -> None:
    with nobody_listening() as url:
        assert outcome(Line(url, PATIENCE), url) == TryLater("not reached: no connection")
    assert outcome(Line("http://nowhere.invalid", PATIENCE), "http://nowhere.invalid/") == TryLater(
        "not reached: no such host"
    )
    with silent() as url:
        assert outcome(Line(url, (0.2, 0.2)), url) == InDoubt("no answer: too late")
    with answering(b"") as url:
        assert outcome(Line(url, PATIENCE), url) == InDoubt("no answer: hung up")
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") as url:
        assert outcome(Line(url, PATIENCE), url) == InDoubt("no answer: broken off")
    assert outcome(Line("gopher://x", PATIENCE), "gopher://x/") == AccountWrong(
        "the provider's address is wrong: not HTTP"
    )


def test_an_answer_that_drips_is_waited_for_no_longer_than_any_other() -> None:
    with dripping() as url:
        assert isinstance(outcome(Line(url, (0.2, 0.3)), url), InDoubt)


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
    heard: list[bytes] = []

    def serve(line: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certified)
        with suppress(ssl.SSLError), context.wrap_socket(line, server_side=True) as tls:
            heard.append(tls.recv(65_536))

    with served(serve) as address:
        assert isinstance(outcome(Line(f"https://{address}", PATIENCE), f"https://{address}/"), TryLater)
    assert not any(heard)


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


def test_a_host_that_needs_no_proxy_is_met_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as proxy, leaving_after_each() as (url, came):
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert Line(url, PATIENCE).post(url).text == "ok"
        assert came == [0]


def test_a_proxy_of_a_kind_we_cannot_use_is_the_operators_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://127.0.0.1:1080")
    assert isinstance(outcome(Line("http://provider.example", PATIENCE), "http://provider.example/"), AccountWrong)
