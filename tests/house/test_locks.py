"""Whoever locks a row to change it leaves its key alone, so that rows that name it can be written meanwhile.

PostgreSQL's plain `FOR UPDATE` holds up everybody who writes a row that names the locked one; two such waits make a ring.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import modules, named


def locks_keys(source: str) -> Iterator[int]:
    """Line numbers of locks that hold up whoever names the row."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="with_for_update"), keywords=words):
                if "key_share" not in {word.arg for word in words}:
                    yield node.lineno
            case ast.Call(keywords=words):
                yield from (
                    node.lineno
                    for word in words
                    if word.arg == "with_for_update" and "key_share" not in ast.unparse(word.value)
                )


@pytest.mark.parametrize("room", ["smsgw/services", "smsgw/store"])
def test_no_lock_holds_up_who_names_the_row(room: str) -> None:
    found = [f"{named(path)}:{line}" for path in modules(room) for line in locks_keys(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("select(A).with_for_update()", [1]),
        ("\nselect(A).with_for_update(skip_locked=True, of=A)", [2]),
        ("session.get(A, 1, with_for_update=True)", [1]),
        ("select(A).with_for_update(key_share=True, of=A)", []),
        ('session.get(A, 1, with_for_update={"key_share": True})', []),
    ],
)
def test_such_a_lock_is_found(source: str, lines: list[int]) -> None:
    assert list(locks_keys(source)) == lines
