"""One trial: people write, officials answer, deadlines pass, things break; then everything is left to mend itself."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ops.chaos import points
from ops.chaos.collect import Journals, collect
from ops.chaos.evidence import Evidence
from ops.chaos.faults import Weather
from ops.chaos.house import DidNotStandError
from ops.chaos.journal import Journal
from ops.chaos.messages import Message, mark, messages
from ops.chaos.nemesis import LONGEST_LOCK_S
from ops.chaos.plants import Plant
from ops.chaos.points import Load, Point
from ops.chaos.rows import utc_now
from ops.chaos.standing import Standing, standing
from ops.chaos.stores import Store
from smsgw.store.database import StoreError

BACK_WITHIN_S = 60.0
OVERDUE_IN, ANSWERED_IN = 8, 9  # one complaint in so many
MOST_OVERDUE, MOST_ANSWERED = 120, 30
TEXTS_A_POINT = 4
LAST_RECEIPTS_S = 12.0
FILED_WITHIN_S = 8.0
LOOKS_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a trial. `rate` is in messages a second, `pause` in seconds between two deeds, `patience` how
    many seconds the house has to finish once everything is whole again; `looks_up` names the providers that are asked
    after a doubt; `plant` breaks a promise when all is over."""

    weather: Weather
    messages: int
    kills: int
    points: Sequence[Point]
    rate: float
    pause: float
    patience: float
    looks_up: frozenset[str]
    plant: Plant


@dataclass(slots=True)
class Outcome:
    """What came of a trial, beside the evidence. `finished` says that nothing was left to do when it ended."""

    evidence: Evidence
    restarts: Mapping[str, int]
    points_missed: Sequence[str]
    finished: bool
    seconds: float


@dataclass(slots=True)
class Trial:
    """One trial in a folder of its own. `say` tells whoever waits how far it is."""

    wish: Wish
    folder: Path
    store: Store
    say: Callable[[str], None]
    points_missed: list[str] = field(default_factory=list)
    _overdue: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)

    @property
    def journals(self) -> Journals:
        return Journals(self.folder / "ledger", self.folder / "driver", self.folder / "nemesis")

    def run(self) -> Outcome:
        """Raises `DidNotStandError` when the house did not get ready, or did not come back after a fault."""
        began = time.monotonic()
        wish = self.wish
        for_points = (len(wish.points) + 2) * 2 * TEXTS_A_POINT if wish.points else 0  # some are drafts
        load = messages(wish.weather.seed, wish.messages + for_points)
        with standing(
            self.folder, self.store, wish.weather, rate=wish.rate, pause=wish.pause, journals=self.journals
        ) as here:
            self.say("the house stands")
            self._point_by_point(here, load[wish.messages :])
            self._rage(here, load[: wish.messages])
            finished = self._mend(here)
        self._plant(here)
        evidence = collect(
            self.journals, load, here.rows, moves=here.watch.moves, waits=here.watch.waits, looks_up=wish.looks_up
        )
        here.rows.close()
        return Outcome(evidence, here.house.restarts(), self.points_missed, finished, time.monotonic() - began)

    def _plant(self, here: Standing) -> None:
        """The house stands still by now, and nothing mends what is planted."""
        ledger = Journal(self.journals.ledger)
        self.wish.plant(here.rows, ledger)
        ledger.close()

    def _point_by_point(self, here: Standing, load: Sequence[Message]) -> None:
        """Lays each point, leads somebody there, and waits for the house to come back."""
        texts = iter([message for message in load if message.kind != "ussd"])
        drafts = iter([message for message in load if message.kind == "ussd"])
        for point in self.wish.points:
            with ThreadPoolExecutor(1) as leading:
                points.lay(here.house.points, point)
                job = leading.submit(self._lead_to, here, point, texts, drafts)
                hit = points.wait_for(here.house.points, point)
                here.deeds.write("deed", what="point", part=point.part, name=point.name, stage="after", done=hit)
                job.result()
            if not hit:
                self.points_missed.append(point.name)
            self.say(f"crash point {point.name}: {'hit' if hit else 'NOT HIT'}")
            self._come_back(here)

    def _lead_to(self, here: Standing, point: Point, texts: Iterator[Message], drafts: Iterator[Message]) -> None:
        match point.load:
            case Load.TEXTS:
                here.driver.send([next(texts) for _ in range(TEXTS_A_POINT)])
            case Load.DRAFT:
                here.driver.send([next(drafts)])
            case Load.SHUT:
                self._send_to_shut_doors(here, [next(texts) for _ in range(TEXTS_A_POINT)])
            case Load.OVERDUE:
                self._let_pass(here, self._filed(here, texts, 2))
            case Load.ANSWER:
                self._answer(here, self._filed(here, texts, 1))

    def _send_to_shut_doors(self, here: Standing, texts: Sequence[Message]) -> None:
        """Texts that come while the database takes nothing."""
        with ThreadPoolExecutor(1) as sending:
            with here.rows.locked():
                job = sending.submit(here.driver.send, texts)
                time.sleep(LONGEST_LOCK_S)
            job.result()

    def _rage(self, here: Standing, load: Sequence[Message]) -> None:
        """The load, and whoever breaks things, until both are through; officials and deadlines go on meanwhile."""
        if not load:
            return
        through = threading.Event()
        with ThreadPoolExecutor(3) as others:
            jobs = [
                others.submit(here.nemesis.rage, self.wish.kills),
                others.submit(self._pass_and_answer, here, load, through),
            ]
            try:
                here.driver.send(load)
                self.say(f"{len(load)} messages sent; waiting for the last deeds")
                jobs[0].result()
            finally:
                here.nemesis.ended.set()
                through.set()
            jobs[1].result()

    def _pass_and_answer(self, here: Standing, load: Sequence[Message], through: threading.Event) -> None:
        """Lets deadlines pass and answers, a few complaints at a time as they are filed."""
        complaints = [message.token for message in load if message.kind == "complaint"]
        passing = complaints[::OVERDUE_IN][:MOST_OVERDUE]
        answering = [token for token in complaints[1::ANSWERED_IN] if token not in passing][:MOST_ANSWERED]
        last = False
        while not last:
            last = through.wait(LOOKS_EVERY_S)
            self._let_pass(here, [token for token in passing if token not in self._overdue][:10])
            self._answer(here, [token for token in answering if token not in self._answered][:2])

    def _let_pass(self, here: Standing, tokens: Sequence[str]) -> None:
        """Puts due moments into the past, where the complaints are there already and the database answers."""
        if not tokens:
            return
        try:
            found = here.rows.make_overdue(tokens, utc_now())
        except StoreError:
            return
        self._overdue.update(token for _, token in found)
        here.told.write("overdue", ids=[row_id for row_id, _ in found])

    def _answer(self, here: Standing, tokens: Sequence[str]) -> None:
        for token in tokens:
            try:
                reference = here.rows.reference_of(token)
            except StoreError:
                return
            if reference:
                self._answered.add(token)
                here.desk.answers(reference, token, f"Da xu ly xong. {mark(token)}")

    def _filed(self, here: Standing, texts: Iterator[Message], how_many: int) -> list[str]:
        """Complaints from texts that nothing was done to yet; more people write where there are too few."""
        ends = time.monotonic() + FILED_WITHIN_S
        while len(found := self._untouched(here)) < how_many and time.monotonic() < ends:
            here.driver.send([next(texts)])
            time.sleep(LOOKS_EVERY_S)
        return found[:how_many]

    def _untouched(self, here: Standing) -> list[str]:
        used = self._overdue | self._answered
        return [one.token for one in here.rows.complaints() if one.channel == "sms" and one.token not in used]

    def _mend(self, here: Standing) -> bool:
        """Ends all faults; True when the house then finished everything within its time."""
        here.fair_weather()
        here.watch.healed()
        self._come_back(here)
        self.say("everything is whole again; waiting for the house to finish")
        ends = time.monotonic() + self.wish.patience
        while time.monotonic() < ends:
            if here.rows.unfinished() == 0 and not here.rows.due_elsewhere(utc_now()):
                time.sleep(LAST_RECEIPTS_S)
                if here.rows.unfinished() == 0:
                    return True
            time.sleep(LOOKS_EVERY_S)
        return False

    def _come_back(self, here: Standing) -> None:
        if not here.house.stands(BACK_WITHIN_S):
            raise DidNotStandError(f"the house did not come back within {BACK_WITHIN_S:.0f} s\n{here.house.said()}")
