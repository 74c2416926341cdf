"""Counts the periodic report again from the raw log of events, and compares: `python ops/recount.py LOG --from DAY --to DAY`.

For auditors: written from the rule of the report and the meaning of the lines, in plain Python, without a line of the service's
code. LOG is the service's SQLite file, or lines of JSON with id, complaint_id, at, kind and details, as PostgreSQL gives them:

    psql -At -c "select row_to_json(e) from (select id, complaint_id, at, kind, details from events order by id) e"

The rule: received + carried over = to handle; in hand is late, nearly due (within 8 working hours) or not due yet; done is late
or in time; late share = (late in hand + late done) / to handle; on-time share = 100 % - late share.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

HERE = timezone(timedelta(hours=7))
GROUPS = {"DB": "covid", "GT": "traffic", "DD": "land"}
OPENING, CLOSING = ((7, 0), (13, 30)), ((11, 30), (17, 0))
NEAR = timedelta(hours=8)
DUE_TOLD = ("received", "extended", "resumed", "term_waited", "due_brought_near", "reopened", "called_back")


class Case:
    """What the log has told of one complaint so far."""

    def __init__(self) -> None:
        self.came: datetime | None = None
        self.due: datetime | None = None
        self.done: datetime | None = None
        self.answered = False
        self.field: str | None = None
        self.goes_with: int | None = None
        self.counts = True

    def hear(self, kind: str, at: datetime, details: dict[str, object]) -> None:
        """One line about time and end."""
        if kind == "received":
            self.came = at
        if kind in DUE_TOLD and "due" in details:
            self.due = moment(str(details["due"])) if details["due"] else None
        if kind == "paused":
            self.due = None
        if kind in ("reopened", "called_back"):
            self.done, self.answered = None, False
        if kind in ("answered", "withdrawn", "refused") and self.done is None:
            self.done, self.answered = at, kind == "answered"


def moment(text: str) -> datetime:
    """A moment as the log writes it; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def lines(log: Path) -> Iterator[tuple[int, datetime, str, dict[str, object]]]:
    """Complaint, moment, kind and details of every line, in the order they were written."""
    with log.open("rb") as file:
        is_sqlite = file.read(15) == b"SQLite format 3"
    if is_sqlite:
        with closing(sqlite3.connect(f"{log.resolve().as_uri()}?mode=ro", uri=True)) as base:
            for case, at, kind, details in base.execute(
                "select complaint_id, at, kind, details from events order by id"
            ):
                yield case, moment(at), kind, json.loads(details)
        return
    with log.open(encoding="utf-8") as written:
        for row in sorted((json.loads(line) for line in written if line.strip()), key=lambda row: row["id"]):
            yield row["complaint_id"], moment(row["at"]), row["kind"], row["details"]


def cases(log: Path, until: datetime) -> list[Case]:
    """Every complaint as it stood just before a moment, in the field that it has by the newest line."""
    known: dict[int, Case] = {}
    ends: dict[int, Case] = {}
    for number, at, kind, details in lines(log):
        case = known.setdefault(number, Case())
        ends.setdefault(number, Case()).hear(kind, at, details)
        hear_field(known, number, kind, details, ends)
        if kind in ("joined", "put_under_seal"):
            case.counts = False
        if at < until:
            case.hear(kind, at, details)
    return [case for case in known.values() if case.counts and case.came is not None]


def hear_field(
    known: dict[int, Case], number: int, kind: str, details: dict[str, object], ends: dict[int, Case]
) -> None:
    """What a line says about fields: those that are handled with a complaint have its field."""
    case = known[number]
    along = [other for key, other in known.items() if other.goes_with == number and ends[key].done is None]
    if kind == "merged":
        main = int(str(details["into"]))
        for one in (case, *along):
            one.goes_with, one.field = main, known[main].field
    elif kind == "routed" and "category" in details:
        for one in (case, *along):
            one.field = text(details["category"])
    elif kind in ("received", "added") and "category" in details:
        case.field = text(details["category"])
    elif kind == "reopened" and details.get("into"):
        main = int(str(details["into"]))
        case.goes_with, case.field = main, known[main].field
    elif kind in ("separated", "reopened"):
        case.goes_with = None
        case.field = text(details.get("category", case.field))


def text(value: object) -> str | None:
    return None if value is None else str(value)


def near_until(at: datetime, closed: frozenset[date], worked: frozenset[date]) -> datetime:
    """Eight working hours later."""
    left, day = NEAR, at.astimezone(HERE).date()
    while True:
        if day not in closed and (day in worked or day.weekday() < 5):
            for opens, closes in zip(OPENING, CLOSING, strict=True):
                start = max(clock(day, opens), at)
                room = clock(day, closes) - start
                if room >= left:
                    return start + left
                left -= max(room, timedelta())
        day += timedelta(days=1)


def clock(day: date, at: tuple[int, int]) -> datetime:
    return datetime(day.year, day.month, day.day, *at, tzinfo=HERE)


def recount(
    log: Path,
    first: date,
    last: date,
    now: datetime,
    closed: frozenset[date] = frozenset(),
    worked: frozenset[date] = frozenset(),
) -> dict[str, object]:
    """The figures under the names that `report --format json` gives them."""
    begins, ends = clock(first, (0, 0)), clock(last + timedelta(days=1), (0, 0))
    until = min(now, ends)
    here = [c for c in cases(log, until) if c.came and c.came < until and not (c.done and c.done < begins)]
    received = [c for c in here if c.came and c.came >= begins]
    near = near_until(until, closed, worked)
    waiting, done = [c for c in here if not c.done], [c for c in here if c.done]
    late = sum(1 for c in waiting if c.due and c.due < until)
    soon = sum(1 for c in waiting if c.due and until <= c.due <= near)
    done_late = sum(1 for c in done if c.due and c.done and c.due < c.done)
    fields = [c.field for c in received]
    return {
        "received": len(received),
        "carried_over": len(here) - len(received),
        "to_handle": len(here),
        "in_hand": len(waiting),
        "in_hand_late": late,
        "in_hand_nearly_due": soon,
        "in_hand_not_due": len(waiting) - late - soon,
        "done": len(done),
        "done_late": done_late,
        "on_time": len(done) - done_late,
        "late": late + done_late,
        "late_share": (late + done_late) / len(here) if here else None,
        "on_time_share": (len(here) - late - done_late) / len(here) if here else None,
        "answered": sum(1 for c in done if c.answered),
        "groups": {
            name: sum(1 for field in fields if GROUPS.get(field or "", "other") == name)
            for name in ("covid", "traffic", "land", "other")
        },
        "categories": {field or "none": fields.count(field) for field in dict.fromkeys(fields)},
    }


def differences(mine: dict[str, object], theirs: dict[str, object]) -> list[str]:
    """What a report says otherwise; fields that nothing came in are passed over."""
    told, fields = dict(theirs), theirs.get("categories")
    if isinstance(fields, dict):
        told["categories"] = {code: n for code, n in fields.items() if n}
    return [
        f"{name}: the log says {mine[name]}, the report {told.get(name)}"
        for name in mine
        if told.get(name) != mine[name]
    ]


def days(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in text.split(",") if day)


def main() -> int:
    """Prints the figures; exit code 1 when the report that is named says otherwise."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("log", type=Path)
    ask.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    ask.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    ask.add_argument(
        "--as-of", type=moment, default=datetime.now(UTC), help="the moment of asking; now, if none is given"
    )
    ask.add_argument(
        "--closed", type=days, default=frozenset(), help="days off besides Saturdays and Sundays, with commas"
    )
    ask.add_argument("--worked", type=days, default=frozenset(), help="Saturdays and Sundays that were worked")
    ask.add_argument("--against", type=Path, help="a file that `report --format json` wrote")
    told = ask.parse_args()
    found = recount(told.log, told.first, told.last, told.as_of, told.closed, told.worked)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    if told.against is None:
        return 0
    wrong = differences(found, json.loads(told.against.read_text("utf-8")))
    print("\n".join(wrong) or "The report says the same.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
