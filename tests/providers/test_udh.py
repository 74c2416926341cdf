"""Headers of long texts as phones and centres write them, and as they come broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.messages import Part
from smsgw.providers.udh import part_of


@pytest.mark.parametrize(
    ("header", "part"),
    [
        pytest.param("05 00 03 4D 02 01", Part(0x4D, 2, 1), id="a reference of 8 bits"),
        pytest.param("06 08 04 01 F4 03 03", Part(500, 3, 3), id="a reference of 16 bits"),
        pytest.param("05 00 03 FF FF FF", Part(255, 255, 255), id="the last of most parts"),
        pytest.param("05 00 03 00 02 01", Part(0, 2, 1), id="reference 0"),
        pytest.param("0B 05 04 0B 84 23 F0 00 03 4D 02 01", Part(0x4D, 2, 1), id="behind an element of ports"),
        pytest.param("0A 00 03 4D 02 01 24 01 01 25 00", Part(0x4D, 2, 1), id="before elements of a language"),
        pytest.param("0A 00 03 4D 02 01 00 03 4E 02 02", Part(0x4E, 2, 2), id="the last of two counts"),
        pytest.param("0A 00 03 4D 02 01 00 03 4E 02 00", Part(0x4D, 2, 1), id="the last that makes sense counts"),
    ],
)
def test_a_header_says_what_part_it_is(header: str, part: Part) -> None:
    assert part_of(bytes.fromhex(header)) == part


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("00", id="an empty one"),
        pytest.param("05 00 03 4D 01 01", id="the one part of one"),
        pytest.param("05 00 03 4D 00 01", id="one of no parts"),
        pytest.param("05 00 03 4D 02 00", id="number 0"),
        pytest.param("05 00 03 4D 02 03", id="the third of two"),
        pytest.param("06 05 04 0B 84 23 F0", id="ports only"),
        pytest.param("05 00 04 4D 02 01", id="an element longer than the header"),
        pytest.param("05 00 03 4D 02", id="cut off"),
        pytest.param("06 00 03 4D 02 01", id="longer by its own word"),
        pytest.param("04 00 03 4D 02 01", id="shorter by its own word"),
        pytest.param("06 00 03 4D 02 01 00", id="an element without a length"),
        pytest.param("04 00 02 4D 02", id="too few octets of 8 bits"),
        pytest.param("05 08 03 4D 02 01", id="too few octets of 16 bits"),
        pytest.param("30 35 30 30", id="hexadecimal letters instead of octets"),
    ],
)
def test_any_other_text_is_a_text_of_its_own(header: str) -> None:
    assert part_of(bytes.fromhex(header)) is None


@given(st.binary(max_size=40))
def test_no_header_breaks_the_reading(header: bytes) -> None:
    part = part_of(header)
    assert part is None or 1 <= part.number <= part.total
