"""Answers kept as long as they are exactly what would be computed again.

Fifty people look at the same dashboard; computing it once for each state of the cases is enough. Nothing here may be
out of date: an answer is given only while the database names the same state and no moment has passed at which time
alone changes a figure.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

_MOST = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, the state it was computed from, and until when time alone does not change it."""

    body: bytes
    version: str
    valid_from: datetime
    valid_until: datetime


@dataclass(slots=True)
class Answers:
    """The latest answers of this process, a few dozen at most."""

    _kept: OrderedDict[Hashable, Answer] = field(default_factory=OrderedDict)
    _busy: dict[Hashable, asyncio.Lock] = field(default_factory=dict)

    def find(self, key: Hashable, version: str, now: datetime) -> bytes | None:
        """The body for this question, if it still holds."""
        answer = self._kept.get(key)
        if answer is None or answer.version != version:
            return None
        return answer.body if answer.valid_from <= now <= answer.valid_until else None

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Remember an answer in place of an older one to the same question."""
        self._kept[key] = answer
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def is_busy(self, key: Hashable) -> bool:
        """Whether somebody is computing the answer to this question."""
        lock = self._busy.get(key)
        return lock is not None and lock.locked()

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """One at a time computes the answer to a question; whoever waited looks first whether it is there now."""
        lock = self._busy.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked():
                self._busy.pop(key, None)
