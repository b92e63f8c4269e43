"""Who has which connection of which pool, and what comes back: the bookkeeping behind `core.db`.

A pool is last-in-first-out: one connection that was not given back clean is the next that everybody gets. So each is
looked at when it is lent and when it returns, and those that lie idle are looked at by `core.pool_watch`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from weakref import WeakSet

import structlog

from ohmatdyt.core.driver import Traced

log = structlog.get_logger(__name__)

POOLS = ("requests", "readers", "writers")


@dataclass(eq=False, slots=True)
class Lease:
    """A place in a pool, and the connection that stands on it once there is one."""

    pool: str
    task: "asyncio.Task[object] | None" = field(default_factory=asyncio.current_task)
    connection: Traced | None = None
    give_back: Callable[[], Awaitable[object]] | None = None


class Ledger:
    """The connections of one process."""

    def __init__(self) -> None:
        # Connections that were not given to the next borrower, by pool and by what was left behind on them.
        self.unclean: Counter[tuple[str, str]] = Counter()
        self.leases: set[Lease] = set()
        self.last_return = dict.fromkeys(POOLS, time.monotonic())
        self._idle: dict[str, WeakSet[Traced]] = {pool: WeakSet() for pool in POOLS}

    def may_lend(self, pool: str, connection: Traced) -> bool:
        """Whether the next borrower may have it; if not, whoever asks has to end it."""
        self._idle[pool].discard(connection)
        return self._is_clean(pool, connection)

    def may_return(self, pool: str, connection: Traced) -> bool:
        """The same for one that comes back."""
        self.last_return[pool] = time.monotonic()
        if not self._is_clean(pool, connection):
            return False
        self._idle[pool].add(connection)
        return True

    def end_idle(self, pool: str, *, only_unclean: bool) -> int:
        """End connections that lie idle; the pool opens others in their place. Returns how many."""
        chosen = [
            connection
            for connection in self._idle[pool]
            if not connection.is_closed() and not (only_unclean and self._is_clean(pool, connection))
        ]
        for connection in chosen:
            connection.terminate()
            self._idle[pool].discard(connection)
        return len(chosen)

    def abandoned(self, pool: str) -> Iterator[Lease]:
        """Leases whose borrower has ended without giving back: a generator that nobody closed."""
        return (
            lease
            for lease in tuple(self.leases)
            if lease.pool == pool and lease.task is not None and lease.task.done()
        )

    def _is_clean(self, pool: str, connection: Traced) -> bool:
        left = connection.left_behind()
        if left is not None:
            self.unclean[pool, left] += 1
            log.warning("connection_not_clean", pool=pool, left=left)
        return left is None
