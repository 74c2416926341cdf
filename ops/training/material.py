"""Makes lessons from the lines in `training/`: the same lines always give the same texts."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from zlib import crc32

from ops.training.lesson import Lesson
from smsgw.domain.plain import plain
from smsgw.domain.understanding.scales import CASE, CATEGORY, EVENT, INTENT, NO_FIELD, NOWHERE, OFFICE, URGENT, VAGUE

HERE = Path(__file__).parents[2] / "training"
_FLAGS = {"!": EVENT, "@": URGENT, "#": CASE, "~": NOWHERE, "%": OFFICE}
_TIMED = "+"
_MARKS = frozenset({*_FLAGS, _TIMED})
_SHORTENED, _SLIPPED = 0.35, 0.12
_TELLINGS = 4  # texts made of one line


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter as a villager tells it: `{}` is where a place may stand, `{U}` an office's unit."""

    source: str
    field: str
    words: str
    flags: frozenset[str]
    timed: bool


def matters(folder: Path = HERE) -> list[Matter]:
    """Every line of `training/matters/`; the marks before or after a line say what kind of matter it is."""
    return [_matter(line, file.stem) for file in sorted((folder / "matters").glob("*.txt")) for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    rows = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row and not row.startswith("# ")]


def _matter(line: str, field: str) -> Matter:
    marks = set()
    words = line
    while words[0] in _MARKS:
        marks.add(words[0])
        words = words[1:]
    while words[-1] in _MARKS or words[-1] == " ":
        marks.add(words[-1])
        words = words[:-1]
    flags = frozenset(_FLAGS[mark] for mark in marks if mark in _FLAGS)
    return Matter(f"{field}:{line}", field, words, flags, _TIMED in marks)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split(",") if part.strip()]


class Scenery:
    """Places, times, people and turns of phrase to stand around a matter."""

    def __init__(self, folder: Path) -> None:
        with (folder / "scenery.toml").open("rb") as file:
            rows = tomllib.load(file)
        self._rows = {name: _listed(text) for name, text in rows.items()}

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
        kind = random.randrange(12)
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
        ]
        return shapes[kind]


class Typist:
    """Types a text as it is typed on a phone: shortened by habit, with slips of ear and finger."""

    def __init__(self, folder: Path) -> None:
        with (folder / "shorthand.toml").open("rb") as file:
            rows = tomllib.load(file)
        self._short = {tuple(full.split()): _listed(forms) for full, forms in rows["short"].items()}
        self._longest = max(len(words) for words in self._short)
        self._initial = [tuple(pair.split()) for pair in _listed(rows["slip"]["initial"])]
        self._ending = [tuple(pair.split()) for pair in _listed(rows["slip"]["ending"])]

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


class Teller:
    """Tells a matter as somebody would text it."""

    def __init__(self, scenery: Scenery) -> None:
        self._scenery = scenery

    def complaint(self, matter: Matter, random: Random) -> Lesson:
        scenery, flags = self._scenery, matter.flags
        place, ward, is_fine = self._place(matter, random)
        words, ward_in, words_had_place = self._filled(matter, random, place, ward)
        ward = ward_in
        parts = [words]
        timed = matter.timed
        if random.random() < (0.55 if EVENT in flags else 0.2):
            parts.insert(random.choice((0, 1, 1)), scenery.any(random, "times"))
            timed = True
        if place and not words_had_place:
            parts.insert(random.choice((0, len(parts))), random.choice(("", "ở ", "tại ", "ở ")) + place)
        named = False
        if CASE in flags and random.random() < 0.3:
            parts.append(
                random.choice(
                    (
                        f"tôi tên {scenery.any(random, 'names')}",
                        scenery.any(random, "numbers"),
                        f"đứng tên {scenery.any(random, 'names')}",
                    )
                )
            )
            named = True
        text = self._around(parts, random, matter)
        truth = {
            INTENT: "new_complaint",
            CATEGORY: matter.field,
            VAGUE: "no",
            **{flag: "yes" if flag in flags else "no" for flag in (EVENT, CASE, NOWHERE, OFFICE, URGENT)},
        }
        missing = set()
        ward_is_enough = ward is not None and (CASE in flags or OFFICE in flags)
        if not (is_fine or NOWHERE in flags or ward_is_enough):
            missing.add("place")
        if EVENT in flags and not timed and CASE not in flags:
            missing.add("when")
        if CASE in flags and not named:
            missing.add("who")
        return Lesson(matter.source, text, truth, frozenset(missing), ward)

    def _place(self, matter: Matter, random: Random) -> tuple[str, str | None, bool]:
        if OFFICE in matter.flags or NOWHERE in matter.flags:
            return "", None, False
        chance = random.random()
        if chance < 0.5:
            place, ward = self._scenery.fine(random)
            return place, ward, True
        if chance < 0.7:
            return (*self._scenery.unit(random), False)
        if chance < 0.85:
            return self._scenery.any(random, "vague_places"), None, False
        return "", None, False

    def _filled(self, matter: Matter, random: Random, place: str, ward: str | None) -> tuple[str, str | None, bool]:
        words, used = matter.words, False
        if "{U}" in words:
            unit, name = self._scenery.unit(random)
            told = random.random() < 0.75
            words = words.replace("{U}", unit if told else random.choice(("xã", "phường", "ở đây", "")))
            ward = name if told else None
        if "{}" in words:
            used = random.random() < 0.5
            words = _placed(words, place if used else "", random)
        return " ".join(words.replace(" ,", ",").split()), ward, used

    def _around(self, parts: list[str], random: Random, matter: Matter | None = None) -> str:
        scenery = self._scenery
        body = (", " if random.random() < 0.5 else " ").join(part for part in parts if part)
        if matter and random.random() < 0.06:
            return f"PA {matter.field} {body}"
        if random.random() < 0.25:
            body = f"{scenery.any(random, 'openings')} {body}"
        if random.random() < 0.15:
            body += f", {scenery.any(random, 'tails')}"
        if random.random() < 0.35:
            body += random.choice((", ", " ", ". ")) + scenery.any(random, "closings")
        return body


def _placed(words: str, place: str, random: Random) -> str:
    """The words with the place in its slot: "đường vào thôn 2", never "đường đường Lê Lợi"."""
    before, after = words.split("{}", 1)
    last = before.split()[-1:] or [""]
    if place.split()[:1] == last:
        return f"{before.rstrip()} {place.split(' ', 1)[1]} {after}"
    joints = ("", "vào ", "vô ", "đoạn ", "qua ", "ở ") if last == ["đường"] else ("", "ở ", "tại ", "chỗ ")
    return f"{before}{random.choice(joints) if place else ''}{place}{after}"


def lessons(folder: Path = HERE) -> Iterator[Lesson]:
    """Every text there is to learn from, as it may be typed."""
    typist = Typist(folder)
    for number, lesson in enumerate(_told(folder)):
        yield replace(lesson, text=typist.types(lesson.text, _random(f"{number}:{lesson.text}")))


def _told(folder: Path) -> Iterator[Lesson]:
    scenery = Scenery(folder)
    teller = Teller(scenery)
    told = matters(folder)
    for matter in told:
        random = _random(matter.source)
        for _ in range(_TELLINGS):
            yield teller.complaint(matter, random)
    for line in _lines(folder / "long.txt"):
        field, words = line.split("|", 1)
        matter = _matter(words, field)
        random = _random(matter.source)
        for _ in range(_TELLINGS):
            yield teller.complaint(matter, random)
    yield from _labelled(folder)
    yield from _vague(folder, scenery, teller)
    yield from _purposes(folder, scenery, teller)
    yield from _framed(folder, scenery, teller, told)


def _labelled(folder: Path) -> Iterator[Lesson]:
    """Whole texts with labels as the corpus has them: what is missing tells the kind of matter."""
    for line in _lines(folder / "told.jsonl"):
        given = json.loads(line)
        truth = {INTENT: given["intent"]}
        missing = frozenset(given["missing"])
        if given["intent"] == "new_complaint":
            truth |= {CATEGORY: given["category"] or NO_FIELD, VAGUE: _yes("what" in missing)}
            truth |= {kind: "yes" for gap, kind in (("when", EVENT), ("who", CASE)) if gap in missing}
            truth[URGENT] = _yes(given["urgent"])
        for _ in range(_TELLINGS):
            yield Lesson(f"told:{given['text']}", given["text"], truth, missing, given["ward"])


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def corrections(file: Path) -> Iterator[Lesson]:
    """What officials decided, as `./run flask labels` writes it: each text speaks as loudly as a line of ours."""
    for line in _lines(file):
        given = json.loads(line)
        truth = {INTENT: "new_complaint", CATEGORY: given["category"]}
        for _ in range(_TELLINGS):
            yield Lesson(f"label:{given['text']}", given["text"], truth)


def _random(source: str) -> Random:
    """Chance that comes out the same for one line on any machine."""
    return Random(crc32(source.encode()))  # noqa: S311 (no secret depends on it)


def _vague(folder: Path, scenery: Scenery, teller: Teller) -> Iterator[Lesson]:
    for line in _lines(folder / "vague.txt"):
        field, words = line.split(" ", 1)
        random = _random(line)
        for turn in range(_TELLINGS):
            text, ward, missing = words, None, {"what", "place"}
            if "{U}" in text or (turn % 2 and random.random() < 0.4):
                unit, ward = scenery.unit(random)
                text = text.replace("{U}", unit) if "{U}" in text else f"{text} {unit}"
            if "{P}" in text:
                place, ward = scenery.fine(random)
                text = text.replace("{P}", place)
                missing = {"what"}
            if turn > 1:
                text = teller._around([text], random)
            truth = {INTENT: "new_complaint", CATEGORY: NO_FIELD if field == "-" else field, VAGUE: "yes", URGENT: "no"}
            yield Lesson(f"vague:{line}", text, truth, frozenset(missing), ward)


def _purposes(folder: Path, scenery: Scenery, teller: Teller) -> Iterator[Lesson]:
    for file in sorted((folder / "intents").glob("*.txt")):
        for line in _lines(file):
            random = _random(f"{file.stem}:{line}")
            for turn in range(_TELLINGS):
                text, ward = _with_slots(line, scenery, random)
                if turn == 3 and file.stem == "emergency":
                    text = f"{scenery.any(random, 'openings')} {text}"
                yield Lesson(f"{file.stem}:{line}", text, {INTENT: file.stem}, ward=ward)


def _with_slots(line: str, scenery: Scenery, random: Random) -> tuple[str, str | None]:
    ward = None
    text = (
        line.replace("{ref}", _reference(random))
        .replace("{time}", scenery.any(random, "times"))
        .replace("{name}", scenery.any(random, "names"))
    )
    while "{}" in text or "{P}" in text:
        place, ward = scenery.fine(random) if random.random() < 0.75 else ("", None)
        slot = "{P}" if "{P}" in text else "{}"
        if slot == "{P}" and not place:
            place, ward = scenery.fine(random)
        text = text.replace(slot, place, 1)
    return " ".join(text.split()), ward


def _reference(random: Random) -> str:
    return random.choice(("", "", "", "AK", "#")) + str(random.randint(10000, 32000))


def _framed(folder: Path, scenery: Scenery, teller: Teller, told: list[Matter]) -> Iterator[Lesson]:
    """Sentences that speak of some matter without being, or while being, a new complaint."""
    for line in _lines(folder / "frames.txt"):
        intent, frame = line.split("|", 1)
        random = _random(line)
        for _ in range(3 * _TELLINGS):
            matter = random.choice(told)
            core = " ".join(matter.words.replace("{}", "").replace("{U}", "xã").replace(" ,", ",").split())
            short = " ".join(core.split()[: random.randint(2, 4)])
            text, ward = _with_slots(frame.replace("{core}", core).replace("{short}", short), scenery, random)
            truth = {INTENT: intent}
            if intent == "new_complaint":
                truth |= {CATEGORY: matter.field, VAGUE: "no"}
            yield Lesson(f"frame:{line}", text, truth, ward=ward)
