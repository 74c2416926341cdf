"""Every sentence is in every language, and every notice fits with the longest names there are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ops import catalogs as gathering
from smsgw.data import tables
from smsgw.domain import notices as n
from smsgw.domain.grounds import Ground
from smsgw.domain.verdicts import Verdict
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.fit import Alphabet, measure
from smsgw.text.orders import REFUSED
from smsgw.text.speech import QUESTIONS, STAGES, STATES, TO_DO, House, Speech

DUE = datetime(2026, 12, 31, 10, 0, tzinfo=UTC)
OFFICES = [row["name"] for row in tables.tree("offices.toml", "office")]
REFERENCE = "9999999"
LANGUAGES = ("vi", "en")
# What the reasons of a refused order speak of, at their longest.
WORDS = {
    "with_another": (REFERENCE,),
    "which_office": tuple(dict.fromkeys(row["code"].upper() for row in tables.tree("offices.toml", "office"))),
    "lacks": ("no_deed", "no_time", "no_doer", "short_forms"),
}
HELD = ("lacks", "many_segments", "news")

NOTICES: list[n.Notice] = [
    *[
        n.ComplaintReceived(REFERENCE, due, office, gap)
        for due in (DUE, None)
        for office in OFFICES
        for gap in QUESTIONS
    ],
    *[n.ComplaintReceived(REFERENCE, due, office, offers=True) for due in (DUE, None) for office in OFFICES],
    n.WhichComplaint(REFERENCE, (REFERENCE,)),
    n.WhichComplaint(REFERENCE, (REFERENCE, REFERENCE)),
    n.EmergencyAdvice(REFERENCE),
    n.EmergencyDuty(REFERENCE, "Phường An Khê", DUE),
    *[n.StatusReport(REFERENCE, state, DUE, office) for state in STATES for office in OFFICES],
    n.EmergencyDuty(REFERENCE, "Phường An Khê", DUE, danger=True),
    n.ManyCries(REFERENCE),
    n.EarlyWarning(REFERENCE, 99_999, "GT", "Phường An Khê"),
    n.NobodyTookUp(REFERENCE, "Phường An Khê"),
    *[n.DangerReceived(REFERENCE, due, gap) for due in (DUE, None) for gap in ("", *QUESTIONS)],
    n.WhereToTurn(),
    n.WhereToTurn(again=True),
    n.SealedWaiting(),
    n.NothingFound(),
    n.NothingFound(REFERENCE),
    n.NothingFound(REFERENCE, REFERENCE),
    n.SetApart("T999999999"),
    n.Help(),
    n.Menu(),
    *[n.Added(reference, gap) for reference in (REFERENCE, "") for gap in ("", *QUESTIONS)],
    n.Rated(REFERENCE, 5),
    n.HowToRate(),
    n.HowToRate(REFERENCE),
    n.ConfirmWithdrawal(REFERENCE),
    n.Withdrawn(REFERENCE),
    n.Withdrawn(REFERENCE, done=False),
    n.Stopped(),
    n.Started(),
    n.ChoiceKept(),
    *[
        n.DeadlineAlert(REFERENCE, stage, "GT", "Phường An Khê", DUE, step, climbed, who)
        for stage in STAGES
        for step in TO_DO
        for climbed in (False, True)
        for who in ("", "Nguyễn Thị Hoàng Phương Thảo", "Lãnh đạo phụ trách kinh tế phường An Khê " * 3)
    ],
    *[n.Unopened(REFERENCE, office, DUE, code) for office in OFFICES for code in ("", "123456")],
    n.ManyAlerts(9_999, 9_999, 9_999, 9_999, (REFERENCE, REFERENCE)),
    n.ManyAlerts(0, 0, 0, 4, (REFERENCE,)),
    n.DayDigest(DUE.date(), 9_999, 9_999, 9_999, 9_999, (REFERENCE, REFERENCE)),
    n.DayDigest(DUE.date(), 0, 0, 1, 0, ()),
    n.Added(REFERENCE, due=DUE),
    *[
        n.NewDate(REFERENCE, due, why, reason)
        for due in (DUE, None)
        for why in ("more_time", "no_reply", "goes_on")
        for reason in ("", "cho vat tu", "Chờ đơn vị thi công bổ sung vật tư và máy móc; " * 9)
    ],
    n.MoreTimeAsked(REFERENCE, DUE.date(), DUE),
    *[
        n.MoreTimeAsked(REFERENCE, DUE.date(), DUE, reason, "999999")
        for reason in ("", "cho vat tu", "Chờ đơn vị thi công bổ sung vật tư và máy móc; " * 9)
    ],
    *[
        n.TimeDecided(REFERENCE, DUE.date(), reason, "999999")
        for reason in ("", "Việc này gấp, xin làm ngay trong tuần; " * 9)
    ],
    n.OfficeAnswer(REFERENCE, "Thứ năm có đội đến sửa đường ống.", ask_verdict=True),
    n.AskVerdict(REFERENCE),
    n.WhichVerdict((REFERENCE, REFERENCE), "2"),
    *[
        n.VerdictHeard(reference, verdict, due)
        for reference in (REFERENCE, "")
        for verdict in Verdict
        for due in (DUE, None)
    ],
    *[n.VerdictAlert(REFERENCE, verdict, DUE, times) for verdict in Verdict for times in (1, 2, 10)],
    *[
        n.NotAccepted(REFERENCE, ground, "Phường An Khê", where)
        for ground in Ground
        for where in ("", "Tòa án nhân dân khu vực 5")
    ],
    *[n.DueDatePassed(REFERENCE, office, due) for office in OFFICES for due in (DUE, None)],
    n.CallCitizen(REFERENCE),
    n.CallCitizen(REFERENCE, question=True),
    n.CallWished(REFERENCE),
    n.Divided(REFERENCE, REFERENCE),
    *[n.PassedOn(REFERENCE, office, due) for due in (DUE, None) for office in OFFICES],
    n.Bounced(REFERENCE, 12),
    n.PartOverdue(REFERENCE),
    n.CutOff("*8079#"),
    n.CutOff(""),
    *[n.DeadlineAlert(REFERENCE, stage, "GT", "Phường An Khê", DUE, code="999999") for stage in STAGES],
    n.NobodyTookUp(REFERENCE, "Phường An Khê", "999999"),
    n.PhoneCode("999999", 15),
    n.NumberChanged(),
    *[n.OrderDone(REFERENCE, deed, "31/12", "999999") for deed in ("more_time", "grant")],
    *[n.OrderDone(REFERENCE, "pass", office) for office in OFFICES],
    *[n.OrderDone(REFERENCE, deed, code="999999") for deed in ("take", "ask", "answer", "refuse")],
    *[n.OrderRefused(REFERENCE, why, WORDS.get(why, ()), code="999999") for why in REFUSED],
    *[n.OrderRefused(REFERENCE, why, WORDS.get(why, ()), "answer", "999999") for why in HELD],
    n.ComplaintShown(REFERENCE, "Den duong tat", "van tat", code="999999"),
    n.ComplaintShown(REFERENCE, "", hidden=True, code="999999"),
    n.CitizenReplied(REFERENCE, "999999"),
    n.CitizenReplied(REFERENCE),
    n.CodeRefused(),
    n.OrderHelp(),
]


@pytest.fixture(scope="module")
def speech() -> Speech:
    numbers = tables.whole("emergency.toml")
    house = House("Phan anh An Khe", "8079", "500d", numbers)
    return Speech(catalogs.load(ROOT / "locale"), house)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_fits_one_gsm_segment_without_tone_marks(speech: Speech, language: str) -> None:
    for notice in NOTICES:
        said = speech.say(_asked(notice, speech, language), language=language)
        fit = measure(said)
        assert (fit.segments, fit.alphabet) == (1, Alphabet.GSM7), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_loses_the_number_the_emergency_number_or_the_question(speech: Speech, language: str) -> None:
    for notice in NOTICES:
        said = speech.say(_asked(notice, speech, language), language=language)
        if isinstance(notice, n.ComplaintReceived | n.Added):
            assert notice.reference in said
            assert _gap(notice, speech, language) in said
        if isinstance(notice, n.DangerReceived):
            assert all(number in said[:100] for number in ("113", "114", "115", "112"))
            assert REFERENCE in said
            assert _gap(notice, speech, language) in said
        if isinstance(notice, n.EmergencyAdvice):
            assert all(number in said for number in ("113", "114", "115", "112", "111", REFERENCE))


@pytest.mark.parametrize("file", catalogs.po_files(ROOT / "locale"), ids=lambda file: file.parts[-3])
def test_every_sentence_is_in_every_catalog_and_nothing_else_is(file) -> None:  # type: ignore[no-untyped-def]
    template, catalog = gathering.found(), catalogs.read(file)
    wanted = {message.id for message in template if message.id}
    told = {message.id for message in catalog if message.id}
    assert wanted - told == set()
    assert told - wanted == set()
    assert gathering.lacking(catalog) == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_a_planted_gap_in_a_catalog_is_found() -> None:
    template = gathering.found()
    template.add("A sentence nobody translated")
    assert "A sentence nobody translated" in gathering.lacking(template)


@pytest.mark.parametrize("file", catalogs.po_files(ROOT / "locale"), ids=lambda file: file.parts[-3])
def test_every_translation_keeps_the_places_for_values(file) -> None:  # type: ignore[no-untyped-def]
    for message in catalogs.read(file):
        if message.id and message.string:
            assert not list(message.check(None)), message.id


def _gap(notice: n.ComplaintReceived | n.Added | n.DangerReceived, speech: Speech, language: str) -> str:
    from smsgw.text.fit import folded

    return folded(speech.question(notice.question, language))


def _asked(notice: n.Notice, speech: Speech, language: str) -> n.Notice:
    """A receipt or reply in the table names its gap; the sentence carries the question."""
    if isinstance(notice, n.ComplaintReceived | n.Added | n.DangerReceived):
        return replace(notice, question=speech.question(notice.question, language))
    return notice
