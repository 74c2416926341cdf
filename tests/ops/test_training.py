"""Learning to read: the same lines always teach the same, and what was taught is what the service reads with."""

import json
from pathlib import Path

import pytest

from ops.training import __main__ as command
from ops.training.learning import Exercise, learn, rounded
from ops.training.material import corrections, lessons
from ops.training.trial import exercise_of
from smsgw.data.load import HERE, WEIGHTS, load_lexicon, load_scales
from smsgw.domain.understanding.reader import Reader
from smsgw.domain.understanding.scales import CATEGORY, INTENT, Scales


def taught(*pairs: tuple[str, str]) -> list[Exercise]:
    return [
        Exercise(f"{clue}{turn}", frozenset({clue}), {INTENT: "new_complaint", CATEGORY: field})
        for clue, field in pairs
        for turn in range(40)
    ]


def test_a_word_is_learnt_to_speak_for_its_field() -> None:
    scales = Scales(rounded(learn(taught(("rac", "MT"), ("dien", "DN")))), {})
    assert scales.weigh(["rac"]).field()[0] == "MT"
    assert scales.weigh(["dien"]).field()[0] == "DN"
    assert scales.weight("rac", CATEGORY, "MT") > 0 > scales.weight("rac", CATEGORY, "DN")


def test_learning_twice_gives_the_same_weights() -> None:
    exercises = taught(("rac", "MT"), ("dien", "DN"), ("duong", "GT"))
    assert learn(exercises) == learn(exercises)


def test_the_same_lines_make_the_same_texts() -> None:
    first, second = ([lesson.text for lesson in lessons()] for _ in range(2))
    assert first == second
    assert len(first) > 10_000


def test_every_field_and_intent_is_taught() -> None:
    given = list(lessons())
    assert len({lesson.truth[INTENT] for lesson in given}) == 12
    assert len({lesson.truth.get(CATEGORY) for lesson in given} - {None}) == 15


def test_an_officials_correction_is_a_lesson(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps({"text": "den hem tat", "category": "HT"}) + "\n", encoding="utf-8")
    assert {(lesson.text, lesson.truth[CATEGORY]) for lesson in corrections(file)} == {("den hem tat", "HT")}


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    table = {"mat nuoc": {(CATEGORY, "DN"): 120, (INTENT, "spam"): -7}, "^ pa": {(INTENT, "new_complaint"): 3}}
    command.write(tmp_path / WEIGHTS, table, {INTENT: 1.0})
    scales = load_scales(tmp_path)
    assert len(scales) == 2
    assert scales.weight("mat nuoc", CATEGORY, "DN") == 2.4
    assert scales.weight("mat nuoc", INTENT, "spam") == -0.14


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_weights_in_the_repository_are_those_the_training_gives(tmp_path: Path) -> None:
    reader = Reader(load_lexicon(), Scales({}, {}))
    table = rounded(learn([exercise_of(reader, lesson) for lesson in lessons()]))
    command.write(tmp_path / WEIGHTS, table, command.WARMTH)
    assert (tmp_path / WEIGHTS).read_text(encoding="utf-8") == (HERE / WEIGHTS).read_text(encoding="utf-8")
