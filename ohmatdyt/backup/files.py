"""The files of a backup: copied, named a second time where the last backup has them whole, looked for elsewhere."""

import errno
import hashlib
import os
import pwd
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from ohmatdyt.backup import manifest

Say = Callable[[str], None]

_PROGRESS_S = 5.0


def copy_files(
    wanted: list[tuple[str, int, str]], held: Path, draft: Path, earlier: list[Path], say: Say
) -> tuple[dict[str, str], set[str]]:
    """Bring every file (key, size, digest) into the draft, equal to its row; `earlier` are other backups, newest first.

    Files never change, so what the last backup holds is not copied but named a second time; it is read first, because
    a name given to a damaged file would spoil every backup from then on. Returns digests by path, and the keys that
    are lost or altered here and in every earlier backup.
    """
    sums: dict[str, str] = {}
    lost: set[str] = set()
    mended = 0
    told = time.monotonic()
    (draft / manifest.FILES).mkdir(mode=0o700)
    for done, (key, size, digest) in enumerate(wanted):
        copy = draft / manifest.FILES / key
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        had = bool(earlier) and (earlier[0] / manifest.FILES / key).exists()
        if not _linked(whole_in(earlier[:1], key, digest), copy):
            mended += had
            if not _copied(held / key, copy, size, digest) and not _linked(
                whole_in(earlier[1:], key, digest), copy
            ):
                lost.add(key)
                continue
        sums[f"{manifest.FILES}/{key}"] = digest
        if time.monotonic() - told > _PROGRESS_S:
            told = time.monotonic()
            say(f"Файли: {done + 1} з {len(wanted)}…")
    say(f"Файли: {len(sums)} з {len(wanted)}")
    if mended:
        say(f"Увага: у попередній копії пошкоджено файлів: {mended}; перевірте диск, на якому копії.")
    if lost:
        say(
            f"Увага: {len(lost)} файлів на диску втрачено або змінено ще до копії; вони названі в manifest.json."
        )
    return sums, lost


def whole_in(backups: Iterable[Path], key: str, digest: str) -> Path | None:
    """The file as the first of these backups holds it undamaged; None when none does."""
    for one in backups:
        path = one / manifest.FILES / key
        try:
            if manifest.digest_of(path) == digest:
                return path
        except PermissionError:
            raise
        except OSError:  # not there, or the disk cannot read it any more
            continue
    return None


def _linked(before: Path | None, copy: Path) -> bool:
    if before is None:
        return False
    try:
        copy.hardlink_to(before)
    except OSError:  # another disk, or a file system without second names
        shutil.copyfile(before, copy)
    return True


def _copied(source: Path, copy: Path, size: int, digest: str) -> bool:
    found = hashlib.sha256()
    try:
        with source.open("rb") as reading, copy.open("xb") as writing:
            for piece in _pieces(reading):
                found.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
            whole = writing.tell() == size and found.hexdigest() == digest
    except FileNotFoundError:
        whole = False
    if not whole:
        copy.unlink(missing_ok=True)
    return whole


def _pieces(reading: IO[bytes]) -> Iterator[bytes]:
    """The content as far as the disk gives it out: one bad sector must not cost the backup of everything else."""
    while True:
        try:
            piece = reading.read(1 << 20)
        except OSError as error:
            if error.errno == errno.EIO:
                return
            raise
        if not piece:
            return
        yield piece


def not_ours(folder: Path) -> str:
    """What to say when the system does not let us at backups: the one command that helps."""
    uid, gid = os.geteuid(), os.getegid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    if manifest.is_name(folder.name):
        folder = folder.parent  # its owner writes the next one
    return (
        f"програма працює як користувач {name} і не має прав на {folder}. "
        f"Виконайте від root: chown -R {uid}:{gid} {folder}"
    )
