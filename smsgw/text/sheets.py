"""Writes tables as .csv and .xlsx files that no spreadsheet takes for formulas.

A text that begins as a formula would be run by whoever opens the file: in CSV it gets an apostrophe in front, as OWASP advises;
in a workbook it is marked as text. The format of workbooks is ECMA-376.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from smsgw.text.archive import packed, said

BOM = "\ufeff"  # without it Excel reads Vietnamese as something else
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_NAME = 31


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
    """A workbook. Names of sheets must differ."""
    numbers = range(1, len(sheets) + 1)
    listed = zip(numbers, sheets, strict=True)
    names = "".join(f'<sheet name="{said(_name(sheet))}" sheetId="{n}" r:id="rId{n}"/>' for n, sheet in listed)
    return packed(
        {
            "[Content_Types].xml": _TYPES.format(sheets="".join(_TYPE_OF_SHEET.format(n=n) for n in numbers)),
            "_rels/.rels": _RELATIONS,
            "xl/_rels/workbook.xml.rels": _PARTS.format(sheets="".join(_PART.format(n=n) for n in numbers)),
            "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{names}</sheets></workbook>',
            "xl/styles.xml": _STYLES,
            **{f"xl/worksheets/sheet{n}.xml": _sheet(sheet) for n, sheet in zip(numbers, sheets, strict=True)},
        }
    )


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


def _sheet(sheet: Sheet) -> str:
    widths = (max(12, *(len(str(row[n])) for row in (sheet.headings, *sheet.rows))) for n in range(len(sheet.headings)))
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{min(width, 70) + 2}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    rows = [_row(1, sheet.headings, heading=True)]
    rows += [_row(number, row) for number, row in enumerate(sheet.rows, 2)]
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f'<worksheet xmlns="{_S}">{view}<cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData></worksheet>'


def _row(number: int, values: Sequence[Value], *, heading: bool = False) -> str:
    cells = "".join(_cell(f"{_letters(column)}{number}", value, heading) for column, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, value: Value, heading: bool) -> str:
    match value:
        case None:
            return ""
        case str():
            style = 1 if heading else 2
            return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said(value)}</t></is></c>'
        case Share():
            return f'<c r="{at}" s="3"><v>{value.value!r}</v></c>'
        case _:
            return f'<c r="{at}"><v>{value!r}</v></c>'


def _letters(column: int) -> str:
    """A, B, ... Z, AA of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPE_OF_SHEET = f'<Override PartName="/xl/worksheets/sheet{{n}}.xml" ContentType="{_SHEET}.worksheet+xml"/>'
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>{{sheets}}</Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_PART = f'<Relationship Id="rId{{n}}" Type="{_R}/worksheet" Target="worksheets/sheet{{n}}.xml"/>'
_PARTS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">{{sheets}}'
    f'<Relationship Id="styles" Type="{_R}/styles" Target="styles.xml"/></Relationships>'
)
# Styles by number: 0 as it is, 1 a heading, 2 a text that is never a formula, 3 a share.
_STYLES = (
    f'<styleSheet xmlns="{_S}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
