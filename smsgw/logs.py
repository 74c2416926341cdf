"""Structured logs: JSON in production, plain in a terminal, telephone numbers masked in both."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

KEPT = (
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)",  # an id
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?(?!\w)",  # a moment
    r"\d\d[-./]\d\d[-./]\d{4}(?!\w)",  # a day
    r"(OCTET\.){3}OCTET(?!\w)".replace("OCTET", r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"),  # an address
    r"(?!84\.\d{9})(0|[1-9]\d*)\.\d+(?!\w|[. -]\d)",  # a duration, a moment in seconds
)
GAP = r"[ \t\u00a0.()\u2010-\u2015-]{0,3}"  # what people write between the digits of a number
NUMBERS = (rf"(\+?84|0084|0)({GAP}\d){{9,10}}", rf"\+\d({GAP}\d){{6,14}}", r"\d{9,15}")  # Vietnam's, foreign, any
NUMBER = re.compile(rf"(?<![\w+])((?P<kept>{'|'.join(KEPT)})|({'|'.join(NUMBERS)})(?!\w))")


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Masks what looks like a telephone number wherever it stands in an entry; what structlog keeps for itself stays."""
    for name, value in event.items():
        if name != "timestamp" and not name.startswith("_"):
            event[name] = _without_numbers(value)
    return event


def _without_numbers(value: Any) -> Any:
    """The value itself, unless a number shows in it; an object in which one would show becomes masked text."""
    match value:
        case str():
            return NUMBER.sub(_crossed_out, value)
        case None | bool() | float():
            return value
        case Mapping():
            return {_without_numbers(name): _without_numbers(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_without_numbers(inner) for inner in value]
        case _:
            said = repr(value)
            shown = NUMBER.sub(_crossed_out, said)
            return value if shown == said else shown


def _crossed_out(found: re.Match[str]) -> str:
    """The first two and the last three digits, as `smsgw.domain.phone.masked` leaves."""
    if found["kept"]:
        return found[0]
    digits = [sign for sign in found[0] if sign.isdigit()]
    return "+" * found[0].startswith("+") + "".join([*digits[:2], "xxx", *digits[-3:]])


def set_up_logs(*, production: bool, stream: TextIO | None = None) -> None:
    """Sends everything, the standard library's records included, through one masking pipeline to standard error, or to
    `stream`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if production
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("twilio", "rq", "alembic", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
