"""Small steps on a local disk that survive crashes and respect other processes."""

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_WORDS: Final = {
    errno.ENOSPC: "немає місця на диску",
    errno.EDQUOT: "вичерпано місце, дозволене на диску",
    errno.EACCES: "немає права доступу",
    errno.EPERM: "немає права доступу",
    errno.EROFS: "диск лише для читання",
    errno.EIO: "диск не читається або не пишеться",
    errno.ENOENT: "немає такого файлу чи теки",
    errno.EEXIST: "на цьому місці стоїть файл",
    errno.ENOTDIR: "це не тека",
    errno.EISDIR: "це тека, а не файл",
    errno.EFBIG: "файл завеликий для цього диска",
    errno.ESTALE: "мережевий диск від'єднався",
    errno.EHOSTDOWN: "мережевий диск не відповідає",
    errno.ETIMEDOUT: "диск не відповідає",
}


def words(error: OSError) -> str:
    """Why the disk refused, in Ukrainian; what the system says where we have no words."""
    return _WORDS.get(error.errno or 0) or error.strerror or type(error).__name__


def write(file: IO[bytes], piece: bytes, digest: "hashlib._Hash") -> None:
    """Write a piece and count it into the digest."""
    file.write(piece)
    digest.update(piece)


def claim(handle: int) -> bool:
    """Lock an open temporary file, so that a starting process does not take it for abandoned."""
    try:
        import fcntl
    except ImportError:  # Windows: an open file cannot be removed there, which protects it as well
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_directories(directory: Path) -> list[Path]:
    """Create what is missing, for the owner only; return the parents that have a new entry."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    return [path.parent for path in missing]


def remove_if_abandoned(path: Path) -> bool:
    """Remove a temporary file that no process holds open; tell whether it did."""
    try:
        with path.open("rb") as file:
            if not claim(file.fileno()):
                return False
        path.unlink()
    except (FileNotFoundError, PermissionError):
        return False
    return True


def fsync_directory(path: Path) -> None:
    """Make the directory's entries survive a power cut."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Room:
    """The disk a folder lies on: bytes free for us, bytes in all, and which device it is."""

    free: int
    total: int
    device: int


def room(folder: Path) -> Room | None:
    """The disk of the folder, or of the nearest one above it that exists; None when the system does not say."""
    there = next((path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()), None)
    try:
        if there is None:
            return None
        usage = shutil.disk_usage(there)
        return Room(usage.free, usage.total, there.stat().st_dev)
    except OSError:
        return None


_FLOOR_MOST = 10 * 1024**3


def require_room(folder: Path, least: int) -> None:
    """Raise OSError (ENOSPC) when files must leave what is left of the disk to the database, which stops when it cannot
    write: less than `least` bytes or 5%, whichever is more, but no more than 10 GiB for the share. 0 leaves nothing."""
    there = room(folder) if least else None
    if there is not None and there.free < max(least, min(there.total // 20, _FLOOR_MOST)):
        raise OSError(errno.ENOSPC, "below the floor of free space", str(folder))
