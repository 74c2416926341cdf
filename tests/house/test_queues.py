"""Every queue that work is put on is served by a process, and no process serves a queue that is none."""

import shlex

from queues.names import QUEUES
from tests.house.tree import ROOT


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
