"""`create-admin`: the way in when nobody can sign in yet, or nobody can any more."""

import asyncio
import getpass
import sys
from pathlib import Path

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import opened, place, require_schema, say
from ohmatdyt.core.settings import Settings


def create_admin(
    *, username: str, email: str, full_name: str, password: str | None, data_dir: Path | None
) -> int:
    """Add an active ADMIN; the same rules for names and passwords as over HTTP. Without a password it is asked for."""
    if password is None:
        password = _asked_twice()
    if not password:
        raise CommandError("Пароль порожній: передайте його першим рядком стандартного вводу.")
    with place(data_dir) as settings:
        require_schema(settings)
        name = asyncio.run(_create(settings, username, email, full_name, password))
    say(f"Адміністратора {name} створено.")
    return 0


def _asked_twice() -> str:
    if not sys.stdin.isatty():
        raise CommandError("Пароль запитують лише в терміналі: передайте його так: --password-stdin")
    password = getpass.getpass("Пароль: ")
    if getpass.getpass("Ще раз: ") != password:
        raise CommandError("Паролі різні: спробуйте ще раз.")
    return password


async def _create(settings: Settings, username: str, email: str, full_name: str, password: str) -> str:
    from ohmatdyt.accounts.service import admission

    async with opened(settings) as database, database.unit_of_work() as session:
        user = await admission.create_admin(session, username, email, full_name, password)
        return str(user.username)
