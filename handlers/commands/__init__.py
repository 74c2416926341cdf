"""What an operator types after ./run flask."""

from flask import Flask

from handlers.commands.deadlines import deadlines
from handlers.commands.duty import duty
from handlers.commands.labels import confusion, labels
from handlers.commands.outbox import outbox
from handlers.commands.reconcile import reconcile
from handlers.commands.report import report
from handlers.commands.restored import restored
from handlers.commands.roster import office, official, unit
from handlers.commands.terms import term
from handlers.commands.understand import understand


def register(app: Flask) -> None:
    """Adds the commands to the app's command line."""
    reading = (understand, labels, confusion)
    for command in (*reading, report, deadlines, outbox, reconcile, restored, official, office, unit, term, duty):
        app.cli.add_command(command)
