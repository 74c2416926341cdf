"""Spreadsheets open everywhere, and nothing in them is run as a formula."""

import csv
import io
import xml.etree.ElementTree as ET
import zipfile

import pytest

from smsgw.text.docx import Cell, Par, Table, docx
from smsgw.text.sheets import Share, Sheet, as_csv, as_xlsx

FORMULAS = ("=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝cmd|' /C calc'!A0", '=HYPERLINK("http://x")')
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(*rows: tuple[object, ...]) -> Sheet:
    return Sheet("Tờ 1: [số liệu]", ["Tên", "Giá trị"], rows)  # type: ignore[arg-type]


class Book:
    """A workbook as a spreadsheet would read its first sheet."""

    def __init__(self, file: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            self.sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
            self.texts = ["".join(one.itertext()) for one in ET.fromstring(archive.read("xl/sharedStrings.xml"))]
            styles = ET.fromstring(archive.read("xl/styles.xml"))
        self.looks = list(styles.find(f"{S}cellXfs") or ())
        self.formats = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{S}numFmt")}

    def cell(self, at: str) -> ET.Element:
        return next(cell for cell in self.sheet.iter(f"{S}c") if cell.get("r") == at)

    def look(self, at: str) -> ET.Element:
        return self.looks[int(self.cell(at).get("s") or 0)]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_as_a_formula_is_written_as_text(text: str):
    (_, row) = csv.reader(io.StringIO(as_csv(sheet((text, 1))).removeprefix("\ufeff")))
    assert row[0] == f"'{text}"
    book = Book(as_xlsx([sheet((text, 1))]))
    cell = book.cell("A2")
    assert cell.get("t") == "s"
    assert book.texts[int(cell.findtext(f"{S}v") or -1)].replace("_x000D_", "\r") == text
    assert book.look("A2").get("quotePrefix") == book.look("A1").get("quotePrefix") == "1"
    assert book.look("A2").get("numFmtId") == "49"
    assert not list(book.sheet.iter(f"{S}f"))


def test_numbers_stay_numbers_and_shares_are_parts_of_one():
    rows = list(csv.reader(io.StringIO(as_csv(sheet(("a", -3), ("b", Share(0.25)), ("c", None))))))
    assert [row[1] for row in rows[1:]] == ["-3", "0.25", ""]
    book = Book(as_xlsx([sheet(("a", -3), ("b", Share(1.0)), ("c", None))]))
    assert [(book.cell(at).get("t"), float(book.cell(at).findtext(f"{S}v") or "nan")) for at in ("B2", "B3")] == [
        (None, -3.0),
        (None, 1.0),
    ]
    assert book.formats[book.look("B3").get("numFmtId")] == "0.0%"
    assert "B4" not in {cell.get("r") for cell in book.sheet.iter(f"{S}c")}


def test_excel_reads_vietnamese_in_a_table_with_commas():
    assert as_csv(sheet(("Đường", 1))).encode().startswith(b"\xef\xbb\xbf")


def test_the_same_content_is_the_same_file():
    assert as_xlsx([sheet(("a", 1))]) == as_xlsx([sheet(("a", 1))])


@pytest.mark.parametrize("text", ["<w:p>&\"'", "a\x00b\x0b\ufffe", "\ud800", "Đường 🙂"])
def test_no_text_breaks_a_paper(text: str):
    table = Table((20, 20), [[Cell([Par(text)], span=2)], [Cell([]), Cell([Par(text)])]])
    with zipfile.ZipFile(io.BytesIO(docx([Par(text), table], text, "vi-VN"))) as archive:
        for part in archive.namelist():
            ET.fromstring(archive.read(part))
