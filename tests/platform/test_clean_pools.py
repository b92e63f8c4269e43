"""A connection goes to the next borrower as it was lent to the one before, or not at all."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database, raw

Lend = Callable[[Database], AbstractAsyncContextManager[Any]]


@asynccontextmanager
async def _request(database: Database) -> AsyncIterator[Any]:
    async with database.connection() as connection:
        yield await raw(connection)


LENDS: dict[str, Lend] = {
    "requests": _request,
    "readers": lambda database: database.reading(),
    "writers": lambda database: database.writing(),
}
pools = pytest.mark.parametrize("pool", LENDS)


@pools
@pytest.mark.parametrize(
    ("left", "statements"),
    [
        ("transaction", ["BEGIN"]),
        ("transaction", ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1"]),
        ("transaction", ["BEGIN", "SELECT 1/0"]),
        ("session", ["SET statement_timeout = 1"]),
        ("session", ["SELECT 1; SET search_path = pg_catalog"]),
        ("session", ["SELECT set_config('timezone', 'Europe/Kyiv', false)"]),
        ("session", ["CREATE TEMP TABLE cases (id int)"]),
        ("session", ["RESET ROLE"]),
    ],
)
async def test_what_is_left_behind_does_not_reach_the_next(
    database: Database, pool: str, left: str, statements: list[str]
) -> None:
    async with LENDS[pool](database) as own:
        before = await own.fetchval("SELECT pg_backend_pid()")
        for statement in statements:
            run = own.execute if ";" in statement or "BEGIN" in statement else own.fetch
            with suppress(asyncpg.PostgresError):  # a failed transaction, too, is something left behind
                await run(statement)
    async with LENDS[pool](database) as own:
        assert await own.fetchval("SELECT pg_backend_pid()") != before
        assert await own.fetchval("SELECT current_setting('statement_timeout')") == "10s"
        assert not own.is_in_transaction()
    assert database.ledger.unclean[pool, left] == 1


@pools
async def test_what_somebody_does_after_giving_back_does_not_reach_the_next(
    database: Database, pool: str
) -> None:
    async with LENDS[pool](database) as own:
        kept: Any = getattr(own, "_con", own)  # behind the stand-in, which the pool makes useless
    await kept.execute("BEGIN")
    async with LENDS[pool](database) as own:
        assert not own.is_in_transaction()
        await own.fetchval("SELECT 1")
    assert kept.is_closed()


@pools
async def test_what_belongs_to_a_transaction_ends_nothing(database: Database, pool: str) -> None:
    seen = set()
    for _ in range(3):
        async with LENDS[pool](database) as own:
            seen.add(await own.fetchval("SELECT pg_backend_pid()"))
            async with own.transaction():
                await own.execute("SET LOCAL statement_timeout = 500; SET LOCAL lock_timeout = 100")
            await own.keep_plans(keep=True)
            await own.fetch("SELECT ARRAY[1, 2], 'SET x = 1', now()")
            await own.keep_plans(keep=False)
    assert len(seen) == 1
    assert not database.ledger.unclean


async def test_sqlalchemys_own_statements_are_looked_at_too(database: Database) -> None:
    async with database.unit_of_work() as session:
        before = await session.scalar(sa.text("SELECT pg_backend_pid()"))
        await session.execute(sa.text("SET statement_timeout = 7000"))
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT pg_backend_pid()")) != before
        assert await session.scalar(sa.text("SELECT current_setting('statement_timeout')")) == "10s"
