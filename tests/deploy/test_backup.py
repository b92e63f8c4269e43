"""A backup taken while people write comes back elsewhere with equal rows and checksums."""

import hashlib
import os
import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest

from ohmatdyt import backup
from ohmatdyt.backup import BackupError, census, manifest, removals
from ohmatdyt.cli import doctor_backup
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.installation import MARKER
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import jobs
from tests.deploy.backups import Writers, another_database, say, writers
from tests.platform.processes import OHMATDYT, environment

__all__ = ["another_database", "writers"]  # fixtures


async def test_under_writers_and_back_elsewhere(
    settings: Settings, writers: Writers, tmp_path: Path, another_database: str
) -> None:
    for _ in range(12):
        await writers.one()
    before, files_before = list(writers.cases), dict(writers.files)
    async with writers.at_work():
        made = await backup.make(settings, tmp_path / "copies")
        assert len(writers.cases) > len(before), "nobody wrote while the backup was made"
    checked = backup.check(made, say=say)
    note = checked.note
    assert note.lost == []
    assert checked.damaged == []
    assert note.tables["cases"].rows >= len(before)
    assert note.tables["attachments"].rows == note.files

    elsewhere = settings.model_copy(
        update={"database_url": another_database, "data_dir": tmp_path / "elsewhere"}
    )
    await backup.bring_back(elsewhere, checked, say=say)

    connection = await census.connect(another_database)
    try:
        assert await census.take(connection) == note.tables
        found = {str(row[0]) for row in await connection.fetch("SELECT id FROM cases")}
        assert set(before) <= found, "an acknowledged case is missing from the backup"
        rows = await connection.fetch("SELECT id, storage_key, sha256 FROM attachments")
        for row in rows:
            body = (elsewhere.media / row["storage_key"]).read_bytes()
            assert hashlib.sha256(body).digest() == row["sha256"]
        kept = {name for name in files_before if name in writers.files}
        assert kept <= {str(row["id"]) for row in rows}
        # The rights of the role that cannot rewrite history came along.
        may = "SELECT has_table_privilege('ohmatdyt_app', 'audit_log', $1)"
        assert await connection.fetchval(may, "INSERT")
        assert not await connection.fetchval(may, "DELETE")
    finally:
        await connection.close()
    # Nothing of it stays in the original's folder.
    assert [path for path in settings.media.iterdir() if path.name.startswith(".backup")] == []


async def test_appears_whole_or_not_at_all(settings: Settings, writers: Writers, tmp_path: Path) -> None:
    await writers.one()
    target = tmp_path / "copies"
    (target / ".ohmatdyt-20200101T000000Z.partial").mkdir(parents=True)
    (settings.media / f".backup-{os.getpid()}").write_text("no folder")
    with pytest.raises(BackupError):
        await backup.make(settings, target)
    assert sorted(path.name for path in target.iterdir()) == [".lock", MARKER, removals.FILE]
    assert backup.newest(target) is None


async def test_a_file_lost_before_is_named_and_the_rest_is_saved(
    settings: Settings, writers: Writers, tmp_path: Path
) -> None:
    await writers.one()
    await writers.one()
    victim = next((settings.media / "cases").rglob("*.pdf"))
    victim.unlink()
    made = await backup.make(settings, tmp_path / "copies")
    note = backup.check(made, say=say).note
    assert note.lost == [victim.relative_to(settings.media).as_posix()]
    assert note.files == 1
    finding = doctor_backup.of_backups(settings.model_copy(update={"backup_dir": tmp_path / "copies"}))
    assert finding.verdict == "failed"
    assert finding.advice


async def test_what_killed_restores_have_laid_open_goes_with_the_next_backup(
    settings: Settings, writers: Writers, tmp_path: Path
) -> None:
    target = tmp_path / "copies"
    for name in (".at-old", ".unpacked-old", ".at-now"):
        (target / name / "postgres").mkdir(parents=True)
    for name in (".at-old", ".unpacked-old"):
        os.utime(target / name, (0, 0))
    await backup.make(settings, target)
    assert [path.name for path in target.iterdir() if path.name.startswith((".at", ".unp"))] == [".at-now"]


async def test_never_into_a_place_in_use(settings: Settings, writers: Writers, tmp_path: Path) -> None:
    await writers.one()
    made = await backup.make(settings, tmp_path / "copies")
    checked = backup.check(made, say=say)
    with pytest.raises(BackupError, match="не порожня"):
        await backup.bring_back(settings, checked, say=say)
    with pytest.raises(BackupError, match="не порожня"):
        await backup.bring_back(settings.model_copy(update={"data_dir": tmp_path / "new"}), checked, say=say)
    assert (await writers.operator.client.get(f"/api/cases/{writers.cases[0]}")).status_code == 200


async def test_old_ones_go_and_unchanged_files_are_kept_once(
    settings: Settings, writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writers.one()
    target = tmp_path / "copies"
    start = clock.now()
    made = []
    for day in range(3):
        monkeypatch.setattr(clock, "now", lambda day=day: start + timedelta(days=day))
        made.append(await backup.make(settings, target, keep=2))
    monkeypatch.undo()
    assert manifest.all_in(target) == made[1:]
    first, second = (next((one / "files").rglob("*.pdf")) for one in made[1:])
    assert first.stat().st_ino == second.stat().st_ino


async def test_made_by_itself_once_a_day(
    settings: Settings, database: Database, writers: Writers, tmp_path: Path
) -> None:
    await writers.one()
    assert "back_up" not in [job.name for job in jobs(settings)]
    daily = settings.model_copy(update={"backup_dir": tmp_path / "copies"})
    (job,) = [job for job in jobs(daily) if job.name == "back_up"]
    assert await run_due(database, [job], settings.zone) == ["back_up"]
    assert await run_due(database, [job], settings.zone) == []
    assert len(manifest.all_in(tmp_path / "copies")) == 1
    assert doctor_backup.of_backups(daily).verdict == "ok"


class TestDoctor:
    def test_says_when_there_is_none_and_when_it_is_late(self, settings: Settings, tmp_path: Path) -> None:
        assert doctor_backup.of_backups(settings).verdict == "warning"
        with_folder = settings.model_copy(update={"backup_dir": tmp_path})
        assert doctor_backup.of_backups(with_folder).verdict == "failed"
        late = tmp_path / manifest.name_of(clock.now() - timedelta(hours=30))
        late.mkdir()
        (late / manifest.SUMS).touch()
        finding = doctor_backup.of_backups(with_folder)
        assert finding.verdict == "failed"
        assert "запізнюється" in finding.text
        assert "ohmatdyt backup" in finding.advice


def test_drill_by_the_command_line(tmp_path: Path) -> None:
    """What an administrator does: back up, bring back into a new folder, and the desk is the same one."""

    def ohmatdyt(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*OHMATDYT, *arguments],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    assert ohmatdyt("seed", "--cases", "200", "--data-dir", "old").returncode == 0
    made = ohmatdyt("backup", "copies", "--data-dir", "old")
    assert made.returncode == 0, made.stderr
    begun = time.monotonic()
    restored = ohmatdyt("restore", "copies", "--data-dir", "new")
    assert restored.returncode == 0, restored.stderr
    assert "усе збігається" in restored.stderr
    assert time.monotonic() - begun < 60
    assert (tmp_path / "new/secret.key").read_text() == (tmp_path / "old/secret.key").read_text()
    again = ohmatdyt("restore", "copies", "--data-dir", "new")
    assert again.returncode == 1
    assert "не порожня" in again.stderr
    shutil.rmtree(tmp_path / "copies")
    assert ohmatdyt("restore", "copies", "--data-dir", "third").returncode == 1
    assert not (tmp_path / "third").exists()
