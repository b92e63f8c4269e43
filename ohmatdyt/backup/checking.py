"""Reading a backup from end to end: what in it is whole, what is damaged, and what of that another backup still has."""

import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ohmatdyt.backup import archive, manifest
from ohmatdyt.backup.files import Say, not_ours, whole_in
from ohmatdyt.backup.manifest import BackupError, Manifest
from ohmatdyt.core.disk import words

_PROGRESS_S = 5.0
_SHOWN = 10
_PREFIX = f"{manifest.FILES}/"
_CASE = re.compile(r"cases/(\d{6})/")

Inode = tuple[int, int]


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read. `sources` are its whole files by key, each with where it lies (perhaps in another
    backup) and its digest; `damaged` are the keys of which no backup here holds a whole one."""

    folder: Path
    note: Manifest
    sources: dict[str, tuple[Path, str]]
    damaged: list[str]
    borrowed: list[str] = field(default_factory=list)


def chosen(source: Path) -> Path:
    """The backup meant by a path: itself, or the newest in a folder of backups. Raises `BackupError`."""
    with readable(source):
        if (source / manifest.SUMS).is_file():
            return source
        found = manifest.newest(source)
    if found is None:
        raise BackupError(f"У {source} немає цілої резервної копії.")
    return found


def check(source: Path, *, say: Say, seen: dict[Inode, str] | None = None) -> Checked:
    """Read all of a backup and compare it with its sums.

    `seen` keeps digests of what was read before under another name. Raises `BackupError` when the database, the key or
    the description is damaged, or when they do not agree; damaged files are only listed.
    """
    seen = {} if seen is None else seen
    with readable(source):
        note = Manifest.read(source)
        sums = dict(manifest.read_sums(source))
        files = {path: digest for path, digest in sums.items() if path.startswith(_PREFIX)}
        if manifest.DUMP not in sums or manifest.MANIFEST not in sums:
            raise BackupError(f"Копія {source} неповна.")
        if len(files) != note.files:
            raise BackupError(
                f"Копія {source} неповна: за описом файлів {note.files}, а в {manifest.SUMS} їх {len(files)}."
            )
        for path, digest in sums.items():
            if path not in files and _digest(source / path, seen) != digest:
                raise BackupError(f"Копію пошкоджено: {source / path}. Візьміть іншу.")
        siblings = [one for one in manifest.all_in(source.parent)[::-1] if one != source]
        found = Checked(source, note, {}, [])
        told = time.monotonic()
        for done, (path, digest) in enumerate(files.items()):
            _sort(found, siblings, path.removeprefix(_PREFIX), digest, seen)
            if time.monotonic() - told > _PROGRESS_S:
                told = time.monotonic()
                say(f"Перевіряю копію: {done + 1} з {len(files)}…")
    return found


def _sort(found: Checked, siblings: list[Path], key: str, digest: str, seen: dict[Inode, str]) -> None:
    own = found.folder / manifest.FILES / key
    if _digest(own, seen) == digest:
        found.sources[key] = own, digest
        return
    other = whole_in(siblings, key, digest)
    if other is None:
        found.damaged.append(key)
    else:
        found.sources[key] = other, digest
        found.borrowed.append(key)


def _digest(path: Path, seen: dict[Inode, str]) -> str | None:
    """The digest of what is there, read once however many names it has; None when it is gone or unreadable."""
    try:
        state = path.stat()
        inode = state.st_dev, state.st_ino
        if inode not in seen:
            seen[inode] = manifest.digest_of(path)
        return seen[inode]
    except PermissionError:
        raise
    except OSError:
        return None


@contextmanager
def readable(source: Path) -> Iterator[None]:
    """Turn a refusal of the system into the sentence that says what to do."""
    try:
        yield
    except PermissionError:
        raise BackupError(f"Копію не прочитано: {not_ours(source)}") from None
    except OSError as error:
        raise BackupError(f"Копію не прочитано: {words(error)} ({error.filename or source}).") from error


def refuse_older_server(note: Manifest, major: int) -> None:
    """Raise `BackupError` when this PostgreSQL is older than the one the backup was taken from."""
    if major < note.postgres_major:
        raise BackupError(
            f"Копію зроблено з PostgreSQL {note.postgres_major}, а ця база — PostgreSQL {major}. "
            f"Відновлювати можна лише в ту саму або новішу версію: візьміть PostgreSQL {note.postgres_major}."
        )


def named(keys: list[str], *, most: int = _SHOWN) -> str:
    """Files in words, each with the number of its case; one line each."""
    lines = []
    for key in keys[:most]:
        case = _CASE.search(key)
        lines.append(f"  {f'звернення {case[1]}: ' if case else ''}{os.path.basename(key)}")  # noqa: PTH119
    if len(keys) > most:
        lines.append(f"  … і ще {len(keys) - most}")
    return "\n".join(lines)


def check_sample(source: Path, *, at_most: int) -> tuple[int, list[str]]:
    """Read some of a backup, another part each time, until `at_most` bytes are read; how many files that was, and which
    of them are damaged. Raises `BackupError` when it cannot be read or does not fit its description."""
    with readable(source):
        sums = list(manifest.read_sums(source))
        expected = Manifest.read(source).files
        if (found := sum(path.startswith(_PREFIX) for path, _ in sums)) != expected:
            raise BackupError(
                f"Копія {source} неповна: за описом файлів {expected}, а в {manifest.SUMS} їх {found}."
            )
        random.shuffle(sums)
        # The small ones without which nothing can be restored come first.
        sums.sort(key=lambda one: one[0].startswith(_PREFIX) or one[0] == manifest.DUMP)
        damaged, read, left = [], 0, at_most
        for path, digest in sums:
            if left <= 0:
                break
            read += 1
            left -= (source / path).stat().st_size if (source / path).is_file() else 0
            if _digest(source / path, {}) != digest:
                damaged.append(path)
    return read, damaged


def verify_all(target: Path, *, say: Say = _silent) -> None:
    """Read every backup in the folder, and the archive of the log. Raises `BackupError` that says what is damaged.

    What is whole only in another backup counts as damaged here: the disk that lost it may lose more.
    """
    seen: dict[Inode, str] = {}
    problems = []
    for one in manifest.all_in(target):
        try:
            found = check(one, say=say, seen=seen)
        except BackupError as error:
            problems.append(str(error))
            continue
        if found.damaged or found.borrowed:
            gone = f", з них ніде немає цілих: {len(found.damaged)}" if found.damaged else ""
            problems.append(
                f"{one.name}: пошкоджено файлів {len(found.damaged) + len(found.borrowed)}{gone}."
            )
    for log in archive.all_in(target):
        problems += [f"Архів {log.folder.name}: {problem}." for problem in log.problems()]
    if problems:
        raise BackupError(f"Диск копій псує дані. {' '.join(problems)}")
