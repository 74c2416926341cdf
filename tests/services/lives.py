"""Complaints that live at random: every verb of the desk and of the citizen, in any order that the house allows."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.grounds import Ground
from smsgw.domain.understanding import Intent, Understanding
from smsgw.domain.verdicts import Said, Verdict
from smsgw.gateway import Gateway
from smsgw.services import (
    answering,
    dividing,
    filing,
    merging,
    passing,
    pausing,
    prolonging,
    refusing,
    sealing,
    tracking,
    undoing,
    verdicts,
    windows,
)
from smsgw.services.answering import Kind, Letter, Writer
from smsgw.services.citizens import citizen_of
from smsgw.services.dividing import Halves
from smsgw.services.prolonging import Wish
from smsgw.services.refusing import Wording
from smsgw.store import complaints
from smsgw.store.inbox import Arrived
from smsgw.store.later import Later
from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, Complaint, DeadlineRule, Official, Outgoing
from tests.conftest import Clock

FIELDS = (*CategoryCode, None)
UNITS = ("23617", "23614", None)
READ = Understanding(Intent.NEW_COMPLAINT, CategoryCode.HT, 1.0)
DUTIES = ("focal", "officer", "head", "leader")


@dataclass
class Lives:
    """A house in which things happen."""

    house: Gateway
    clock: Clock
    random: Random
    divides: bool = (
        True  # what is divided off later came when the citizen wrote: reports of the past count it from then on
    )
    filed: int = 0
    done: dict[str, int] = field(default_factory=dict)

    def happen(self, times: int) -> None:
        """As many things, each some time after the one before. Questions stop the clock in this house."""
        with self.house.database.write() as session:
            session.execute(update(DeadlineRule).values(pause_days=3))
            self.people = session.scalars(select(Official.id).order_by(Official.id).limit(2)).all()
        acts: tuple[tuple[int, Callable[[Session], object]], ...] = (
            (30, self._files),
            (18, self._answers),
            (10, self._assigns),
            (8, self._asks),
            (12, self._adds),
            (5, self._withdraws),
            (6, self._prolongs),
            (5, self._merges),
            (4, self._separates),
            (3, self._passes_to_unit),
            (1, self._seals),
            (3, self._runs_on),
            (6, self._calls_back),
            (10, self._arrive),
            (14, self._judges),
            (4, self._looks_and_closes),
            (3, self._looks_and_sends_back),
            (3, self._refuses),
            *([(3, self._divides)] if self.divides else []),
        )
        watch = windows.Watch(self.house.database, self.house.handbook, self.house.now)
        for _ in range(times):
            self.clock.moves(minutes=self.random.choice((1, 7, 60, 300, 1440)))
            (act,) = self.random.choices([act for _, act in acts], [weight for weight, _ in acts])
            with self.house.database.write() as session:
                if act(session):
                    name = act.__name__.strip("_")
                    self.done[name] = self.done.get(name, 0) + 1
            watch.batch()

    def _one(self, session: Session, *, is_open: bool | None = None) -> Complaint | None:
        query = select(Complaint).where(Complaint.text != "")
        if is_open is not None:
            query = query.where(Complaint.state.in_(OPEN_STATES if is_open else ("answered",)))
        found = session.scalars(query.order_by(Complaint.id)).all()
        return self.random.choice(found) if found else None

    def _writer(self) -> Writer:
        return Writer(self.people[0], DUTIES)

    def _files(self, session: Session) -> object:
        self.filed += 1
        citizen = citizen_of(session, f"+849000{self.random.randrange(40):05}", self.clock.at)
        read = replace(
            READ, category=self.random.choice(FIELDS), unit_today=self.random.choice(UNITS), urgent=self.filed % 9 == 0
        )
        later = Later(session)
        told = filing.Filing(f"life:{self.filed}", "sms", f"den duong so {self.filed} tat", citizen, read)
        made = filing.file(later, self.house.handbook(session), told, self.clock.at)
        later.write()
        return made

    def _letter(
        self, session: Session, one: Complaint, kind: Kind, words: str, waits: timedelta = timedelta(0)
    ) -> object:
        letter = Letter(kind, words, seen=complaints.newest_line(session, one.id))
        letter = replace(letter, proof=answering.preview(session, self.house.speech, one, letter).proof)
        sent = answering.send(
            session,
            self.house.speech,
            self.house.handbook(session),
            one,
            letter,
            self._writer(),
            now=self.clock.at,
            stops_clock=self.house.coaching.stops_clock,
            goes_at=self.clock.at + waits,
        )
        return isinstance(sent, answering.Sent)

    def _answers(self, session: Session) -> object:
        one = self._one(session, is_open=self.random.random() < 0.9)
        return one and self._letter(session, one, Kind.ANSWER, "To sua chua da thay bong den sang nay.")

    def _asks(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        return one and self._letter(session, one, Kind.QUESTION, "Tru den so may?")

    def _assigns(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        if one is None or one.office_id is not None or one.state != "received":
            return None
        handbook, chosen = self.house.handbook(session), self.random.choice(list(CategoryCode)).value
        if (chosen, one.unit_id) not in handbook.matrix.offices:
            return None
        passing.assign(session, handbook, one, self._writer(), category=chosen, office_id=None, now=self.clock.at)
        return True

    def _adds(self, session: Session) -> object:
        one = self._one(session)
        if one is None or one.state not in (*OPEN_STATES, "answered"):
            return None
        read = replace(READ, intent=Intent.FOLLOWUP, category=self.random.choice(FIELDS))
        text = Arrived(0, "", "", one.citizen.phone, "van chua sang", self.clock.at)
        tracking.add(session, self.house.handbook(session), one, text, read, self.clock.at)
        return True

    def _withdraws(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        return one and tracking.withdraw(session, one, self.clock.at)

    def _prolongs(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        if one is None or one.due_at is None:
            return None
        handbook, writer = self.house.handbook(session), self._writer()
        until = pausing.calendar(one, handbook).day_of(one.due_at + timedelta(days=self.random.randrange(3, 9)))
        words = Wish(until, "cho vat tu")
        prolonging.ask(
            session, self.house.speech, handbook, one, writer, words, now=self.clock.at, mint=self.house.mint
        )
        other = Writer(self.people[1], DUTIES)
        now, mint = self.clock.at, self.house.mint
        return prolonging.grant(session, self.house.speech, handbook, one, other, now=now, mint=mint) is None

    def _merges(self, session: Session) -> object:
        pair = [self._one(session, is_open=True) for _ in range(2)]
        if None in pair or pair[0] is pair[1]:
            return None
        names = tuple(one.reference or "" for one in pair if one)
        scope = Scope(frozenset(self.house.handbook(session).places))
        try:
            return merging.merge(session, self.house.handbook(session), scope, names, self.people[0], self.clock.at)  # type: ignore[arg-type]
        except merging.NotOneMatterError:
            return None

    def _separates(self, session: Session) -> object:
        part = session.scalars(select(Complaint).where(Complaint.merged_into_id.is_not(None)).limit(1)).one_or_none()
        if part is None:
            return None
        merging.separate(session, self.house.handbook(session), part, self.clock.at, self.people[0])
        return True

    def _passes_to_unit(self, session: Session) -> object:
        one, handbook = self._one(session, is_open=True), self.house.handbook(session)
        if one is None or one.merged_into_id is not None:
            return None
        others = [place.id for place in handbook.places.values() if place.kind == "ward" and place.id != one.unit_id]
        unit = self.random.choice(others)
        speech, writer, now = self.house.speech, self._writer(), self.clock.at
        passing.pass_to_unit(session, speech, handbook, one, writer, unit_id=unit, reason="cho khac", now=now)
        return True

    def _seals(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        if one is None:
            return None
        why = "to cao"
        return sealing.put_under_seal(session, self.house.speech, one, self.people[0], why, now=self.clock.at)

    def _runs_on(self, session: Session) -> object:
        one, why = self._one(session, is_open=True), pausing.Why.NO_REPLY
        return one and pausing.resume(session, self.house.handbook(session), one, why, now=self.clock.at)

    def _calls_back(self, session: Session) -> object:
        """Answers, and thinks better of it; at times a report is asked for in between."""
        one = self._one(session, is_open=True)
        if one is None or not self._letter(session, one, Kind.ANSWER, "Se sua som.", waits=timedelta(seconds=30)):
            return None
        session.flush()
        self.clock.moves(seconds=self.random.randrange(20))
        return undoing.call_back(session, one, self._writer(), now=self.clock.at)

    def _arrive(self, session: Session) -> object:
        """Whatever waits reaches its phone."""
        waits = update(Outgoing).where(Outgoing.state == "queued")
        session.execute(waits.values(state="delivered", settled_at=self.clock.at))
        return True

    def _judges(self, session: Session) -> object:
        one = self._one(session, is_open=False)
        if one is None:
            return None
        known = session.scalars(select(Complaint).where(Complaint.citizen_id == one.citizen_id)).all()
        said = Said(self.random.choice(list(Verdict)), one.reference or "")
        house = self.house
        return verdicts.hear(
            session, house.handbook(session), house.speech, one.citizen, known, said, now=self.clock.at
        )

    def _looks_and_closes(self, session: Session) -> object:
        one = session.scalars(select(Complaint).where(Complaint.held_at.is_not(None)).limit(1)).one_or_none()
        if one is None:
            return None
        return windows.close(session, one, self.people[1], frozenset(DUTIES), "da xong", now=self.clock.at) is None

    def _looks_and_sends_back(self, session: Session) -> object:
        one = session.scalars(select(Complaint).where(Complaint.held_at.is_not(None)).limit(1)).one_or_none()
        if one is None:
            return None
        house, who = self.house, (self.people[1], frozenset(DUTIES))
        handbook = house.handbook(session)
        return windows.send_back(session, house.speech, handbook, one, *who, "chua xong", now=self.clock.at) is None

    def _refuses(self, session: Session) -> object:
        one, house = self._one(session, is_open=True), self.house
        if one is None or one.merged_into_id is not None:
            return None
        handbook, seen = house.handbook(session), complaints.newest_line(session, one.id)
        written = Wording(Ground.COURT, "toa dang xu", seen=seen)
        written = replace(written, proof=refusing.preview(session, house.speech, handbook, one, written).proof)
        return refusing.refuse(session, house.speech, handbook, one, written, self._writer(), now=self.clock.at) is None

    def _divides(self, session: Session) -> object:
        one = self._one(session, is_open=True)
        if one is None or one.merged_into_id is not None or " " not in one.text:
            return None
        stays, _, goes = one.text.rpartition(" ")
        halves = Halves(stays, goes, self.random.choice(FIELDS) or "")
        house, handbook = self.house, self.house.handbook(session)
        made = dividing.divide(session, house.speech, handbook, one, halves, self._writer(), now=self.clock.at)
        return isinstance(made, filing.Filed)
