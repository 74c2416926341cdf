"""Says what is wrong with the addresses that settings name: the public one, the database's, the broker's."""

import re
from urllib.parse import urlsplit

HIGHEST_PORT = 65535
DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")  # the drivers that are installed
PUBLIC = re.compile(
    r"(?P<scheme>https?)://(\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*)(:(?P<port>\d+))?(/[^\s?#@]*)?",
    re.ASCII | re.IGNORECASE,
)
SERVER = re.compile(r"(\[[^\]\s]*\]|[^:\[\]\s]*)(:(?P<port>\d+))?", re.ASCII)
DATABASE_NUMBER = re.compile(r"/?\d*", re.ASCII)


def wrong_with_public(url: str, *, secure: bool) -> str:
    """What completes "PUBLIC_URL …", empty when nothing is wrong. Providers call it and sign what they called: it is a
    scheme, a host, perhaps a port and a path; `secure` asks for https."""
    match = PUBLIC.fullmatch(url)
    if secure and not url.lower().startswith("https://"):
        return "must start with https:// in production"
    if match is None or not _is_port(match["port"]):
        return "must be a plain address such as https://phananh.example.vn, without blanks, ?, # and @"
    return ""


def wrong_with_database(url: str) -> str:
    """What completes "DATABASE_URL …", empty when nothing is wrong. Never repeats the address: a password may be in it."""
    scheme, slashes, rest = url.partition("://")
    if not slashes or scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        return "must start with sqlite:// or postgresql://"
    if scheme not in DATABASES:
        return f"names the driver {scheme!r}: there are {', '.join(DATABASES)}"
    if scheme.startswith("sqlite"):
        return ""
    server = SERVER.fullmatch(re.split(r"[/?]", rest.rpartition("@")[2], maxsplit=1)[0])
    return "" if server and _is_port(server["port"]) else "must be like postgresql://user:password@host:5432/name"


def wrong_with_broker(url: str) -> str:
    """What completes "REDIS_URL …", empty when nothing is wrong. Never repeats the address: a password may be in it."""
    if url.startswith("unix://"):
        return "" if url.removeprefix("unix://").startswith("/") else "must name a socket's whole path after unix://"
    if not url.startswith(("redis://", "rediss://")):
        return "must start with redis://, rediss:// or unix://"
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("redis://:")
    server = SERVER.fullmatch(parts.netloc.rpartition("@")[2])
    right = server and server[1] and _is_port(server["port"]) and DATABASE_NUMBER.fullmatch(parts.path)
    return "" if right else "must be like redis://user:password@host:6379/0"


def _is_port(given: str | None) -> bool:
    return given is None or 0 < int(given[:9]) <= HIGHEST_PORT
