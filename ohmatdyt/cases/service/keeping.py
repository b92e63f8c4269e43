"""What time does to stored files: leftovers of a crash are removed, lost and altered ones are found."""

from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.audit import service as audit
from ohmatdyt.cases.models import Attachment
from ohmatdyt.cases.queries import rows
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.storage import FileDamaged, LocalStorage

log = structlog.get_logger(__name__)

_BATCH = 200


class FilesDamagedError(OperationError):
    """Some stored files are lost or altered; the text says how many, the journal which."""


async def sweep_orphaned_files(session: AsyncSession, storage: LocalStorage) -> int:
    """Remove stored files no row knows, older than an hour; returns how many. A periodic job."""

    async def known(keys: list[str]) -> set[str]:
        return await rows.known_storage_keys(session, keys)

    return len(await storage.sweep_orphans(known))


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
    administrators and `ohmatdyt doctor` see. Raises FilesDamagedError."""
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
