"""The judge of a trial is judged: of what was planted it finds exactly that, and in an honest trial nothing."""

from dataclasses import replace
from typing import Any

import pytest

from ops.chaos.checker import Verdict, check
from ops.chaos.evidence import (
    Attempt,
    ComplaintRow,
    Evidence,
    Handed,
    Letter,
    Move,
    OutboxRow,
    Overdue,
    TextRow,
    Told,
)

ANA, BINH = "+84900000001", "+84900000002"
FOCAL, LEADER = "+84900999101", "+84900999102"


def handed(outbox_id: int, phone: str, body: str, at: float = 10.0, **more: Any) -> Handed:
    told = {"provider": "twilio", "outbox_id": outbox_id, "ambiguous": False} | more
    return Handed(at=at, phone=phone, body=body, **told)


def row(row_id: int, key: str, phone: str, body: str, state: str = "accepted", **more: Any) -> OutboxRow:
    return OutboxRow(row_id, key, phone, body, state, **({"flagged": False, "waiting": False} | more))


def alert(row_id: int, key: str, phone: str) -> OutboxRow:
    return row(row_id, key, phone, "alert", alerts=(key,))


HONEST = Evidence(
    attempts=(
        Attempt("twilio", "SM1", "complaint", "zqaa", 1.0),
        Attempt("africastalking", "in-2", "complaint", "zqbb", 2.0),
        Attempt("kannel", "in-3", "command", "", 3.0),
        Attempt("twilio", "SM4", "complaint", "zqdd", None),  # nobody said yes to it, and it was not stored
    ),
    letters=(Letter("zqaa", "zyaa", acknowledged=True),),
    handed=(
        handed(1, ANA, "receipt 1"),
        Handed(11.0, "africastalking", BINH, "receipt 2", None, ambiguous=True),
        Handed(140.0, "africastalking", BINH, "receipt 2", None, ambiguous=False),
        handed(3, ANA, "help", provider="kannel"),
        handed(4, ANA, "answer"),
        handed(5, FOCAL, "alert"),
        handed(6, LEADER, "alert"),
    ),
    told=(Told(1, ANA, "receipt 1", "delivered"),),
    texts=(
        TextRow(1, "twilio", "SM1", "processed", "zqaa"),
        TextRow(2, "africastalking", "in-2", "processed", "zqbb"),
        TextRow(3, "kannel", "in-3", "processed", ""),
    ),
    complaints=(ComplaintRow(1, "text:1", "sms", "zqaa"), ComplaintRow(2, "text:2", "sms", "zqbb")),
    outbox=(
        row(1, "reply:1", ANA, "receipt 1", "delivered"),
        row(2, "reply:2", BINH, "receipt 2", flagged=True),
        row(3, "reply:3", ANA, "help"),
        row(4, "answer:1:1", ANA, "answer", mark="zyaa"),
        alert(5, f"alert:2:answer:overdue:1:{FOCAL}", FOCAL),
        alert(6, f"alert:2:answer:overdue:1:{LEADER}", LEADER),
    ),
    overdue=(Overdue(2, "overdue", 1, (FOCAL, LEADER)),),
    moves=(
        Move(1, "queued", "dispatching", flagged=False),
        Move(1, "dispatching", "delivered", flagged=False),
        Move(2, "dispatching", "queued", flagged=True),
    ),
    waits={"outbox 2": 12.0},
    ambiguous_faults=1,
)
ALLOWED = Verdict(flagged_duplicates=("reply:2",))


def without(evidence: Evidence, name: str, place: int) -> Evidence:
    """The same, less one of a kind."""
    kept = tuple(one for number, one in enumerate(getattr(evidence, name)) if number != place)
    return replace(evidence, **{name: kept})


def with_one(evidence: Evidence, name: str, one: object) -> Evidence:
    """The same, and one more of a kind."""
    return replace(evidence, **{name: (*getattr(evidence, name), one)})


def changed(evidence: Evidence, name: str, place: int, **values: object) -> Evidence:
    """The same, but for one of a kind."""
    found = list(getattr(evidence, name))
    found[place] = replace(found[place], **values)
    return replace(evidence, **{name: tuple(found)})


def test_an_honest_trial_is_found_honest() -> None:
    assert check(HONEST) == ALLOWED
    assert check(HONEST).broken == []


def test_a_trial_in_which_nothing_happened_breaks_nothing() -> None:
    assert check(Evidence()) == Verdict()


PLANTED = {
    "an acknowledged text that is not stored": (without(HONEST, "texts", 1), {"lost": ("zqbb",)}),
    "an acknowledged text without its complaint": (without(HONEST, "complaints", 1), {"lost": ("zqbb",)}),
    "an acknowledged command that is not stored": (without(HONEST, "texts", 2), {"lost": ("kannel:in-3",)}),
    "a text that nobody wrote": (
        with_one(HONEST, "texts", TextRow(9, "twilio", "SM9", "processed", "")),
        {"phantom": ("text 9",)},
    ),
    "a complaint that nobody made": (
        with_one(HONEST, "complaints", ComplaintRow(9, "text:9", "sms", "zqzz")),
        {"phantom": ("text:9",)},
    ),
    "a sending that belongs to no row": (
        with_one(HONEST, "handed", handed(99, ANA, "what is this")),
        {"phantom": ("twilio to 001",)},
    ),
    "one text stored twice": (
        with_one(HONEST, "texts", TextRow(3, "kannel", "in-3", "processed", "")),
        {"duplicated_in": ("kannel:in-3",)},
    ),
    "one text, two complaints": (
        with_one(HONEST, "complaints", ComplaintRow(9, "text:1b", "sms", "zqaa")),
        {"duplicated_in": ("zqaa",)},
    ),
    "a complaint without a receipt": (
        without(without(HONEST, "outbox", 0), "handed", 0),
        {"receipts_missing": ("zqaa",)},
    ),
    "a text that is said to be sent, and was not": (without(HONEST, "handed", 3), {"unsent": ("reply:3",)}),
    "a text in other words than approved": (changed(HONEST, "handed", 4, body="other words"), {"altered": ("4",)}),
    "a text to another phone": (changed(HONEST, "handed", 4, phone=BINH), {"altered": ("4",)}),
    "a text sent twice, unmarked": (
        with_one(HONEST, "handed", handed(1, ANA, "receipt 1", at=20.0)),
        {"unflagged_duplicates": ("reply:1",)},
    ),
    "a text sent twice without our reference, unmarked": (
        changed(HONEST, "outbox", 1, flagged=False),
        {"unflagged_duplicates": ("reply:2",), "flagged_duplicates": ()},
    ),
    "a marked text sent three times": (
        with_one(HONEST, "handed", Handed(200.0, "africastalking", BINH, "receipt 2", None, ambiguous=False)),
        {"unflagged_duplicates": ("reply:2",)},
    ),
    "a text marked and sent twice though its answer had come": (
        changed(HONEST, "handed", 1, ambiguous=False),
        {"false_flags": ("reply:2",)},
    ),
    "a duplicate that asking would have prevented": (
        replace(HONEST, looks_up=frozenset({"africastalking"})),
        {"needless_duplicates": ("reply:2",)},
    ),
    "a row that was left lying while it was watched": (
        replace(HONEST, waits={"outbox 2": 61.0}),
        {"stuck": ("outbox 2",)},
    ),
    "a row that lies there in the end": (
        changed(HONEST, "outbox", 3, due_for=3600.0, waiting=True),
        {"stuck": ("outbox 4",)},
    ),
    "a text that went from delivered to undelivered": (
        with_one(HONEST, "moves", Move(1, "delivered", "undelivered", flagged=False)),
        {"illegal_transitions": ("1: delivered -> undelivered",)},
    ),
    "a text that was taken back from accepted": (
        with_one(HONEST, "moves", Move(1, "accepted", "queued", flagged=False)),
        {"illegal_transitions": ("1: accepted -> queued",)},
    ),
    "a forged receipt that was believed": (without(HONEST, "told", 0), {"believed_forgeries": ("reply:1",)}),
    "an answer that was promised and never written": (
        without(without(HONEST, "outbox", 3), "handed", 4),
        {"answers_lost": ("zqaa",)},
    ),
    "an answer written twice": (
        with_one(
            with_one(HONEST, "outbox", row(9, "answer:1:2", ANA, "answer", mark="zyaa")),
            "handed",
            handed(9, ANA, "answer"),
        ),
        {"answers_doubled": ("zqaa",)},
    ),
    "an alert that nobody got": (
        without(without(HONEST, "outbox", 5), "handed", 6),
        {"alerts_missed": (f"alert:2:answer:overdue:1:{LEADER}",)},
    ),
    "an alert under a second key": (
        with_one(
            with_one(HONEST, "outbox", alert(9, f"alert:2:answer:overdue:2:{FOCAL}", FOCAL)),
            "handed",
            handed(9, FOCAL, "alert"),
        ),
        {"alerts_doubled": (f"2:answer:overdue:{FOCAL}",)},
    ),
}


@pytest.mark.parametrize(("evidence", "found"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_bug_is_found_and_nothing_else(evidence: Evidence, found: dict[str, tuple[str, ...]]) -> None:
    assert check(evidence) == replace(ALLOWED, **found)
    assert check(evidence).broken == [name for name in found if name != "flagged_duplicates"]


def test_an_alert_sent_twice_is_an_unmarked_duplicate_too() -> None:
    found = check(with_one(HONEST, "handed", handed(5, FOCAL, "alert", at=20.0)))
    key = f"alert:2:answer:overdue:1:{FOCAL}"
    assert (found.alerts_doubled, found.unflagged_duplicates) == ((key,), (key,))


def test_a_sender_that_died_excuses_what_it_was_sending_and_nothing_later() -> None:
    silent = changed(HONEST, "handed", 1, ambiguous=False)
    assert check(replace(silent, breaks=(12.0,))).false_flags == ()
    assert check(replace(silent, breaks=(40.0,))).false_flags == ("reply:2",)
    assert check(replace(silent, breaks=(5.0,))).false_flags == ("reply:2",)


def test_what_nobody_acknowledged_may_be_stored_or_not() -> None:
    stored = with_one(HONEST, "texts", TextRow(4, "twilio", "SM4", "processed", "zqdd"))
    assert check(with_one(stored, "complaints", ComplaintRow(4, "text:4", "sms", "zqdd"))) == ALLOWED


def test_a_text_that_a_person_must_read_is_not_lost() -> None:
    set_apart = without(without(HONEST, "complaints", 1), "overdue", 0)
    set_apart = changed(set_apart, "texts", 1, state="quarantined")
    assert check(set_apart).lost == ()


def test_a_doubt_that_is_left_to_a_person_is_told_and_breaks_nothing() -> None:
    found = check(changed(HONEST, "outbox", 2, state="unknown"))
    assert found == replace(ALLOWED, in_doubt=("reply:3",))
    assert found.broken == []


def test_an_alert_in_doubt_is_not_missed() -> None:
    in_doubt = changed(without(HONEST, "handed", 6), "outbox", 5, state="unknown")
    assert check(in_doubt).alerts_missed == ()


def test_of_two_like_texts_without_our_reference_each_gets_its_sending() -> None:
    alike = replace(
        Evidence(),
        outbox=(row(1, "help:1", ANA, "help"), row(2, "help:2", ANA, "help")),
        handed=(Handed(1.0, "africastalking", ANA, "help", None, False),) * 2,
    )
    assert check(alike) == Verdict()
    assert check(with_one(alike, "handed", alike.handed[0])).unflagged_duplicates == ("help:1",)
