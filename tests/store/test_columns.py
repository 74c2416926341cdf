"""How values are spelt in a row."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from smsgw.store.database import _json
from smsgw.store.tables import Utc

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001 - zones are drawn


@given(MOMENTS)
def test_a_moment_is_spelt_as_sqlites_dialect_spells_it_in_utc(moment: datetime) -> None:
    spells, usual = Utc().bind_processor(SQLITE), sqlite.DATETIME().bind_processor(SQLITE)
    assert spells is not None
    assert usual is not None
    assert spells(moment) == usual(moment.astimezone(UTC).replace(tzinfo=None))


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_a_moment_without_a_zone_reaches_no_row_and_none_stays_none(dialect: sqlite.dialect) -> None:
    spells = Utc().bind_processor(dialect)
    assert spells is not None
    with pytest.raises(ValueError, match="zone"):
        spells(datetime(2026, 11, 27, 8))  # noqa: DTZ001 - that is the point
    assert spells(None) is None


@pytest.mark.parametrize("value", [[], {}, None, 0, "", False, [1, "hẻm"], {"a": []}])
def test_json_is_as_the_library_writes_it(value: object) -> None:
    assert _json(value) == json.dumps(value)
