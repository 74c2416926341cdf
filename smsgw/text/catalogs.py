"""The gettext catalogs of `locale/`: one folder a language, one `.po` file in it."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "smsgw"

Translate = Callable[[str], str]


class Catalogs:
    """Sentences by language. A sentence that a language lacks falls back to the English source."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._sentences = sentences

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._sentences))

    def has(self, language: str, source: str) -> bool:
        """Whether a language has a sentence of its own for this one."""
        return bool(self._sentences.get(language, {}).get(source))

    def of(self, language: str) -> Translate:
        """A function from a source sentence to that language's."""
        known = self._sentences.get(language, {})
        return lambda source: known.get(source) or source


def load(folder: Path) -> Catalogs:
    """Reads every `<language>/LC_MESSAGES/smsgw.po` under the folder."""
    return Catalogs({file.parts[-3]: _sentences(file, file.stat().st_mtime_ns) for file in po_files(folder)})


def po_files(folder: Path) -> list[Path]:
    """The catalogs, in a fixed order."""
    return sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def compile_stale(folder: Path) -> list[Path]:
    """Writes the `.mo` that Flask-Babel reads wherever it is missing or older than its `.po`; the files written."""
    stale = [file for file in po_files(folder) if _is_stale(file)]
    for file in stale:
        compiled = BytesIO()
        write_mo(compiled, read(file))
        half = file.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(compiled.getvalue())
        half.replace(file.with_suffix(".mo"))
    return stale


def read(file: Path) -> Catalog:
    """One catalog."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3])


def _is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < file.stat().st_mtime


@cache
def _sentences(file: Path, _written: int) -> dict[str, str]:
    """A file is read once a process, and again when it was written since."""
    return {
        message.id: message.string
        for message in read(file)
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and not message.fuzzy
    }
