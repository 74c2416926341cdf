"""`outbox`: what waits to be sent, what is in doubt, what failed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from handlers.commands.times import shown, today
from handlers.guards import gateway
from smsgw.domain.notices import Lane
from smsgw.domain.phone import masked
from smsgw.store import allowances
from smsgw.store.pending import Heap, Pending, heaps

TITLES = {
    "waiting": "Waiting to be sent",
    "in_doubt": "In doubt: perhaps sent; an answer or a question then waits on the desk to be phoned",
    "failed": "Failed or not delivered",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="Texts to list under each heading."
)
@with_appcontext
def outbox(*, as_json: bool, limit: int) -> None:
    """Show what waits to be sent, and why, what is in doubt and what failed. Numbers are masked, words are not shown.

    \b
    Example:
      ./run flask outbox --json
    """
    house = gateway()
    with house.database.read() as session:
        found, segments = heaps(session, limit), allowances.spent(session, today())
    if as_json:
        click.echo(json.dumps(_data(found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([_cost(segments, house.limits.budget), *_table(found)]))


def _cost(segments: int, budget: int | None) -> str:
    return f"Today: {segments} segments of {'no budget' if budget is None else f'a budget of {budget}'}"


def _data(found: Mapping[str, Heap]) -> dict[str, object]:
    return {
        heading: {"total": heap.total, "newest": [_entry(one) for one in heap.newest]}
        for heading, heap in found.items()
    }


def _entry(one: Pending) -> dict[str, object]:
    return asdict(one) | {
        "lane": Lane(one.lane).name.lower(),
        "recipient": masked(one.recipient),
        "created_at": one.created_at.isoformat(),
        "next_attempt_at": one.next_attempt_at.isoformat(),
    }


def _table(found: Mapping[str, Heap]) -> Iterator[str]:
    for heading, heap in found.items():
        yield f"{TITLES[heading]}: {heap.total}"
        for one in heap.newest:
            twice = "  perhaps twice" if one.possible_duplicate else ""
            call = f"  call: {one.call}" if one.call else ""
            lane = Lane(one.lane).name.lower()
            why = "may be called back until then" if one.may_be_called_back else one.error
            tries = f"tries {one.attempts}, next {shown(one.next_attempt_at)}"
            line = f"  {one.id:>6}  {lane:<9} {one.kind:<18} to {masked(one.recipient)}  {tries}  {why}{twice}{call}"
            yield line.rstrip()
