"""What ./run promises about its processes, tried on real ones."""

import os
import signal

import pytest

from ops.child import LONGEST_WAIT, STEADY, next_wait
from tests.ops.toys import TOY_WORKER, ToyHouse, alive, eventually


def test_a_program_that_is_killed_is_started_again(house: ToyHouse) -> None:
    house.program("worker", TOY_WORKER)
    house.start()
    house.wait_for("worker stands")
    first = house.pids()
    os.kill(first[0], signal.SIGKILL)
    house.wait_for("worker stands", times=2)
    assert "worker ended (signal 9); starting it again in 0.5 s" in house.output
    assert house.pids()[0] != first[0]


def test_nothing_of_a_dead_program_runs_beside_its_successor(house: ToyHouse) -> None:
    house.program("worker", TOY_WORKER)
    house.start()
    house.wait_for("worker stands")
    first = house.pids()
    os.kill(first[0], signal.SIGKILL)
    house.wait_for("worker stands", times=2)
    assert alive(first) == []


def test_a_program_that_keeps_dying_is_tried_ever_more_rarely() -> None:
    waits = [next_wait(0, 0.1)]
    while waits[-1] < LONGEST_WAIT:
        waits.append(next_wait(waits[-1], 0.1))
    assert waits == [0.5, 1, 2, 4, 8, 16, 30]
    assert next_wait(LONGEST_WAIT, STEADY) == 0.5


def test_a_command_that_does_not_exist_does_not_stop_the_others(house: ToyHouse) -> None:
    (house.home / "Procfile").write_text("lost: no-such-command-anywhere\n", encoding="utf-8")
    house.program("worker", TOY_WORKER)
    house.start()
    house.wait_for("worker stands")
    house.wait_for("lost cannot start")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_of_asking_ends_everything(house: ToyHouse, asked: signal.Signals) -> None:
    house.program("worker", TOY_WORKER)
    house.start()
    house.wait_for("worker stands")
    house.run.send_signal(asked)
    assert house.run.wait() == 0
    assert alive(house.pids()) == []


def test_a_work_horse_may_finish_its_job(house: ToyHouse) -> None:
    house.program("worker", PATIENT_WORKER)
    house.start()
    house.wait_for("horse at work")
    house.run.send_signal(signal.SIGTERM)
    house.run.wait()
    assert "horse has finished" in house.output


def test_a_program_that_will_not_listen_is_killed(house: ToyHouse) -> None:
    house.program("deaf", DEAF)
    house.start()
    house.wait_for("deaf stands")
    house.run.send_signal(signal.SIGTERM)
    assert house.run.wait() == 0
    assert alive(house.pids("deaf")) == []


def test_a_second_ctrl_c_does_not_wait(house: ToyHouse) -> None:
    house.program("deaf", DEAF)
    house.start()
    house.wait_for("deaf stands")
    house.run.send_signal(signal.SIGINT)
    house.wait_for("stopping")
    house.run.send_signal(signal.SIGINT)
    assert house.run.wait() == 0
    assert alive(house.pids("deaf")) == []


def test_killing_the_supervisor_leaves_nothing_behind(house: ToyHouse) -> None:
    house.program("worker", TOY_WORKER)
    house.program("deaf", DEAF)
    house.start()
    house.wait_for("worker stands")
    house.wait_for("deaf stands")
    everything = house.pids() + house.pids("deaf")
    house.run.kill()
    house.run.wait()
    eventually(lambda: not alive(everything), lambda: f"the end of {alive(everything)}")


def test_a_new_run_waits_until_a_killed_one_is_cleared_away(house: ToyHouse) -> None:
    house.program("deaf", DEAF)
    house.start()
    house.wait_for("deaf stands")
    before = house.pids("deaf")
    house.run.kill()
    house.run.wait()
    house.start()
    house.wait_for("deaf stands", times=2)
    assert alive(before) == []


def test_a_second_run_in_the_same_home_is_refused(house: ToyHouse) -> None:
    house.program("worker", TOY_WORKER)
    first = house.start()
    house.wait_for("worker stands")
    second = house.start()
    assert second.wait() == 1
    assert f"AlreadyRunningError: ('{first.pid}', 'http://127.0.0.1:1')" in house.output
    assert alive(house.pids()) == house.pids()
    first.send_signal(signal.SIGTERM)
    first.wait()


def test_every_line_names_its_program(house: ToyHouse) -> None:
    house.program("worker", TOY_WORKER)
    house.program("talker", "import time\nprint('one\\ntwo', end='', flush=True)\ntime.sleep(300)\n")
    house.start()
    house.wait_for("talker | one\n")
    house.wait_for("worker | worker stands\n")
    house.run.send_signal(signal.SIGTERM)
    house.run.wait()
    assert "talker | two\n" in house.output


DEAF = """
import os, signal, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path("deaf.pids").write_text(str(os.getpid()))
print("deaf stands", flush=True)
time.sleep(300)
"""

PATIENT_WORKER = """
import os, signal, sys, time
horse = os.fork()
if horse == 0:
    os.setpgrp()
    print("horse at work", flush=True)
    while os.getppid() and not os.path.exists("told"):
        time.sleep(0.02)
    print("horse has finished", flush=True)
    os._exit(0)
def told(number, frame):
    open("told", "w").close()
signal.signal(signal.SIGTERM, told)
os.waitpid(horse, 0)
"""
