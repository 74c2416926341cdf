"""Two texts side by side say which words only one of them has."""

from smsgw.domain.difference import Difference, Piece, between


def told(difference: Difference) -> tuple[str, str]:
    """Both texts with what is their own in brackets."""
    left, right = (
        " ".join(f"[{piece.words}]" if piece.own else piece.words for piece in side)
        for side in (difference.theirs, difference.mine)
    )
    return left, right


def test_words_that_only_one_has_are_its_own() -> None:
    assert told(between("sửa cống sáng mai", "sửa cống chiều nay")) == ("sửa cống [sáng mai]", "sửa cống [chiều nay]")


def test_what_was_put_in_or_left_out_stands_on_its_side_only() -> None:
    assert told(between("đội sửa cống", "đội sửa cống xong")) == ("đội sửa cống", "đội sửa cống [xong]")


def test_blanks_make_no_difference_and_nothing_has_no_pieces() -> None:
    assert told(between("a  b\nc", "a b c")) == ("a b c", "a b c")
    assert between("", "a") == Difference((), (Piece("a", own=True),))
