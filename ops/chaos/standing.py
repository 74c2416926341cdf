"""A house under trial with all who deal with it: built in a folder, brought up, and taken down whatever happened."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import ports
from ops.bench.running import Running
from ops.chaos.collect import Journals
from ops.chaos.desk import Desk
from ops.chaos.driver import Driver
from ops.chaos.faults import Weather
from ops.chaos.house import House
from ops.chaos.journal import Journal
from ops.chaos.line import Line
from ops.chaos.names import FOCAL_PHONE, LEADER_PHONE, PASSWORD, UNIT
from ops.chaos.nemesis import Nemesis
from ops.chaos.rows import Rows, utc_now
from ops.chaos.stores import Store
from ops.chaos.watch import Watch
from smsgw.services import roster
from smsgw.settings import ROOT

FIRST_PORT, PLACES, APART = 20_000, 200, 40


@dataclass(frozen=True, slots=True)
class Standing:
    """The house and everybody around it. `told` is the driver's journal, `deeds` that of the nemesis."""

    house: House
    stand_ins: int
    driver: Driver
    desk: Desk
    nemesis: Nemesis
    rows: Rows
    watch: Watch
    told: Journal
    deeds: Journal

    def fair_weather(self) -> None:
        """From now on the providers take everything well."""
        ports.answers("127.0.0.1", self.stand_ins, "/fine", 5.0)


@contextmanager
def standing(
    folder: Path, store: Store, weather: Weather, *, rate: float, pause: float, journals: Journals
) -> Iterator[Standing]:
    """Everything up and answering; stopped at the end. Raises `DidNotStandError` or `DidNotStartError`."""
    stand_ins, port = _ports()
    house = House(folder / "home", store.url(folder), stand_ins, port)
    running = Running(folder)
    told, deeds = Journal(journals.driver), Journal(journals.nemesis)
    line = Line(house.port)
    try:
        _start_exchange(running, stand_ins, house, weather, journals.ledger)
        house.start()
        rows = Rows(house.database)
        desk = Desk(house.port, told, *_officials(rows))
        watch = Watch(rows)
        watch.begin()
        try:
            driver = Driver(weather.seed, line, told, rate)
            nemesis = Nemesis(weather.seed, house, store, rows, deeds, pause)
            yield Standing(house, stand_ins, driver, desk, nemesis, rows, watch, told, deeds)
        finally:
            watch.end()
    finally:
        house.stop()
        running.stop()
        told.close()
        deeds.close()


def _ports() -> tuple[int, int]:
    """Two free ports. Trials side by side look in different places: a port that is free is not taken at once."""
    near = FIRST_PORT + os.getpid() % PLACES * APART
    return ports.free_beside("127.0.0.1", near), ports.free_beside("127.0.0.1", near + APART // 2)


def _officials(rows: Rows) -> tuple[str, str]:
    """Adds the two who are told of deadlines; name and password of the one who answers."""
    told = {"focal": FOCAL_PHONE, "leader": LEADER_PHONE}
    with rows.writing() as session:
        home = roster.find(session, UNIT, utc_now().date(), kinds=roster.KINDS)
        for role, phone in told.items():
            roster.add_official(session, roster.NewOfficial(role, role, role, PASSWORD, role, phone), home)
    return "focal", PASSWORD


def _start_exchange(running: Running, port: int, house: House, weather: Weather, ledger: Path) -> None:
    words = (port, house.port, weather.seed, weather.share, weather.most, ledger)
    running.start("exchange", [sys.executable, "-m", "ops.chaos.exchange", *map(str, words)], {"PYTHONPATH": str(ROOT)})
    running.wait_for(lambda: ports.answers("127.0.0.1", port, "/"))
