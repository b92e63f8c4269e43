"""Migrations meet people at work: both get what they came for."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from ohmatdyt.core import driver, migrate
from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.platform.processes import OHMATDYT, environment

FIRST = "20261122"  # the day on which the database was empty everywhere
BEFORE = "20261126_message_ids"  # what follows it takes notifications, cases and users

PERSON = """
INSERT INTO users (id, username, email, full_name, full_name_sort, role, is_active, created_at, updated_at)
VALUES ($1, 'a-person', 'a@example.org', 'А', 'a', 'OPERATOR', true, now(), now())
"""
NAMED = """
INSERT INTO {} (id, name, name_key, name_sort, created_at, updated_at) VALUES ($1, 'А', 'a', 'a', now(), now())
"""
CASE = """
INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at,
                   last_status_change_at, applicant_name, applicant_name_sort, summary)
VALUES ($1, $2, $3, $3, $3, 'NEW', now(), now(), now(), 'А', 'a', 'Текст')
"""
NOTIFICATION = """
INSERT INTO notifications (id, recipient_id, case_id, type, created_at, mail_status)
VALUES ($1, $2, $3, 'NEW_CASE', now(), 'SKIPPED')
"""
STRONG = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")


@pytest.fixture
async def url(migrated: tuple[EmbeddedPostgres, str]) -> AsyncIterator[str]:
    """An empty database."""
    server, _ = migrated
    name = f"old_{secrets.token_hex(4)}"
    root = await driver.connect(server.url())
    await root.execute(f"CREATE DATABASE {name}")
    yield server.url(database=name)
    await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await root.close()


def _later() -> list[Any]:
    scripts = ScriptDirectory.from_config(migrate._config())
    return [one for one in scripts.walk_revisions() if not one.revision.startswith(FIRST)]


@pytest.mark.parametrize("script", _later(), ids=lambda one: one.revision)
async def test_a_migration_of_several_tables_takes_them_all_at_its_beginning(url: str, script: Any) -> None:
    await migrate.upgrade(url, revision=script.down_revision)
    engine = driver.engine(url, options={})

    def walk(connection: sa.Connection) -> tuple[dict[str, int], dict[str, int]]:
        there = set(
            connection.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        )
        if locks := getattr(script.module, "LOCKS", None):
            connection.exec_driver_sql(locks)
        first = _strong_locks(connection)
        with Operations.context(MigrationContext.configure(connection)):
            script.module.upgrade()
        return first, {table: mode for table, mode in _strong_locks(connection).items() if table in there}

    async with engine.connect() as connection:
        first, last = await connection.run_sync(walk)
    await engine.dispose()
    # Of one table alone nobody can be sent round in a circle.
    assert last == first or len(last) < 2, (
        "upgrade() must begin with LOCKS, one LOCK TABLE of all it locks later"
    )


def _strong_locks(connection: sa.Connection) -> dict[str, int]:
    """The tables locked against writers, each with its strongest mode."""
    rows = connection.execute(
        sa.text(
            "SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        )
    )
    found: dict[str, int] = {}
    for table, mode in rows:
        if mode in STRONG:
            found[table] = max(found.get(table, 0), STRONG.index(mode))
    return found


@dataclass
class Writers:
    """People who register: each in a transaction of two statements, as one with a file is."""

    url: str
    acknowledged: list[Any] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    done: bool = False

    async def some(self) -> None:
        """Return when they have registered some more, or one of them could not."""
        wanted = len(self.acknowledged) + 20
        while len(self.acknowledged) < wanted and not self.failures:  # noqa: ASYNC110 — of other tasks
            await asyncio.sleep(0.01)

    async def write(self, directory: Any) -> None:
        # A person's own limits; patience with a busy machine is not what is looked at here.
        limits = {"lock_timeout": "10000", "statement_timeout": "20000"}
        connection = await driver.connect(self.url, server_settings=limits)
        while not self.done:
            case = uuid4()
            try:
                async with connection.transaction():
                    number = await connection.fetchval("SELECT nextval('case_number')")
                    await connection.execute(CASE, case, 100_000 + number, directory)
                    await asyncio.sleep(0.01)
                    await connection.execute(NOTIFICATION, uuid4(), directory, case)
            except asyncpg.PostgresError as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            else:
                self.acknowledged.append(case)
        await connection.close()


async def test_people_go_on_registering_and_the_migration_is_made(url: str, tmp_path: Path) -> None:
    await migrate.upgrade(url, revision=BEFORE)
    owner = await driver.connect(url)
    directory = uuid4()
    await owner.execute(PERSON, directory)
    for table in ("categories", "channels"):
        await owner.execute(NAMED.format(table), directory)
    writers = Writers(url)
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(writers.write(directory))
        try:
            await writers.some()
            # From two machines at once.
            variables = environment(DATABASE_URL=url, DATA_DIR=str(tmp_path))
            other = await asyncio.create_subprocess_exec(*OHMATDYT, "migrate", env=variables)
            await migrate.upgrade(url)
            assert await other.wait() == 0
            await writers.some()
        finally:
            writers.done = True
    assert writers.failures == []
    assert await owner.fetchval("SELECT version_num FROM alembic_version") == migrate.head_revision()
    stored = {row[0] for row in await owner.fetch("SELECT id FROM cases")}
    assert stored == set(writers.acknowledged)
    assert await owner.fetchval("SELECT count(*) FROM notifications") == len(stored)
    await owner.close()
