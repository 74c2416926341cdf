"""What stands around a matter in a made-up text, and how it is typed."""

import tomllib
from pathlib import Path
from random import Random

from smsgw.domain.plain import plain

_SHORTENED, _SLIPPED = 0.35, 0.12


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split(",") if part.strip()]


class Scenery:
    """Places, times, people and turns of phrase to stand around a matter."""

    def __init__(self, folder: Path) -> None:
        with (folder / "scenery.toml").open("rb") as file:
            rows = tomllib.load(file)
        self._rows = {name: listed(text) for name, text in rows.items()}

    def any(self, random: Random, name: str) -> str:
        return random.choice(self._rows[name])

    def unit(self, random: Random) -> tuple[str, str]:
        """A unit as people write it, and its name."""
        name = self.any(random, "wards")
        is_commune = name in self._rows["communes"]
        kinds = ["xã", "xã", "x."] if is_commune else ["phường", "phường", "p.", "p"]
        if name != "An Khê":
            kinds.append("")
        return f"{random.choice(kinds)} {name}".strip(), name

    def fine(self, random: Random) -> tuple[str, str | None]:
        """A place an office finds, and the unit named in it."""
        unit, ward = self.unit(random)
        street, number = self.any(random, "streets"), random.randint(1, 199)
        shapes = [
            (f"đường {street} {unit}", ward),
            (f"đường {street}", None),
            (f"hẻm {number} {street} {unit}", ward),
            (f"số {number} đường {street}", None),
            (f"thôn {number % 9 + 1} {unit}", ward),
            (f"tổ {number % 12 + 1} {unit}", ward),
            (f"làng {self.any(random, 'hamlets')} {unit}", ward),
            (f"thôn {self.any(random, 'hamlets')}", None),
            (self.any(random, "landmarks"), None),
            (f"gần {self.any(random, 'landmarks')}", None),
            (f"ngã tư {street} - {self.any(random, 'streets')}", None),
            (f"{unit} đường {street} trước số nhà {number}", ward),
            (f"{unit} làng {self.any(random, 'hamlets')}", ward),
            (f"{unit} thôn {number % 9 + 1}", ward),
            (f"{self.any(random, 'landmarks')} {unit}", ward),
            (f"nhà số {number} thôn {self.any(random, 'hamlets')} {unit}", ward),
            (f"ql19 km {number % 40 + 55}", None),
            (f"tdp {number % 12 + 1} {unit}", ward),
            (f"đối diện {self.any(random, 'landmarks')}", None),
            (f"trước nhà {number} {street}", None),
        ]
        return random.choice(shapes)


class Typist:
    """Types a text as it is typed on a phone: shortened by habit, with slips of ear and finger."""

    def __init__(self, folder: Path) -> None:
        with (folder / "shorthand.toml").open("rb") as file:
            rows = tomllib.load(file)
        self._short = {tuple(full.split()): listed(forms) for full, forms in rows["short"].items()}
        self._longest = max(len(words) for words in self._short)
        self._initial = [tuple(pair.split()) for pair in listed(rows["slip"]["initial"])]
        self._ending = [tuple(pair.split()) for pair in listed(rows["slip"]["ending"])]

    def types(self, text: str, random: Random) -> str:
        """One text in three is shortened, one in eight has slips."""
        chance = random.random()
        if chance < _SHORTENED:
            return self.shortens(text, random, random.choice((0.3, 0.6, 0.9)))
        if chance < _SHORTENED + _SLIPPED:
            return " ".join(self._slips(word, random) if random.random() < 0.15 else word for word in text.split())
        return text

    def shortens(self, text: str, random: Random, habit: float) -> str:
        """`habit` is how often a word that has a short form is shortened, 0..1."""
        typed, folded = text.split(), [plain(word).strip(",.") for word in text.split()]
        out, at = [], 0
        while at < len(typed):
            longest = min(self._longest, len(typed) - at)
            length = next((n for n in range(longest, 0, -1) if tuple(folded[at : at + n]) in self._short), 0)
            if length and random.random() < habit:
                tail = typed[at + length - 1][-1]
                out.append(random.choice(self._short[tuple(folded[at : at + length])]) + (tail if tail in ",." else ""))
            else:
                length = 1
                out.append(typed[at])
            at += length
        return " ".join(out)

    def _slips(self, word: str, random: Random) -> str:
        spelt = plain(word)
        starts = [pair for pair in self._initial if spelt.startswith(pair[0])]
        ends = [pair for pair in self._ending if spelt.endswith(pair[0])]
        if starts and (not ends or random.random() < 0.5):
            old, new = random.choice(starts)
            return new + spelt[len(old) :]
        if ends:
            old, new = random.choice(ends)
            return spelt[: -len(old)] + new
        return word
