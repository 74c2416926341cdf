"""Twilio's own counter, in node, takes as many segments as ours, except where it keeps clusters of signs together."""

import json
import os
import shutil
import subprocess
import tarfile
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from smsgw.settings import ROOT
from smsgw.text.fit import Alphabet, measure
from tests.text.test_fit import random_texts, tricky_texts

pytestmark = pytest.mark.slow

PACKAGES = {
    "sms-segments-calculator": "sms-segments-calculator-1.3.0.tgz",
    "grapheme-splitter": "grapheme-splitter-1.0.4.tgz",
}
COUNTS = """
const { SegmentedMessage } = require("sms-segments-calculator");
const texts = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify(texts.map((text) => {
  const message = new SegmentedMessage(text);
  return [message.encodingName, message.segmentsCount];
})));
"""
NAMES = {Alphabet.GSM7: "GSM-7", Alphabet.UCS2: "UCS-2"}
SKIN, FLAG, FAMILY = "🙏🏽", "🇻🇳", "👨‍👩‍👧"
# Where it keeps together what stands for one sign: the text, our segments, its segments.
KEPT_TOGETHER = {
    "letters with their marks apart": (unicodedata.normalize("NFD", "é") * 67, 2, 3),
    "three signs for one letter at a border": ("ữữ" + unicodedata.normalize("NFD", "ế") * 44, 2, 3),
    "a colour of skin at a border": ("ữ" * 65 + SKIN + "ữ" * 65, 2, 3),
    "flags": ("ữ" + FLAG * 33, 2, 3),
    "a family at a border": ("ữ" * 62 + FAMILY + "ữ" * 64, 2, 3),
}

Count = Callable[[Sequence[str]], list[tuple[str, int]]]


@pytest.fixture(scope="module")
def count(tmp_path_factory: pytest.TempPathFactory) -> Count:
    """The alphabet and the segments of each text, by the other counter."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("node is not installed")
        pytest.skip("node is not installed")
    folder = tmp_path_factory.mktemp("node")
    for name, file in PACKAGES.items():
        _unpack(ROOT / "vendor" / file, folder / "node_modules" / name)

    def counts(texts: Sequence[str]) -> list[tuple[str, int]]:
        done = subprocess.run(
            [node, "-e", COUNTS], cwd=folder, input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        return [(alphabet, segments) for alphabet, segments in json.loads(done.stdout)]

    return counts


def _unpack(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    for inside in (into / "package").iterdir():
        inside.rename(into / inside.name)


def clustered(text: str) -> bool:
    """Whether signs stand in it that belong to the one before: a mark, a colour of skin."""
    return any(unicodedata.combining(sign) or sign in "🏽\u200d\ufe0f" for sign in text)


def test_both_count_the_same_on_tricky_and_on_ten_thousand_random_texts(count: Count) -> None:
    texts = [text for text in (*tricky_texts(), *random_texts(10_000)) if text]
    ours = [(NAMES[fit.alphabet], fit.segments) for fit in map(measure, texts)]
    differing = [
        (text, mine, theirs) for text, mine, theirs in zip(texts, ours, count(texts), strict=True) if mine != theirs
    ]
    assert len(texts) > 10_200
    assert [one for one in differing if not clustered(one[0])] == []
    assert all(mine[0] == theirs[0] and mine[1] <= theirs[1] for _text, mine, theirs in differing)
    assert len(differing) < len(texts) / 20


@pytest.mark.parametrize(("text", "ours", "theirs"), KEPT_TOGETHER.values(), ids=KEPT_TOGETHER.keys())
def test_it_takes_more_only_to_keep_clusters_together(count: Count, text: str, ours: int, theirs: int) -> None:
    assert (measure(text).segments, count([text])[0][1]) == (ours, theirs)


def test_what_we_send_has_no_such_clusters_of_letters(count: Count) -> None:
    """Texts leave composed, so that both counters agree on every accented letter."""
    texts = [unicodedata.normalize("NFC", text) for text, _, _ in KEPT_TOGETHER.values()][:2]
    assert [segments for _, segments in count(texts)] == [measure(text).segments for text in texts]
