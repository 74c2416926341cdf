"""The files of the house, as its guards walk them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("smsgw", "handlers", "queues", "locale", "ops", "tests", "docs", "deploy", "bench", ".ci", ".github")
WORDS = {
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".jsonl",
    ".md",
    ".po",
    ".py",
    ".sh",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}
PLAIN = {"run", "Procfile", "Makefile", "Dockerfile", "Caddyfile"}


def files(*rooms: str) -> Iterator[Path]:
    """Every file of the named rooms, or of the whole house with what stands at its root."""
    if not rooms:
        yield from (path for path in ROOT.iterdir() if path.is_file())
    for room in rooms or ROOMS:
        yield from (path for path in (ROOT / room).rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def modules(*rooms: str) -> Iterator[Path]:
    """The Python files among them."""
    return (path for path in files(*rooms) if path.suffix == ".py")


def written(*rooms: str) -> Iterator[Path]:
    """Those that people write and read."""
    return (path for path in files(*rooms) if path.suffix in WORDS or path.name in PLAIN)


def named(path: Path) -> str:
    """The path as a reader looks for it."""
    return path.relative_to(ROOT).as_posix()
