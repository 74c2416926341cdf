"""`labels` and `confusion`: what officials' corrections teach the reader."""

import json

import click
from flask.cli import with_appcontext

from handlers.guards import gateway
from smsgw.services import learning
from smsgw.services.learning import Confusion


@click.command()
@with_appcontext
def labels() -> None:
    """Write the texts whose field an official decided, as JSON lines for the next training.

    Sensitive matters stay here and long numbers become zeros; names stay in the texts, so the file is kept as the
    database is.

    \b
    Example:
      ./run flask labels > labels.jsonl
      python -m ops.training --labels labels.jsonl
    """
    with gateway().database.read() as session:
        for lesson in learning.lessons(session):
            click.echo(json.dumps(lesson, ensure_ascii=False))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def confusion(*, as_json: bool) -> None:
    """Show, for each field officials decided, which fields the texts were read to have."""
    with gateway().database.read() as session:
        found = learning.confusion(session)
    click.echo(_as_json(found) if as_json else _as_table(found))


def _as_json(found: Confusion) -> str:
    rows = [{"decided": decided, "read": read, "count": count} for (decided, read), count in found.counts.items()]
    return json.dumps(sorted(rows, key=lambda row: (row["decided"], row["read"])), indent=2)


def _as_table(found: Confusion) -> str:
    fields = found.fields()
    if not fields:
        return "No official has decided a field yet."
    lines = ["decided" + "".join(f"{name:>6}" for name in fields) + "   right"]
    for decided in fields:
        share = found.read_right(decided)
        cells = "".join(f"{found.counts.get((decided, read), 0) or '.':>6}" for read in fields)
        if share is not None:
            lines.append(f"{decided:7}{cells}{share:8.0%}")
    return "\n".join(lines)
