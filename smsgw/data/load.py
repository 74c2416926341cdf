"""Reads the folder of editable data into the values the rules work with."""

from pathlib import Path

from smsgw.domain.understanding import Reader

HERE = Path(__file__).parent


def load_reader(folder: Path = HERE) -> Reader:
    """A reader of citizens' texts from the tables in `folder`."""
    return Reader()
