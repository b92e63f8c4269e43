"""The Celery worker and its clock: delivery and schedule outside the API, for installations with Redis.

The tasks do what the embedded process does by itself, with the same functions. Work is waiting for mail servers, so one
process with an event loop and a few threads does it. The worker also looks at the outbox by itself every few seconds:
letters leave while Redis is away.
"""

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

import structlog

from ohmatdyt import ownership
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import broker
from ohmatdyt.notifications.delivery import Courier
from ohmatdyt.notifications.dispatcher import Dispatcher
from ohmatdyt.schedule import jobs

log = structlog.get_logger(__name__)

_START_PATIENCE_S = 15
_TASK_PATIENCE_S = 3600

Result = TypeVar("Result")


class _Desk:
    """The event loop of the worker, in a thread of its own, with what lives on it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="desk", daemon=True)

    def open(self) -> None:
        """Raises what the database raises when it cannot be reached."""
        self._thread.start()
        self.run(self._open(), _START_PATIENCE_S)

    async def _open(self) -> None:
        self.database = await Database.open(self.settings)
        await ownership.settle(self.database, self.settings)
        self.courier = Courier(self.database, self.settings)
        self.dispatcher = Dispatcher(self.courier, self.settings)
        await self.dispatcher.start(None)

    def run(self, work: Coroutine[Any, Any, Result], patience_s: float = _TASK_PATIENCE_S) -> Result:
        """Do it on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(patience_s)

    def close(self) -> None:
        """Finish the letters in hand and hang up."""
        self.run(self._close(), self.settings.smtp_timeout_s + 15)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)

    async def _close(self) -> None:
        await self.dispatcher.stop()
        await self.database.close()


def _application(settings: Settings, desk: _Desk) -> Any:
    app = broker.celery_app(settings)

    @app.task(name=broker.DELIVER)  # type: ignore[untyped-decorator]
    def deliver(notification_id: str) -> None:
        desk.run(desk.courier.deliver_one(UUID(notification_id)))

    @app.task(name=broker.SWEEP)  # type: ignore[untyped-decorator]
    def sweep() -> None:
        desk.loop.call_soon_threadsafe(desk.dispatcher.wake)

    @app.task(name=broker.JOBS)  # type: ignore[untyped-decorator]
    def run_jobs() -> None:
        desk.run(run_due(desk.database, jobs(settings), settings.zone))

    return app


def work(settings: Settings, *, concurrency: int | None = None) -> int:
    """Run the worker until told to stop (SIGTERM finishes what is in hand). Returns the exit code."""
    # Celery listens to SIGTERM only once it is up; told to stop before, we have nothing in hand that is not safe.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    desk = _Desk(settings)
    desk.open()
    try:
        app = _application(settings, desk)
        worker = app.Worker(
            pool="threads",
            concurrency=concurrency or settings.mail_connections + 2,
            loglevel=settings.log_level.upper(),
            without_gossip=True,
            without_mingle=True,
            quiet=True,
        )
        worker.start()
        return int(worker.exitcode or 0)
    finally:
        desk.close()


def beat(settings: Settings) -> int:
    """Run the clock until told to stop. It only sends «look now»: what is due the database decides, so two clocks,
    or one that stood still, neither repeat nor lose a run."""
    app = broker.celery_app(settings)
    app.Beat(loglevel=settings.log_level.upper(), quiet=True, max_interval=1).run()
    return 0
