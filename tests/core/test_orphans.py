"""Files without a row: into the bin, in small numbers only, and gone after thirty days."""

import os
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from ohmatdyt.core import orphans
from ohmatdyt.core.orphans import TooManyOrphansError

TODAY = date(2026, 12, 1)


def a_file(root: Path, *, old: bool = True) -> str:
    key = f"cases/123456/{uuid4()}_scan.png"
    (root / key).parent.mkdir(parents=True, exist_ok=True)
    (root / key).write_bytes(b"x")
    if old:
        os.utime(root / key, (1, 1))
    return key


async def sweep(root: Path, known: set[str], *, has_rows: bool = True) -> list[str]:
    async def with_row(keys: list[str]) -> set[str]:
        return known & set(keys)

    return await orphans.sweep(root, with_row, has_rows=has_rows, today=TODAY)


def stored(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.glob("cases/*/*")}


async def test_only_old_files_without_a_row_go_to_the_bin_with_their_content(tmp_path: Path) -> None:
    known, orphan, fresh = a_file(tmp_path), a_file(tmp_path), a_file(tmp_path, old=False)
    assert await sweep(tmp_path, {known}) == [orphan]
    assert stored(tmp_path) == {known, fresh}
    assert (tmp_path / ".trash" / "2026-12-01" / orphan).read_bytes() == b"x"


@pytest.mark.parametrize(("known", "unknown", "allowed"), [(0, 20, True), (100, 21, False), (420, 21, True)])
async def test_many_at_once_are_no_leftovers(
    tmp_path: Path, known: int, unknown: int, *, allowed: bool
) -> None:
    rows = {a_file(tmp_path) for _ in range(known)}
    lost = {a_file(tmp_path) for _ in range(unknown)}
    if allowed:
        assert set(await sweep(tmp_path, rows)) == lost
        return
    with pytest.raises(TooManyOrphansError, match=f"{unknown} файлів із {known + unknown}.*MEDIA_ROOT"):
        await sweep(tmp_path, rows)
    assert stored(tmp_path) == rows | lost


async def test_a_database_that_knows_no_file_moves_none(tmp_path: Path) -> None:
    key = a_file(tmp_path)
    with pytest.raises(TooManyOrphansError):
        await sweep(tmp_path, set(), has_rows=False)
    assert stored(tmp_path) == {key}


async def test_the_bin_is_emptied_after_thirty_days_and_nothing_else_in_it(tmp_path: Path) -> None:
    a_file(tmp_path)
    await sweep(tmp_path, {a_file(tmp_path)})
    assert await orphans.empty_bin(tmp_path, today=TODAY + timedelta(days=30)) == []
    (tmp_path / ".trash" / "by hand").mkdir()
    assert await orphans.empty_bin(tmp_path, today=TODAY + timedelta(days=31)) == ["2026-12-01"]
    assert [path.name for path in (tmp_path / ".trash").iterdir()] == ["by hand"]
    assert await orphans.empty_bin(tmp_path / "missing", today=TODAY) == []
