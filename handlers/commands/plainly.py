"""What cannot be done is told to an operator in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from smsgw.services.duty import DutyError
from smsgw.services.roster import RosterError
from smsgw.services.terms import TermError


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns a refusal into the command's error message and exit code 1."""
    try:
        yield
    except (RosterError, TermError, DutyError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
