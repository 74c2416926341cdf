"""Our reference names one row of ours, and no outsider can write one."""

import re

import pytest

from smsgw.providers import refs

KEY = "a key"


@pytest.mark.parametrize("outbox_id", [0, 1, 123, 999_999_999])
def test_a_reference_gives_back_its_row(outbox_id: int) -> None:
    assert refs.verify(KEY, refs.sign(KEY, outbox_id)) == outbox_id


def test_a_reference_fits_an_id_field_and_needs_no_escaping_in_an_address() -> None:
    assert re.fullmatch(r"999999999\.[a-z2-7]{26}", refs.sign(KEY, 999_999_999))
    assert len(refs.sign(KEY, 999_999_999)) == 36


def test_the_same_row_always_has_the_same_reference_and_no_other_has_it() -> None:
    assert refs.sign(KEY, 5) == refs.sign(KEY, 5)
    assert refs.sign(KEY, 5).partition(".")[2] != refs.sign(KEY, 6).partition(".")[2]


@pytest.mark.parametrize(
    "altered",
    [
        lambda ref: "2" + ref,
        lambda ref: "0" + ref,
        lambda ref: ref[:-1],
        lambda ref: ref + "a",
        lambda ref: ref.upper(),
        lambda ref: ref.partition(".")[0],
        lambda ref: ref.replace(".", ""),
        lambda ref: ref.replace(".", ".."),
        lambda ref: "-" + ref,
        lambda ref: "١" + ref[1:],
        lambda ref: " " + ref,
        lambda ref: ref.partition(".")[2],
        lambda ref: "9" * 5000 + ref,
        lambda ref: "",
        lambda ref: ".",
        lambda ref: "\udcff",
    ],
)
def test_an_altered_reference_names_nothing(altered) -> None:  # type: ignore[no-untyped-def]
    assert refs.verify(KEY, altered(refs.sign(KEY, 123))) is None


def test_a_reference_by_another_key_names_nothing() -> None:
    assert refs.verify(KEY, refs.sign("another key", 123)) is None
