"""`understand`: how the service reads texts, for measuring it. Needs no database and no broker."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

import click

from smsgw.domain.labels import as_explanation, as_label
from smsgw.domain.understanding import Explained


@click.command()
@click.argument("text", required=False)
@click.option("--explain", is_flag=True, help="Add the reasons: what was weighed, and which words spoke for what.")
def understand(*, text: str | None, explain: bool) -> None:
    """Say how TEXT is understood; without TEXT, read JSON lines with "id" and "text" on standard input and write what
    each was understood as.

    \b
    Examples:
      ./run flask understand --explain "mat nuoc o thon 2 tu an tu hom qua"
      echo '{"id": "1", "text": "PA DN xa Tu An mat nuoc"}' | ./run flask understand
    """
    from smsgw.data.load import load_reader

    reader = load_reader()
    if text is not None:
        _tell(_explained(reader.explain(text)) if explain else list(as_label(reader.read(text)).items()))
        return
    wrong = 0
    for number, line in enumerate(_lines(sys.stdin), 1):
        try:
            given = json.loads(line)
            words = str(given["text"])
            label = as_explanation(reader.explain(words)) if explain else as_label(reader.read(words))
            told = {"id": given["id"], **label}
        except (ValueError, KeyError, TypeError):
            click.echo(f'line {number} is not a JSON object with "id" and "text"', err=True)
            wrong += 1
            continue
        click.echo(json.dumps(told, ensure_ascii=False))
    if wrong:
        raise click.exceptions.Exit(1)


def _tell(rows: Sequence[tuple[str, object]]) -> None:
    """A reading for eyes: a line a field."""
    for name, value in rows:
        click.echo(f"{name:12} {', '.join(map(str, value)) if isinstance(value, list) else value}")


def _explained(found: Explained) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = list(as_label(found.understanding).items())
    for name, leanings in (("intents", found.intents), ("categories", found.categories)):
        rows.append((name, [f"{leaning.value} {leaning.share:.0%}" for leaning in leanings[:4]]))
    rows.append(("decides", "a person: not sure enough of the field" if found.doubtful else "the routing matrix"))
    rows += [(f"{spoke.question}", f"{spoke.answer:14}{spoke.weight:+6.2f}  {spoke.words}") for spoke in found.spoke]
    return rows


def _lines(source: TextIO) -> Iterator[str]:
    """Lines that hold something; UTF-8 whatever the terminal is set to."""
    if hasattr(source, "reconfigure"):
        source.reconfigure(encoding="utf-8-sig")
    return (line for line in source if line.strip())
