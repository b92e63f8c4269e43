"""Whose folders the settings name: taken over at the first start, refused when they are another installation's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.backup import belonging
from ohmatdyt.cases import service as cases
from ohmatdyt.core import installation
from ohmatdyt.core.db import Database
from ohmatdyt.core.installation import ForeignFolderError, NotOurFolderError
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import LocalStorage

log = structlog.get_logger(__name__)

MayTake = Callable[[AsyncSession, Path, UUID], Awaitable[bool]]


async def own_id(session: AsyncSession) -> UUID:
    """The id of the installation whose database this is."""
    return UUID(hex=str(await session.scalar(sa.text(installation.OWN_ID))))


async def storage_of(session: AsyncSession, settings: Settings) -> LocalStorage:
    """The attachments of the settings, touched only while the folder belongs to this database."""
    return LocalStorage(settings.media, await own_id(session))


def _log(problem: str) -> None:
    log.error("folder_not_ours", reason=problem)


async def settle(database: Database, settings: Settings, *, tell: Callable[[str], None] = _log) -> UUID:
    """Mark the folders that this installation may take, and give back its id. To be called at every start.

    Raises `ForeignFolderError` when a folder bears another installation's marker. A folder that is neither marked nor
    recognised is left as it is and told of: the desk works without files and backups until somebody looks.
    """
    async with database.unit_of_work() as session:
        own = await own_id(session)
        async for problem in problems(session, settings, own, take=True):
            if isinstance(problem, ForeignFolderError):
                raise problem
            tell(str(problem))
        return own


async def problems(
    session: AsyncSession, settings: Settings, own: UUID, *, take: bool = False
) -> AsyncIterator[NotOurFolderError]:
    """What is wrong with the folders of the settings; with `take` unmarked ones that are ours are marked."""
    for folder, variable, may_take in _folders(settings):
        try:
            state = await asyncio.to_thread(installation.of, folder, own)
            if state == "unmarked" and await may_take(session, folder, own):
                # The folder of backups is marked by the first backup: not every process has it, or may write there.
                if take and variable != "BACKUP_DIR":
                    await asyncio.to_thread(installation.mark, folder, own)
                continue
            await asyncio.to_thread(installation.require, folder, own, variable)
        except NotOurFolderError as error:
            yield error
        except OSError as error:
            yield NotOurFolderError(
                f"{variable}: не вдалося прочитати чи написати позначку установки в теці {folder} "
                f"({error.strerror}). Дайте програмі право на цю теку."
            )


def folders(settings: Settings) -> dict[Path, str]:
    """Every folder of the settings that bears the installation's marker, with the variable that names it."""
    return {folder: variable for folder, variable, _ in _folders(settings)}


def _folders(settings: Settings) -> list[tuple[Path, str, MayTake]]:
    found: list[tuple[Path, str, MayTake]] = [(settings.media, "MEDIA_ROOT", _media)]
    if settings.database_inside:
        found.append((settings.data_dir, "DATA_DIR", _data))
    if settings.backup_dir is not None:
        found.append((settings.backup_dir, "BACKUP_DIR", _backups))
    return found


async def _media(session: AsyncSession, folder: Path, _own: UUID) -> bool:
    return await cases.is_their_folder(session, folder)


async def _data(_session: AsyncSession, _folder: Path, _own: UUID) -> bool:
    return True  # the database itself lies in it


async def _backups(_session: AsyncSession, folder: Path, own: UUID) -> bool:
    return await asyncio.to_thread(belonging.may_take, folder, own)
