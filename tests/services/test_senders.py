"""Threads that do slow things side by side: many when it takes them, one when it does not."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from smsgw.services.senders import Senders

MOST = 8


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MOST) as pool:
        yield pool


def all_done(senders: Senders[int, int]) -> dict[int, int | BaseException]:
    told: dict[int, int | BaseException] = {}
    while senders:
        told |= dict(senders.done())
    return told


def test_what_is_done_at_once_is_done_by_one_thread(threads: ThreadPoolExecutor) -> None:
    asked: set[int] = set()

    def quick(number: int) -> int:
        asked.add(threading.get_ident())
        return 2 * number

    senders = Senders(threads, quick, MOST)
    senders.give(range(MOST))
    assert all_done(senders) == {number: 2 * number for number in range(MOST)}
    assert len(asked) == 1


def test_what_takes_its_time_is_done_by_as_many_as_there_are(threads: ThreadPoolExecutor) -> None:
    together = threading.Barrier(MOST)

    def waits_for_the_others(number: int) -> int:
        together.wait(10)
        return number

    senders = Senders(threads, waits_for_the_others, MOST)
    for _ in range(3):
        senders.give(range(MOST))
        assert all_done(senders) == {number: number for number in range(MOST)}


def test_never_more_at_once_than_are_allowed(threads: ThreadPoolExecutor) -> None:
    at_once, most, guard, go_on = 0, 0, threading.Lock(), threading.Event()

    def counts(number: int) -> int:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
            if at_once == 3:
                go_on.set()
        go_on.wait(0.2)
        with guard:
            at_once -= 1
        return number

    senders = Senders(threads, counts, most=3)
    senders.give(range(MOST))
    assert len(all_done(senders)) == MOST
    assert most == 3


def test_one_that_hangs_holds_up_none_of_the_others(threads: ThreadPoolExecutor) -> None:
    go_on = threading.Event()

    def hangs_at_first(number: int) -> int:
        if number == 0:
            go_on.wait(10)
        return number

    senders = Senders(threads, hangs_at_first, MOST)
    senders.give(range(MOST))
    told: dict[int, int | BaseException] = {}
    while len(told) < MOST - 1:
        told |= dict(senders.done())
    assert 0 not in told
    assert len(senders) == 1
    go_on.set()
    assert all_done(senders) == {0: 0}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit()])
def test_what_is_raised_is_told_of_and_the_rest_is_done(threads: ThreadPoolExecutor, error: BaseException) -> None:
    def fails_at_first(number: int) -> int:
        if number == 0:
            raise error
        return number

    senders = Senders(threads, fails_at_first, MOST)
    senders.give(range(3))
    assert all_done(senders) == {0: error, 1: 1, 2: 2}


def test_more_may_be_given_while_some_are_at_work(threads: ThreadPoolExecutor) -> None:
    go_on = threading.Event()

    def hangs_at_first(number: int) -> int:
        if number == 0:
            go_on.wait(10)
        return number

    senders = Senders(threads, hangs_at_first, MOST)
    senders.give([0, 1])
    assert dict(senders.done()) == {1: 1}
    senders.give([2, 3])
    told: dict[int, int | BaseException] = {}
    while len(told) < 2:
        told |= dict(senders.done())
    assert told == {2: 2, 3: 3}
    go_on.set()
    assert all_done(senders) == {0: 0}


def test_nothing_is_begun_once_they_are_dismissed(threads: ThreadPoolExecutor) -> None:
    begun, entered, go_on = [], threading.Event(), threading.Event()

    def waits(number: int) -> int:
        begun.append(number)
        entered.set()
        go_on.wait(10)
        return number

    senders = Senders(threads, waits, most=1)
    senders.give(range(MOST))
    assert entered.wait(10)
    senders.dismiss()
    go_on.set()
    threads.shutdown(wait=True)
    assert begun == [0]
