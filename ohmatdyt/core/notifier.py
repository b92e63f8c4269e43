"""Says to the other processes what has just been committed, many announcements at a time.

Not within the transactions that make them: PostgreSQL lets only one transaction with a NOTIFY commit at a time, so
fifty people registering would wait for one another's disk (docs/adr/0017). What a killed process has not said any more
is found by looking, like everything else that is announced.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import structlog

log = structlog.get_logger(__name__)

CHANNEL = "ohmatdyt"
_INFO = "announcements"
_MOST_WAITING = 5000
_AT_ONCE = 200
_AGAIN_S = 0.5
_PATIENCE_S = 2.0
_NOTIFY = "SELECT count(pg_notify($1, words)) FROM unnest($2::text[]) AS said (words)"


def keep(session: Any, words: str) -> None:
    """Remember with a session what is to be said when, and if, it commits."""
    session.info.setdefault(_INFO, []).append(words)


def take(session: Any) -> list[str]:
    """What a session that has committed wants said."""
    kept: list[str] = session.info.pop(_INFO, [])
    return kept


class Notifier:
    """One for a process. `connect` gives a connection that writes nothing."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connect = connect
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    def say(self, words: Sequence[str]) -> None:
        """Say it as soon as may be; returns at once."""
        self._waiting.extend(words)
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._say_all(), name="notifier")

    async def close(self) -> None:
        """Wait a moment until everything is said."""
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, _PATIENCE_S)

    async def _say_all(self) -> None:
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                async with self._connect() as driver:
                    await driver.execute(_NOTIFY, CHANNEL, some)
            except Exception as error:  # noqa: BLE001 — an announcement is worth no failure; it is tried again
                log.warning(
                    "not_announced", error=type(error).__name__, waiting=len(self._waiting) + len(some)
                )
                self._waiting.extendleft(reversed(some))
                await asyncio.sleep(_AGAIN_S)
