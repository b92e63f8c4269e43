"""What time does to stored files: leftovers of a crash are put away, lost and altered ones are found."""

import asyncio
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.audit import service as audit
from ohmatdyt.cases.models import Attachment
from ohmatdyt.cases.queries import rows
from ohmatdyt.core import clock, orphans
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.storage import FileDamaged, LocalStorage

log = structlog.get_logger(__name__)

_BATCH = 200
_LOOKED_FOR = 200


class FilesDamagedError(OperationError):
    """Some stored files are lost or altered; the text says how many, the journal which."""


async def sweep_orphaned_files(session: AsyncSession, storage: LocalStorage) -> int:
    """Move stored files no row knows, older than an hour, into the bin, and empty what has lain there for thirty days;
    returns how many were moved. A periodic job. Raises NotOurFolderError, TooManyOrphansError."""

    async def known(keys: list[str]) -> set[str]:
        return await rows.known_storage_keys(session, keys)

    await asyncio.to_thread(storage.require_ours)
    await storage.prepare()
    today = clock.now().date()
    has_rows = await rows.has_attachments(session)
    moved = await orphans.sweep(storage.root, known, has_rows=has_rows, today=today)
    for key in moved:
        log.warning("orphan_moved_to_bin", key=key)
    await orphans.empty_bin(storage.root, today=today)
    return len(moved)


async def is_their_folder(session: AsyncSession, root: Path) -> bool:
    """Whether an unmarked folder looks like the one in which the database's files lie: empty as it is, or with at
    least half of those looked for. An installation from before there were markers is recognised by this."""
    wanted = await rows.some_attachments(session, _LOOKED_FOR)
    return await asyncio.to_thread(_holds, root, wanted)


def _holds(root: Path, wanted: list[tuple[str, int]]) -> bool:
    if not wanted:
        return next(root.glob("cases/*/*"), None) is None
    found = sum(1 for key, size in wanted if _size(root / key) == size)
    return found * 2 >= len(wanted)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


async def damaged_files(session: AsyncSession, storage: LocalStorage) -> list[UUID]:
    """Read every stored file and compare it with its checksum; ids of those lost or altered."""
    damaged: list[UUID] = []
    after = UUID(int=0)
    while True:
        statement = (
            sa.select(Attachment.id, Attachment.storage_key, Attachment.size_bytes, Attachment.sha256)
            .where(Attachment.id > after)
            .order_by(Attachment.id)
            .limit(_BATCH)
        )
        batch = (await session.execute(statement)).all()
        if not batch:
            return damaged
        for row in batch:
            after = row.id
            try:
                (await storage.open(row.storage_key, size=row.size_bytes, sha256=row.sha256)).close()
            except FileDamaged:
                damaged.append(row.id)


async def check_stored_files(session: AsyncSession, storage: LocalStorage) -> None:
    """The nightly check: each damaged file goes to the log and the journal, and the run counts as failed, which
    administrators and `ohmatdyt doctor` see. Raises FilesDamagedError, and NotOurFolderError: of somebody else's
    folder, or of a disk that is not there, no file is called damaged."""
    await asyncio.to_thread(storage.require_ours)
    damaged = await damaged_files(session, storage)
    # Reading takes long and the row may have been deleted with its file meanwhile.
    statement = sa.select(Attachment.id).where(Attachment.id.in_(damaged))
    still_there = set(await session.scalars(statement.execution_options(populate_existing=True)))
    for attachment_id in damaged:
        if attachment_id in still_there:
            log.error("stored_file_damaged", attachment_id=str(attachment_id))
            await audit.record(
                session, None, "attachment.found_damaged", object_type="attachment", object_id=attachment_id
            )
    if still_there:
        await session.commit()  # the finding must outlive the failure it is reported by
        raise FilesDamagedError(
            f"На диску втрачено або змінено файлів: {len(still_there)}; які саме, каже журнал дій."
        )
