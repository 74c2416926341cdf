"""A file of days says what it says, and everything that is wrong with it at once."""

from datetime import date

import pytest

from smsgw.domain.dayfile import MOST_DAYS, Day, Wrong, read, written

TABLE = """\ufeffNgày;Loại;Tên;Nguồn
04/02/2027;nghỉ;Tết;QĐ 1/2026
2027-02-13;làm bù;Làm bù Tết;QĐ 1/2026

05-02-2027;off;Tết;
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270204
DTEND;VALUE=DATE:20270207
SUMMARY:Tết Nguyên
  đán
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270213
SUMMARY:Đi làm bù\\, cả ngày
END:VEVENT
END:VCALENDAR
"""


def test_a_table_of_days_is_read_in_the_ways_people_write_it():
    found = read(TABLE)
    assert found.problems == ()
    assert found.days == (
        Day(date(2027, 2, 4), False, "Tết", "QĐ 1/2026"),
        Day(date(2027, 2, 5), False, "Tết"),
        Day(date(2027, 2, 13), True, "Làm bù Tết", "QĐ 1/2026"),
    )


def test_commas_and_quoted_names_do_as_well():
    found = read('day,working,name,source\n2026-01-02,no,"Day off, swapped",An act\n')
    assert found.days == (Day(date(2026, 1, 2), False, "Day off, swapped", "An act"),)


def test_a_calendar_of_whole_days_is_read_with_its_last_day_left_out():
    found = read(CALENDAR)
    assert found.problems == ()
    assert [(one.day.day, one.working, one.name) for one in found.days] == [
        (4, False, "Tết Nguyên đán"),
        (5, False, "Tết Nguyên đán"),
        (6, False, "Tết Nguyên đán"),
        (13, True, "Đi làm bù, cả ngày"),
    ]


def test_all_that_is_wrong_is_told_at_once_by_line():
    found = read("day,kind,name\n9999-12-31,off,Tet\n2027-02-04,perhaps,\n2027-02-05,off,Tet\n2027-02-05,working,Bu\n")
    assert [(problem.line, problem.wrong) for problem in found.problems] == [
        (2, Wrong.NO_DATE),
        (3, Wrong.NO_KIND),
        (3, Wrong.NO_NAME),
        (5, Wrong.TWICE),
    ]
    assert [one.day for one in found.days] == [date(2027, 2, 5)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("DTSTART:20270204T070000Z\nSUMMARY:Hop", Wrong.NOT_WHOLE_DAYS),
        ("SUMMARY:Tet", Wrong.NOT_WHOLE_DAYS),
        ("DTSTART;VALUE=DATE:20270204", Wrong.NO_NAME),
        ("DTSTART;VALUE=DATE:20270204\nRRULE:FREQ=YEARLY\nSUMMARY:Tet", Wrong.REPEATS),
        ("DTSTART;VALUE=DATE:20270204\nDTEND;VALUE=DATE:20270604\nSUMMARY:Tet", Wrong.TOO_LONG),
    ],
)
def test_events_that_are_no_plain_days_are_named(line: str, wrong: Wrong):
    found = read(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR")
    assert [problem.wrong for problem in found.problems] == [wrong]
    assert found.days == ()


@pytest.mark.parametrize(
    ("name", "working"),
    [
        ("Nghỉ bù Tết (làm bù 10/1)", False),
        ("Nghi hoan doi, di lam ngay 10/1", False),
        ("Day off, working day on 10/1", False),
        ("Làm bù cho ngày nghỉ 2/1", True),
        ("Working day instead of the holiday", True),
        ("Theo đề nghị của tỉnh: đi làm bù", True),
        ("Nghị định 145: làm bù", True),
        ("Thứ Bảy (làm bù)", True),
        ("Giỗ Tổ", False),
    ],
)
def test_the_first_that_an_event_says_of_its_day_counts(name: str, working: bool):
    event = f"DTSTART;VALUE=DATE:20270102\nSUMMARY:{name}"
    found = read(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR")
    assert found.days == (Day(date(2027, 1, 2), working, name),)


@pytest.mark.parametrize("text", ["", " \n\n", "day,kind,name\n", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
def test_a_file_without_days_says_so(text: str):
    assert [problem.wrong for problem in read(text).problems] == [Wrong.NOTHING]


def test_too_many_days_are_not_taken():
    lines = "\n".join(f"{date.fromordinal(740_000 + n)},off,x" for n in range(MOST_DAYS + 1))
    assert [problem.wrong for problem in read(lines).problems] == [Wrong.TOO_MANY]


def test_what_was_read_is_written_so_that_it_reads_the_same():
    days = (*read(TABLE).days, Day(date(2027, 3, 1), True, 'Mot; hai "ba"', "a;b"))
    again = read(written(days))
    assert again.problems == ()
    assert again.days[:3] == days[:3]
    assert (again.days[3].name, again.days[3].source) == ("Mot hai ba", "a b")
