"""Alembic's entry: one transaction for all pending migrations, under a lock timeout, one node at a time."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy.pool import NullPool

from ohmatdyt.core import driver

MIGRATION_LOCK = 731900000


def migrate(connection: sa.Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=False)
    with context.begin_transaction():
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        # A migration waits a little for the people at work and then gives up; they never wait for it.
        connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
        context.run_migrations()


async def run(url: str) -> None:
    engine = driver.engine(url, options={}, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(run(context.config.attributes["url"]))
