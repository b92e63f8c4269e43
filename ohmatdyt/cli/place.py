"""Where a command works: settings, and a database that is reached or started for its duration."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.core.dsn import Dsn
from ohmatdyt.core.settings import Settings, found_file, load_settings, misspelt_names

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database

_PATIENCE_S = 2.0


def say(text: str) -> None:
    """Tell the person at the terminal what is going on; results go to stdout, this does not."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def place(data_dir: Path | None, *, creating: bool = False) -> Iterator[Settings]:
    """Settings with a database that answers: the configured one, the running embedded one, or one started now.

    `creating` commands make a database that is missing and bring its schema up to date. The others never make one: a
    command typed in the wrong folder would answer for an installation that did not exist a moment ago.
    """
    from ohmatdyt.core import log

    settings = load_settings(make_key=creating, data_dir=data_dir)
    introduce(settings)
    log.configure(level="warning", json=settings.json_logs)
    if not settings.embedded:
        if creating:
            upgrade(settings)
        yield settings
        return
    from ohmatdyt.core.embedded import borrowed

    if not creating:
        _require_cluster(settings)
    with borrowed(settings.data_dir, say=say) as url:
        connected = settings.connected(url)
        if creating:
            upgrade(connected)
        yield connected


def introduce(settings: Settings) -> None:
    """Say which installation the command speaks to, and which variables nobody will read."""
    from ohmatdyt.core import installation, version

    if settings.embedded:
        folder = settings.data_dir.expanduser().resolve()
        own = None
        with suppress(OSError, installation.NotOurFolderError):
            own = installation.owner(folder)
        where, who = f"дані в {folder}", installation.short(own) if own else "ще без номера"
    else:
        where, who = _place_of(str(settings.database_url)), asyncio.run(_asked(settings))
    say(
        f"Ohmatdyt CRM {version.PROGRAM}, установка {who}: {where}; "
        f"налаштування з {found_file() or 'змінних середовища'}."
    )
    for name, meant in misspelt_names().items():
        say(f"Увага: змінної {name} програма не знає; можливо, це {meant}.")


def _place_of(url: str) -> str:
    dsn = Dsn.parse(url)
    return f"база {dsn.database} на {', '.join(host for host, _ in dsn.hosts)}"


async def _asked(settings: Settings) -> str:
    """The short id from the database; what is wrong with it the command itself finds out."""
    from ohmatdyt.core import driver, installation

    try:
        async with asyncio.timeout(_PATIENCE_S):
            connection = await driver.direct(str(settings.database_url))
            try:
                found = await connection.fetchval(installation.OWN_ID)
            finally:
                await connection.close()
    except Exception:  # noqa: BLE001 — no database, an empty one, no right to it: only a line of greeting
        return "невідома"
    return str(found)[:8] if found else "невідома"


def _require_cluster(settings: Settings) -> None:
    folder = settings.data_dir.expanduser().resolve()
    if not (folder / "postgres").is_dir():
        raise CommandError(
            f"У теці {folder} бази немає, і ця команда її не створює. Вкажіть теку роботи (--data-dir або DATA_DIR), "
            "базу (DATABASE_URL) чи файл налаштувань (OHMATDYT_ENV); нову установку створює ohmatdyt serve або migrate."
        )


def require_schema(settings: Settings, *, older: bool = False) -> None:
    """Raise unless the database has a schema this program may work on, or `older` one where that does no harm; for
    commands that do not bring it up to date."""
    from ohmatdyt.core import migrate

    found = asyncio.run(migrate.look(str(settings.database_url)))
    if found.is_usable or (older and found.state == "older"):
        return
    if found.state == "newer":
        raise CommandError(found.refusal())
    what = "порожня" if found.state == "empty" else f"має давнішу схему ({found.revision})"
    raise CommandError(f"База {what}: якщо це та база, виконайте спершу: ohmatdyt migrate")


def require_connections(settings: Settings) -> None:
    """Refuse a start whose processes could not all open what they may: under load people would be told so, one by
    one, and `doctor` and the backup with them."""
    from ohmatdyt.core import connection_budget

    accepted = asyncio.run(connection_budget.accepted(str(settings.database_url)))
    if refusal := connection_budget.shortage(settings, accepted):
        raise CommandError(refusal)
    if warning := connection_budget.tightness(settings, accepted):
        say(f"Увага: {warning}")


def upgrade(settings: Settings) -> None:
    """Bring the database of the settings to the present schema; one that a newer program has made stays as it is."""
    from ohmatdyt.core import migrate, version

    found = asyncio.run(migrate.upgrade(settings.owner_url, app_url=settings.database_url, tell=say))
    if found.state == "empty":
        say("База була порожня: створено нову установку.")
    if found.state == "newer":
        say(
            f"Схема бази ({found.revision}) новіша за програму {version.PROGRAM}, але програма може з нею працювати."
        )


def settle(settings: Settings) -> None:
    """Take the folders of the settings over, or refuse another installation's; says what is wrong with a folder that
    is neither. The database must have the present schema."""
    from ohmatdyt import ownership

    async def look() -> None:
        async with opened(settings) as database:
            await ownership.settle(database, settings, tell=say)

    asyncio.run(look())


@asynccontextmanager
async def opened(settings: Settings, *, as_owner: bool = False) -> "AsyncIterator[Database]":
    """The database of the settings, closed after the block."""
    from ohmatdyt.core.db import Database

    database = await Database.open(settings, settings.owner_url if as_owner else None)
    try:
        yield database
    finally:
        await database.close()
