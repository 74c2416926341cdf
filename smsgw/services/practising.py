"""Fills an official's practice with sample complaints that came by text, lie on that desk and teach one step each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.data import tables
from smsgw.domain.codes import Mint
from smsgw.domain.messages import SmsReceived
from smsgw.domain.plain import plain
from smsgw.domain.progress import Duty
from smsgw.domain.workdays import VIETNAM
from smsgw.services import answering, intake, prolonging, second_look
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.services.demo import SIMULATED
from smsgw.services.handbook import Handbook
from smsgw.services.prolonging import Wish
from smsgw.services.second_look import Agreed
from smsgw.store import complaints, held, officials
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Inbound, Official, Unit
from smsgw.text.speech import Speech

ANSWER = "Dien luc da thay may bien ap sang nay, toi nay dien on dinh."
RATING = "DG {reference} 4"
WHY_LONGER = "Chờ đơn vị thi công bổ sung vật tư"

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Classroom:
    """One practice: its database, and what filling it needs. `read` works on what was texted; `recipient` is the service's
    number."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    read: Callable[[], None]
    recipient: str
    now: datetime
    mint: Mint

    def fill(self, official_id: int) -> None:
        """Texts the samples, has them read as any text is, and puts each on the desk where its step is learned."""
        rows = tables.rows("practice.csv")
        with self.database.write() as session:
            who = session.get_one(Official, official_id)
            unit = _unit_of(session, who, self.handbook(session))
            for row in rows:
                self._text(session, row["kind"], row["phone"], row["text"].format(unit=plain(unit.name)), _ago(row))
        self.read()
        with self.database.write() as session:
            who = session.get_one(Official, official_id)
            found = {row["kind"]: self._placed(session, row, who) for row in rows}
            self._ask_for_time(session, found.get("longer"), who)
            self._answer(session, found.get("rated"), who)
        self.read()

    def _text(self, session: Session, ref: str, phone: str, words: str, ago: timedelta) -> None:
        sms = SmsReceived(SIMULATED, "practice", ref, phone, self.recipient, words)
        intake.receive(session, sms, self.now - ago)

    def _placed(self, session: Session, row: Row, who: Official) -> Complaint | None:
        """The sample's complaint, on this official's desk whatever the text was read as."""
        sample = Inbound.account == "practice", Inbound.provider_ref == row["kind"]
        complaint = session.scalars(select(Complaint).join(Inbound).where(*sample)).one_or_none()
        if complaint is None:
            return None
        handbook = self.handbook(session)
        unit = _unit_of(session, who, handbook)
        complaint.unit_id = unit.id
        if not row["category"]:
            own = who.unit.id if who.unit.kind == "office" else None
            complaint.category, complaint.office_id, complaint.state = None, own, "assigned" if own else "received"
            return complaint
        complaint.category, complaint.triage_reason = row["category"], ""
        complaint.office_id = self._office(session, row["category"], unit, who)
        complaint.state = "assigned" if complaint.office_id else "received"
        return complaint

    def _office(self, session: Session, category: str, unit: Unit, who: Official) -> int | None:
        if who.unit.kind == "office":
            return who.unit.id
        known = self.handbook(session).matrix.offices.get((category, unit.id))
        offices = officials.offices_of(session, unit.id, self.now.astimezone(VIETNAM).date())
        return known or next((office.id for office in offices), None)

    def _ask_for_time(self, session: Session, complaint: Complaint | None, who: Official) -> None:
        """For who decides on it, where a colleague is there to have asked."""
        if complaint is None or not {role.name for role in who.roles} & {Duty.HEAD, Duty.LEADER}:
            return
        near = Official.unit_id.in_([complaint.office_id, complaint.unit_id])
        colleague = session.scalars(select(Official).where(near, Official.id != who.id, Official.active)).first()
        if colleague and complaint.due_at:
            writer, handbook = Writer(colleague.id, (Duty.OFFICER,)), self.handbook(session)
            until = handbook.calendar.after_hours(complaint.due_at, 24).astimezone(VIETNAM).date()
            wish = Wish(until, WHY_LONGER)
            prolonging.ask(session, self.speech, handbook, complaint, writer, wish, now=self.now, mint=self.mint)

    def _answer(self, session: Session, complaint: Complaint | None, who: Official) -> None:
        """One was answered, and its citizen has replied to that."""
        if complaint is None:
            return
        letter = Letter(Kind.ANSWER, ANSWER)
        proof = answering.preview(session, self.speech, complaint, letter).proof
        agreed = Letter(Kind.ANSWER, ANSWER, proof, complaints.newest_line(session, complaint.id))
        writer, handbook = Writer(who.id, (Duty.FOCAL,)), self.handbook(session)
        answering.send(session, self.speech, handbook, complaint, agreed, writer, now=self.now)
        words = RATING.format(reference=complaint.reference)
        self._text(session, "rating", complaint.citizen.phone, words, timedelta())


def _ago(row: Row) -> timedelta:
    return timedelta(hours=int(row["hours_ago"]))


def _unit_of(session: Session, who: Official, handbook: Handbook) -> Unit:
    """The ward or commune that is practised in; for the province's people the one that checks what has no place."""
    match who.unit.kind:
        case "office" if who.unit.parent and who.unit.parent.kind in ("ward", "commune"):
            return who.unit.parent
        case "ward" | "commune":
            return who.unit
        case _:
            return session.get_one(Unit, handbook.matrix.home_id)


@dataclass(frozen=True, slots=True)
class Colleague:
    """The second person of a practice, in which there is one: looks at what waits, and agrees."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    stops_clock: bool

    def batch(self) -> int:
        """Lets everything go that waits for a second look; how much."""
        with self.database.read() as session:
            found = held.waiting(session)
        if not found:
            return 0
        with self.database.write() as session:
            handbook = self.handbook(session)
            return sum(self._looks(session, handbook, complaint_id) for complaint_id in found)

    def _looks(self, session: Session, handbook: Handbook, complaint_id: int) -> bool:
        complaint = session.get_one(Complaint, complaint_id, with_for_update={"key_share": True})
        row = held.waiting_of(session, complaint_id)
        others = select(Official.id).where(Official.active, Official.id != (row.written_by if row else 0))
        other_id = session.scalars(others.order_by(Official.id).limit(1)).first()
        if row is None or other_id is None:
            return False
        proof = second_look.shown(session, self.speech, complaint, row).proof
        agreed = Agreed(row.id, proof, complaints.newest_line(session, complaint_id))
        looker = Writer(other_id, frozenset(Duty))
        outcome = second_look.let_go(
            session,
            self.speech,
            handbook,
            complaint,
            agreed,
            looker,
            now=self.now(),
            stops_clock=self.stops_clock,
        )
        return isinstance(outcome, Sent)
