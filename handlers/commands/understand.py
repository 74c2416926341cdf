"""`understand`: how the service reads texts, for measuring it. Needs no database and no broker."""

import json
import sys
from collections.abc import Iterator
from typing import TextIO

import click


@click.command()
@click.option("--explain", is_flag=True, help="Add the reasons to every line.")
def understand(*, explain: bool) -> None:
    """Read JSON lines with "id" and "text" on standard input; write what each text was understood as.

    \b
    Example:
      echo '{"id": "1", "text": "PA DN xa Tu An mat nuoc"}' | ./run flask understand --explain
    """
    from smsgw.data.load import load_reader
    from smsgw.domain.labels import as_label

    reader = load_reader()
    wrong = 0
    for number, line in enumerate(_lines(sys.stdin), 1):
        try:
            given = json.loads(line)
            told = {"id": given["id"], **as_label(reader.read(str(given["text"])), explain=explain)}
        except (ValueError, KeyError, TypeError):
            click.echo(f'line {number} is not a JSON object with "id" and "text"', err=True)
            wrong += 1
            continue
        click.echo(json.dumps(told, ensure_ascii=False))
    if wrong:
        raise click.exceptions.Exit(1)


def _lines(source: TextIO) -> Iterator[str]:
    """Lines that hold something; UTF-8 whatever the terminal is set to."""
    if hasattr(source, "reconfigure"):
        source.reconfigure(encoding="utf-8-sig")
    return (line for line in source if line.strip())
