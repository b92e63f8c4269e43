"""Alembic's entry: one transaction for each pending migration, under a lock timeout, one node at a time."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy.pool import NullPool

from ohmatdyt.core import driver

MIGRATION_LOCK = 731900000


def migrate(connection: sa.Connection) -> None:
    # Held by the session, so over all of them; it is let go with the connection.
    connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def _wait_little(connection: sa.Connection) -> None:
    # The first statement of each transaction, which the driver begins only with it: what a migration hands to the
    # driver itself would stand outside.
    patience_ms = int(context.config.attributes["lock_patience_ms"])
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{patience_ms}ms'")
    # Who may, sees a deadlock before a person does, and moves a running autovacuum aside at once.
    connection.exec_driver_sql(
        "SELECT set_config('deadlock_timeout', '100ms', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
    )


async def run(url: str) -> None:
    engine = driver.engine(url, options={}, poolclass=NullPool)
    sa.event.listen(engine.sync_engine, "begin", _wait_little)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


asyncio.run(run(context.config.attributes["url"]))
