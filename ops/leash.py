"""Tells a new process to end when the one that started it is gone (Linux; ops/watcher.py does it everywhere)."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; the kernel keeps it across exec and drops it at fork

# Loaded here, once: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def leash(parent: int) -> None:
    """Asks the kernel for SIGTERM when the thread that forked us ends. For the child, right after the fork.

    `parent` is the id that the parent has: when it is gone already, the kernel would never tell, so we end here.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
