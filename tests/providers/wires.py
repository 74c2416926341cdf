"""Lines on which things go wrong below HTTP, each on a free port of this machine."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count


@contextmanager
def nobody_listening() -> Iterator[str]:
    """A port that is bound, so that nobody else takes it, and refuses every connection."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def answering(said: bytes) -> Iterator[str]:
    """Reads a request, says these bytes, and hangs up."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = threading.Thread(target=_answer_once, args=(listener, said))
        server.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.join(10)


@contextmanager
def keeping(status: int, body: bytes) -> Iterator[tuple[str, set[int]]]:
    """Answers every request alike and keeps its connections; tells from which ports it was called."""
    callers: set[int] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            callers.add(self.client_address[1])
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", callers
        server.shutdown()


@contextmanager
def hanging_up(*, on_request: int) -> Iterator[tuple[str, list[int]]]:
    """Answers on kept connections, but hangs up on one request when it has read it; tells which came on which connection."""
    came: list[int] = []

    def serve(line: socket.socket, connection: int) -> None:
        with line:
            while b"\r\n\r\n" in line.recv(65_536):
                came.append(connection)
                if len(came) == on_request:
                    return
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with _listening(serve) as address:
        yield address, came


@contextmanager
def leaving_after_each() -> Iterator[tuple[str, list[int]]]:
    """Answers as if it kept its connections, and closes each behind its first answer."""
    came: list[int] = []

    def serve(line: socket.socket, connection: int) -> None:
        with line:
            line.recv(65_536)
            came.append(connection)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with _listening(serve) as address:
        yield address, came


@contextmanager
def dripping() -> Iterator[str]:
    """Never silent for long, and never done."""

    def serve(line: socket.socket, _connection: int) -> None:
        with line, suppress(OSError):
            line.recv(65_536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
            for _ in range(200):
                line.sendall(b".")
                time.sleep(0.05)

    with _listening(serve) as address:
        yield address


@contextmanager
def silent() -> Iterator[str]:
    """Takes the connection, and the request, and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def _listening(serve: Callable[[socket.socket, int], None]) -> Iterator[str]:
    """Every connection is dealt with by `serve`, which is told how many there were before."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        servers: list[threading.Thread] = []
        lines: list[socket.socket] = []

        def welcome() -> None:
            with suppress(OSError):
                for connection in count():
                    line, _ = listener.accept()
                    lines.append(line)
                    servers.append(threading.Thread(target=serve, args=(line, connection)))
                    servers[-1].start()

        door = threading.Thread(target=welcome)
        door.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for end in (listener, *lines):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in (door, *servers):
            thread.join(10)


def _answer_once(listener: socket.socket, said: bytes) -> None:
    listener.settimeout(10)
    line, _ = listener.accept()
    with line:
        line.recv(65_536)
        line.sendall(said)
