"""Reads the folder of editable data into the values the rules work with."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from smsgw.domain.categories import Category, CategoryCode
from smsgw.domain.lawful import ACT, ACTOR, MASK, Channel, Lawful
from smsgw.domain.local_names import LocalNames, Made
from smsgw.domain.phrases import GAP, NUMBER, Entry, PhraseBook
from smsgw.domain.places import Gazetteer
from smsgw.domain.plain import plain
from smsgw.domain.spots import Phrases, PlaceWords
from smsgw.domain.understanding import Reader
from smsgw.domain.understanding.lexicon import CLEAR, FIELD_NAME, KIND, MATTER, USUAL, Lexicon
from smsgw.domain.understanding.scales import ANSWERS, Scales
from smsgw.domain.unheard import UnheardNames
from smsgw.domain.wards import Unit, UnitWords
from smsgw.domain.words import Spelling, is_syllable

HERE = Path(__file__).parent
WEIGHTS = "weights.txt"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # one for each answer, in their order
_WEIGHT = re.compile(r"([A-Za-z])(-?[0-9]+)")
_WEIGHTS = {"clear": CLEAR, "usual": USUAL, "hint": 1.0, "name": 1.5, "against": 1.0, "mask": 1.0, "greet": 1.0}

_ONE_SYLLABLE = USUAL


@cache
def load_reader(folder: Path = HERE) -> Reader:
    """A reader of citizens' texts from the tables in `folder`, one a process: it is free of state. Raises OSError or
    a TOML error."""
    return Reader(load_lexicon(folder), load_scales(folder))


def load_scales(folder: Path = HERE) -> Scales:
    """The weights that `python -m ops.training` wrote: a line of warmths, then on each line a clue, a tab
    and its weights, each behind the letter of its answer."""
    first, *lines = (folder / WEIGHTS).read_text(encoding="utf-8").splitlines()
    warmth = {question: float(value) for question, value in (part.split("=") for part in first.split())}
    return Scales(dict(_weights_of(line) for line in lines), warmth)


def _weights_of(line: str) -> tuple[str, dict[tuple[str, str], int]]:
    clue, told = line.split("\t")
    return clue, {ANSWERS[LETTERS.index(letter)]: int(weight) for letter, weight in _WEIGHT.findall(told)}


def load_categories(folder: Path = HERE) -> dict[CategoryCode, Category]:
    """The categories in the order of the menu."""
    rows = _toml(folder / "categories.toml")
    return {CategoryCode(code): _category(CategoryCode(code), row) for code, row in rows.items()}


def load_units(folder: Path = HERE) -> list[Unit]:
    """The wards and communes people name, those of today first."""
    return [_unit(row) for row in _toml(folder / "units.toml")["unit"]]


def load_lexicon(folder: Path = HERE) -> Lexicon:
    """Every table a reader needs."""
    table = _toml(folder / "lexicon" / "spelling.toml")
    short, behind = ({plain(token): plain(full) for token, full in table[name].items()} for name in ("short", "behind"))
    spelling = Spelling(short)
    categories = load_categories(folder)
    entries = [*_matters(folder, spelling, categories), *_cues(folder, spelling)]
    gazetteer = _gazetteer(folder, spelling, entries)
    words = {word for entry in entries for word in entry.words} | gazetteer.vocabulary()
    full = Spelling(short, words, behind)
    book = PhraseBook([*entries, *_concepts(folder, spelling)])
    return Lexicon(full, book, gazetteer, categories, entries)


def load_lawful(folder: Path = HERE) -> Lawful:
    """What tells a denunciation and its like. Raises OSError or a TOML error."""
    short = _toml(folder / "lexicon" / "spelling.toml")["short"]
    table = _toml(folder / "lexicon" / "lawful.toml")
    kinds = {"clear": "{}", "act": f"{{}}.{ACT}", "mask": MASK}
    phrases = [
        (kinds[kind].format(channel.value), phrase)
        for channel in Channel
        for kind, text in table[channel.value].items()
        for phrase in _listed(text)
    ]
    actors = [(ACTOR, phrase) for phrase in _listed(table[ACTOR]["clear"])]
    return Lawful(
        Spelling({word: plain(full) for word, full in short.items()}),
        [*phrases, *actors],
        _listed(table[ACTOR]["breaks"]),
    )


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _category(code: CategoryCode, row: Mapping[str, str]) -> Category:
    return Category(code, row["name"], row["name_en"], _listed(row["words"]))


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(**{**row, "aliases": tuple(row.get("aliases", ()))})


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split(",") if part.strip())


def _phrase(spelling: Spelling, text: str) -> tuple[str, ...]:
    words: list[str] = []
    for piece in text.replace(NUMBER, f" {NUMBER} ").split():
        words.extend((piece,) if piece in (GAP, NUMBER) else spelling.phrase(piece))
    return tuple(words)


def _phrases(spelling: Spelling, text: str) -> list[tuple[str, ...]]:
    return [phrase for part in _listed(text) if (phrase := _phrase(spelling, part))]


def _entries(spelling: Spelling, text: str, signal: str, weight: float, layer: str = "") -> list[Entry]:
    return [Entry(phrase, signal, weight, layer) for phrase in _phrases(spelling, text)]


def _matters(folder: Path, spelling: Spelling, categories: Mapping[CategoryCode, Category]) -> Iterator[Entry]:
    for code, row in _toml(folder / "lexicon" / "matters.toml").items():
        for strength, text in row.items():
            kind = FIELD_NAME if strength == "name" else MATTER
            signal = f"{kind}.{code}" if code != "mask" else "mask"
            for entry in _entries(spelling, text, signal, _WEIGHTS[strength], MATTER):
                yield replace(entry, weight=min(entry.weight, _ONE_SYLLABLE)) if _is_ambiguous(entry) else entry
    for code, category in categories.items():
        for word in category.words:
            yield Entry(_phrase(spelling, word), f"{FIELD_NAME}.{code}", _WEIGHTS["name"], MATTER)


def _is_ambiguous(entry: Entry) -> bool:
    """One syllable without its marks stands for several words: it may speak for a field, never decide it."""
    return len(entry.words) == 1 and is_syllable(entry.words[0])


def _cues(folder: Path, spelling: Spelling) -> Iterator[Entry]:
    for file, prefix, suffix in (("intents", "", ".for"), ("gaps", "gap.", ""), ("care", "care.", "")):
        for name, row in _toml(folder / "lexicon" / f"{file}.toml").items():
            for strength, text in row.items():
                tail = f".{strength}" if strength in ("against", "greet") else suffix
                signal = "mask" if strength == "mask" else f"{prefix}{name}{tail}"
                layer = name if "mask" in row else ""
                yield from _entries(spelling, text, signal, _WEIGHTS[strength], layer)


def _concepts(folder: Path, spelling: Spelling) -> Iterator[Entry]:
    for name, text in _toml(folder / "lexicon" / "concepts.toml")["kind"].items():
        yield from _entries(spelling, text, f"{KIND}.{name}", 0)


def _gazetteer(folder: Path, spelling: Spelling, entries: Iterable[Entry]) -> Gazetteer:
    units, places = _toml(folder / "units.toml"), _toml(folder / "places.toml")
    local = places.pop("local")
    tables: dict[str, Phrases] = {
        section: {name: _phrases(spelling, text) for name, text in row.items()} for section, row in places.items()
    }
    unheard = _unheard_names(tables["unheard"], tables["names"]["stops"], local["words"])
    words = PlaceWords(
        tables["heads"], tables["names"], tables["joints"], tables["reach"], _local_names(local), unheard
    )
    common = {word for entry in entries for word in entry.words}
    return Gazetteer.from_rows(load_units(folder), _unit_words(units, spelling), words, common)


def _unheard_names(table: Phrases, stops: Iterable[tuple[str, ...]], local: Mapping[str, str]) -> UnheardNames:
    said = [plain(word) for name in ("never", "nobody", "counted", "unlike") for word in _listed(local[name])]
    ordinary = [*table["ordinary"], *stops, *(tuple(word.split()) for word in said)]
    return UnheardNames(
        ordinary=frozenset(word for words in ordinary for word in words),
        kinds=frozenset(word for words in table["kinds"] for word in words),
        mistakable=frozenset(table["mistakable"]),
        nameless=frozenset(table["nameless"]),
        before=frozenset(plain(word) for word in _listed(local["before"])),
    )


def _local_names(local: Mapping[str, Any]) -> LocalNames:
    made = [Made(**{**row, "first": _listed(row["first"]), "second": _listed(row["second"])}) for row in local["made"]]
    words, sorts = ({name: _listed(text) for name, text in local[table].items()} for table in ("words", "sorts"))
    return LocalNames(made, words, sorts)


def _unit_words(units: Mapping[str, Any], spelling: Spelling) -> UnitWords:
    return UnitWords(
        kinds=frozenset(_single(spelling, units["words"]["kinds"])),
        outside_kinds=frozenset(_single(spelling, units["words"]["outside_kinds"])),
        outside=tuple(_phrases(spelling, units["outside"]["names"])),
        outside_needs_kind=frozenset(_phrases(spelling, units["outside"]["needs_kind"])),
        not_units=tuple(_phrases(spelling, units["words"]["not_units"])),
    )


def _single(spelling: Spelling, text: str) -> Iterator[str]:
    """The last word of each phrase: "thị trấn" is known by "trấn"."""
    return (phrase[-1] for phrase in _phrases(spelling, text))
