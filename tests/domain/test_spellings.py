"""One text in four spellings: full marks, none, shorthand, and Telex keys that were never turned into letters."""

import json
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ops.training.material import HERE
from ops.training.scenery import Typist
from smsgw.data.load import load_reader
from smsgw.domain.labels import as_label

READER = load_reader()
LINES = (Path(__file__).parents[2] / "training" / "told.jsonl").read_text(encoding="utf-8").splitlines()
TEXTS = [str(json.loads(line)["text"]) for line in LINES]
TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}
SHAPES = {"\u0302": "", "\u0306": "w", "\u031b": "w"}  # the hat doubles its letter
FIELDS = ("intent", "category", "ward", "missing", "urgent")


def without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def telex(text: str) -> str:
    """Every word as its keys: "đường" becomes "dduwowngf"."""
    return " ".join(telex_word(word) for word in text.split(" "))


def telex_word(word: str) -> str:
    out, tone = "", ""
    for sign in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "Dd")):
        if sign in TONES:
            tone = TONES[sign]
        elif sign == "\u0302":
            out += out[-1].lower()
        else:
            out += SHAPES.get(sign, sign)
    end = len(out.rstrip(".,!?;:"))
    return out[:end] + tone + out[end:]


def shorthand(text: str, turn: int) -> str:
    return Typist(HERE).shortens(text, Random(turn), 0.8)


def differing(spelt: list[str]) -> dict[str, int]:
    """How many texts are read otherwise than with their own spelling, by field."""
    pairs = [(as_label(READER.read(a)), as_label(READER.read(b))) for a, b in zip(TEXTS, spelt, strict=True)]
    return {name: sum(a[name] != b[name] for a, b in pairs) for name in FIELDS}


def allowed(points: float) -> int:
    return int(points / 100 * len(TEXTS))


@pytest.mark.slow
@pytest.mark.parametrize("spelling", [without_marks, telex])
def test_marks_typed_or_not_or_left_as_keys_change_hardly_any_reading(spelling: Any) -> None:
    assert len(TEXTS) >= 300
    changed = differing([spelling(text) for text in TEXTS])
    assert {name: count for name, count in changed.items() if count > allowed(2)} == {}


@pytest.mark.slow
def test_shorthand_changes_hardly_any_reading() -> None:
    changed = differing([shorthand(text, turn) for turn, text in enumerate(TEXTS)])
    missing = changed.pop("missing")
    assert {name: count for name, count in changed.items() if count > allowed(2)} == {}
    assert missing <= allowed(6)


def test_telex_keys_are_those_of_a_keyboard() -> None:
    assert telex("Đường hư ở tổ 4, nước đục!") == "Dduwowngf huw owr toor 4, nuwowcs dducj!".replace("toor", "toor")
