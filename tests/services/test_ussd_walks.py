"""Random walks through the USSD dialogue end in a known state: nothing typed is lost, nothing is filed twice."""

import os
import re
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from smsgw.domain.messages import UssdEvent, UssdScreen
from smsgw.domain.ussd.breaks import LONGEST_SESSION, Outcome
from smsgw.domain.ussd.script import SCREENS, Act, Name
from smsgw.domain.ussd.standing import Standing, read
from smsgw.domain.ussd.turns import SAME_KEY_WITHIN
from smsgw.gateway import Gateway
from smsgw.store.tables import Citizen, Complaint, Inbound, Sitting
from smsgw.text.paging import fits
from tests.conftest import Clock
from tests.services.handsets import Handset, Kind

QUICK = 60
WALKS = int(os.environ.get("SMSGW_WALKS", "0"))  # for the long run: SMSGW_WALKS=10000
PHONES, TOKENS = count(500_000), count(1)
KEYS = ("0", "00", "99", "1", "1", "1", "2", "3", "4", "5", "6", "14", "77", "DN", "?", "")
WORDS = ("duong hu * nang", "#nuoc duc# ca xom", "den tat 1*2*3 hom", "Ngập ở cầu 😀 rồi", "hem 12 Quang Trung")
TOKEN = re.compile(r"zq\d+")

key = st.sampled_from(KEYS).map(lambda typed: ("types", typed))
words = st.sampled_from(WORDS).map(lambda typed: ("says", typed))
forward = st.just(("files", ""))
NETWORK = (
    *("again", "again", "redials", "redials", "ends", "times out", "is silent", "a minute passes", "ten minutes pass"),
    *("a key comes late", "words come late", "words come late"),
)
network = st.sampled_from(NETWORK).map(lambda what: (what, ""))
walks = st.lists(st.one_of(key, key, key, words, forward, network), min_size=1, max_size=25)


@dataclass
class Walker:
    """A phone, and what must come of what it typed. `alive` are words neither dropped nor typed again by their person;
    `old` is a session that was gone on with in another, whose turns may still come."""

    handset: Handset
    gateway: Gateway
    clock: Clock
    alive: set[str] = field(default_factory=set)
    taken_back: set[str] = field(default_factory=set)
    last: UssdScreen | None = None
    old: Handset | None = None

    def goes(self, step: str, typed: str) -> None:
        match step:
            case "redials":
                self._redials()
            case "a key comes late":
                self._comes_late("1")
            case "words come late":
                self._comes_late(f"den duong tat zq{next(TOKENS)}")
            case _ if self.last is None:
                return
            case "types":
                self._presses(typed)
            case "says":
                self._says(typed)
            case "files":
                self._says("o day") if self.handset.screen in (Name.HAMLET, Name.TEXT) else self._presses("1")
            case "again" if self._may_be_told():
                assert self.handset.again() == self.last
            case "ends" | "times out":
                self.handset.hangs_up(UssdEvent.END if step == "ends" else UssdEvent.TIMEOUT)
            case "a minute passes" | "ten minutes pass" | "is silent":
                minutes = {"a minute passes": 1, "ten minutes pass": 10, "is silent": 14}[step]
                self.clock.moves(minutes=minutes)
                gathered(self.gateway)

    def _may_be_told(self) -> bool:
        """A provider that tells the last answer only, without a number, can bring a turn again at once or much too late;
        in between nobody could tell it from the same key pressed twice."""
        sitting = self.handset.sitting()
        gap = self.clock.at - sitting.touched_at if sitting else SAME_KEY_WITHIN
        return self.handset.kind is not Kind.LAST or not SAME_KEY_WITHIN <= gap <= LONGEST_SESSION

    def _redials(self) -> None:
        before = replace(self.handset, typed=list(self.handset.typed))
        self.last = self.handset.dials()
        left = before.sitting()
        if left and left.outcome == Outcome.CONTINUED:
            self.old = before

    def _comes_late(self, typed: str) -> None:
        """In the session before, as long as nothing else became of it."""
        left = self.old.sitting() if self.old else None
        if self.old is None or left is None or left.outcome != Outcome.CONTINUED:
            return
        assert not self.old.presses(typed).more
        heir = self.handset.sitting()
        assert heir
        if heir.outcome != Outcome.DROPPED:
            self.alive |= set(TOKEN.findall(typed))

    def _says(self, typed: str) -> None:
        self._presses(f"{typed} zq{next(TOKENS)}")

    def _presses(self, typed: str) -> None:
        before = self.handset.sitting()
        standing = read(before.standing) if before else Standing()
        self.last = self.handset.presses(typed)
        assert fits(self.last.text), self.last
        assert self.last.text
        if before is None or not before.more:
            self.handset.all_typed.pop()  # an ended session takes nothing: the network sends no such turn
            return
        dropped = (standing.screen, typed.strip()) in ((Name.CONFIRM, "3"), (Name.RESUME, "2"))
        again = standing.retypes and standing.screen is Name.TEXT
        over = standing.screen is Name.HAMLET
        after = self.handset.standing()
        if dropped or (again and not after.retypes and TOKEN.search(typed)) or over:
            kept = set(TOKEN.findall(f"{after.draft.text} {after.draft.hamlet}"))
            gone = set(TOKEN.findall(f"{standing.draft.text} {standing.draft.hamlet}")) - kept
            if not (over and self._filed()):
                self.taken_back |= gone
        self.alive |= set(TOKEN.findall(typed))

    def _filed(self) -> bool:
        return self.handset.screen is Name.FILED


def gathered(gateway: Gateway) -> None:
    while gateway.gatherer().batch():
        pass


def check(walker: Walker) -> None:
    """Long after: every session is settled, every word is in one complaint, every complaint has its own text."""
    gateway, phone = walker.gateway, walker.handset.phone
    walker.clock.moves(hours=30)
    gathered(gateway)
    with gateway.database.read() as session:
        rows = session.scalars(select(Sitting).where(Sitting.phone == phone)).all()
        texts = session.scalars(select(Complaint.text).join(Citizen).where(Citizen.phone == phone)).all()
        inbound = session.scalar(select(func.count()).select_from(Inbound).where(Inbound.sender == phone))
    for row in rows:
        assert row.look_at is None
        assert row.screen in Name.__members__.values()
        assert row.outcome in ("", *Outcome)
        assert row.outcome or row.more, row.screen  # only who broke off at the menu has no outcome
    everything = " ".join(texts)
    told = TOKEN.findall(everything)
    for token in walker.alive - walker.taken_back:
        assert told.count(token) == 1, (token, texts)
    assert all(told.count(token) <= 1 for token in walker.alive)
    assert inbound == len(texts)


@pytest.fixture
def walk(gateway: Gateway, clock: Clock):  # type: ignore[no-untyped-def]
    with gateway.database.read() as session:
        kept = gateway.handbook(session)
    gateway.recent = lambda _session: kept  # it changes in no walk, and reading it is half the time of one

    def walked(kind: Kind, steps: list[tuple[str, str]]) -> None:
        walker = Walker(Handset(gateway, clock, kind, f"+84900{next(PHONES)}"), gateway, clock)
        walker.goes("redials", "")
        for step, typed in steps:
            walker.goes(step, typed)
        check(walker)

    return walked


CALM = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}


@settings(max_examples=QUICK, derandomize=True, database=None, **CALM)
@given(kind=st.sampled_from(Kind), steps=walks)
def test_a_few_random_walks_end_in_a_known_state(walk, kind: Kind, steps: list[tuple[str, str]]) -> None:  # type: ignore[no-untyped-def]
    walk(kind, steps)


@pytest.mark.slow
@pytest.mark.timeout(14_400)
@settings(max_examples=WALKS or 400, **CALM)
@given(kind=st.sampled_from(Kind), steps=walks)
def test_many_random_walks_end_in_a_known_state(walk, kind: Kind, steps: list[tuple[str, str]]) -> None:  # type: ignore[no-untyped-def]
    walk(kind, steps)


def test_the_script_names_every_act_once_it_is_needed() -> None:
    used = {choice.act for screen in SCREENS.values() for choice in screen.choices} | {s.act for s in SCREENS.values()}
    assert used - {None} == set(Act)
