"""Bring a database to the schema this version of the program needs."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from ohmatdyt.core import driver, roles, schema
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.schema import NewerSchemaError, Schema

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"

# A migration waits this long for its tables and then lets everybody go on; below `deadlock_timeout` (1 s), so that of
# two who wait for each other it is never a person who is sent away. Each attempt is a little more patient: only who has
# waited longer than that moves a running autovacuum out of the way.
_LOCK_PATIENCE_MS = (200, 200, 200, 200, 400, 400, 400, 700, 700, 700, 900, 900, 1200)
_GIVE_UP_AFTER_S = 120.0
_IN_THE_WAY = {"55P03", "40P01"}


def _config(url: str = "", lock_patience_ms: int = 200) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes.update(url=url, lock_patience_ms=lock_patience_ms)
    return config


def head_revision() -> str:
    """The schema version this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def look(url: str) -> Schema:
    """The schema of the database at that address, beside the one this program wants."""
    script = ScriptDirectory.from_config(_config())
    connection = await driver.direct(url)
    try:
        known = {one.revision for one in script.walk_revisions()}
        return await schema.look(connection, known, script.get_current_head() or "")
    finally:
        await connection.close()


async def upgrade(
    url: str,
    *,
    app_url: str | None = None,
    revision: str = "head",
    tell: Callable[[str], None] = lambda _: None,
) -> Schema:
    """Run every pending migration, each in a transaction of its own, and give the application (which signs in with
    `app_url`, or with the same address) its rights.

    Safe to call from several nodes at once (one works, the rest wait and find nothing to do) and while people work:
    whoever is in the way is waited for in short turns. Raises what the database raises; what is done stays done.
    `tell` hears what the database's administrator has to do, if there is something.

    A newer schema is left as it is when it says that this program may work on it, so that one may go a step back;
    otherwise `NewerSchemaError`. An address that is not the owner's can only find everything done; otherwise
    `OperationError`. Returns what was there before.
    """
    found = await look(url)
    if found.state == "newer":
        if not found.is_usable:
            raise NewerSchemaError(found.refusal())
        return found
    if found.state != "empty" and not await roles.owns(url):
        if found.state == "current":
            return found
        raise OperationError(
            f"База має старішу схему ({found.revision}), а DATABASE_URL входить роллю, яка схеми не змінює: "
            "виконайте ohmatdyt migrate з MIGRATION_DATABASE_URL власника бази."
        )
    if found.state != "current" or revision != "head":
        await _run(url, revision)
    if revision == "head":
        advice = await roles.ensure(url, app_url)
        if advice:
            tell(advice)
    return found


async def _run(url: str, revision: str) -> None:
    deadline, attempt = time.monotonic() + _GIVE_UP_AFTER_S, 0
    while True:
        patience_ms = _LOCK_PATIENCE_MS[min(attempt, len(_LOCK_PATIENCE_MS) - 1)]
        try:
            await asyncio.to_thread(command.upgrade, _config(url, patience_ms), revision)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _IN_THE_WAY or time.monotonic() > deadline:
                raise
        except asyncpg.PostgresError as error:
            if error.sqlstate not in _IN_THE_WAY or time.monotonic() > deadline:
                raise
        else:
            return
        attempt += 1
        await asyncio.sleep(random.uniform(0.05, 0.4))  # noqa: S311 — only so as not to meet the same people again
