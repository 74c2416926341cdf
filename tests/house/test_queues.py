"""Every queue that work is put on is served by a process, and no process serves a queue that is none."""

import shlex

from queues.enqueue import JOB_TIMEOUT_S
from queues.jobs import WORKS_AT_MOST_S
from queues.names import QUEUES
from queues.workplace import SENDERS
from smsgw.services.delivery import BATCH, LEASE, LEASE_TO_BEGIN, SETTLES_AGAIN_AFTER_S
from smsgw.store.database import LATER_MS, LOCK_WAIT_MS, SOON_MS
from tests.house.tree import ROOT

PROVIDER_BLOCKS_S = 15  # at most, says the contract of providers


def served(procfile: str) -> list[str]:
    """The queues named after `queues.worker` in a Procfile, in its order."""
    commands = (shlex.split(line.partition(":")[2]) for line in procfile.splitlines() if not line.startswith("#"))
    return [
        queue for words in commands if "queues.worker" in words for queue in words[words.index("queues.worker") + 1 :]
    ]


def test_every_queue_is_served_by_the_procfile():
    assert sorted(set(served((ROOT / "Procfile").read_text("utf-8")))) == sorted(QUEUES)


def test_a_worker_may_serve_several_queues():
    assert served(
        "# worker: none\nweb: x\nworker: python -m queues.worker first second\nmore: python -m queues.worker third"
    ) == [
        "first",
        "second",
        "third",
    ]


def test_the_slowest_batch_fits_into_its_lease_and_its_job():
    sending = BATCH / SENDERS * PROVIDER_BLOCKS_S
    settling = sum(SETTLES_AGAIN_AFTER_S) + (1 + len(SETTLES_AGAIN_AFTER_S)) * LOCK_WAIT_MS / 1000
    lease = LEASE.total_seconds()
    assert sending - PROVIDER_BLOCKS_S < lease - LEASE_TO_BEGIN.total_seconds()
    assert sending + 2 * settling < lease
    assert WORKS_AT_MOST_S + LOCK_WAIT_MS / 1000 + sending + 2 * settling < JOB_TIMEOUT_S


def test_the_pauses_of_waiting_for_the_lock_add_up_to_the_wait():
    assert sum(SOON_MS) == sum(LATER_MS) == LOCK_WAIT_MS
