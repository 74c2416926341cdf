"""People, officials and the clock act at random on real tables: no complaint ever takes a way that the table does not know."""

import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.calls import Outcome
from smsgw.domain.grounds import Ground
from smsgw.domain.progress import ACTS, Act, Ending, Party, State
from smsgw.gateway import Gateway
from smsgw.services import answering, calling, merging, passing, refusing, sealing, windows
from smsgw.services.answering import Kind, Letter, Writer
from smsgw.store import calls, complaints
from smsgw.store.officials import Scope
from smsgw.store.tables import Call, Complaint, Event, Outgoing, Unit
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

PHONES = (CITIZEN, "+84900000002", "+84900000003")
TEXTS = (
    "PA HT den duong to 5 phuong Tay Son tat ba dem nay",
    "PA DN mat nuoc to 9 phuong Tay Son hai ngay nay",
    "1",
    "2",
    "3",
    "xong",
    "chua xong",
    "van chua ai den sua",
    "{} 2",
    "1 {}",
    "HUY {}",
    "BS {} them nha so 4",
    "DG {} 4",
    "cam on",
)
ANYBODY = ["focal", "officer", "head", "leader", "supervisor"]


def led_to(states: set[State], acts: Iterable[Act]) -> set[State]:
    """Where the acts may lead from any of these."""
    return {
        after for act in acts for state in states & ACTS[act].states for after in (ACTS[act].leads_to or {state})
    } | states


def reachable(before: State) -> set[State]:
    """Where a complaint may stand after one act, and whatever the house does by itself then."""
    after = led_to({before}, Act)
    by_itself = [act for act, rule in ACTS.items() if Party.HOUSE in rule.who]
    while (more := led_to(after, by_itself)) != after:
        after = more
    return after


class Town:
    """Everybody who acts. Each act is one transaction, or one round of the clock."""

    def __init__(self, line: Line, clock: Clock, seed: int) -> None:
        self.line, self.house, self.clock = line, line.gateway, clock
        self.chance = random.Random(seed)
        self.acts: list[Callable[[], None]] = [
            *[self.texts] * 8,
            *[self.answers] * 6,
            self.asks,
            self.assigns,
            self.passes_on,
            self.refuses,
            self.seals,
            self.merges,
            self.separates,
            self.looks,
            self.phones,
            *[self.time_passes] * 5,
            *[self.network_tells] * 2,
        ]

    def acts_once(self) -> None:
        self.chance.choice(self.acts)()
        while (
            self.house.switchboard().batch() or self.house.verdict_watch().batch() or self.house.merge_keeper().batch()
        ):
            pass

    def someone(self, session: Session) -> Complaint | None:
        found = list(session.scalars(select(Complaint).order_by(Complaint.id)))
        return self.chance.choice(found) if found else None

    def writer(self) -> Writer:
        return Writer(1, [self.chance.choice(ANYBODY)])

    def texts(self) -> None:
        with self.house.database.read() as session:
            one = self.someone(session)
            phone = one.citizen.phone if one and self.chance.random() < 0.8 else self.chance.choice(PHONES)
        text = self.chance.choice(TEXTS).format(one.reference if one else "10008")
        self.line.arrives(text, phone)
        while self.house.listener().batch():
            pass

    def _writes(self, kind: Kind) -> None:
        house = self.house
        with house.database.write() as session:
            if (one := self.someone(session)) is None:
                return
            text = "Thu nam to sua den da thay bong." if self.chance.random() < 0.7 else "Da sua xong sang nay. " * 7
            proof = answering.preview(session, house.speech, one, Letter(kind, text)).proof
            letter = Letter(kind, text, proof, complaints.newest_line(session, one.id))
            handbook = house.handbook(session)
            answering.send(session, house.speech, handbook, one, letter, self.writer(), now=house.now())

    def answers(self) -> None:
        self._writes(Kind.ANSWER)

    def asks(self) -> None:
        self._writes(Kind.QUESTION)

    def assigns(self) -> None:
        with self.house.database.write() as session:
            if (one := self.someone(session)) is None:
                return
            office = self.an_office(session, one)
            if office:
                handbook, now = self.house.handbook(session), self.house.now()
                passing.assign(session, handbook, one, self.writer(), category="HT", office_id=office, now=now)

    def passes_on(self) -> None:
        with self.house.database.write() as session:
            if (one := self.someone(session)) is None:
                return
            handbook, now, writer = self.house.handbook(session), self.house.now(), self.writer()
            if self.chance.random() < 0.5:
                if office := self.an_office(session, one):
                    passing.pass_on(
                        session, self.house.speech, handbook, one, writer, office_id=office, reason="cua ho", now=now
                    )
                return
            units = select(Unit.id).where(
                Unit.kind.in_(("ward", "commune")), Unit.id != one.unit_id, Unit.valid_to.is_(None)
            )
            unit = self.chance.choice(list(session.scalars(units.order_by(Unit.id))))
            passing.pass_to_unit(
                session, self.house.speech, handbook, one, writer, unit_id=unit, reason="noi khac", now=now
            )

    def an_office(self, session: Session, one: Complaint) -> int | None:
        query = select(Unit.id).where(Unit.parent_id == one.unit_id, Unit.kind == "office", Unit.valid_to.is_(None))
        found = [office for office in session.scalars(query.order_by(Unit.id)) if office != one.office_id]
        return self.chance.choice(found) if found else None

    def refuses(self) -> None:
        house = self.house
        with house.database.write() as session:
            if (one := self.someone(session)) is None:
                return
            handbook = house.handbook(session)
            told = refusing.Wording(Ground.COURT, "Ban an so 4")
            shown = refusing.preview(session, house.speech, handbook, one, told)
            seen = complaints.newest_line(session, one.id)
            told = refusing.Wording(Ground.COURT, "Ban an so 4", "", shown.proof, seen)
            refusing.refuse(session, house.speech, handbook, one, told, self.writer(), now=house.now())

    def seals(self) -> None:
        if self.chance.random() < 0.7:
            return
        with self.house.database.write() as session:
            one = self.someone(session)
            if one is not None and one.stands in ACTS[Act.SEAL].states:
                sealing.put_under_seal(session, self.house.speech, one, 1, "to cao", now=self.house.now())

    def merges(self) -> None:
        with self.house.database.write() as session:
            one, other = self.someone(session), self.someone(session)
            if one is None or other is None or one is other:
                return
            scope = Scope(frozenset({one.unit_id, other.unit_id}))
            try:
                names = (one.reference or "", other.reference or "")
                merging.merge(session, self.house.handbook(session), scope, names, 1, self.house.now())
            except merging.NotOneMatterError:
                return

    def separates(self) -> None:
        with self.house.database.write() as session:
            one = self.someone(session)
            if one is not None and one.merged_into_id is not None and one.stands in ACTS[Act.SEPARATE].states:
                merging.separate(session, self.house.handbook(session), one, self.house.now())

    def looks(self) -> None:
        house = self.house
        with house.database.write() as session:
            held = list(session.scalars(select(Complaint).where(Complaint.held_at.is_not(None))))
            one = self.chance.choice(held) if held else self.someone(session)
            if one is None:
                return
            duties, now = frozenset(self.writer().duties), house.now()
            if self.chance.random() < 0.5:
                windows.close(session, one, 1, duties, "da goi", now=now)
            else:
                windows.send_back(session, house.speech, house.handbook(session), one, 1, duties, "chua xong", now=now)

    def phones(self) -> None:
        with self.house.database.write() as session:
            if (call := session.scalars(select(Call).where(Call.state == "open")).first()) is None:
                return
            made = calling.CallMade(call.id, call.tries, self.chance.choice(list(Outcome)), "tat may")
            calling.record(session, call.complaint, made, self.writer(), now=self.house.now())

    def time_passes(self) -> None:
        self.clock.moves(hours=self.chance.choice((1, 20, 100, 300)))

    def network_tells(self) -> None:
        state = self.chance.choice(("delivered", "delivered", "undelivered", "delivery_unknown"))
        with self.house.database.write() as session:
            flying = update(Outgoing).where(Outgoing.state == "queued")
            session.execute(flying.values(state=state, settled_at=self.house.now()))


def standing(house: Gateway) -> dict[int, State]:
    with house.database.read() as session:
        return {one.id: one.stands for one in session.scalars(select(Complaint))}


def lawful_end(house: Gateway, complaint_id: int) -> str:
    """What is wrong with how a complaint ended; empty for nothing. Told from its history alone."""
    with house.database.read() as session:
        one = session.get_one(Complaint, complaint_id)
        lines = list(session.scalars(select(Event).where(Event.complaint_id == complaint_id).order_by(Event.id)))
        kinds = [line.kind for line in lines]
        if one.stands is State.CLOSED:
            last = len(kinds) - 1 - kinds[::-1].index("answered") if "answered" in kinds else None
            if last is None or "reopened" in kinds[last:]:
                return "closed without an answer"
            if one.ending == Ending.CONFIRMED:
                return "" if "confirmed" in kinds[last:] else "nobody confirmed"
            if one.silence_at is None or not one.closed_at or one.closed_at < one.silence_at:
                return "closed before the time for a verdict was over"
            if calls.unheard(session, complaint_id) and not one.closed_at:
                return "closed while somebody must phone"
        if one.stands is State.REFUSED:
            grounds = [line.details.get("ground") for line in lines if line.kind == "refused"]
            return "" if any(grounds) or "put_under_seal" in kinds else "refused without a ground"
        if one.stands is State.WITHDRAWN:
            return "" if {"withdrawn", "joined"} & set(kinds) else "withdrawn by nobody"
        return ""


def plays(line: Line, clock: Clock, seed: int, acts: int) -> Iterator[State]:
    """So many acts by chance; the states that were met."""
    town = Town(line, clock, seed)
    for phone in PHONES:
        line.arrives(TEXTS[0], phone)
    while line.gateway.listener().batch():
        pass
    before = standing(line.gateway)
    for _ in range(acts):
        town.acts_once()
        after = standing(line.gateway)
        for complaint_id, state in after.items():
            was = before.get(complaint_id, State.RECEIVED)
            assert state in reachable(was), f"seed {seed}: {was} -> {state} of {complaint_id}"
            if state is not was:
                wrong = lawful_end(line.gateway, complaint_id)
                assert wrong == "", f"seed {seed}: {wrong}, {complaint_id}"
            yield state
        before = after


def test_no_wrong_turn_is_taken_in_some_acts_by_chance(line: Line, clock: Clock) -> None:
    assert {State.ANSWERED, State.CLOSED} <= set(plays(line, clock, 9, 70))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_no_wrong_turn_is_taken_in_many_acts_by_chance(line: Line, clock: Clock, seed: int) -> None:
    met = set(plays(line, clock, seed, 400))
    assert {State.ANSWERED, State.CLOSED} <= met


@pytest.mark.slow
@pytest.mark.postgres
def test_no_wrong_turn_is_taken_on_postgres(on_postgres: Gateway, clock: Clock, pool: ThreadPoolExecutor) -> None:
    assert {State.ANSWERED, State.CLOSED} <= set(plays(Line(on_postgres, pool), clock, 9, 200))


def test_the_play_would_tell_of_a_wrong_end(line: Line, clock: Clock) -> None:
    line.text(TEXTS[0])
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", ending="silence", closed_at=clock()))
    assert lawful_end(line.gateway, line.complaints()[0].id) == "closed without an answer"
    assert reachable(State.WITHDRAWN) == {State.WITHDRAWN}
    assert State.REFUSED not in reachable(State.ANSWERED)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Nothing is sent here: the network tells what became of every text."""
    with ThreadPoolExecutor(1) as one:
        yield one
