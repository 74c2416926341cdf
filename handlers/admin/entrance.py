"""The administrators' blueprint, and the day it is."""

from datetime import date

from flask import Blueprint

from handlers.guards import gateway
from smsgw.domain.workdays import VIETNAM

door = Blueprint("admin", __name__, url_prefix="/admin")


def today() -> date:
    """In Vietnam."""
    return gateway().now().astimezone(VIETNAM).date()
