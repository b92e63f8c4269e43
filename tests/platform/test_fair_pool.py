"""Connections are given out in the order in which they were asked for."""

import asyncio
import random
from contextlib import nullcontext

import pytest

from ohmatdyt.core.db import Database
from ohmatdyt.core.leases import Lease
from ohmatdyt.core.settings import Settings

REQUESTS = 600


async def _overtaken(database: Database) -> int:
    """How many requests got their connection before one that had asked earlier, when too many come."""
    chance = random.Random(1)
    overtaken = 0
    waiting: list[int] = []

    async def ask(mine: int) -> None:
        nonlocal overtaken
        await asyncio.sleep(chance.random() * 0.1)
        waiting.append(mine)
        async with database.reading() as driver:
            overtaken += mine != waiting[0]
            waiting.remove(mine)
            await driver.fetchval("SELECT 1")

    await asyncio.gather(*(ask(mine) for mine in range(REQUESTS)))
    return overtaken


async def test_who_waits_longest_is_next(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    few = settings.model_copy(update={"database_pool_size": 1, "database_pool_timeout_s": 30.0})
    database = await Database.open(few)
    try:
        assert await _overtaken(database) == 0
        # The pool alone lets them overtake each other, or this test would say nothing.
        monkeypatch.setattr(database, "_turn", lambda pool: nullcontext(Lease(pool)))
        assert await _overtaken(database) > 0
    finally:
        await database.close()
