"""Structured logs on stdout: JSON lines, or readable text on a terminal.

Every line carries the request id of the HTTP request it serves, through RPC to the
last event handler. Bodies, parameters and error texts that may quote them (those of
the database and of validation) are never written.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from contracts.errors import RakatError

#: Errors whose text names types and places, never values of a letter or a person.
_TELLING = (AttributeError, TypeError, ImportError, NameError, RuntimeError, OSError)
_TELLING_MODULES = ("amqp", "kombu", "nameko", "chassis")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(
    service: str, *, fmt: str = "auto", level: str = "INFO", version: str = "dev"
) -> None:
    """Send structlog and the standard library's logging through one renderer."""
    pretty = fmt == "pretty" or (fmt == "auto" and sys.stdout.isatty())
    shared = _shared(service, version)
    renderer = structlog.dev.ConsoleRenderer() if pretty else _json()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _quieten()


def bind(**values: Any) -> None:
    """Start a unit of work: its lines carry these values and no older ones."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**values)


def describe(error: BaseException) -> dict[str, Any]:
    """An error for a log line: its type, and its text where that quotes no value."""
    kind = type(error)
    facts: dict[str, Any] = {"error": f"{kind.__module__}.{kind.__qualname__}"}
    original: Any = getattr(error, "orig", error)
    if pgcode := getattr(original, "pgcode", None):
        facts["sqlstate"] = pgcode
        facts["constraint"] = getattr(original.diag, "constraint_name", None)
    if isinstance(error, RakatError):
        facts["code"] = error.code
    elif isinstance(error, _TELLING) or kind.__module__.startswith(_TELLING_MODULES):
        facts["message"] = str(error)[:300]
    return facts


def _shared(service: str, version: str) -> list[Processor]:
    def identify(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        event["version"] = version
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        identify,
        _expand_error,
    ]


def _expand_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.update(describe(error))
        event["stack"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
    return event


def _json() -> Processor:
    dumps: Callable[..., str] = lambda value, **_: orjson.dumps(  # noqa: E731
        value, default=str
    ).decode()
    return structlog.processors.JSONRenderer(serializer=dumps)


def _quieten() -> None:
    # per-call lines of libraries; what matters of them is counted or logged by us
    for name in ("nameko", "kombu", "amqp", "alembic", "sqlalchemy", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
