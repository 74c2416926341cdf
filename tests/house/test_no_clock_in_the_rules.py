"""Rules, verbs and memory are told the time; they never look at a clock of their own."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import modules, named

CLOCKS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "gmtime"),
    ("time", "localtime"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("time", "time"),
    ("time", "time_ns"),
}
LOADED = {name for module, name in CLOCKS if module == "time"}


def looks_at_a_clock(source: str) -> Iterator[int]:
    """Line numbers at which a clock is asked, or one is imported by name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner,
                name,
            ) in CLOCKS:
                yield node.lineno
            case ast.ImportFrom(module="time", names=names) if any(alias.name in LOADED for alias in names):
                yield node.lineno


@pytest.mark.parametrize("room", ["smsgw/domain", "smsgw/services", "smsgw/store", "smsgw/text"])
def test_no_clock_is_asked(room):
    found = [f"{named(path)}:{line}" for path in modules(room) for line in looks_at_a_clock(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.date.today()",
        "from time import time",
        "import time\nstart = time.monotonic()",
        "at = field(default_factory=datetime.utcnow)",
    ],
)
def test_this_guard_sees_a_clock(source):
    assert list(looks_at_a_clock(source))


@pytest.mark.parametrize(
    "source", ["def due(now):\n    return now.time()", "import time", "gateway.now()", "func.now()"]
)
def test_this_guard_lets_times_pass(source):
    assert not list(looks_at_a_clock(source))
