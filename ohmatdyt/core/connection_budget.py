"""How many connections to PostgreSQL the product may have open at once, counted from what a process opens.

The one place where they are counted: the start of the server, `doctor`, the embedded database and the tests that
compare compose.yml, scripts/update.sh and docs/operations.md with the program all ask here.
"""

from typing import Final

from ohmatdyt.core import driver
from ohmatdyt.core.leases import POOLS
from ohmatdyt.core.settings import Settings

EXPORTS_AT_ONCE: Final = 2
"""How many long exports a process makes at a time, each on a dedicated connection."""

_LISTENER, _PROBE, _ANNOUNCEMENTS = 1, 1, 1
# Beside the processes: doctor, a backup (its snapshot, pg_dump, its role's look), an administrator's psql.
COMMANDS: Final = 5
# What PostgreSQL keeps for superusers unless told otherwise; the embedded one is not.
_KEPT_BACK: Final = 3
TIGHT: Final = 0.8
"""The share of what the server accepts from which on administrators are warned."""

# Roles and databases may have limits of their own (-1: none), narrower than the server's.
_ACCEPTED = """
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
)
"""


def of_delivery(settings: Settings) -> int:
    """What the delivery of letters opens: a connection for each letter in hand, one for announcements."""
    return settings.mail_connections + _ANNOUNCEMENTS


def of_process(settings: Settings) -> int:
    """The most one process that answers requests may have open. Schedule and pool watch borrow from its pools; with
    REDIS_URL letters are the worker's."""
    own = len(POOLS) * settings.database_pool_size + _LISTENER + _PROBE + EXPORTS_AT_ONCE
    return own if settings.redis_url else own + of_delivery(settings)


def of_worker(settings: Settings) -> int:
    """The most one `ohmatdyt worker` may have open."""
    return settings.database_pool_size + _ANNOUNCEMENTS + of_delivery(settings)


def of_server(settings: Settings) -> int:
    """The most `ohmatdyt serve` may have open with all its processes."""
    return settings.workers * of_process(settings)


def embedded_limit(settings: Settings) -> int:
    """With what `max_connections` the embedded database serves these settings."""
    return of_server(settings) + COMMANDS + _KEPT_BACK


async def accepted(url: str) -> int:
    """How many connections the server at the address leaves to its role. Raises what `driver.connect` raises."""
    connection = await driver.connect(url)
    try:
        return int(await connection.fetchval(_ACCEPTED))
    finally:
        await connection.close()


def shortage(settings: Settings, at_most: int) -> str | None:
    """One sentence when the server may open more than the database accepts, None when all fit."""
    if of_server(settings) <= at_most:
        return None
    return (
        f"{sums(settings, at_most)}: збільште max_connections на сервері бази або зменште WORKERS чи "
        "DATABASE_POOL_SIZE."
    )


def tightness(settings: Settings, at_most: int) -> str | None:
    """One sentence when all fit, and leave little to others."""
    if not TIGHT * at_most < of_server(settings) <= at_most:
        return None
    return f"{sums(settings, at_most)}, понад {TIGHT:.0%}: на worker, копії та інші програми лишається мало."


def sums(settings: Settings, at_most: int) -> str:
    """What the server may open, how that is made up, and what the database accepts."""
    return (
        f"Програма може відкрити {of_server(settings)} з'єднань з базою (процесів WORKERS: {settings.workers}, "
        f"по {of_process(settings)} на кожен), а база приймає {at_most}"
    )
