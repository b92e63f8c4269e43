"""Journal entries that somebody could cause in any number: the first of a span is written, the others are counted.

The journal is for ever, so nobody may fill it at will, and a reader finds nothing in a hundred thousand equal rows. Of
entries with one key (a stranger's network, a person who types into a search) the first few of a span stand by
themselves; of the rest there is one entry when the span is over, with their number and when they came. Every process
counts for itself; what is counted and not written is lost only with a killed process, and the first entry never.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import end
from ohmatdyt.core.light import at_once

log = structlog.get_logger(__name__)

_MOST_KEYS = 1024
_OTHERS = "others"
_WRITE_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class _Anybody:
    user_id: UUID | None
    ip: str
    request_id: str | None = None


@dataclass(slots=True)
class _Tally:
    who: audit.Who
    said: dict[str, Any]
    span: timedelta
    begun: datetime
    written: int = 0
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    sums: Counter[str] = field(default_factory=Counter)

    def is_over(self, now: datetime) -> bool:
        # A beginning in the future is of a clock that was set back.
        return not self.begun <= now < self.begun + self.span


class Coalescer:
    """The tallies of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tallies: dict[Hashable, _Tally] = {}
        self._over: list[_Tally] = []

    async def record(
        self,
        who: audit.Who,
        action: str,
        *,
        key: Hashable,
        span: timedelta,
        each: int = 1,
        sums: Mapping[str, int] | None = None,
        details: Mapping[str, Any] | None = None,
        **said: Any,
    ) -> bool:
        """Write an entry, or count it when `each` with this key were written in this span; tells which.

        `sums` are figures that are added up when entries are counted. The entry of the counted ones says otherwise what
        the first of them said. Beyond a thousand keys strangers share one.
        """
        now = clock.now()
        is_stranger = who.user_id is None
        self._end(key, now)
        if is_stranger and key not in self._tallies and len(self._tallies) >= _MOST_KEYS:
            key = _OTHERS
            self._end(key, now)
        tally = self._tallies.get(key)
        if tally is None:
            of = _Anybody(who.user_id, "" if key == _OTHERS else who.ip)
            tally = self._tallies[key] = _Tally(of, {"action": action, **said}, span, now)
        if tally.written < each:
            tally.written += 1
            await self._write(who, action, {**(details or {}), **(sums or {})}, said)
            return True
        tally.count += 1
        tally.first, tally.last = tally.first or now, now
        tally.sums.update(sums or {})
        tally.sums.update(
            f"{name}:{value}" for name, value in (details or {}).items() if isinstance(value, str)
        )
        return False

    def counted(self, key: Hashable, name: str) -> int:
        """The sum `name` of what was counted under this key and is not written yet."""
        tally = self._tallies.get(key)
        return tally.sums[name] if tally else 0

    def _end(self, key: Hashable, now: datetime, *, always: bool = False) -> None:
        tally = self._tallies.get(key)
        if tally is not None and (always or tally.is_over(now)):
            self._over.append(self._tallies.pop(key))

    async def write_counted(self, *, everything: bool = False) -> int:
        """Write the entries of spans that are over, or of all; returns how many."""
        now = clock.now()
        for key in list(self._tallies):
            self._end(key, now, always=everything)
        over, self._over = [tally for tally in self._over if tally.count], []
        written = 0
        try:
            for tally in over:
                said = dict(tally.said)
                await self._write(tally.who, said.pop("action"), _summary(tally), said)
                written += 1
        finally:
            self._over += over[written:]
        return written

    async def _write(
        self, who: audit.Who, action: str, details: Mapping[str, Any], said: Mapping[str, Any]
    ) -> None:
        async with at_once(self._database) as light:
            await audit.record(light.as_session(), who, action, details=details, **said)


def _summary(tally: _Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "from": tally.first.isoformat() if tally.first else None,
        "to": tally.last.isoformat() if tally.last else None,
        **tally.sums,
    }


@asynccontextmanager
async def keep_writing(coalescer: Coalescer) -> AsyncIterator[None]:
    """Write what was counted once a minute for as long as the block lasts, and the rest at its end."""

    async def loop() -> None:
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await _write(coalescer)

    task = asyncio.create_task(loop(), name="write_counted_entries")
    try:
        yield
    finally:
        await end(task)
        await _write(coalescer, everything=True)


async def _write(coalescer: Coalescer, *, everything: bool = False) -> None:
    try:
        await coalescer.write_counted(everything=everything)
    except Exception as error:  # noqa: BLE001 — they stay counted; the next minute tries again
        log.warning("counted_entries_not_written", error=type(error).__name__)
