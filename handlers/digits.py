"""Whole numbers out of addresses and forms, no greater than a row's number can be: a database refuses others."""

from typing import Final

from werkzeug.routing import IntegerConverter, Map

_MOST: Final = 2**31 - 1  # where PostgreSQL's integers end; SQLite's end later


class RowNumber(IntegerConverter):
    """A row's number in an address; 404 where it can be none's."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=_MOST)


def whole_number(told: str) -> int | None:
    """What these digits say; None for anything else, and for too many of them."""
    number = int(told) if told.isascii() and told.isdigit() and len(told) <= len(str(_MOST)) else None
    return number if number is not None and number <= _MOST else None
