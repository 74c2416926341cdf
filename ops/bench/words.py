"""What the texts of one complaint's life cost: as we send them, with tone marks, and as a naive sender would. Real texts: a
house is opened, a citizen texts, an office answers; then each is said again in the other two manners."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from tempfile import TemporaryDirectory

from ops.bench.figures import table
from smsgw.domain.carriers import Carriers
from smsgw.domain.messages import SmsReceived
from smsgw.domain.notices import Notice
from smsgw.gateway import Gateway, open_gateway
from smsgw.services import answering, first_data, intake
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.settings import load
from smsgw.store import complaints, exchanges, listing, migrate, officials
from smsgw.store.listing import Today, Wanted
from smsgw.text.catalogs import Catalogs
from smsgw.text.fit import measure
from smsgw.text.speech import House, Speech

GOAL = 6  # segments that the whole life may cost without tone marks
CITIZEN = "+84900000777"
COMPLAINT = "PA HT den duong phuong An Khe tat ca tuan nay"
REPLY = "o hem 12 duong Quang Trung, to 5"
RATING = "DG 5"
WRITER = "canbo-kinhte"
# 200 signs as a word processor leaves them: curly quotes, a long dash, an ellipsis.
ANSWER = (
    "Tổ quản lý đô thị phường đã kiểm tra ngày 24/11: cột đèn “hẻm 12” chập dây do mưa. Thợ thay 2 bóng – nối lại dây "
    "trước 17 giờ thứ sáu, 27/11… Nếu tối thứ bảy đèn còn tắt, xin nhắn lại số này giúp tôi."
)


class NotAsToldError(RuntimeError):
    """The complaint's life went otherwise than it is written down here."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One text and the segments that it takes in each manner."""

    kind: str
    ours: int
    marked: int
    naive: int


class Remembering(Speech):
    """Remembers which notice each text says; not each that is tried is sent."""

    def __init__(self, catalogs: Catalogs, house: House, carriers: Carriers) -> None:
        super().__init__(catalogs, house, carriers)
        self.notices: dict[str, Notice] = {}

    def text(self, notice: Notice, *, language: str, tone_marks: bool, heard: str = "") -> str:
        said = super().text(notice, language=language, tone_marks=tone_marks, heard=heard)
        self.notices[said] = notice
        return said


def costs() -> list[Cost]:
    """Every text of the life, in order: receipt with its question, thanks for the reply, status, answer, thanks for the
    rating."""
    with TemporaryDirectory(prefix="smsgw-words-") as folder:
        settings = load({"SMSGW_HOME": folder, "SECRET_KEY": "x" * 48})
        migrate.upgrade(settings.database_url)
        house = open_gateway(settings)
        try:
            first_data.sow(house.database, settings)
            speech = Remembering(house.catalogs, house.speech.house, house.speech.carriers)
            house.speech = speech
            _live(house)
            return [_cost(speech, said, speech.notices[said]) for said in _sent(house)]
        finally:
            house.close()


def _cost(speech: Speech, said: str, notice: Notice) -> Cost:
    marked = speech.say(notice, tone_marks=True)
    naive = speech.wordings(notice)[0]  # the fullest wording, as catalogs and writers have it
    return Cost(type(notice).__name__, *(measure(text).segments for text in (said, marked, naive)))


def _sent(house: Gateway) -> list[str]:
    """The texts that stand in the outbox for the citizen, in order."""
    with house.database.read() as session:
        return list(exchanges.meant_for(session, CITIZEN))


def _live(house: Gateway) -> None:
    for number, words in enumerate((COMPLAINT, REPLY, "TT")):
        _texts(house, number, words)
    _answers(house)
    _texts(house, 3, RATING)


def _texts(house: Gateway, number: int, words: str) -> None:
    sms = SmsReceived("simulator", "demo", f"w{number}", CITIZEN, house.settings.public_number, words)
    with house.database.write() as session:
        intake.receive(session, sms, house.now())
    while house.listener().batch():
        pass


def _answers(house: Gateway) -> None:
    with house.database.write() as session:
        official = officials.by_username(session, WRITER)
        if official is None:
            raise NotAsToldError(f"there is no {WRITER}")
        writer = Writer(official.id, {role.name for role in official.roles})
        scope = officials.scope_of(session, official.unit_id, writer.duties)
        [listed] = listing.listed(session, scope, Wanted(), Today(house.now(), house.now() + timedelta(days=1)))
        complaint = listed.complaint
        letter = Letter(Kind.ANSWER, ANSWER, seen=complaints.newest_line(session, complaint.id))
        proof = answering.preview(session, house.speech, complaint, letter).proof
        handbook, agreed = house.handbook(session), replace(letter, proof=proof)
        outcome = answering.send(session, house.speech, handbook, complaint, agreed, writer, now=house.now())
        if not isinstance(outcome, Sent):
            raise NotAsToldError(f"the answer did not go: {outcome}")


def for_people(told: Sequence[Cost]) -> str:
    """A table of segments, and whether the goal is reached."""
    total = [sum(column) for column in zip(*((one.ours, one.marked, one.naive) for one in told), strict=True)]
    rows = [(one.kind, str(one.ours), str(one.marked), str(one.naive)) for one in told]
    head = ("text", "as we send it", "with tone marks", "naive (no folding, no mending)")
    verdict = f"Goal {GOAL} segments without tone marks: {'reached' if total[0] <= GOAL else 'NOT reached'}"
    lines = table(head, [*rows, ("all", *map(str, total))])
    return f"Words: the texts of one complaint's life, in segments\n{lines}\n{verdict}"


def for_programs(told: Sequence[Cost]) -> dict[str, int]:
    """The sums."""
    return {
        "ours": sum(one.ours for one in told),
        "with_tone_marks": sum(one.marked for one in told),
        "naive": sum(one.naive for one in told),
    }
