"""What a background process keeps open: one gateway, one bell, one pool of senders."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from queues.enqueue import Bell
from smsgw.gateway import Gateway, checked, open_gateway
from smsgw.services.delivery import Postman
from smsgw.settings import ROOT, SettingsError, read_env

SENDERS = 32


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")


@dataclass(slots=True)
class Workplace:
    """One process's open connections."""

    gateway: Gateway
    bell: Bell
    pool: ThreadPoolExecutor = field(default_factory=_pool)

    def postman(self) -> Postman:
        return self.gateway.postman(self.pool)


@cache
def workplace() -> Workplace:
    """This process's workplace, opened on first use; with wrong settings the process ends and says all that is wrong."""
    try:
        settings = checked(read_env(ROOT, os.environ))
    except SettingsError as wrong:
        sys.exit(str(wrong))
    return Workplace(open_gateway(settings), Bell(settings.redis_url))
