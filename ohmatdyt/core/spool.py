"""A file on its way to one reader, written as fast as it can be made and read as slowly as the reader likes.

What it is made from (a snapshot of the database) is let go of as soon as the last byte is on disk. Each owner has one
spool at a time: the file bears his name and is locked, so the system lets go of it when the process dies, and the next
start removes it like every other file of `.incoming` that nobody holds.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from ohmatdyt.core.disk import claim, make_directories
from ohmatdyt.core.disk_errors import in_thread

_PIECE: Final = 1 << 18


class SpoolTakenError(Exception):
    """The owner's spool is being written or read."""


class Spool:
    """Made with `Spool.open`; whoever opened it closes it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path
        self._size = 0
        self._is_whole = False
        self._failure: Exception | None = None
        self._grown = asyncio.Event()
        self._at_work: set[asyncio.Future[Any]] = set()

    @classmethod
    async def open(cls, folder: Path, owner: str) -> "Spool":
        """Begin an empty spool in a folder for temporary files. Raises `SpoolTakenError`, `StorageUnavailable` or
        `StorageFull`."""
        return await in_thread(cls._open, folder, owner)

    @classmethod
    def _open(cls, folder: Path, owner: str) -> "Spool":
        make_directories(folder)
        path = folder / f"spool-{owner}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        file = os.fdopen(handle, "r+b", buffering=0)
        # The one before may have been removed between the two steps: then this is no longer the file of that name.
        if not claim(handle) or not path.exists() or not os.path.samestat(os.fstat(handle), path.stat()):
            file.close()
            raise SpoolTakenError
        file.truncate(0)
        return cls(file, path)

    async def write(self, piece: bytes) -> None:
        """Append. Raises `StorageUnavailable` or `StorageFull`."""
        await self._work(_write_all, self._file.fileno(), piece)
        self._size += len(piece)
        self._grown.set()

    def finish(self, failure: Exception | None = None) -> None:
        """Nothing more will be written. A `failure` is raised where the reader waits for more."""
        self._is_whole, self._failure = True, failure
        self._grown.set()

    async def begun(self) -> None:
        """Return once there is something to read. Raises the failure that came before."""
        await self._grown.wait()
        if self._failure is not None and self._size == 0:
            raise self._failure

    async def pieces(self) -> AsyncGenerator[bytes]:
        """What is written, up to the end."""
        at = 0
        while True:
            self._grown.clear()
            while at < self._size:
                piece = await self._work(os.pread, self._file.fileno(), min(_PIECE, self._size - at), at)
                at += len(piece)
                yield piece
            if self._is_whole:
                if self._failure is not None:
                    raise self._failure
                return
            await self._grown.wait()

    async def close(self) -> None:
        """Remove it, after what the disk is still busy with: a thread does not hear that nobody waits for it, and the
        number of a closed file may be another's a moment later."""
        if self._at_work:
            await asyncio.wait(self._at_work)
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._file.close()

    async def _work(self, work: Callable[..., Any], *args: Any) -> Any:
        future = asyncio.ensure_future(in_thread(work, *args))
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)
        return await asyncio.shield(future)


def _write_all(handle: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(handle, rest) :]
