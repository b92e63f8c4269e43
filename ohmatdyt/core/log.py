"""The log: one event a line, JSON for machines or text for people, each with the request it belongs to.

Nothing about applicants is ever logged: ids only. Tracebacks come without the values of variables, and an
exception of the database without its parameters.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

# SQLAlchemy and asyncpg put the row at fault into their messages, on lines that begin like this.
_ROW_MARKS = ("[parameters:", "[SQL:", "DETAIL:", "Key (", "Failing row")

# Their own lines repeat what we log (or must not log) ourselves.
_QUIET = (
    "uvicorn.access", "sqlalchemy.engine", "alembic", "python_multipart", "asyncio",
    # A line for each "look now" that comes, is done and is sent: 15 MB a day that push out what matters.
    "celery.app.trace", "celery.worker.strategy", "celery.beat",
)  # fmt: skip


def configure(*, level: str = "info", json: bool = False) -> None:
    """Send everything, the server's own messages included, through one formatter to stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_color,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _without_rows,
                *_renderer(json=json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def whose() -> str | None:
    """The request this code works for, "job <name>" in a periodic job, None elsewhere. Plain characters only."""
    bound = structlog.contextvars.get_contextvars()
    if request_id := bound.get("request_id"):
        return str(request_id)
    return f"job {bound['job']}" if "job" in bound else None


def _renderer(*, json: bool) -> list[Processor]:
    if json:
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(serializer=_dumps),
        ]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _dumps(event: EventDict, **_: Any) -> str:
    import orjson

    return orjson.dumps(event, default=str).decode()


def _drop_color(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)  # uvicorn's message again, with escape codes
    return event


def _without_rows(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace = event.get("exception")
    if isinstance(trace, str) and any(mark in trace for mark in _ROW_MARKS):
        lines = trace.splitlines()
        event["exception"] = "\n".join(line for line in lines if not line.strip().startswith(_ROW_MARKS))
    return event
