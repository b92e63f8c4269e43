"""Looks every moment whether each pool of the process serves, and renews one that does not.

The probe of health has a connection of its own and sees only the server. Here each pool is asked the way a request asks
it: it lends a connection, on which a statement is run.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
import structlog

from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import end
from ohmatdyt.core.leases import POOLS
from ohmatdyt.core.passing import PASSING_ERRORS

log = structlog.get_logger(__name__)

_EVERY_S = 1.0
_PATIENCE_S = 2.0
_SELECT = sa.text("SELECT 1")


class PoolWatch:
    """The look of one process at its pools. `serves` says of each what was seen last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.serves = dict.fromkeys(POOLS, True)
        self.renewed: Counter[str] = Counter()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look for as long as the block lasts."""
        task = asyncio.create_task(self._watch(), name="pool_watch")
        try:
            yield
        finally:
            await end(task)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.look()
            except Exception:
                log.exception("pools_not_watched")

    async def look(self) -> None:
        """Look at each pool once; renew it and look again when it does not serve."""
        for pool in POOLS:
            self._database.ledger.end_idle(pool, only_unclean=True)
            await self._take_back_abandoned(pool)
            trouble = await self._trouble(pool)
            if trouble is not None and self.serves[pool]:
                log.error("pool_does_not_serve", pool=pool, reason=trouble)
            if trouble is not None:
                self.renewed[pool] += 1
                self._database.ledger.end_idle(pool, only_unclean=False)
                trouble = await self._trouble(pool)
            if trouble is None and not self.serves[pool]:
                log.warning("pool_serves_again", pool=pool)
            self.serves[pool] = trouble is None

    async def _take_back_abandoned(self, pool: str) -> None:
        for lease in self._database.ledger.abandoned(pool):
            log.error("connection_abandoned", pool=pool)
            self.renewed[pool] += 1
            await self._database.take_back(lease)

    async def _trouble(self, pool: str) -> str | None:
        """Why a pool does not serve; None when it does, or when all its connections are at work and some come back."""
        database = self._database
        try:
            async with asyncio.timeout(database.patience_s + _PATIENCE_S):
                if pool == "requests":
                    async with database.connection() as connection:
                        await connection.execute(_SELECT)
                else:
                    lend = database.reading if pool == "readers" else database.writing
                    async with lend() as driver:
                        await driver.fetchval("SELECT 1")
        except TimeoutError:
            idle_s = time.monotonic() - database.ledger.last_return[pool]
            if database.is_full(pool) and idle_s < database.longest_statement_s + _PATIENCE_S:
                return None
            return "no connection to be had"
        except PASSING_ERRORS as error:
            return type(error).__name__
        except sa.exc.SQLAlchemyError as error:
            return type(error).__name__
        return None
