"""Long names are said shorter by rule: whole words, short forms that people know, and never a cut reference."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.data import tables
from smsgw.domain import notices as n
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.fit import folded, measure
from smsgw.text.names import shorter
from smsgw.text.speech import STAGES, House, Speech

DUE = datetime(2026, 12, 31, 10, 30, tzinfo=UTC)
REFERENCE = "9999999"
LONG = "Phường Xã An Khê Trung tâm Phục vụ hành chính công và Chuyển đổi số Nguyễn Thị Minh Khai - của Phòng"
NAMES = st.lists(st.sampled_from(LONG.split()), min_size=1, max_size=30).map(" ".join)
SPEECH = Speech(
    catalogs.load(ROOT / "locale"), House("Phan anh An Khe", "8079", "500d", tables.whole("emergency.toml"))
)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Phường An Khê", "P. An Khê", "P."),
        ("Văn phòng HĐND và Ủy ban nhân dân", "Văn phòng HĐND và UBND", "Văn"),
        ("Trung tâm Phục vụ hành chính công", "TT hành chính công", "TT"),
    ],
)
def test_known_words_have_short_forms_and_the_end_goes_first(name: str, first: str, last: str) -> None:
    forms = list(shorter(name))
    assert (forms[0], forms[-1]) == (first, last)


def test_a_name_of_one_word_has_no_shorter_form() -> None:
    assert list(shorter("Xuyên")) == list(shorter("")) == []


def test_no_name_ends_with_a_word_that_joins() -> None:
    assert "Phòng Kinh tế và" not in {" ".join(form.split()) for form in shorter("Phòng Kinh tế và Hạ tầng")}
    assert all(form.split()[-1] not in ("và", "-", "của") for form in shorter("Ban Văn hóa - Xã hội và Y tế của Xã"))


@given(NAMES)
def test_shorter_forms_are_shorter_and_shorter(name: str) -> None:
    lengths = [len(form) for form in (name, *shorter(name))]
    assert lengths == sorted(lengths, reverse=True)


@settings(max_examples=60)
@given(NAMES, st.sampled_from(["vi", "en"]), st.sampled_from(list(STAGES)))
def test_whatever_a_unit_and_its_offices_are_called_every_notice_fits_and_keeps_its_number(
    name: str, language: str, stage: str
) -> None:
    for notice in (
        n.ComplaintReceived(REFERENCE, DUE, name),
        n.StatusReport(REFERENCE, "assigned", DUE, name),
        n.EmergencyDuty(REFERENCE, name, DUE),
        n.EmergencyDuty(REFERENCE, name, DUE, danger=True),
        n.NobodyTookUp(REFERENCE, name),
        n.DeadlineAlert(REFERENCE, stage, "GT", name, DUE),
        n.EarlyWarning(REFERENCE, 99_999, "GT", name),
    ):
        said = SPEECH.say(notice, language=language)
        assert measure(said).segments == 1
        assert REFERENCE in said
        may_leave_it_out = "office" in notice.__slots__ or isinstance(notice, n.DeadlineAlert)
        assert any(folded(form) in said for form in (name, *shorter(name))) or may_leave_it_out
