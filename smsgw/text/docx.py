"""Writes a paper as a .docx file, in the form of Vietnamese administrative documents.

Source of measures: Decree 30/2020/NĐ-CP, Annex I: A4, margins 20-25 mm above and below, 30-35 mm left and 15-20 mm right, Times
New Roman, black; page numbers centred above, none on the first page. The format is ECMA-376; python-docx knows neither page
numbers nor borders of tables without its XML, and brings lxml along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from smsgw.text.archive import packed, said

FONT = "Times New Roman"
MM = 1440 / 25.4  # twentieths of a point
PAGE = (11906, 16838)
TOP, BOTTOM, LEFT, RIGHT = (round(mm * MM) for mm in (20, 20, 30, 20))
PER_PT = 20


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Par:
    """A paragraph. Sizes and spaces are in points, the indent of the first line in millimetres; `ruled` draws a line below
    the text; `inset` keeps it off both sides by millimetres; `heading` makes it one of that level."""

    text: str
    size: float = 13
    bold: bool = False
    italic: bool = False
    align: Align = Align.LEFT
    after: float = 0
    before: float = 0
    indent: float = 0
    inset: float = 0
    ruled: bool = False
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: over how many columns it goes; `begins` another cell below it or `goes_on` with the one above."""

    pars: Sequence[Par]
    span: int = 1
    begins: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells on columns of these widths in millimetres; the first `headings` rows are repeated on every page."""

    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    headings: int = 0
    bordered: bool = True


Block = Par | Table


def docx(blocks: Sequence[Block], title: str, language: str) -> bytes:
    """The file. `title` is told by readers in place of the file's name; `language` is a tag such as vi-VN."""
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "docProps/core.xml": _CORE.format(title=said(title), language=said(language)),
            "word/_rels/document.xml.rels": _PARTS,
            "word/styles.xml": _STYLES.format(font=FONT, language=said(language)),
            "word/settings.xml": _SETTINGS,
            "word/header1.xml": _HEADER,
            "word/document.xml": _document(blocks),
        }
    )


def _document(blocks: Sequence[Block]) -> str:
    body = "".join(_table(block) if isinstance(block, Table) else _par(block) for block in blocks)
    return (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr>'
        '<w:headerReference w:type="default" r:id="rId3"/>'
        f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="567" w:footer="567"'
        ' w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    )


def _par(par: Par) -> str:
    style = f'<w:pStyle w:val="Heading{par.heading}"/>' if par.heading else ""
    keep = "<w:keepNext/>" if par.heading else ""
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>' if par.ruled else ""
    space = f'<w:spacing w:before="{round(par.before * PER_PT)}" w:after="{round(par.after * PER_PT)}"/>'
    inset = round(par.inset * MM)
    indent = f'<w:ind w:left="{inset}" w:right="{inset}" w:firstLine="{round(par.indent * MM)}"/>'
    look = ("<w:b/>" if par.bold else "") + ("<w:i/>" if par.italic else "") + f'<w:sz w:val="{round(par.size * 2)}"/>'
    text = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{said(par.text)}</w:t></w:r>' if par.text else ""
    return f'<w:p><w:pPr>{style}{keep}{rule}{space}{indent}<w:jc w:val="{par.align}"/><w:rPr>{look}</w:rPr></w:pPr>{text}</w:p>'


def _table(table: Table) -> str:
    side = 'w:val="single" w:sz="4" w:space="0" w:color="000000"' if table.bordered else 'w:val="nil"'
    borders = "".join(f"<w:{name} {side}/>" for name in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{round(mm * MM)}"/>' for mm in table.widths)
    rows = "".join(_row(table, number, row) for number, row in enumerate(table.rows))
    whole = round(sum(table.widths) * MM)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{whole}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(table: Table, number: int, row: Sequence[Cell]) -> str:
    repeated = "<w:tblHeader/>" if number < table.headings else ""
    cells, column = [], 0
    for cell in row:
        width = round(sum(table.widths[column : column + cell.span]) * MM)
        cells.append(_cell(cell, width, high='<w:vAlign w:val="center"/>' if table.bordered else ""))
        column += cell.span
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, *, high: str) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    down = '<w:vMerge w:val="restart"/>' if cell.begins else "<w:vMerge/>" if cell.goes_on else ""
    pars = "".join(_par(par) for par in cell.pars) or _par(Par(""))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}{high}</w:tcPr>{pars}</w:tc>'


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_WORD}.settings+xml"/>'
    f'<Override PartName="/word/header1.xml" ContentType="{_WORD}.header+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_PARTS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_R}/header" Target="header1.xml"/>'
    "</Relationships>"
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:language>{language}</dc:language></cp:coreProperties>"
)
_SETTINGS = f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/></w:settings>'
_FIELD = '<w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:fldChar w:fldCharType="{kind}"/></w:r>'
_HEADER = (
    f'<w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    + _FIELD.format(kind="begin")
    + '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    + _FIELD.format(kind="end")
    + "</w:p></w:hdr>"
)
_HEADING = (
    '<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/><w:basedOn w:val="Normal"/>'
    '<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:outlineLvl w:val="{level}"/></w:pPr></w:style>'
)
_STYLES = (
    f'<w:styles xmlns:w="{_W}">'
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/><w:sz w:val="26"/>'
    '<w:lang w:val="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + "".join(_HEADING.format(n=n, level=n - 1) for n in (1, 2))
    + "</w:styles>"
)
