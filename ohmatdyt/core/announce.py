"""Tell the other processes that something was committed: PostgreSQL LISTEN/NOTIFY.

An announcement belongs to the transaction that makes it: none is heard of a rolled-back change, and none before the
commit. It is a hint and nothing more: who missed it (a process that was restarting) finds the rows by looking.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg
import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import driver
from ohmatdyt.core.db import Database
from ohmatdyt.core.notifier import CHANNEL, keep

log = structlog.get_logger(__name__)

_LARGEST = 7900  # PostgreSQL takes less than 8000 bytes
_CHECK_EVERY_S = 15.0
_PATIENCE_S = 5.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)

Announcement = Mapping[str, Any]
Hearer = Callable[[Announcement | None], None]


def announce(session: AsyncSession, announcement: Announcement) -> None:
    """Let every listening process hear this when (and if) the transaction commits. Ids only, under 7900 bytes."""
    words = orjson.dumps(dict(announcement)).decode()
    if len(words) > _LARGEST:
        raise ValueError("An announcement carries a few ids, not rows.")
    keep(session, words)


class Listener:
    """The process's one listening connection. It is opened for the first hearer and comes back by itself.

    A hearer gets each announcement, and None when some may have been missed: after the connection was lost.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hearers: list[Hearer] = []
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def hear(self, hearer: Hearer) -> None:
        """Call `hearer` (which must not block) from now on. Returns once the process listens, or after 5 s."""
        self._hearers.append(hearer)
        if self._task is None:
            self._task = asyncio.create_task(self._listen_for_ever(), name="listener")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listening.wait(), _PATIENCE_S)

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen_for_ever(self) -> None:
        failures, missed = 0, False
        while True:
            try:
                connection = await self._connect()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener_not_connected", error=type(error).__name__)
                await asyncio.sleep(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                failures, missed = failures + 1, True
                continue
            failures = 0
            try:
                if missed:
                    self._tell(None)
                self._listening.set()
                await self._stay(connection)
            finally:
                missed = True
                self._listening.clear()
                connection.terminate()

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        role = {"role": self._database.role} if self._database.role else {}
        connection = await driver.connect(
            self._database.url,
            timeout=_PATIENCE_S,
            server_settings={"application_name": "ohmatdyt listener", **role},
        )
        await connection.add_listener(CHANNEL, self._on_notify)
        return connection

    async def _stay(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Until the connection is dead; a silent one is asked now and then whether it still lives."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        while not connection.is_closed():
            with suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), _CHECK_EVERY_S)
                return
            try:
                await connection.execute("SELECT 1", timeout=_PATIENCE_S)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener_lost", error=type(error).__name__)
                return

    def _on_notify(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        try:
            heard = orjson.loads(str(payload))
        except orjson.JSONDecodeError:
            return
        if isinstance(heard, dict):
            self._tell(heard)

    def _tell(self, announcement: Announcement | None) -> None:
        for hearer in tuple(self._hearers):
            try:
                hearer(announcement)
            except Exception:
                log.exception("hearer_failed")
