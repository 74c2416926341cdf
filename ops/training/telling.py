"""Tells a matter as somebody would text it, with what a good reader finds in it."""

from random import Random

from ops.training.lesson import Lesson
from ops.training.matters import Matter
from ops.training.scenery import Scenery
from smsgw.domain.understanding.scales import CASE, CATEGORY, EVENT, INTENT, NOWHERE, OFFICE, URGENT, VAGUE


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
        text = self.around(parts, random, matter)
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

    def around(self, parts: list[str], random: Random, matter: Matter | None = None) -> str:
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
