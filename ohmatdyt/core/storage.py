"""Attached files on a local disk: whole or not at all, and never handed out altered.

A file is received into `.incoming`, judged there by the caller, then moved to its place: temporary file → fsync →
rename → fsync of the directory. Only then does the caller write its row; a crash in between leaves a file without
a row, which `core.orphans` finds later. Keys are relative paths: `cases/123456/<uuid>_<safe name>`.
"""

import contextlib
import errno
import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol
from uuid import UUID

import structlog

from ohmatdyt.core import filetypes
from ohmatdyt.core import installation as installations
from ohmatdyt.core.disk import (
    claim,
    fsync_directory,
    make_directories,
    remove_if_abandoned,
    require_room,
    write,
)
from ohmatdyt.core.disk_errors import in_thread, opened_in_thread
from ohmatdyt.core.errors import Conflict
from ohmatdyt.core.installation import NotOurFolderError
from ohmatdyt.core.threads import HEALTH

log = structlog.get_logger(__name__)

_PIECE: Final = 1 << 18
_KEY: Final = re.compile(r"cases/\d{6}/[0-9a-f-]{36}_[a-z0-9-]+\.[a-z]{3,4}")


class FileDamaged(Conflict):
    """409: what is on disk is not what was stored, or is gone. It is never handed out."""

    code = "file_damaged"
    uk = "Файл у сховищі пошкоджено або втрачено. Повідомте адміністратору: його відновлюють з резервної копії."
    en = "The stored file is damaged or lost. Tell the administrator: it is restored from a backup."


class Source(Protocol):
    """What a file is received from: an UploadFile, or anything with an awaitable `read`."""

    async def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; nothing at the end."""
        ...


@dataclass(slots=True)
class Incoming:
    """A received file that is not stored yet; `file` is open for reading. Discard it whatever happens."""

    file: IO[bytes]
    path: Path
    size: int
    sha256: bytes

    def discard(self) -> None:
        """Close it and remove the temporary file; after `save` there is nothing left to remove."""
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def case_key(public_id: int, file_id: UUID, original_name: str, extension: str) -> str:
    """Return the storage key of one attachment of a case."""
    return f"cases/{public_id}/{file_id}_{filetypes.storage_name(original_name, extension)}"


class LocalStorage:
    """Files under one directory. Several processes may work on it at once.

    With `installation` nothing is read or written while the directory does not bear its marker: another's directory,
    or the empty one under a disk that is not mounted, is a store that is not available, not one that lost its files.
    `floor_bytes` of the disk, or 5% of it, are not given to files: the database may lie on the same disk.
    """

    def __init__(self, root: Path, installation: UUID | None = None, *, floor_bytes: int = 0) -> None:
        self.root = root
        self.installation = installation
        self._floor = floor_bytes
        self.incoming = root / ".incoming"

    def require_ours(self) -> None:
        """Raise `NotOurFolderError`, a sentence for the administrator, unless the directory is this installation's."""
        if self.installation is not None:
            installations.require(self.root, self.installation, "MEDIA_ROOT")

    async def belongs(self) -> installations.Owner:
        """Whose the directory is, for health checks. Raises `OSError`, or `NotOurFolderError` of a broken marker."""
        return await HEALTH.run(self._belongs)

    def _belongs(self) -> installations.Owner:
        return "ours" if self.installation is None else installations.of(self.root, self.installation)

    async def prepare(self) -> int:
        """Create the directories and remove what a crash left half-written; returns how many files that was."""
        return await in_thread(self._prepare)

    def _prepare(self) -> int:
        self.require_ours()
        make_directories(self.incoming)
        return sum(remove_if_abandoned(path) for path in self.incoming.iterdir())

    async def is_writable(self) -> bool:
        """Tell whether a file could be received now; for health checks. Never raises."""
        return await HEALTH.run(self._is_writable)

    def _is_writable(self) -> bool:
        try:
            self._open_incoming().discard()
        except OSError as error:
            log.error("storage_failed", errno=errno.errorcode.get(error.errno or 0, "unknown"))  # noqa: TRY400
            return False
        except NotOurFolderError as error:
            log.error("storage_not_ours", reason=str(error))  # noqa: TRY400 — the sentence says it all
            return False
        return True

    async def receive(
        self, source: Source, *, max_bytes: int, name: str, field: str | None = None
    ) -> Incoming:
        """Write what `source` gives to a temporary file, counting and hashing on the way.

        Raises `FileTooLarge` beyond `max_bytes` (with `name` and `field` for the person), `StorageUnavailable`
        or `StorageFull` when the disk refuses; nothing stays behind then.
        """
        await in_thread(require_room, self.root, self._floor)
        incoming = await self._incoming_file()
        digest = hashlib.sha256()
        try:
            while piece := await source.read(_PIECE):
                incoming.size += len(piece)
                if incoming.size > max_bytes:
                    raise filetypes.FileTooLarge(name=name, field=field, limit_mb=max_bytes >> 20)  # noqa: TRY301
                await in_thread(write, incoming.file, piece, digest)
            await in_thread(incoming.file.seek, 0)
        except BaseException:
            incoming.discard()
            raise
        incoming.sha256 = digest.digest()
        return incoming

    async def _incoming_file(self) -> Incoming:
        return await opened_in_thread(Incoming.discard, self._open_incoming)

    def _open_incoming(self) -> Incoming:
        self.require_ours()
        make_directories(self.incoming)
        handle, path = tempfile.mkstemp(dir=self.incoming)  # made with mode 0600
        file = os.fdopen(handle, "w+b")
        claim(handle)
        return Incoming(file, Path(path), 0, b"")

    async def save(self, incoming: Incoming, key: str) -> None:
        """Move a received file to `key`, so that it is there after a power cut too. Raises `StorageUnavailable`."""
        await in_thread(self._save, incoming, self.path(key))

    def _save(self, incoming: Incoming, target: Path) -> None:
        os.fsync(incoming.file.fileno())
        for attempt in range(3):
            made = make_directories(target.parent)
            try:
                incoming.path.replace(target)
                break
            except FileNotFoundError:  # somebody just removed the directory with its last file
                if attempt == 2 or not incoming.path.exists():
                    raise
        for directory in (target.parent, *made):
            fsync_directory(directory)

    async def open(self, key: str, *, size: int, sha256: bytes) -> "StoredFile":
        """Open a stored file after comparing all of it with its checksum. Raises `FileDamaged`."""
        return await opened_in_thread(StoredFile.close, self._open, key, size, sha256)

    def _open(self, key: str, size: int, sha256: bytes) -> "StoredFile":
        self.require_ours()
        try:
            file = self.path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            log.error("stored_file_lost", key=key)  # noqa: TRY400 — the key says it all
            raise FileDamaged from None
        digest = hashlib.file_digest(file, "sha256").digest()
        if file.tell() != size or not hmac.compare_digest(digest, sha256):
            file.close()
            log.error("stored_file_altered", key=key)
            raise FileDamaged
        return StoredFile(file, size)

    async def delete(self, key: str) -> None:
        """Remove a stored file and its directory when that is empty; one already gone is no error."""
        await in_thread(self._delete, self.path(key))

    def _delete(self, path: Path) -> None:
        self.require_ours()
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()
        try:
            fsync_directory(path.parent)
        except FileNotFoundError:  # removed just now, by this call or by whoever took the last file out of it
            fsync_directory(self.root)

    def path(self, key: str) -> Path:
        """Where a stored file is. Raises ValueError for what is no key."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self.root / key


class StoredFile:
    """A checked file, open for reading. What was checked is what is read, even if the file is deleted now."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self.size = size

    async def pieces(self, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` up to, not including, `end`; closes the file at the end."""
        left = (self.size if end is None else min(end, self.size)) - start
        try:
            await in_thread(self._file.seek, start)
            while left > 0 and (piece := await in_thread(self._file.read, min(_PIECE, left))):
                left -= len(piece)
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Close the file; twice does no harm."""
        self._file.close()
