"""A disk that damages backups: new ones do not inherit it, old ones give back all that is whole, and it is said."""

import asyncio
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ohmatdyt import backup
from ohmatdyt.backup import BackupError, Manifest, census, manifest
from ohmatdyt.cli import doctor_backup
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import job_states, jobs
from tests.deploy.backups import Writers, another_database, say, writers
from tests.platform.processes import OHMATDYT, environment

__all__ = ["another_database", "writers"]  # fixtures


def flip_a_bit(path: Path) -> None:
    """What an ageing disk does: nothing else changes, neither size nor times."""
    state = path.stat()
    with path.open("r+b") as file:
        file.seek(state.st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


async def made_on(day: int, settings: Settings, target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backup of a night, some nights after today."""
    moment = clock.now() + timedelta(days=day)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        return await backup.make(settings, target)


def files_in(folder: Path) -> list[Path]:
    return sorted((folder / manifest.FILES).rglob("*.pdf"))


async def test_a_new_backup_does_not_inherit_damage(
    settings: Settings, writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await writers.one()
    target = tmp_path / "copies"
    old = [await made_on(day, settings, target, monkeypatch) for day in range(2)]
    flip_a_bit(files_in(old[0])[0])
    new = await made_on(2, settings, target, monkeypatch)
    done = await asyncio.create_subprocess_exec("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=new)
    assert await done.wait() == 0, "the system's own tool finds the new one whole"
    same = [a.stat().st_ino == b.stat().st_ino for a, b in zip(files_in(old[1]), files_in(new), strict=True)]
    assert same == [False, True, True], "only what was damaged is written anew"
    # The old ones have it back through the new one.
    checked = backup.check(old[0], say=say)
    assert checked.damaged == []
    assert len(checked.borrowed) == 1


async def test_a_file_that_only_backups_still_have_whole_goes_on_living_there(
    settings: Settings, writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writers.one()
    target = tmp_path / "copies"
    first = await made_on(0, settings, target, monkeypatch)
    second = await made_on(1, settings, target, monkeypatch)
    (victim,) = files_in(second)
    body = victim.read_bytes()
    victim.unlink()
    victim.write_bytes(body[:-1])
    next((settings.media / "cases").rglob("*.pdf")).unlink()
    third = await made_on(2, settings, target, monkeypatch)
    assert Manifest.read(third).lost == []
    assert files_in(third)[0].samefile(files_in(first)[0])


async def test_the_rest_comes_back_and_what_is_missing_is_named(
    settings: Settings, writers: Writers, tmp_path: Path, another_database: str
) -> None:
    for _ in range(3):
        await writers.one()
    made = await backup.make(settings, tmp_path / "copies")
    victim, *whole = files_in(made)
    flip_a_bit(victim)
    elsewhere = {
        **environment(),
        "DATABASE_URL": another_database.replace("+asyncpg", ""),
        "MEDIA_ROOT": str(tmp_path / "back"),
        "SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrstuvwxyz",
    }

    def restore(*more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*OHMATDYT, "restore", str(made), *more],
            cwd=tmp_path,
            env=elsewhere,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = await asyncio.to_thread(restore)
    assert refused.returncode == 1
    assert "--without-damaged-files" in refused.stderr
    assert not (tmp_path / "back").exists(), "nothing was begun"
    done = await asyncio.to_thread(restore, "--without-damaged-files")
    case = re.search(r"cases/(\d{6})/", str(victim))
    assert case
    assert done.returncode == 3, done.stderr
    assert f"звернення {case[1]}: {victim.name}" in done.stderr
    assert "усе збігається" not in done.stderr
    back = sorted((tmp_path / "back").rglob("*.pdf"))
    assert [path.read_bytes() for path in back] == [path.read_bytes() for path in whole]
    connection = await census.connect(another_database)
    try:
        assert await connection.fetchval("SELECT count(*) FROM attachments") == 3
    finally:
        await connection.close()


def cut_files_from_sums(made: Path) -> None:
    lines = [line for line in (made / manifest.SUMS).read_text().splitlines() if "  files/" not in line]
    (made / manifest.SUMS).write_text("\n".join(lines) + "\n")


def claim_a_newer_server(made: Path) -> None:
    note = Manifest.read(made)
    replace(note, postgres="99.1").write(made)
    sums = dict(manifest.read_sums(made))
    sums[manifest.MANIFEST] = manifest.digest_of(made / manifest.MANIFEST)
    manifest.write_sums(made, sums)


def forget_a_file(made: Path) -> None:
    """A sum and its count are gone together: only the database still knows of the file."""
    note = Manifest.read(made)
    replace(note, files=note.files - 1).write(made)
    sums = dict(manifest.read_sums(made))
    del sums[next(path for path in sums if path.startswith("files/"))]
    sums[manifest.MANIFEST] = manifest.digest_of(made / manifest.MANIFEST)
    manifest.write_sums(made, sums)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut_files_from_sums, "за описом файлів 2, а в SHA256SUMS їх 0"),
        (claim_a_newer_server, "лише в ту саму або новішу версію"),
        (forget_a_file, "немає файлів, які знає її база: 1"),
        (lambda made: flip_a_bit(made / manifest.DUMP), "Копію пошкоджено"),
        (lambda made: flip_a_bit(made / manifest.MANIFEST), "Копію пошкоджено|немає придатної"),
    ],
)
async def test_a_backup_that_contradicts_itself_is_refused(
    settings: Settings,
    writers: Writers,
    tmp_path: Path,
    another_database: str,
    *,
    spoil: Callable[[Path], None],
    words: str,
) -> None:
    await writers.one()
    await writers.one()
    made = await backup.make(settings, tmp_path / "copies")
    spoil(made)
    elsewhere = settings.model_copy(
        update={"database_url": another_database, "data_dir": tmp_path / "elsewhere"}
    )
    with pytest.raises(BackupError, match=words):
        await backup.bring_back(elsewhere, backup.check(made, say=say), say=say)
    assert not (elsewhere.media / "cases").exists()


async def test_every_backup_is_read_and_the_damaged_ones_are_named(
    settings: Settings, writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writers.one()
    target = tmp_path / "copies"
    made = [await made_on(day, settings, target, monkeypatch) for day in range(3)]
    read: list[Path] = []
    real = manifest.digest_of

    def counted(path: Path) -> str:
        read.append(path)
        return real(path)

    monkeypatch.setattr(manifest, "digest_of", counted)
    backup.verify_all(target, say=say)
    assert sum(path.suffix == ".pdf" for path in read) == 1, "one file of three names is read once"
    flip_a_bit(files_in(made[0])[0])
    with pytest.raises(BackupError) as found:
        backup.verify_all(target, say=say)
    assert all(f"{one.name}: пошкоджено файлів 1" in str(found.value) for one in made)


async def test_the_weekly_job_keeps_what_it_found_in_words(
    settings: Settings, writers: Writers, database: Database, tmp_path: Path
) -> None:
    await writers.one()
    made = await backup.make(settings, tmp_path / "copies")
    flip_a_bit(files_in(made)[0])
    daily = settings.model_copy(update={"backup_dir": tmp_path / "copies"})
    (job,) = [job for job in jobs(daily) if job.name == "verify_backups"]
    await run_due(database, [job], settings.zone)
    assert await run_due(database, [job], settings.zone) == [], "not every few minutes"
    async with database.unit_of_work() as session:
        (state,) = [one for one in await job_states(session, daily) if one.name == "verify_backups"]
    assert state.last_outcome == "failed"
    assert f"{made.name}: пошкоджено файлів 1, з них ніде немає цілих: 1" in str(state.last_error)


async def test_doctor_reads_a_sample(settings: Settings, writers: Writers, tmp_path: Path) -> None:
    await writers.one()
    target = tmp_path / "copies"
    made = await backup.make(settings, target)
    daily = settings.model_copy(update={"backup_dir": target})
    assert doctor_backup.of_backups(daily).verdict == "ok"
    flip_a_bit(files_in(made)[0])
    finding = doctor_backup.of_backups(daily)
    assert finding.verdict == "failed"
    assert "звернення" in finding.text
    assert "ohmatdyt backup" in finding.advice
    cut_files_from_sums(made)
    assert "неповна" in doctor_backup.of_backups(daily).text


@contextmanager
def somebody_else() -> Iterator[None]:
    """Files of this process's user are closed to whoever runs the block."""
    before = os.geteuid()
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


async def test_a_backup_of_another_owner_names_the_command_that_helps(
    settings: Settings, writers: Writers, tmp_path: Path
) -> None:
    await writers.one()
    target = tmp_path / "copies"
    await backup.make(settings, target)
    target.chmod(0o700)
    command = re.escape(f"chown -R 65534:{os.getegid()} {target}")
    with somebody_else(), pytest.raises(BackupError, match=command):
        backup.check(backup.chosen(target), say=say)
