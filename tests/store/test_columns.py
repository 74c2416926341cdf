"""How values are spelt in a row."""

from datetime import datetime

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from smsgw.store.tables import Utc


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_a_moment_without_a_zone_reaches_no_row_and_none_stays_none(dialect: sqlite.dialect) -> None:
    spells = Utc().bind_processor(dialect)
    assert spells is not None
    with pytest.raises(ValueError, match="zone"):
        spells(datetime(2026, 11, 27, 8))  # noqa: DTZ001 - that is the point
    assert spells(None) is None
