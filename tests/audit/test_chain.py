"""The journal cannot be rewritten unnoticed."""

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.audit import service as audit
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import jobs


async def _entries(database: Database, number: int) -> None:
    for i in range(number):
        async with database.unit_of_work() as session:
            await audit.record(
                session, None, "thing.done", object_type="thing", object_id=i, details={"n": i}
            )


async def _seal(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await audit.seal(session)


async def _report(database: Database) -> audit.ChainReport:
    async with database.unit_of_work() as session:
        return await audit.verify_chain(session)


async def _as_owner(database_url: str, statement: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(f"SET session_replication_role = replica; {statement}")
    finally:
        await connection.close()


async def test_entries_are_chained_once_and_verify(database: Database) -> None:
    await _entries(database, 5)
    assert (await _report(database)).waiting == 5
    assert await _seal(database) == 5
    assert await _seal(database) == 0
    await _entries(database, 2)
    assert await _seal(database) == 2
    assert await _report(database) == audit.ChainReport(checked=7, waiting=0, broken_at=None)


async def test_one_run_of_the_job_chains_however_much_waits(database: Database, settings: Settings) -> None:
    written = (
        "INSERT INTO audit_log (at, action, object_type, object_id, outcome, details)"
        " SELECT now(), 'thing.done', 'thing', n::text, 'done', '{}' FROM generate_series(1, 5432) n"
    )
    async with database.unit_of_work() as session:
        await session.execute(sa.text(written))
    (sealing,) = [job for job in jobs(settings) if job.name == "seal_journal"]
    assert await run_due(database, [sealing], settings.zone) == ["seal_journal"]
    assert await _report(database) == audit.ChainReport(checked=5432, waiting=0, broken_at=None)


@pytest.mark.parametrize(
    ("forgery", "position"),
    [
        ("UPDATE audit_log SET action = 'thing.hidden' WHERE object_id = '2'", 3),
        ("UPDATE audit_log SET at = at + interval '1 second' WHERE object_id = '0'", 1),
        ("UPDATE audit_chain SET position = 9 WHERE position = 4", 4),
        ("DELETE FROM audit_chain WHERE position = 5", 5),
        (
            "INSERT INTO audit_log VALUES (nextval('audit_log_number'), now(), NULL, 'thing.invented', '', '', 'done')",
            6,
        ),
    ],
    ids=["changed text", "changed time", "moved", "cut off the end", "slipped in"],
)
async def test_a_forgery_is_found_at_its_place(
    database: Database, database_url: str, forgery: str, position: int
) -> None:
    await _entries(database, 5)
    await _seal(database)
    await _as_owner(database_url, forgery)
    assert (await _report(database)).broken_at == position


@pytest.mark.parametrize("table", ["audit_log", "audit_chain", "case_events"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_the_application_cannot_rewrite_history(database: Database, table: str, statement: str) -> None:
    from sqlalchemy.exc import DBAPIError

    column = {"audit_log": "action = ''", "audit_chain": "hash = ''", "case_events": "kind = ''"}[table]
    async with database.connection() as connection:
        with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
            await connection.execute(sa.text(statement.format(table, column)))


@pytest.mark.parametrize("table", ["audit_log", "audit_chain", "case_events"])
async def test_even_the_owner_is_stopped_by_the_triggers(database_url: str, table: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(f"DELETE FROM {table}")
    finally:
        await connection.close()
