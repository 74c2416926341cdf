"""Office documents are archives of XML: how one is put together, the same bytes for the same content."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def packed(parts: Mapping[str, str]) -> bytes:
    """The archive of these parts, XML by name; `[Content_Types].xml` comes first, as readers expect."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name), HEAD + xml, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def said(text: str) -> str:
    """A text as it may stand in XML, attributes too."""
    return escape(readable(text), {'"': "&quot;"})


def readable(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return NOT_IN_XML.sub("", text)
