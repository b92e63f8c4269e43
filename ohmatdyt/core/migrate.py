"""Bring a database to the schema this version of the program needs."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from ohmatdyt.core import driver

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def _config(url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = url
    return config


def head_revision() -> str:
    """The schema version this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def upgrade(url: str) -> None:
    """Run every pending migration in one transaction. Safe to call from several nodes at once: one works, the rest
    wait and find nothing to do. Raises what the database raises; then nothing has changed."""
    await (await driver.direct(url)).close()
    await asyncio.to_thread(command.upgrade, _config(url), "head")


async def current_revision(connection: AsyncConnection) -> str | None:
    """The schema version of the database behind this connection; None for an empty one."""

    def read(sync: sa.Connection) -> str | None:
        return MigrationContext.configure(sync).get_current_revision()

    return await connection.run_sync(read)
