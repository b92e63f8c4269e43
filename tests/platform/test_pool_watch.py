"""A pool that cannot serve is seen by health and metrics, and is renewed without anybody's doing."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.core.db import Database
from ohmatdyt.core.pool_watch import PoolWatch
from tests.platform.test_clean_pools import LENDS, pools

_kept: list[Any] = []


async def _metric(client: httpx.AsyncClient, name: str) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return float(next((line.split(" ")[1] for line in lines if line.startswith(f"{name} ")), 0))


async def _all_of(database: Database, pool: str) -> list[Any]:
    """Every connection the pool may have, kept after they were given back."""
    got: list[Any] = []
    async with AsyncExitStack() as stack:
        for _ in range(10):
            own = await stack.enter_async_context(LENDS[pool](database))
            got.append(getattr(own, "_con", own))
    return got


async def _until(condition: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 — what is waited for is found by looking
            await asyncio.sleep(0.05)


@pools
async def test_a_poisoned_pool_is_renewed(app: FastAPI, client: httpx.AsyncClient, pool: str) -> None:
    database: Database = app.state.database
    unclean = f'ohmatdyt_database_connections_unclean_total{{left="transaction",pool="{pool}"}}'
    before = await _metric(client, unclean)
    poisoned = await _all_of(database, pool)
    assert len(set(poisoned)) == 10
    for connection in poisoned:
        # Past everything that looks at statements, as a function of an extension could.
        await asyncpg.Connection.execute(connection, "SET statement_timeout = 1; SET lock_timeout = 1; BEGIN")
    await _until(lambda: all(connection.is_closed() for connection in poisoned), 5)
    health = await client.get("/readyz")
    assert (health.status_code, health.json()["checks"]["pools"]) == (200, "ok")
    assert await _metric(client, unclean) - before == 10


async def _abandoned(database: Database, pool: str) -> AsyncGenerator[int]:
    async with LENDS[pool](database) as own:
        yield await own.fetchval("SELECT pg_backend_pid()")


@pools
async def test_connections_of_generators_nobody_closes_come_back(
    app: FastAPI, client: httpx.AsyncClient, pool: str
) -> None:
    database: Database = app.state.database

    renewed = f'ohmatdyt_database_pool_renewed_total{{pool="{pool}"}}'
    before = await _metric(client, renewed)

    async def begin() -> None:
        generator = _abandoned(database, pool)
        await anext(generator)
        _kept.append(generator)

    await asyncio.gather(*(asyncio.create_task(begin()) for _ in range(10)))
    try:
        assert database.is_full(pool)
        await _until(lambda: not database.is_full(pool), 5)
        async with LENDS[pool](database) as own:
            assert await own.fetchval("SELECT 1") == 1
        assert await _metric(client, renewed) - before == 10
    finally:
        for generator in _kept:
            async with aclosing(generator):
                pass
        _kept.clear()
    async with LENDS[pool](database):
        assert not database.is_full(pool)


async def test_a_pool_that_does_not_serve_is_not_ready(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch: PoolWatch = app.state.pool_watch
    database: Database = app.state.database
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(database.reading())
        # They have been out for longer than any statement may take.
        monkeypatch.setattr(database, "longest_statement_s", 0.0)
        await _until(lambda: not watch.serves["readers"])
        for path in ("/healthz", "/readyz"):
            health = await client.get(path)
            assert (health.status_code, health.json()["checks"]["pools"]) == (503, "down")
            assert health.json()["checks"]["database"] == "ok"
        assert await _metric(client, 'ohmatdyt_database_pool_serves{pool="readers"}') == 0
    await _until(lambda: watch.serves["readers"])
    assert (await client.get("/readyz")).status_code == 200
    assert await _metric(client, 'ohmatdyt_database_pool_serves{pool="readers"}') == 1
