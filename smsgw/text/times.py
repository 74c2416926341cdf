"""Days and hours as a text tells them, in Vietnam's time."""

from datetime import date, datetime

from smsgw.domain.workdays import VIETNAM


def moment(at: datetime) -> str:
    """The hour and the day: 17h 2/12, 9h30 2/12."""
    local = at.astimezone(VIETNAM)
    minutes = f"{local.minute:02}" if local.minute else ""
    return f"{local.hour}h{minutes} {day(local.date())}"


def clock(at: datetime) -> str:
    """The hour and the minute: 9h05."""
    local = at.astimezone(VIETNAM)
    return f"{local.hour}h{local.minute:02}"


def day(at: date) -> str:
    """The day and the month: 2/12."""
    return f"{at.day}/{at.month}"
