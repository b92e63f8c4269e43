"""One owner for a data folder: the second process on the same folder learns who the first is."""

import fcntl
import os
from pathlib import Path

from ohmatdyt.core.embedded.errors import DataDirBusyError, EmbeddedError


class DataDirLock:
    """An exclusive lock that the kernel drops with its owner, however the owner dies."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "serve.lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once or raise `DataDirBusyError` naming the process that has it."""
        try:
            # Not inheritable, so no child can keep the lock alive after us.
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EmbeddedError(
                f"Тека даних {self._path.parent} недоступна для запису: {error.strerror}."
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise DataDirBusyError(
                f"Тека даних {self._path.parent} уже зайнята процесом {self.owner() or 'невідомим'}: "
                "зупиніть його або вкажіть іншу теку (--data-dir)."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back; safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def owner(self) -> int | None:
        """The process id written by the last owner."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
