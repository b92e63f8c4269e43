"""Counting what is in a database, so that a copy can be compared with its original."""

import hashlib
from typing import TypeAlias

from ohmatdyt.backup.manifest import Census
from ohmatdyt.core import driver

Connection: TypeAlias = driver.Traced


async def connect(url: str) -> Connection:
    """A connection without the limits that hold for people's requests."""
    limits = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "timezone": "UTC"}
    return await driver.connect(
        url, timeout=10, server_settings={**limits, "application_name": "ohmatdyt backup"}
    )


async def tables(connection: Connection) -> list[str]:
    """The names of all tables, in order."""
    found = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
    )
    return [row[0] for row in found]


async def take(connection: Connection) -> dict[str, Census]:
    """Rows and content of every table, as the connection's transaction sees them."""
    counted = {}
    for table in await tables(connection):
        # Sixty bits of each row's MD5, added up: the same whatever order the rows lie in.
        row = await connection.fetchrow(
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"  # noqa: S608 — own names
            f' FROM "{table}" AS t'
        )
        assert row is not None
        counted[table] = Census(rows=row[0], content=f"{int(row[1]):x}")
    return counted


async def key_digest(connection: Connection) -> str:
    """A digest of the key behind the case numbers: losing it would give out numbers a second time."""
    key = await connection.fetchval("SELECT public_id_key FROM installation")
    return hashlib.sha256(bytes(key)).hexdigest()
