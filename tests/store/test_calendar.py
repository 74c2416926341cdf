"""The calendar of twenty years: Tet and Hung Kings by the moon over Viet Nam, the law's other days, the locality's rows."""

from datetime import date, time, timedelta
from math import floor, pi, sin

import pytest

from smsgw.gateway import Gateway
from smsgw.store.calendar import calendar, library_names, names, public_holidays
from smsgw.store.tables import CalendarDay, OfficeHours

YEARS = range(2026, 2047)

# The moon and the sun as Ho Ngoc Duc reckons them for Viet Nam (UTC+7), after Meeus, "Astronomical Algorithms": an almanac of
# its own, to hold the library against. https://www.informatik.uni-leipzig.de/~duc/amlich/calrules.html
_ZONE, _NEW_MOONS_FROM, _MONTH = 7 / 24, 2415021.076998695, 29.530588853


def new_moon_day(k: int) -> int:
    """The Julian day, in Viet Nam, of the k-th new moon after 1 January 1900."""
    t, dr = k / 1236.85, pi / 180
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * dr)
    sun = 359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3
    node = 21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3
    late = (0.1734 - 0.000393 * t) * sin(sun * dr) + 0.0021 * sin(2 * dr * sun)
    late += -0.4068 * sin(moon * dr) + 0.0161 * sin(dr * 2 * moon) - 0.0004 * sin(dr * 3 * moon)
    late += 0.0104 * sin(dr * 2 * node) - 0.0051 * sin(dr * (sun + moon)) - 0.0074 * sin(dr * (sun - moon))
    late += 0.0004 * sin(dr * (2 * node + sun)) - 0.0004 * sin(dr * (2 * node - sun))
    late += (
        -0.0006 * sin(dr * (2 * node + moon))
        + 0.0010 * sin(dr * (2 * node - moon))
        + 0.0005 * sin(dr * (2 * moon + sun))
    )
    delta = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(mean + late - delta + 0.5 + _ZONE)


def sun_sign(day: int) -> int:
    """Which twelfth of its way the sun is in when a day begins in Viet Nam; 9 follows the winter solstice."""
    t, dr = (day - 2451545.5 - _ZONE) / 36525, pi / 180
    anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    mean = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    centre = (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(dr * anomaly)
    centre += (0.019993 - 0.000101 * t) * sin(dr * 2 * anomaly) + 0.000290 * sin(dr * 3 * anomaly)
    return floor(((mean + centre) % 360) / 30)


def eleventh_month(year: int) -> int:
    """The first Julian day of the month that the winter solstice of a year falls into."""
    k = floor((date(year, 12, 31).toordinal() + 1721425 - 2415021) / _MONTH)
    first = new_moon_day(k)
    return new_moon_day(k - 1) if sun_sign(first) >= 9 else first


def lunar(year: int, month: int, day: int) -> date:
    """A day of the first months of a lunar year."""
    before, after = eleventh_month(year - 1), eleventh_month(year)
    k, later = floor(0.5 + (before - _NEW_MOONS_FROM) / _MONTH), month + 1
    if after - before > 365 and later >= _leap_month(k):
        later += 1
    return date.fromordinal(new_moon_day(k + later) + day - 1 - 1721425)


def _leap_month(k: int) -> int:
    """How many months after the eleventh the leap month is: the first in which the sun changes no sign."""
    for n in range(1, 14):
        if sun_sign(new_moon_day(k + n)) == sun_sign(new_moon_day(k + n + 1)):
            return n
    raise ValueError("no month of the year is a leap month")


PUBLISHED = {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2030: (2, 2)}


@pytest.mark.parametrize(("year", "day"), PUBLISHED.items())
def test_our_almanac_knows_the_published_tets(year: int, day: tuple[int, int]):
    """2030: a day before China, whose new moon is past midnight."""
    assert lunar(year, 1, 1) == date(year, *day)


@pytest.mark.parametrize("year", YEARS)
def test_tet_and_hung_kings_day_are_off_in_every_year(year: int):
    words, closed = library_names(year, "en"), public_holidays(year)[0]
    tet = lunar(year, 1, 1)
    assert words[tet].startswith("Lunar New Year")
    assert {tet + timedelta(days=n) for n in range(-1, 4)} <= closed | {
        day for day in (tet + timedelta(days=n) for n in range(-1, 4)) if day.weekday() >= 5
    }
    assert lunar(year, 3, 10) in closed


@pytest.mark.parametrize("year", YEARS)
def test_the_laws_fixed_days_are_off_in_every_year(year: int):
    closed = public_holidays(year)[0]
    assert {date(year, *day) for day in ((1, 1), (4, 30), (5, 1), (9, 2), (11, 24))} <= closed
    off = [day for day in closed if day.year == year and day.weekday() < 5]
    assert len(off) >= 10


def test_the_localitys_rows_win_over_the_library_and_carry_their_names(gateway: Gateway):
    with gateway.database.write() as session:
        session.add(CalendarDay(day=date(2026, 11, 24), working=True, name="Lam bu", source="QD 3"))
        session.add(CalendarDay(day=date(2026, 11, 25), working=False, name="Lu", source="TB 5"))
        session.add(
            OfficeHours(
                valid_from=date(2026, 12, 1),
                opens=time(7, 30),
                breaks=time(11),
                resumes=time(13),
                closes=time(16),
                source="x",
            )
        )
        session.flush()
        known, words = calendar(session, date(2026, 11, 23)), names(session, 2026, "vi")
    assert known.works_on(date(2026, 11, 24))
    assert not known.works_on(date(2026, 11, 25))
    assert known.intervals_on(date(2026, 11, 30))[-1][1] == time(17)
    assert known.intervals_on(date(2026, 12, 1)) == ((time(7, 30), time(11)), (time(13), time(16)))
    assert (words[date(2026, 11, 25)], words[date(2027, 2, 6)]) == ("Lu", "Tết Nguyên Đán")
