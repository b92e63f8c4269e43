"""Files of a case: adding, reading, deleting, and cleaning up what a crash left."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases import notices, policy
from ohmatdyt.cases.errors import AttachmentNotFound
from ohmatdyt.cases.models import Attachment, EventKind
from ohmatdyt.cases.queries import rows
from ohmatdyt.cases.schemas import AttachmentOut
from ohmatdyt.cases.service.events import tell
from ohmatdyt.cases.service.files import JUDGED, Received, kept
from ohmatdyt.core import clock
from ohmatdyt.core.schemas import UserRef
from ohmatdyt.core.storage import FileDamaged, LocalStorage, StoredFile


async def attach_file(
    session: AsyncSession, actor: Actor, reference: Any, file: Received, storage: LocalStorage
) -> AttachmentOut:
    """Add a file to an open case. Raises what `policy.attach_problem` says, StorageUnavailable (503, 507)."""
    case = await rows.case_for_update(session, actor, reference)
    policy.require(policy.attach_problem(actor, case))
    now = clock.now()
    attachment = Attachment(
        id=file.id,
        case_id=case.id,
        original_name=file.name,
        storage_key=file.key(case.public_id),
        size_bytes=file.incoming.size,
        mime_type=file.type.mime,
        sha256=file.incoming.sha256,
        uploaded_by_id=actor.user_id,
        created_at=now,
    )
    async with kept(storage, [file], case.public_id):
        session.add(attachment)
        case.updated_at = now
        await session.flush()
        data = {"attachment_id": str(file.id), "original_name": file.name}
        await tell(session, actor, case, EventKind.FILE_ADDED, at=now, data=data)
        await audit.record(
            session,
            actor,
            "attachment.added",
            object_type="attachment",
            object_id=file.id,
            details={"case_id": str(case.id)},
        )
        await notices.case_changed(session, case.id)
    return AttachmentOut(
        id=attachment.id,
        case_id=attachment.case_id,
        original_name=attachment.original_name,
        size_bytes=attachment.size_bytes,
        mime_type=attachment.mime_type,
        sha256=attachment.sha256.hex(),
        uploaded_by=UserRef(id=actor.user_id, full_name=actor.full_name),
        created_at=now,
    )


async def open_attachment(
    session: AsyncSession, actor: Actor, attachment_id: UUID, storage: LocalStorage
) -> tuple[Attachment, StoredFile]:
    """A file's row and its checked bytes for download, and a note in the journal.

    Raises AttachmentNotFound, CaseNotVisible, and FileDamaged when the bytes are lost or altered.
    """
    attachment, _ = await rows.attachment(session, actor, attachment_id)
    await audit.record(
        session,
        actor,
        "attachment.downloaded",
        object_type="attachment",
        object_id=attachment.id,
        details={"case_id": str(attachment.case_id)},
    )
    try:
        stored = await storage.open(
            attachment.storage_key, size=attachment.size_bytes, sha256=attachment.sha256
        )
    except FileDamaged:
        if not await rows.is_attachment(session, attachment_id):
            raise AttachmentNotFound from None  # deleted while we were on our way to it
        raise
    return attachment, stored


async def ensure_harmless(attachment: Attachment, storage: LocalStorage) -> None:
    """Judge a file again before a browser shows it: what came in long ago was judged by the rules of that time.

    Raises FileRefused, whose words say what is in it; the file can still be saved.
    """
    await JUDGED.ensure(
        attachment.sha256,
        storage.path(attachment.storage_key),
        attachment.size_bytes,
        attachment.original_name,
    )


async def delete_attachment(session: AsyncSession, actor: Actor, attachment_id: UUID) -> str:
    """Delete a file's row; returns the storage key for the caller to delete after the commit.

    Raises AttachmentNotFound (404), and what `policy.delete_attachment_problem` says.
    """
    found, _ = await rows.attachment(session, actor, attachment_id)
    case = await rows.case_for_update(session, actor, found.case_id)
    policy.require(policy.delete_attachment_problem(actor, case))
    # Two people may delete the same file at once: whoever waited for the case finds it gone.
    found = await rows.attachment_for_update(session, attachment_id)
    now = clock.now()
    key, name = found.storage_key, found.original_name
    await session.delete(found)
    case.updated_at = now
    await session.flush()
    data = {"attachment_id": str(attachment_id), "original_name": name}
    await tell(session, actor, case, EventKind.FILE_DELETED, at=now, data=data)
    await audit.record(
        session,
        actor,
        "attachment.deleted",
        object_type="attachment",
        object_id=attachment_id,
        details={"case_id": str(case.id)},
    )
    await notices.case_changed(session, case.id)
    return key
