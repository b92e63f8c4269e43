"""The engine inside the process: delivers when an announcement comes, and looks by itself every few seconds."""

import asyncio
import time
from contextlib import suppress

import structlog

from ohmatdyt.core.announce import Announcement, Listener
from ohmatdyt.core.passing import PASSING_ERRORS
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import Courier

log = structlog.get_logger(__name__)

_AT_ONCE = 500


class Dispatcher:
    """Delivers for as long as it runs. Several processes may each have one: rows are taken, not shared."""

    def __init__(self, courier: Courier, settings: Settings) -> None:
        self._courier = courier
        self._pause_s = settings.delivery_sweep_s
        self._patience_s = settings.smtp_timeout_s + 5
        self._wake = asyncio.Event()
        self._leaving = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._swept = float("-inf")

    async def start(self, listener: Listener | None) -> None:
        """Begin; with a listener also at once when somebody commits a notification."""
        self._task = asyncio.create_task(self._run(), name="dispatcher")
        if listener is not None:
            await listener.hear(self._hear)

    async def stop(self) -> None:
        """Finish the letters in hand (at most one each lane), then hang up."""
        self._courier.leave()
        self._leaving.set()
        self._wake.set()
        if self._task is not None:
            with suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._task, self._patience_s)
        await self._courier.close()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def _hear(self, announcement: Announcement | None) -> None:
        if announcement is None or announcement.get("kind") == "notifications":
            self.wake()

    async def _run(self) -> None:
        while not self._leaving.is_set():
            self._wake.clear()
            calm = False
            try:
                await self._sweep()
                done = await self._courier.deliver_due(_AT_ONCE)
                calm = done.server_down
                if done.total >= _AT_ONCE:
                    continue
            except PASSING_ERRORS as error:
                log.warning("delivery_interrupted", error=type(error).__name__)
                calm = True
            except Exception:
                log.exception("delivery_failed")  # nothing may end delivery; the next look tries again
                calm = True
            # While the mail server or the database is away, news of new letters is no reason to hurry.
            await self._rest(self._leaving if calm else self._wake)

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept < self._pause_s:
            return
        await self._courier.sweep()
        self._swept = time.monotonic()

    async def _rest(self, until: asyncio.Event) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), self._pause_s)
            return
        if until is self._wake:
            await self._courier.rest()
