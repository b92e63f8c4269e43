"""Files on their way in: received, judged, put in place, and gone again when anything fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases.errors import TooManyFiles, UploadQuotaReached
from ohmatdyt.cases.queries import rows
from ohmatdyt.core import clock, filetypes
from ohmatdyt.core.filetypes.pool import Judged, judge
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import Incoming, LocalStorage, Source, case_key

JUDGED = Judged()
"""What need not be judged again before a browser shows it."""


class FormFile(Protocol):
    """A file of a form."""

    @property
    def filename(self) -> str | None: ...
    @property
    def content_type(self) -> str | None: ...


class Upload(FormFile, Source, Protocol):
    """One that is still coming."""


@dataclass(frozen=True, slots=True)
class Received:
    """A judged file that is not in its place yet."""

    id: UUID
    incoming: Incoming
    name: str
    type: filetypes.FileType

    def key(self, public_id: int) -> str:
        """Where it goes in the storage."""
        return case_key(public_id, self.id, self.name, self.type.extension)


def receiver(
    storage: LocalStorage, settings: Settings, *, field: str
) -> Callable[[Upload], Awaitable[Incoming]]:
    """How a form's files are received while it is read.

    Raises FileRefused (400) or TooLarge (413) with the file's name, StorageUnavailable (503, 507).
    """

    async def receive(upload: Upload) -> Incoming:
        name = filetypes.original_name(_sent(upload), field=field)
        return await storage.receive(upload, max_bytes=settings.max_upload_bytes, name=name, field=field)

    return receive


def _sent(upload: FormFile) -> str:
    # Browsers write a quotation mark in a form's file name as %22 (HTML Standard, 4.10.21.8).
    return (upload.filename or "").replace("%22", '"')


@asynccontextmanager
async def received(
    uploads: Sequence[FormFile], settings: Settings, *, field: str
) -> AsyncIterator[list[Received]]:
    """Judge all files of a form; whatever happens, no temporary file stays.

    Raises TooManyFiles (422), FileRefused (400) with the file's name.
    """
    if len(uploads) > settings.max_files_per_request:
        raise TooManyFiles(limit=settings.max_files_per_request, field=field)
    files: list[Received] = []
    try:
        for upload in uploads:
            incoming = getattr(upload, "incoming", None)
            assert isinstance(incoming, Incoming)  # noqa: S101 — the form was read with `receiver`
            name = filetypes.original_name(_sent(upload), field=field)
            kind = await judge(incoming.path, incoming.size, name, upload.content_type, field=field)
            JUDGED.note(incoming.sha256)
            files.append(Received(uuid4(), incoming, name, kind))
        yield files
    finally:
        for file in files:
            file.incoming.discard()


async def require_quota(
    session: AsyncSession, actor: Actor, files: Sequence[Received], settings: Settings
) -> None:
    """Raises UploadQuotaReached (429) when these files and those of the last 24 hours are more than UPLOAD_QUOTA_MB."""
    if not files:
        return
    allowed = settings.upload_quota_mb * 1024 * 1024
    already = await rows.uploaded_bytes(session, actor.user_id, clock.now() - timedelta(hours=24))
    if already + sum(file.incoming.size for file in files) > allowed:
        raise UploadQuotaReached(limit_mb=settings.upload_quota_mb)


@asynccontextmanager
async def kept(storage: LocalStorage, files: Sequence[Received], public_id: int) -> AsyncIterator[None]:
    """Put files in their place; when the block fails they are removed again.

    They are there before the commit: a crash leaves a file without a row, which the sweep removes, and never a
    row without its file.
    """
    placed: list[str] = []
    try:
        for file in files:
            placed.append(file.key(public_id))
            await storage.save(file.incoming, placed[-1])
        yield
    except BaseException:
        for key in placed:
            with suppress(Exception):
                await storage.delete(key)
        raise
