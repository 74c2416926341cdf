"""One phone that floods does not keep others waiting, and nothing it sends is left behind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.fairness import LOOKS, SHARE, in_turn


@dataclass(frozen=True)
class Text:
    id: int
    sender: str


@dataclass
class Box:
    """Waiting texts, which count how often they were looked through."""

    texts: list[Text]
    looks: int = 0

    def oldest(self, but: Collection[str], most: int) -> Sequence[Text]:
        self.looks += 1
        return [text for text in self.texts if text.sender not in but][:most]


def box(senders: str) -> Box:
    return Box([Text(place, sender) for place, sender in enumerate(senders)])


def test_where_nobody_crowds_the_oldest_are_taken_in_one_look() -> None:
    waiting = box("abcdefgh" * 10)
    assert in_turn(waiting.oldest, 64) == waiting.texts[:64]
    assert waiting.looks == 1


def test_a_phone_that_is_alone_fills_the_batch() -> None:
    waiting = box("f" * 1000)
    assert in_turn(waiting.oldest, 64) == waiting.texts[:64]


def test_everybody_who_waits_behind_a_flood_has_a_place() -> None:
    waiting = box("f" * 1000 + "abcdefghij")
    taken = in_turn(waiting.oldest, 64)
    assert len(taken) == 64
    assert {text.sender for text in taken} == set("fabcdefghij")


def test_those_whom_the_first_look_took_are_not_taken_again_by_the_second() -> None:
    others = "".join(chr(200 + n) for n in range(14))
    taken = in_turn(box("f" * 50 + others + "f" * 50).oldest, 64)
    assert len({text.id for text in taken}) == len(taken) == 64


def test_a_flood_keeps_its_share_where_all_places_are_wanted() -> None:
    others = "".join(chr(200 + n) for n in range(100))
    taken = in_turn(box("f" * 1000 + others).oldest, 64)
    assert sum(text.sender == "f" for text in taken) == SHARE


@settings(deadline=None)
@given(st.one_of(st.text("fgh", max_size=200), st.text("ffffffabcdefghijklmnop", max_size=300)), st.integers(1, 64))
def test_a_batch_is_full_while_texts_wait_none_is_taken_twice_and_each_phones_go_in_order(
    senders: str, most: int
) -> None:
    waiting = box(senders)
    taken = in_turn(waiting.oldest, most)
    assert len(taken) == min(most, len(senders))
    assert len(set(taken)) == len(taken)
    assert waiting.looks <= LOOKS
    for sender in set(senders):
        mine = [text for text in waiting.texts if text.sender == sender]
        assert [text for text in taken if text.sender == sender] == mine[: sum(t.sender == sender for t in taken)]
