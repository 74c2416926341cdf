"""A text is charged by the segment, so segments are counted exactly and never spent on what nobody sees."""

import random
import unicodedata
from itertools import product

import gsm0338
import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.fit import Alphabet, Fit, folded, measure, mended, split

BASES = "aăâeêioôơuưy"
TONES = ["", *"\u0300\u0301\u0303\u0309\u0323"]
LOWER = {unicodedata.normalize("NFC", base + tone) for base, tone in product(BASES, TONES)} | {"đ"}
VIETNAMESE = sorted(letter for letter in LOWER | {letter.upper() for letter in LOWER} if not letter.isascii())
GSM_PLAIN = "abcxyzABC 0129\n\r@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!¡¿§äöñüàÄÖÑÜ"
GSM_TWO = "^{}\\[]~|€\f"
ASTRAL = "😀🙏🏽𝒶𐍈"


def fits_gsm7(text: str) -> bool:
    return (
        "\x1b" not in text and gsm0338.Codec().encode(text, "ignore")[0] == gsm0338.Codec().encode(text, "replace")[0]
    )


def test_there_are_134_accented_letters():
    assert len(VIETNAMESE) == 134


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments", "left"),
    [
        ("", Alphabet.GSM7, 0, 0, 160),
        ("a", Alphabet.GSM7, 1, 1, 159),
        ("a" * 160, Alphabet.GSM7, 160, 1, 0),
        ("a" * 161, Alphabet.GSM7, 161, 2, 145),
        ("a" * 306, Alphabet.GSM7, 306, 2, 0),
        ("a" * 307, Alphabet.GSM7, 307, 3, 152),
        ("€" * 80, Alphabet.GSM7, 160, 1, 0),
        ("€" * 81, Alphabet.GSM7, 162, 2, 143),
        ("a" * 152 + "€" + "a" * 152, Alphabet.GSM7, 306, 3, 152),
        ("đ", Alphabet.UCS2, 1, 1, 69),
        ("Đ" * 70, Alphabet.UCS2, 70, 1, 0),
        ("Đ" * 71, Alphabet.UCS2, 71, 2, 63),
        ("Đ" * 134, Alphabet.UCS2, 134, 2, 0),
        ("Đ" * 135, Alphabet.UCS2, 135, 3, 66),
        ("😀" * 35, Alphabet.UCS2, 70, 1, 0),
        ("😀" * 36, Alphabet.UCS2, 72, 2, 61),
        ("ữ" * 66 + "😀" + "ữ" * 66, Alphabet.UCS2, 134, 3, 66),
        ("€đ", Alphabet.UCS2, 2, 1, 68),
        ("`", Alphabet.UCS2, 1, 1, 69),
    ],
)
def test_segments_at_their_borders(text, alphabet, units, segments, left):
    assert measure(text) == Fit(alphabet, units, segments, left)
    assert len(split(text)) == segments


@pytest.mark.parametrize("letter", VIETNAMESE)
def test_only_seven_accented_letters_are_free(letter):
    assert measure(letter).alphabet is (Alphabet.GSM7 if letter in "àèéìòùÉ" else Alphabet.UCS2)


def tricky_texts() -> list[str]:
    """A wide sign at, before and behind every border of the first three segments, in both alphabets."""
    gsm = [("a" * n + "€") * 2 + "b" * m for n in (150, 151, 152, 153, 158, 159, 160) for m in (0, 1, 2, 151, 152, 153)]
    ucs = [("đ" * n + "😀") * 2 + "y" * m for n in (64, 65, 66, 67, 68, 69, 70) for m in (0, 1, 2, 65, 66, 67)]
    runs = [
        sign * n
        for sign in "aé€\fđ😀"
        for n in (1, 69, 70, 71, 79, 80, 81, 134, 135, 153, 160, 161, 305, 306, 307, 459, 460)
    ]
    return gsm + ucs + runs + [a + b for a, b in zip(gsm, ucs, strict=True)]


def random_texts(count: int) -> list[str]:
    dice = random.Random(1022)
    pools = [
        GSM_PLAIN,
        GSM_PLAIN + GSM_TWO,
        GSM_TWO,
        GSM_PLAIN + "".join(VIETNAMESE),
        "đ" + ASTRAL,
        GSM_PLAIN + GSM_TWO + ASTRAL,
    ]
    return ["".join(dice.choices(dice.choice(pools), k=dice.randint(1, 480))) for _ in range(count)]


def agrees_with_the_oracle(text: str) -> bool:
    theirs = smsutil.split(text)
    size = 1 if theirs.encoding == "gsm0338" else 2
    ours = measure(text)
    same_sums = (ours.segments, ours.units) == (len(theirs.parts), theirs.total_bytes // size)
    return same_sums and split(text) == [part.content for part in theirs.parts]


def test_an_independent_counter_agrees_on_tricky_texts():
    texts = tricky_texts()
    assert len(texts) >= 200
    assert [text for text in texts if not agrees_with_the_oracle(text)] == []


def test_an_independent_counter_agrees_on_ten_thousand_random_texts():
    assert [text for text in random_texts(10_000) if not agrees_with_the_oracle(text)] == []


def test_we_differ_from_that_counter_on_nothing_and_on_escape_alone():
    assert (len(smsutil.split("").parts), measure("").segments) == (1, 0)
    assert (smsutil.split("\x1b").encoding, measure("\x1b").alphabet) == ("gsm0338", Alphabet.UCS2)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    st.sampled_from(GSM_PLAIN + GSM_TWO + ASTRAL + "".join(VIETNAMESE)), max_size=500
)


@given(TEXTS)
def test_segments_joined_are_the_text(text):
    parts = split(text)
    assert "".join(parts) == text
    assert len(parts) == measure(text).segments


@given(TEXTS)
def test_no_segment_is_longer_than_the_air_allows(text):
    fit, parts = measure(text), split(text)
    room = {Alphabet.GSM7: (160, 153), Alphabet.UCS2: (70, 67)}[fit.alphabet][len(parts) > 1]
    sizes = [len(part) + sum(part.count(sign) for sign in GSM_TWO) for part in parts]
    if fit.alphabet is Alphabet.UCS2:
        sizes = [len(part.encode("utf-16-le")) // 2 for part in parts]
    assert sum(sizes) == fit.units
    assert all(room - 1 <= size <= room for size in sizes[:-1])
    assert (room - sizes[-1] if parts else 160) == fit.left_in_segment


@pytest.mark.parametrize("letter", VIETNAMESE)
def test_every_letter_folds_to_its_base_however_it_is_encoded(letter):
    base = unicodedata.normalize("NFD", letter)[0].translate({ord("đ"): "d", ord("Đ"): "D"})
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, letter)
        assert folded(text) == base
        assert mended(text) == letter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nhà bà Sáu ở thôn Thượng An đã mất nước", "Nha ba Sau o thon Thuong An da mat nuoc"),
        ("“Đường” ‘hỏng’ – rất… nặng", "\"Duong\" 'hong' - rat... nang"),
        ("100.000\u00a0₫", "100.000 d"),
        ("Ðường", "Duong"),
        ("ĕ ŏ ơ̆ ñ č ƀ ŭ", "e o o n c b u"),
        ("39°C, 20 m², 2½ ngày", "39oC, 20 m2, 2 1/2 ngay"),
        ("xin chào 😀 bà con", "xin chao ba con"),
        ("😀😀 nước", "nuoc"),
        ("nước 😀", "nuoc"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd e"),
        ("thôn 日本 2", "thon 2"),
        ("Ｔô　２", "To 2"),
        ("→ ≥ 5 × 3", "-> >= 5 x 3"),
        ("[a]{b}|~^€\\", "[a]{b}|~^€\\"),
        ("\x00\x1b\x07a", "a"),
        ("`a´", "'a'"),
        ("cái gì?", "cai gi?"),
    ],
)
def test_folding_keeps_what_a_plain_phone_can_show(text, expected):
    assert folded(text) == expected


@given(TEXTS)
def test_folded_texts_are_gsm7_and_stay_as_they_are(text):
    plain = folded(text)
    assert measure(plain).alphabet is Alphabet.GSM7
    assert fits_gsm7(plain)
    assert folded(plain) == plain


@given(TEXTS)
def test_no_question_mark_stands_for_what_cannot_be_shown(text):
    asked = unicodedata.normalize("NFKD", text).count("?")
    assert folded(text).count("?") == asked


@given(st.text(st.sampled_from("".join(VIETNAMESE) + "abc 12.,?!\n"), max_size=200))
def test_folding_agrees_with_stripping_marks(text):
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    assert folded(text) == "".join(sign for sign in bare if not unicodedata.combining(sign))
    assert folded(unicodedata.normalize("NFD", text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tra loi “som”… – ok\u00a0nhe", 'Tra loi "som"... - ok nhe'),
        ("Trả lời “sớm”… – nhé", 'Trả lời "sớm"… - nhé'),
        ("nu\u031bo\u031b\u0301c", "nước"),
        ("a\u200bb\ufeff", "ab"),
        ("mot\r\nhai\tba", "mot\nhai ba"),
        ("đẹp 😀", "đẹp 😀"),
        ("…" * 70, "…" * 70),
        ("", ""),
    ],
)
def test_mending_changes_only_what_costs_and_is_not_seen(text, expected):
    assert mended(text) == expected


@given(st.text(st.sampled_from("".join(VIETNAMESE) + "abc 12“”‘’–—…\u00a0\u200b\t`" + ASTRAL), max_size=300))
def test_mending_never_costs_a_segment(text):
    mending = mended(text)
    assert measure(mending).segments <= measure(text).segments
    assert mended(mending) == mending
    assert unicodedata.is_normalized("NFC", mending)
