"""The application's own session, in the hands of somebody who means harm: what the journal says stays as it is."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.audit import service as audit
from ohmatdyt.backup import census
from ohmatdyt.cli import doctor
from ohmatdyt.cli.place import opened as open_place
from ohmatdyt.core import driver, migrate
from ohmatdyt.core.db import Database
from ohmatdyt.core.embedded import EmbeddedPostgres, as_application
from ohmatdyt.core.settings import Settings, load_settings

FORBIDDEN = [
    "UPDATE audit_log SET action = 'thing.hidden'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log CASCADE",
    "INSERT INTO audit_chain VALUES (99, 1, '', '')",
    "UPDATE audit_chain SET hash = ''",
    "DELETE FROM audit_chain",
    "DELETE FROM audit_pending",
    "INSERT INTO audit_pending VALUES (1)",
    "TRUNCATE audit_pending",
    "SELECT audit_seal(ARRAY[1, 1], ARRAY[''::bytea, ''::bytea])",
    "SELECT audit_seal('{999999}', ARRAY[''::bytea])",
    "SELECT nextval('audit_log_number')",
    "SELECT setval('audit_log_number', 1)",
    "UPDATE case_events SET kind = ''",
    "DELETE FROM case_events",
    "UPDATE installation SET public_id_key = ''",
    "DELETE FROM installation",
    "UPDATE alembic_version SET version_num = 'none'",
    "ALTER TABLE audit_log DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_log_append_only ON audit_log",
    "DROP TABLE audit_log CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE mine (id int)",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
    "CREATE ROLE stronger SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET session_replication_role = replica",
    "COPY audit_log TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
]
WAYS_BACK = ["RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION", "RESET ALL", "DISCARD ALL"]
NOT_OPEN = ["SET ROLE postgres", "SET SESSION AUTHORIZATION postgres", "SET ROLE pg_database_owner"]


@dataclass(frozen=True, slots=True)
class Roles:
    """A database of its own, and the address of the application for it."""

    owner: str
    app: str


@pytest.fixture(params=["the role itself", "a member of it"])
async def roles(
    request: pytest.FixtureRequest, migrated: tuple[EmbeddedPostgres, str]
) -> AsyncIterator[Roles]:
    """Both ways in which an installation signs in: the embedded one as the role, others as a member."""
    server, _ = migrated
    name = f"rights_{secrets.token_hex(4)}"
    owner = server.url(database=name)
    await _as_root(server, f"CREATE DATABASE {name}")
    app = as_application(owner)
    if request.param == "a member of it":
        app = owner.replace("://postgres@", f"://{name}:a-secret@")
    assert await _advice(owner, app) == []
    yield Roles(owner, app)
    await _as_root(server, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE IF EXISTS {name}")


async def _advice(owner: str, app: str | None) -> list[str]:
    """What migrate says that is left to do."""
    said: list[str] = []
    await migrate.upgrade(owner, app_url=app, tell=said.append)
    return said


async def _as_root(server: EmbeddedPostgres, *statements: str) -> None:
    root = await driver.connect(server.url())
    for statement in statements:
        await root.execute(statement)
    await root.close()


@pytest.fixture
async def opened(roles: Roles, tmp_path: Path) -> AsyncIterator[Database]:
    settings = load_settings(app_env="test", database_url=roles.app, data_dir=tmp_path)
    database = await Database.open(settings)
    yield database
    await database.close()


async def _refused(connection: Any, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await connection.execute(statement)


async def test_no_forbidden_statement_passes_whatever_the_session_makes_of_itself(opened: Database) -> None:
    async with opened.unit_of_work() as session:
        await audit.record(session, None, "thing.done")
    async with opened.writing() as lent:
        for statement in NOT_OPEN:
            await _refused(lent, statement)
        for way in ["SELECT 1", *WAYS_BACK]:
            await lent.execute(way)
            for statement in FORBIDDEN:
                await _refused(lent, statement)
    async with opened.unit_of_work() as session:
        assert await audit.seal(session) == 1
        assert await audit.verify_chain(session) == audit.ChainReport(1, 0, None)


async def test_an_entry_has_the_time_and_number_of_its_writing(opened: Database) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for stored in (
        "INSERT INTO audit_log (at, action, outcome) VALUES ($1, 'thing.invented', 'done') RETURNING id, at",
        "INSERT INTO audit_log (id, at, action, outcome) VALUES (-5, $1, 'a.b', 'done') RETURNING id, at",
    ):
        async with opened.writing() as connection:
            row = await connection.fetchrow(stored, past)
            now = await connection.fetchval("SELECT now()")
        assert row is not None
        assert row["id"] > 0
        assert abs((row["at"] - now).total_seconds()) < 60


async def test_a_table_of_the_callers_own_is_not_mistaken_for_the_products(opened: Database) -> None:
    async with opened.connection() as connection:
        for table in ("audit_pending (audit_id bigint)", "audit_chain (position bigint, hash bytea)"):
            await connection.exec_driver_sql(f"CREATE TEMP TABLE {table}")
        await connection.exec_driver_sql("INSERT INTO audit_log (action, outcome) VALUES ('a.b', 'done')")
        assert await connection.scalar(sa.text("SELECT count(*) FROM public.audit_pending")) == 1
        assert await connection.scalar(sa.text("SELECT count(*) FROM pg_temp.audit_pending")) == 0


async def test_what_runs_with_the_owners_rights_looks_in_safe_places_and_is_nobody_elses(
    roles: Roles,
) -> None:
    owner = await driver.connect(roles.owner)
    rows = await owner.fetch(
        "SELECT oid::regprocedure::text AS name, array_to_string(proconfig, ';') AS config,"
        " has_function_privilege('public', oid, 'EXECUTE') AS open, prorettype = 'trigger'::regtype AS trigger"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    await owner.close()
    assert len(rows) >= 6
    for row in rows:
        assert row["config"] == "search_path=pg_catalog, public, pg_temp", row["name"]
        assert row["trigger"] or not row["open"], row["name"]


async def test_rights_that_were_changed_come_back_with_the_next_migrate(roles: Roles) -> None:
    owner = await driver.connect(roles.owner)
    await owner.execute("GRANT DELETE ON audit_log TO ohmatdyt_app; CREATE TABLE later (id int)")
    await owner.execute("REVOKE ALL ON users FROM ohmatdyt_app")
    assert await _advice(roles.owner, roles.app) == []
    for table, right, wanted in (("audit_log", "DELETE", False), ("users", "UPDATE", True)):
        may = "SELECT has_table_privilege('ohmatdyt_app', $1, $2)"
        assert await owner.fetchval(may, table, right) is wanted
    await owner.close()


async def test_a_backup_needs_no_owner(roles: Roles) -> None:
    connection = await census.connect(roles.app)
    assert "audit_log" in await census.take(connection)
    await connection.close()


async def test_the_application_cannot_migrate_but_finds_nothing_to_do(roles: Roles) -> None:
    assert (await migrate.upgrade(roles.app)).state == "current"


async def test_doctor_tells_the_three_apart(roles: Roles, settings: Settings) -> None:
    found = {}
    for url in (roles.app, roles.owner):
        async with open_place(settings.model_copy(update={"database_url": url})) as database:
            found[url] = await doctor._role(database)
    assert found[roles.app].verdict == "ok"
    assert found[roles.owner].verdict == "warning"
    assert "IN ROLE ohmatdyt_app" in found[roles.owner].advice


async def test_an_owner_who_may_make_no_roles_is_told_what_to_ask_for(
    migrated: tuple[EmbeddedPostgres, str],
) -> None:
    server, _ = migrated
    name = f"plain_{secrets.token_hex(4)}"
    url = server.url(name, name)
    await _as_root(server, f"CREATE ROLE {name} LOGIN", f"CREATE DATABASE {name} OWNER {name}")
    try:
        [advice] = await _advice(url, None)
        assert f"GRANT ohmatdyt_app TO {name}" in advice
        [advice] = await _advice(url, server.url(f"{name}_web", name))
        assert f"CREATE ROLE {name}_web LOGIN" in advice
        # As the administrator then does it; the rights are given by the next run.
        await _as_root(server, f"CREATE ROLE {name}_web LOGIN", f"GRANT ohmatdyt_app TO {name}_web")
        assert await _advice(url, server.url(f"{name}_web", name)) == []
        web = await driver.connect(server.url(f"{name}_web", name))
        assert await web.fetchval("SELECT has_table_privilege('cases', 'INSERT')")
        await web.close()
    finally:
        await _as_root(
            server,
            f"DROP DATABASE {name} WITH (FORCE)",
            f"DROP ROLE IF EXISTS {name}_web",
            f"DROP ROLE {name}",
        )
