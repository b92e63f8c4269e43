"""Bring a database to the schema this version of the program needs."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ohmatdyt.core import driver, schema
from ohmatdyt.core.schema import NewerSchemaError, Schema

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def _config(url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = url
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


async def upgrade(url: str) -> Schema:
    """Run every pending migration in one transaction. Safe to call from several nodes at once: one works, the rest
    wait and find nothing to do. Raises what the database raises; then nothing has changed.

    A newer schema is left as it is when it says that this program may work on it, so that one may go a step back;
    otherwise `NewerSchemaError`. Returns what was there before.
    """
    found = await look(url)
    if found.state == "newer":
        if not found.is_usable:
            raise NewerSchemaError(found.refusal())
        return found
    await asyncio.to_thread(command.upgrade, _config(url), "head")
    return found
