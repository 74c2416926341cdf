"""Gathers every sentence of the code and the pages into the catalogs (developers): `python -m ops.catalogs`.

New sentences are added untranslated, those no longer used are dropped, and what a catalog lacks is printed.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from smsgw.settings import ROOT

FOLDERS = ("smsgw", "handlers")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "t": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "N_": None,
}
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**.html", "jinja2"),
]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}


def found(root: Path = ROOT) -> Catalog:
    """Every sentence the code says, with the files that say it."""
    template = Catalog(project="smsgw")
    for folder in FOLDERS:
        for file, _line, message, _comments, _context in extract_from_dir(root / folder, METHODS, OPTIONS, KEYWORDS):
            template.add(message, locations=[(f"{folder}/{file}", 0)])
    return template


def refreshed(file: Path, template: Catalog) -> Catalog:
    """The catalog with today's sentences: kept translations, no leftovers, nothing guessed."""
    with file.open("rb") as source:
        catalog = read_po(source, locale=file.parts[-3])
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def lacking(catalog: Catalog) -> list[str]:
    """Source sentences without a translation."""
    return [str(message.id) for message in catalog if message.id and not _translated(message.string)]


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def save(file: Path, catalog: Catalog) -> None:
    """Writes the catalog without line numbers and dates, so that a change shows as what it is."""
    with file.open("wb") as target:
        write_po(target, catalog, width=120, no_location=False, include_lineno=False, sort_output=True)


def main() -> int:
    """Refreshes all catalogs; exit code 1 when one lacks a sentence."""
    template, short = found(), 0
    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/smsgw.po")):
        catalog = refreshed(file, template)
        save(file, catalog)
        if file.parts[-3] != "en":
            for sentence in lacking(catalog):
                short += 1
                print(f"{file.parts[-3]} lacks: {sentence}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
