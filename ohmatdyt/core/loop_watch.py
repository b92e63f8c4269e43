"""Measures how long the event loop was held: for that long nobody was answered by this process.

A task looks at the clock ten times a second and finds how much later than asked it ran. A thread looks at the task:
when it has not run for a while, what holds the loop now is still there to be named.
"""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import CodeType
from typing import Any, Final

import structlog

from ohmatdyt.core.jobs import end

log = structlog.get_logger(__name__)

_EVERY_S: Final = 0.1
TOO_LONG_S: Final = 0.5
"""What is reported in the log."""


class LoopWatch:
    """The watch of one process; `observe` is told each delay in seconds."""

    def __init__(self, observe: Callable[[float], Any]) -> None:
        self._observe = observe
        self._longest = 0.0
        self._beat_at = 0.0
        self._stop = threading.Event()

    def take_longest(self) -> float:
        """The longest time the loop was held since this was asked last, in seconds."""
        longest, self._longest = self._longest, 0.0
        return longest

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch the running loop for as long as the block lasts."""
        self._beat_at = time.perf_counter()
        self._stop.clear()
        task = asyncio.create_task(self._beat(), name="loop_watch")
        loop, thread_id = asyncio.get_running_loop(), threading.get_ident()
        thread = threading.Thread(target=self._watch, args=(loop, thread_id), name="loop-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            await end(task)
            thread.join()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            now = time.perf_counter()
            held = max(0.0, now - self._beat_at - _EVERY_S)
            self._beat_at = now
            self._longest = max(self._longest, held)
            self._observe(held)

    def _watch(self, loop: asyncio.AbstractEventLoop, thread_id: int) -> None:
        reported = 0.0
        while not self._stop.wait(_EVERY_S):
            beat_at = self._beat_at
            late = time.perf_counter() - beat_at - _EVERY_S
            if late > TOO_LONG_S and beat_at != reported:
                reported = beat_at
                task = asyncio.current_task(loop)
                frame = sys._current_frames().get(thread_id)  # noqa: SLF001 — documented, for debuggers
                log.warning(
                    "event_loop_held",
                    seconds=round(late, 2),
                    task=task.get_name() if task else None,
                    coroutine=getattr(task.get_coro(), "__qualname__", None) if task else None,
                    where=_place(frame.f_code) if frame else None,
                )


def _place(code: CodeType) -> str:
    return f"{code.co_filename.rpartition('/')[2]}:{code.co_qualname}"
