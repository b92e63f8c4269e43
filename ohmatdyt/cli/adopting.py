"""`adopt`: say that a folder belongs to this installation, when its marker is missing or names another."""

import asyncio
from pathlib import Path
from uuid import UUID

from ohmatdyt.cli.outcome import CommandError
from ohmatdyt.cli.place import opened, place, require_schema, say
from ohmatdyt.core import installation
from ohmatdyt.core.installation import NotOurFolderError
from ohmatdyt.core.settings import Settings


def adopt(*, folder: Path, data_dir: Path | None) -> int:
    """Write this installation's marker into one of the folders of the settings."""
    from ohmatdyt import ownership

    wanted = folder.expanduser().resolve()
    with place(data_dir) as settings:
        named = {path.expanduser().resolve(): name for path, name in ownership.folders(settings).items()}
        if wanted not in named:
            known = "; ".join(f"{name}: {path}" for path, name in named.items())
            raise CommandError(f"Тека {wanted} не з налаштувань цієї установки ({known}).")
        if not wanted.is_dir():
            raise CommandError(f"Теки {wanted} немає: під'єднайте диск або створіть її.")
        require_schema(settings)
        own = asyncio.run(_own_id(settings))
        before = _before(wanted)
        installation.mark(wanted, own, replace=True)
    say(
        f"{named[wanted]}: тека {wanted} тепер належить установці {installation.short(own)} (була: {before})."
    )
    return 0


async def _own_id(settings: Settings) -> UUID:
    from ohmatdyt import ownership

    async with opened(settings) as database, database.unit_of_work() as session:
        return await ownership.own_id(session)


def _before(folder: Path) -> str:
    try:
        found = installation.owner(folder)
    except NotOurFolderError:
        return "позначка пошкоджена"
    return installation.short(found) if found else "без позначки"
