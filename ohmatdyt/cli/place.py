"""Where a command works: settings, and a database that is reached or started for its duration."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ohmatdyt.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database


def say(text: str) -> None:
    """Tell the person at the terminal what is going on; results go to stdout, this does not."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def place(data_dir: Path | None, *, migrated: bool = True) -> Iterator[Settings]:
    """Settings with a database that answers: the configured one, the running embedded one, or one started now."""
    from ohmatdyt.core import log

    settings = load_settings(data_dir=data_dir)
    log.configure(level="warning", json=settings.json_logs)
    if not settings.embedded:
        if migrated:
            upgrade(settings)
        yield settings
        return
    from ohmatdyt.core.embedded import borrowed

    with borrowed(settings.data_dir, say=say) as url:
        connected = settings.connected(url)
        if migrated:
            upgrade(connected)
        yield connected


def upgrade(settings: Settings) -> None:
    """Bring the database of the settings to the present schema."""
    from ohmatdyt.core import migrate

    asyncio.run(migrate.upgrade(str(settings.database_url)))


def settle(settings: Settings) -> None:
    """Take the folders of the settings over, or refuse another installation's; says what is wrong with a folder that
    is neither. The database must have the present schema."""
    from ohmatdyt import ownership

    async def look() -> None:
        async with opened(settings) as database:
            await ownership.settle(database, settings, tell=say)

    asyncio.run(look())


@asynccontextmanager
async def opened(settings: Settings) -> "AsyncIterator[Database]":
    """The database of the settings, closed after the block."""
    from ohmatdyt.core.db import Database

    database = await Database.open(settings)
    try:
        yield database
    finally:
        await database.close()
