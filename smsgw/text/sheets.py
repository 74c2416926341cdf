"""Writes tables as .csv and .xlsx files that no spreadsheet takes for formulas.

A text that begins as a formula would be run by whoever opens the file: in CSV it gets an apostrophe in front, as OWASP advises;
in a workbook it is marked as text.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from smsgw.text.archive import readable

BOM = "\ufeff"  # without it Excel reads Vietnamese as something else
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NAME, WIDEST = 31, 70  # signs
FONT = "Times New Roman"
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the file tells no moment of its own


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0 to 1, shown as a percentage."""

    value: float


Value = str | int | float | Share | None
Rows = Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with one row of headings."""

    name: str
    headings: Sequence[str]
    rows: Rows


def as_csv(sheet: Sheet) -> str:
    """One table with commas; shares are numbers from 0 to 1."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_harmless(heading) for heading in sheet.headings])
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    return BOM + written.getvalue()


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook, the same bytes for the same content. Names of sheets must differ."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        book.formats[0].set_font_name(FONT)
        heading = book.add_format({"font_name": FONT, "bold": True, "quote_prefix": True, "num_format": 49})
        words = book.add_format({"font_name": FONT, "quote_prefix": True, "num_format": 49})
        share = book.add_format({"font_name": FONT, "num_format": "0.0%"})
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet))
            page.freeze_panes(1, 0)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width)
            for number, row in enumerate([sheet.headings, *sheet.rows]):
                for column, value in enumerate(row):
                    match value:
                        case str():
                            page.write_string(number, column, readable(value), words if number else heading)
                        case Share():
                            page.write_number(number, column, value.value, share)
                        case int() | float():
                            page.write_number(number, column, value)
    return written.getvalue()


def _widths(sheet: Sheet) -> list[int]:
    told = ([len(str(row[n])) for row in (sheet.headings, *sheet.rows)] for n in range(len(sheet.headings)))
    return [min(max(12, *lengths), WIDEST) + 2 for lengths in told]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _plain(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case str():
            return _harmless(value)
        case Share():
            return round(value.value, 4)
        case _:
            return value


def _name(sheet: Sheet) -> str:
    """Without what names of sheets may not hold."""
    return "".join(sign for sign in sheet.name if sign not in r"[]:*?/\'")[:LONGEST_NAME]
