"""Simulated citizens text what villagers text: nearly all who would answer end with a complete complaint, asked little."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path

import pytest
from sqlalchemy import select

from smsgw.domain.messages import SmsReceived
from smsgw.gateway import Gateway, open_gateway
from smsgw.services import intake
from smsgw.settings import load
from smsgw.store.tables import Citizen, Complaint, Inbound, Outgoing
from smsgw.text.fit import Alphabet, folded, measure
from smsgw.text.speech import QUESTIONS
from tests.conftest import MONDAY_MORNING, Clock

HERE = Path(__file__).parent
WOULD_ANSWER = ("right", "off_topic", "two_texts", "in_between", "late_but_in_time")
BEHAVIOURS = (*WOULD_ANSWER, "wrong", "silent")
ROUNDS = 12
NUMBERS = count(1)
Told = Mapping[str, Sequence[str]]


@dataclass
class Simulated:
    """One phone. `behaves` as named; what it would answer is `knows`; `asked` is what it was asked, in order."""

    phone: str
    behaves: str
    opening: str
    knows: Told
    beside: Mapping[str, Told]
    dice: random.Random
    asked: list[str] = field(default_factory=list)
    to_say: list[str] = field(default_factory=list)
    heard: int = 0
    strayed: bool = False

    def reads(self, texts: Sequence[str], questions: Mapping[str, str]) -> None:
        """Texts that came since; a question in them is answered as this citizen answers."""
        for text in texts[self.heard :]:
            words = text.partition("Xin nhan them: ")[2]
            kind = next((code for code, said in questions.items() if words.startswith(said)), "")
            if kind:
                self.asked.append(kind)
                self.to_say += self._answers(kind)
        self.heard = len(texts)

    def _answers(self, kind: str) -> list[str]:
        if self.behaves == "silent":
            return []
        wanted = {"spot": "place", "ward": "place"}.get(kind, kind)
        answer = self.dice.choice(self.knows.get(wanted) or self.beside["anybody"][wanted])
        if self.strayed:
            return [answer]
        self.strayed = True
        match self.behaves:
            case "wrong":
                return [self._beside("wrong")]
            case "off_topic":
                return [self._beside("off_topic"), answer]
            case "in_between":
                return [self._beside("in_between"), answer]
            case "two_texts":
                half = (len(answer.split()) + 1) // 2
                first, second = " ".join(answer.split()[:half]), " ".join(answer.split()[half:])
                return [first, second or self._beside("second_text")]
            case "late_but_in_time":
                return ["", "", answer]
            case _:
                return [answer]

    def _beside(self, sort: str) -> str:
        return self.dice.choice(self.beside["texts"][sort])


@dataclass
class Village:
    """All of them, and the house they text."""

    gateway: Gateway
    clock: Clock
    people: list[Simulated]

    def lives(self) -> None:
        """Rounds of texting, a few minutes apart; who has two things to say says them in two rounds."""
        for one in self.people:
            one.to_say.append(one.opening)
        for _ in range(ROUNDS):
            self._texts()
            self.clock.moves(minutes=7)
            self._hears()
        self.clock.moves(hours=60)
        while self.gateway.coach().batch():
            pass

    def _texts(self) -> None:
        with self.gateway.database.write() as session:
            for one in self.people:
                said = one.to_say.pop(0) if one.to_say else ""
                if said:
                    sms = SmsReceived("simulator", "demo", f"v{next(NUMBERS)}", one.phone, "8079", said)
                    intake.receive(session, sms, self.gateway.now())
        while self.gateway.listener().batch():
            pass

    def _hears(self) -> None:
        questions = {code: folded(self.gateway.speech.question(code)) for code in QUESTIONS}
        said = self.texts()
        for one in self.people:
            one.reads(said.get(one.phone, []), questions)

    def texts(self) -> dict[str, list[str]]:
        """Everything written to each phone."""
        told: dict[str, list[str]] = {}
        with self.gateway.database.read() as session:
            for phone, body in session.execute(select(Outgoing.recipient, Outgoing.body).order_by(Outgoing.id)):
                told.setdefault(phone, []).append(body)
        return told

    def complaints(self) -> dict[str, list[Complaint]]:
        """By phone, in the order they were opened."""
        with self.gateway.database.read() as session:
            rows = session.execute(select(Citizen.phone, Complaint).join(Complaint.citizen).order_by(Complaint.id))
            found: dict[str, list[Complaint]] = {}
            for phone, complaint in rows:
                found.setdefault(phone, []).append(complaint)
            return found


def _people(file: str) -> Iterator[Simulated]:
    citizens = tomllib.loads((HERE / file).read_text("utf-8"))["citizen"]
    beside = tomllib.loads((HERE / "beside.toml").read_text("utf-8"))
    for number, ((behaves, seed), knows) in enumerate(product(product(BEHAVIOURS, range(2)), citizens)):
        dice = random.Random(f"{behaves} {seed} {knows['opening']}")
        yield Simulated(f"+8490000{number:04}", behaves, knows["opening"], knows, beside, dice)


@pytest.fixture(scope="module", params=["citizens.toml", "citizens_seen.toml"])
def village(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sown: Path) -> Iterator[Village]:
    clock = Clock(MONDAY_MORNING)
    home = tmp_path_factory.mktemp("village")
    settings = load({"SMSGW_HOME": str(home), "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24})
    (home / "smsgw.db").write_bytes(sown.read_bytes())
    house = open_gateway(settings, now=clock)
    lived = Village(house, clock, list(_people(request.param)))
    lived.lives()
    yield lived
    house.close()


def test_who_would_answer_ends_with_a_complete_complaint_after_few_questions(village: Village) -> None:
    complaints = village.complaints()
    first = {phone: rows[0] for phone, rows in complaints.items()}
    people = [one for one in village.people if one.phone in first]
    print("\n behaves           complaints  asked  complete  questions a complaint that was asked")
    for behaves in BEHAVIOURS:
        rows = [first[one.phone] for one in people if one.behaves == behaves]
        asked = [row for row in rows if row.asked]
        complete = sum(not row.missing for row in rows) / len(rows)
        mean = sum(len(row.asked) for row in asked) / max(len(asked), 1)
        print(f" {behaves:16} {len(rows):10} {len(asked):7} {complete:9.1%} {mean:10.2f}")
    willing = [first[one.phone] for one in people if one.behaves in WOULD_ANSWER]
    asked = [row for row in willing if row.asked]
    complete = sum(not row.missing for row in asked) / len(asked)
    mean = sum(len(row.asked) for row in asked) / len(asked)
    mean_of_all = sum(len(row.asked) for row in willing) / len(willing)
    print(f" would answer and were asked: {len(asked)}, complete {complete:.1%}, mean questions {mean:.2f}")
    print(f" questions of all who would answer: {mean_of_all:.2f}")
    for one in people:
        if one.behaves in WOULD_ANSWER and first[one.phone].missing:
            print(
                "  incomplete:",
                one.behaves,
                "|",
                one.opening,
                "|",
                one.asked,
                first[one.phone].missing,
                first[one.phone].facts,
            )
    assert complete >= 0.95
    assert mean <= 1.3


def test_nobody_is_asked_more_than_three_times_or_the_same_twice(village: Village) -> None:
    rows = [row for rows in village.complaints().values() for row in rows]
    assert max(len(row.asked) for row in rows) <= 3
    assert [row.asked for row in rows if len(set(row.asked)) < len(row.asked)] == []
    told, complaints = village.texts(), village.complaints()
    for one in village.people:
        questions = [
            text.partition("Xin nhan them: ")[2] for text in told.get(one.phone, ()) if "Xin nhan them: " in text
        ]
        assert len(questions) == sum(len(row.asked) for row in complaints.get(one.phone, ())), (one.opening, questions)


def test_every_text_to_them_fits_one_segment(village: Village) -> None:
    for texts in village.texts().values():
        for text in texts:
            fit = measure(text)
            assert (fit.segments, fit.alphabet) == (1, Alphabet.GSM7), text


def test_a_complaint_begun_in_between_is_one_of_its_own_and_the_open_question_is_answered_all_the_same(
    village: Village,
) -> None:
    complaints = village.complaints()
    begun = [one for one in village.people if one.behaves == "in_between" and one.strayed]
    apart = [one for one in begun if len(complaints[one.phone]) == 2]
    assert len(begun) > 20
    assert len(apart) >= 0.95 * len(begun), [one.opening for one in begun if one not in apart]


def test_after_silence_the_case_goes_on_marked_incomplete_and_nothing_more_is_asked(village: Village) -> None:
    complaints = village.complaints()
    silent = [complaints[one.phone][0] for one in village.people if one.behaves == "silent" and one.asked]
    assert len(silent) > 20
    for row in silent:
        assert row.missing
        assert (row.asking, len(row.asked)) == ("", 1)
        assert row.state in ("received", "assigned")


def test_nearly_everybody_who_complains_has_a_complaint_and_every_text_is_kept(village: Village) -> None:
    complaints = village.complaints()
    assert sum(one.phone in complaints for one in village.people) >= 0.95 * len(village.people)
    with village.gateway.database.read() as session:
        assert set(session.scalars(select(Inbound.state))) == {"processed"}
