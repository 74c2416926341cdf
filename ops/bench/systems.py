"""What is measured: the product and its yardsticks, and how each is started."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handlers.front import THREADS
from ops import broker, ports
from ops.bench.forms import ACCOUNT, DUTY_PHONE, OUR_NUMBER, PUBLIC_URL, TOKEN, USSD_TOKEN
from ops.bench.running import Running
from smsgw.settings import broker_socket

YARDSTICKS = "ops.bench.yardsticks"
NAIVE_WEB, NAIVE_WORKERS = 2, 2  # processes; each answers one call at a time


@dataclass(frozen=True, slots=True)
class Site:
    """Where a system is to stand: its folder, an empty database, the port of Twilio's stand-in."""

    folder: Path
    database: str
    stub: int

    @property
    def twilio(self) -> str:
        return f"http://127.0.0.1:{self.stub}"


@dataclass(frozen=True, slots=True)
class System:
    """`open` starts the web side and what it needs, and gives its port; `staff` starts whatever sends replies."""

    name: str
    open: Callable[[Running, Site], int]
    staff: Callable[[Running, Site], None]


def _open_bare(running: Running, _site: Site) -> int:
    return _serve(running, "bare", 1, THREADS, dict(os.environ))


def _open_bare_one_thread(running: Running, _site: Site) -> int:
    return _serve(running, "bare", 1, 1, dict(os.environ))


def _open_naive(running: Running, site: Site) -> int:
    _start_broker(running, site.folder)
    running.run([sys.executable, "-m", f"{YARDSTICKS}.naive"], _naive_environ(site))
    return _serve(running, "naive", NAIVE_WEB, 1, _naive_environ(site))


def _staff_naive(running: Running, site: Site) -> None:
    url = broker.redis_url(site.folder)
    command = [sys.executable, "-m", "rq.cli", "worker", "-w", "rq.SimpleWorker", "--url", url, "--quiet", "naive"]
    for _ in range(NAIVE_WORKERS):
        running.start("worker", command, _naive_environ(site))


def _naive_environ(site: Site) -> dict[str, str]:
    return os.environ | {
        "NAIVE_DATABASE": site.database.replace("postgresql://", "postgresql+psycopg://", 1),
        "NAIVE_BROKER": broker.redis_url(site.folder),
        "NAIVE_TWILIO": site.twilio,
    }


def _open_product(running: Running, site: Site) -> int:
    _start_broker(running, site.folder)
    port = ports.free_beside("127.0.0.1", 18000)
    environ = _product_environ(site, port)
    running.run([sys.executable, "-m", "ops.setup"], environ)
    running.start("web", [sys.executable, "-m", "ops.web"], environ)
    running.wait_for(lambda: ports.answers("127.0.0.1", port, "/healthz"))
    return port


def _open_product_with_a_frozen_broker(running: Running, site: Site) -> int:
    port = _open_product(running, site)
    running.freeze("broker")
    return port


def _staff_product(running: Running, site: Site) -> None:
    environ = _product_environ(site, 18000)
    running.start("worker", [sys.executable, "-m", "queues.worker", "inbox"], environ)
    running.start("sender", [sys.executable, "-m", "queues.worker", "outbox"], environ)
    running.start("clock", [sys.executable, "-m", "queues.clock"], environ)


def _product_environ(site: Site, port: int) -> dict[str, str]:
    """The product as in production, with everything named here, so that no .env can lead it to a real database."""
    return os.environ | {
        "SMSGW_ENV": "production",
        "SMSGW_HOME": str(site.folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": site.database,
        "REDIS_URL": broker.redis_url(site.folder),
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 32,
        "SMSGW_NAME": "Phan anh",
        "SMSGW_PUBLIC_NUMBER": "8079",
        "SMSGW_PRICE_NOTE": "gia tin nhan thuong",
        "SMSGW_DUTY_PHONE": DUTY_PHONE,
        "SMSGW_SMS_IN": "twilio",
        "SMSGW_SMS_OUT": "twilio",
        "SMSGW_USSD": "africastalking",
        "SMSGW_USSD_CODE": "*8079#",
        "AFRICASTALKING_CALLBACK_TOKEN": USSD_TOKEN,
        "SMSGW_QUIET_HOURS": "",
        "SMSGW_DAILY_BUDGET": "",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": OUR_NUMBER,
        "TWILIO_API_BASE": site.twilio,
    }


def _start_broker(running: Running, folder: Path) -> None:
    running.start("broker", broker.command(folder), dict(os.environ))
    running.wait_for(lambda: broker.answers(broker_socket(folder)))


def _serve(running: Running, yardstick: str, workers: int, threads: int, environ: dict[str, str]) -> int:
    port = ports.free_beside("127.0.0.1", 18000)
    module = f"{YARDSTICKS}.{yardstick}"
    command = [sys.executable, "-m", f"{YARDSTICKS}.serve", module, str(port), str(workers), str(threads)]
    running.start("web", command, environ)
    running.wait_for(lambda: ports.answers("127.0.0.1", port, "/healthz"))
    return port


def _nobody(_running: Running, _site: Site) -> None:
    """A web side alone."""


BARE = System("bare Flask", _open_bare, _nobody)
BARE_ONE_THREAD = System("bare Flask, 1 thread", _open_bare_one_thread, _nobody)
NAIVE = System("naive", _open_naive, _staff_naive)
PRODUCT = System("product", _open_product, _staff_product)
PRODUCT_UNHEARD = System("product, broker frozen", _open_product_with_a_frozen_broker, _nobody)
