"""`./run flask …`: sets up what is missing, then becomes Flask's command line."""

import os
import sys
from typing import NoReturn

from flask.cli import cli

from ops.setup import prepare
from ops.told import SetUpError, told_settings
from smsgw.settings import ROOT, read_env

NEEDS_NOTHING = {"understand", "--help", "--version"}  # work without settings, database and broker


def main(arguments: list[str]) -> NoReturn:
    """Runs one of Flask's commands on app.py."""
    os.environ.update(read_env(ROOT, os.environ))
    if arguments and arguments[0] not in NEEDS_NOTHING:
        try:
            prepare(told_settings())
        except SetUpError as wrong:
            print(wrong, file=sys.stderr)
            sys.exit(2)
    cli.main(args=["--app", "app", *arguments], prog_name="./run flask")


if __name__ == "__main__":
    main(sys.argv[1:])
