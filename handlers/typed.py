"""What people type into addresses and forms, as a database takes it: no sign and no number that it refuses."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.routing import BaseConverter, IntegerConverter, Map

_MOST: Final = 2**31 - 1  # where PostgreSQL's integers end; SQLite's end later


def storable(told: str) -> str:
    """As a database takes it: U+FFFD stands for NUL, as it does in citizens' texts."""
    return told.replace("\0", "\ufffd")


class _Fields(ImmutableMultiDict[str, Any]):
    """A form's fields, or those behind an address's question mark, each `storable`."""

    def __init__(self, told: Any = None) -> None:
        pairs: Iterable[tuple[str, Any]] = iter_multi_items(told) if told else ()
        super().__init__((name, storable(said) if isinstance(said, str) else said) for name, said in pairs)


class _Asked(Request):
    parameter_storage_class = _Fields


class _Word(BaseConverter):
    regex = r"[^/\0]+"
    part_isolating = True


class _RowNumber(IntegerConverter):
    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=_MOST)


def take_what_can_be_stored(app: Flask) -> None:
    """An address with a number that no row can have, or with NUL, leads nowhere; before its rules are made."""
    app.request_class = _Asked
    app.url_map.converters.update(default=_Word, int=_RowNumber)


def whole_number(told: str) -> int | None:
    """What these digits say; None for anything else, and for more than any row's number."""
    number = int(told) if told.isascii() and told.isdigit() and len(told) <= len(str(_MOST)) else None
    return number if number is not None and number <= _MOST else None
