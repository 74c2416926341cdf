"""Spreadsheets open everywhere, and nothing in them is run as a formula."""

import csv
import io
import xml.etree.ElementTree as ET
import zipfile

import pytest

from smsgw.text.docx import Cell, Par, Table, docx
from smsgw.text.sheets import Share, Sheet, as_csv, as_xlsx

FORMULAS = ("=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝cmd|' /C calc'!A0", '=HYPERLINK("http://x")')
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"


def sheet(*rows: tuple[object, ...]) -> Sheet:
    return Sheet("Tờ 1: [số liệu]", ["Tên", "Giá trị"], rows)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_as_a_formula_is_written_as_text(text: str):
    (_, row) = csv.reader(io.StringIO(as_csv(sheet((text, 1))).removeprefix("\ufeff")))
    assert row[0] == f"'{text}"
    with zipfile.ZipFile(io.BytesIO(as_xlsx([sheet((text, 1))]))) as archive:
        written = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml").decode()
    cell = next(cell for cell in ET.fromstring(written).iter(CELL) if cell.get("r") == "A2")
    assert (cell.get("t"), cell.get("s")) == ("inlineStr", "2")
    assert styles.count("quotePrefix") == 2
    assert b"<f>" not in written


def test_numbers_stay_numbers_and_shares_are_parts_of_one():
    rows = list(csv.reader(io.StringIO(as_csv(sheet(("a", -3), ("b", Share(0.25)), ("c", None))))))
    assert [row[1] for row in rows[1:]] == ["-3", "0.25", ""]
    with zipfile.ZipFile(io.BytesIO(as_xlsx([sheet(("a", -3), ("b", Share(1.0)), ("c", None))]))) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="B2"><v>-3</v></c>' in xml
    assert '<c r="B3" s="3"><v>1.0</v></c>' in xml


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
