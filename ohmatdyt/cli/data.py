"""`seed`, `migrate`, `openapi`: commands about data and its shape."""

import asyncio
import sys
from pathlib import Path

from ohmatdyt.cli.place import opened, place, say, settle
from ohmatdyt.core.settings import Settings


def seed(*, cases: int, data_dir: Path | None) -> int:
    """Fill the database with data for measurements."""
    with place(data_dir, creating=True) as settings:
        settle(settings)
        asyncio.run(_seed(settings, cases))
    return 0


async def _seed(settings: Settings, cases: int) -> None:
    from ohmatdyt import seed as seeding

    async with opened(settings, as_owner=True) as database:
        await seeding.run(database, cases=cases, say=say)


def migrate(*, data_dir: Path | None) -> int:
    """Bring the schema up to date and say so."""
    with place(data_dir, creating=True) as settings:
        settle(settings)
        say("Схема бази оновлена.")
    return 0


def openapi(*, out: Path | None) -> int:
    """Write the contract; the same code always gives the same bytes, so a stale file shows in a comparison."""
    import json

    from ohmatdyt.app import openapi as describe

    text = json.dumps(describe(), ensure_ascii=False, indent=1, sort_keys=False) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
    return 0
