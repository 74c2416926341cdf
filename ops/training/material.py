"""Makes lessons from the lines in `training/`: the same lines always give the same texts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

from ops.training.lesson import Lesson
from ops.training.matters import Matter, lines, matter_of, matters
from ops.training.scenery import Scenery, Typist
from ops.training.telling import Teller
from smsgw.domain.understanding.scales import CASE, CATEGORY, EVENT, INTENT, NO_FIELD, NOWHERE, OFFICE, URGENT, VAGUE

HERE = Path(__file__).parents[2] / "training"
_TELLINGS = 4  # texts made of one line
_PLACED = {"emergency": {URGENT: "yes"}, "followup": {URGENT: "no"}}  # intents whose danger is judged


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
    for line in lines(folder / "long.txt"):
        field, words = line.split("|", 1)
        matter = matter_of(words, field)
        random = _random(matter.source)
        for _ in range(_TELLINGS):
            yield teller.complaint(matter, random)
    yield from _labelled(folder)
    yield from _vague(folder, scenery, teller)
    yield from _purposes(folder, scenery)
    yield from _framed(folder, scenery, told)


def _labelled(folder: Path) -> Iterator[Lesson]:
    """Whole texts with labels as the corpus has them: what is missing tells the kind of matter."""
    for line in lines(folder / "told.jsonl"):
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
    for line in lines(file):
        given = json.loads(line)
        truth = {INTENT: "new_complaint", CATEGORY: given["category"]}
        for _ in range(_TELLINGS):
            yield Lesson(f"label:{given['text']}", given["text"], truth)


def _random(source: str) -> Random:
    """Chance that comes out the same for one line on any machine."""
    return Random(crc32(source.encode()))  # noqa: S311 (no secret depends on it)


def _vague(folder: Path, scenery: Scenery, teller: Teller) -> Iterator[Lesson]:
    for line in lines(folder / "vague.txt"):
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
                text = teller.around([text], random)
            truth = {INTENT: "new_complaint", CATEGORY: NO_FIELD if field == "-" else field, VAGUE: "yes", URGENT: "no"}
            yield Lesson(f"vague:{line}", text, truth, frozenset(missing), ward)


def _purposes(folder: Path, scenery: Scenery) -> Iterator[Lesson]:
    for file in sorted((folder / "intents").glob("*.txt")):
        for line in lines(file):
            random = _random(f"{file.stem}:{line}")
            for turn in range(_TELLINGS):
                text, ward = _with_slots(line, scenery, random)
                if turn == 3 and file.stem == "emergency":
                    text = f"{scenery.any(random, 'openings')} {text}"
                truth = {INTENT: file.stem} | _PLACED.get(file.stem, {})
                yield Lesson(f"{file.stem}:{line}", text, truth, ward=ward)


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


def _framed(folder: Path, scenery: Scenery, told: list[Matter]) -> Iterator[Lesson]:
    """Sentences that speak of some matter without being, or while being, a new complaint."""
    for line in lines(folder / "frames.txt"):
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
                truth |= {flag: _yes(flag in matter.flags) for flag in (EVENT, CASE, NOWHERE, OFFICE, URGENT)}
            yield Lesson(f"frame:{line}", text, truth, ward=ward)
