"""Stored files that no row knows: moved to a bin, never removed at once, and never many of them.

A crash between file and row leaves such a file, one at a time. Many at once mean that the database is not the one the
files belong to, or is an older copy of it; then nothing is touched.
"""

import asyncio
import contextlib
import re
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from ohmatdyt.core.disk import fsync_directory, make_directories
from ohmatdyt.core.errors import OperationError

BIN: Final = ".trash"
KEPT: Final = timedelta(days=30)

_BATCH: Final = 500
_ALWAYS_ALLOWED: Final = 20  # of a small installation even one file is a large share
_LARGEST_SHARE: Final = 0.05
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

Known = Callable[[list[str]], Awaitable[set[str]]]


class TooManyOrphansError(OperationError):
    """So many files without a row are no leftovers; the text is a sentence for the administrator, in Ukrainian."""


async def sweep(
    root: Path, known: Known, *, has_rows: bool, today: date, older_than: float = 3600.0
) -> list[str]:
    """Move stored files that no row knows into the bin of that day; returns their keys.

    `known` is asked with up to 500 keys at once and answers which of them have a row. Files younger than `older_than`
    seconds are left alone: their row may be on its way. Raises `TooManyOrphansError`, having moved nothing, when the
    database has no row of any file (`has_rows`), or when more than 20 files and a twentieth of all have none.
    """
    keys = await asyncio.to_thread(_keys, root, older_than)
    orphans: list[str] = []
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        orphans += sorted(set(batch) - await known(batch))
    most = max(_ALWAYS_ALLOWED, int(len(keys) * _LARGEST_SHARE)) if has_rows else 0
    if len(orphans) > most:
        raise TooManyOrphansError(
            f"У теці файлів {root} без запису в базі {len(orphans)} файлів із {len(keys)}: це не залишки збоїв. "
            "Нічого не зачеплено. Перевірте, чи це та база (DATABASE_URL, DATA_DIR) і та тека (MEDIA_ROOT) і чи базу "
            "не відновлено зі старішої копії; непотрібні файли перенесіть самі."
        )
    for key in orphans:
        await asyncio.to_thread(_discard, root, key, today)
    return orphans


def _keys(root: Path, older_than: float) -> list[str]:
    youngest = time.time() - older_than
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.glob("cases/*/*")
        if path.is_file() and path.stat().st_mtime <= youngest
    )


def _discard(root: Path, key: str, today: date) -> None:
    source, target = root / key, root / BIN / today.isoformat() / key
    made = make_directories(target.parent)
    source.replace(target)
    for directory in (target.parent, *made):
        fsync_directory(directory)
    with contextlib.suppress(OSError):
        source.parent.rmdir()
    with contextlib.suppress(FileNotFoundError):
        fsync_directory(source.parent)


async def empty_bin(root: Path, *, today: date) -> list[str]:
    """Remove what has lain in the bin for thirty days; returns the days that went."""
    return await asyncio.to_thread(_empty_bin, root, (today - KEPT).isoformat())


def _empty_bin(root: Path, before: str) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        old = sorted(
            path for path in (root / BIN).iterdir() if _DAY.fullmatch(path.name) and path.name < before
        )
        for day in old:
            shutil.rmtree(day)
        return [day.name for day in old]
    return []
