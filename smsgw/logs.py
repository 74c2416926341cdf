"""Structured logs: JSON in production, plain in a terminal, telephone numbers masked in both."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

NUMBER = re.compile(r"(?<![\w.:-])(\+?\d{2,4})[\d ]{4,9}(\d{3})(?![\w.:-])")


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Masks what looks like a telephone number in every string of an entry."""
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = NUMBER.sub(r"\1xxx\2", value)
    return event


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
    for chatty in ("twilio", "urllib3", "rq", "alembic", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
