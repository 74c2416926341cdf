"""Dates and moments as operators write and read them: those of Viet Nam."""

from datetime import UTC, date, datetime

import click

from handlers.guards import gateway
from smsgw.domain.dayfile import YEARS
from smsgw.domain.workdays import VIETNAM


class Day(click.ParamType[date]):
    """A date, 2026-11-23."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-23", param, ctx)


class Moment(click.ParamType[datetime]):
    """A date and time, in Vietnam time where no zone is given; becomes UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-23T08:00", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"{value!r} lies outside {YEARS.start} to {YEARS.stop - 1}", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def shown(moment: datetime | None) -> str:
    """To the minute, in Vietnam time; a hyphen for none."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M}" if moment else "-"


def today() -> date:
    """The day by the house's clock."""
    return gateway().now().astimezone(VIETNAM).date()
