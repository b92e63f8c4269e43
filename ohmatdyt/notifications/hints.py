"""Tell the Celery workers of new rows, from the process that made them, and never make anybody wait for Redis.

The announcement of a commit comes back to this process through PostgreSQL; a thread of its own passes the ids on.
A hint that cannot be given is dropped: the workers' sweep finds the row.
"""

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import structlog

from ohmatdyt.core import outbox
from ohmatdyt.core.announce import Announcement, Listener
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import broker

log = structlog.get_logger(__name__)

_MOST_WAITING = 5000
_AT_ONCE = 100
_PAUSE_AFTER_FAILURE_S = 5.0


class Hinter:
    """Passes ids of new notifications on to Redis for as long as it runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: deque[str | None] = deque(maxlen=_MOST_WAITING)
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hints")
        self._task: asyncio.Task[None] | None = None
        self._app: Any = None

    async def start(self, listener: Listener) -> None:
        """Begin to pass on what this process commits."""
        self._task = asyncio.create_task(self._run(), name="hints")
        await listener.hear(self._hear)

    async def stop(self) -> None:
        """Stop; what was not passed on yet is found by the sweep."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _hear(self, announcement: Announcement | None) -> None:
        if announcement is None or announcement.get("kind") != "notifications":
            return
        if announcement.get("origin") != outbox.ORIGIN:
            return
        rows = announcement.get("rows")
        self._waiting.extend([None] if rows is None else [row[0] for row in rows])
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                taken = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
                started = time.monotonic()
                try:
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._publish, taken)
                except Exception as error:  # noqa: BLE001 — a hint is worth no failure
                    took = round(time.monotonic() - started, 1)
                    log.warning(
                        "workers_not_hinted", error=type(error).__name__, rows=len(taken), seconds=took
                    )
                    self._waiting.clear()
                    await asyncio.sleep(_PAUSE_AFTER_FAILURE_S)

    def _publish(self, ids: list[str | None]) -> None:
        if self._app is None:
            self._app = broker.celery_app(self._settings)
        with self._app.producer_pool.acquire(block=True, timeout=2) as producer:
            for one in ids:
                name, args = (broker.DELIVER, [one]) if one else (broker.SWEEP, [])
                self._app.send_task(name, args=args, producer=producer, retry=False, ignore_result=True)
