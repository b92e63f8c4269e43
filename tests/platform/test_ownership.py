"""Folders belong to one installation: taken over once, refused ever after when they are another's."""

import os
import signal
import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt import backup, ownership
from ohmatdyt.cases import service
from ohmatdyt.core import clock, installation
from ohmatdyt.core.db import Database
from ohmatdyt.core.installation import MARKER, ForeignFolderError, NotOurFolderError
from ohmatdyt.core.settings import Settings
from tests.core.files import pdf
from tests.factories import Catalog, People
from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for
from tests.platform.test_command_line import run


@pytest.fixture
async def attachment(app: FastAPI, people: People, catalog: Catalog) -> str:
    """The id of a stored file."""
    operator = await people.operator()
    answer = await operator.client.post(
        "/api/cases",
        data={
            "category_id": str(await catalog.category()),
            "channel_id": str(await catalog.channel()),
            "applicant_name": "Тест",
            "summary": "З файлом",
        },
        files={"files": ("лист.pdf", pdf("x"), "application/pdf")},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["attachments"][0]["id"])


async def own_id(database: Database) -> UUID:
    async with database.unit_of_work() as session:
        return await ownership.own_id(session)


async def test_the_first_start_marks_for_the_owner_only(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    marker = settings.media / MARKER
    assert installation.owner(settings.media) == await own_id(database)
    assert stat.S_IMODE(marker.stat().st_mode) == 0o600
    assert [path.name for path in settings.media.glob(f".{MARKER}*")] == []


class TestTakingOver:
    """An installation from before there were markers is recognised by its files."""

    async def test_the_folder_with_the_files_of_the_database(
        self, attachment: str, database: Database, settings: Settings
    ) -> None:
        (settings.media / MARKER).unlink()
        assert await ownership.settle(database, settings) == installation.owner(settings.media)

    async def test_never_a_folder_without_them(
        self, attachment: str, database: Database, settings: Settings, tmp_path: Path
    ) -> None:
        empty = settings.model_copy(update={"media_root": tmp_path / "not-mounted"})
        said: list[str] = []
        await ownership.settle(database, empty, tell=said.append)
        assert "MEDIA_ROOT" in said[0]
        assert not empty.media.exists()

    async def test_never_the_files_of_others(
        self, app: FastAPI, database: Database, settings: Settings
    ) -> None:
        (settings.media / MARKER).unlink()
        foreign = settings.media / "cases" / "654321" / f"{uuid4()}_a.pdf"
        foreign.parent.mkdir(parents=True)
        foreign.write_bytes(b"x")
        os.utime(foreign, (1, 1))
        said: list[str] = []
        await ownership.settle(database, settings, tell=said.append)
        assert "ohmatdyt adopt" in said[0]
        async with database.unit_of_work() as session:
            storage = await ownership.storage_of(session, settings)
            with pytest.raises(NotOurFolderError):
                await service.sweep_orphaned_files(session, storage)
        assert foreign.exists()
        assert not (settings.media / MARKER).exists()


class TestAnotherFolderUnderARunningServer:
    """A host with the wrong disk, or with none, says so; it does not tell people that their files are destroyed."""

    async def test_files_wait_and_are_not_called_damaged(
        self, attachment: str, app: FastAPI, people: People, database: Database, settings: Settings
    ) -> None:
        away = settings.media.with_name("away")
        settings.media.rename(away)
        settings.media.mkdir()
        admin = await people.admin()
        assert (await admin.client.get(f"/api/attachments/{attachment}")).status_code == 503
        with pytest.raises(NotOurFolderError):
            async with database.unit_of_work() as session:
                await service.check_stored_files(session, app.state.storage)
        async with database.unit_of_work() as session:
            found = "SELECT count(*) FROM audit_log WHERE action = 'attachment.found_damaged'"
            assert await session.scalar(sa.text(found)) == 0
        assert list(settings.media.iterdir()) == [], "nothing is written beside the disk that is not there"
        assert (await admin.client.get("/healthz")).json()["checks"]["files"] == "down"
        settings.media.rmdir()
        away.rename(settings.media)
        assert (await admin.client.get(f"/api/attachments/{attachment}")).status_code == 200
        assert (await admin.client.get("/healthz")).json()["status"] == "ok"

    async def test_another_installations_folder_is_not_ready(
        self, app: FastAPI, client: httpx.AsyncClient, settings: Settings
    ) -> None:
        assert (await client.get("/readyz")).status_code == 200
        installation.mark(settings.media, uuid4(), replace=True)
        assert (await client.get("/readyz")).status_code == 503
        health = await client.get("/healthz")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        assert health.json()["checks"]["installation"] == "down"


class TestBackups:
    async def test_are_neither_written_to_nor_removed_from_another_installations_folder(
        self, app: FastAPI, settings: Settings, tmp_path: Path
    ) -> None:
        target = tmp_path / "copies"
        target.mkdir()
        installation.mark(target, uuid4())
        before = sorted(target.rglob("*"))
        with pytest.raises(ForeignFolderError, match="BACKUP_DIR"):
            await backup.make(settings, target, keep=1)
        assert sorted(target.rglob("*")) == before

    async def test_of_strangers_stay_when_ours_are_thinned_out(
        self, app: FastAPI, settings: Settings, tmp_path: Path
    ) -> None:
        target = tmp_path / "copies"
        ours = await backup.make(settings, target)
        stranger = target / "ohmatdyt-20200101T000000Z"
        ours.rename(stranger)
        text = (stranger / "manifest.json").read_text(encoding="utf-8")
        key = backup.Manifest.read(stranger).public_id_key_sha256
        (stranger / "manifest.json").write_text(text.replace(key, "0" * 64), encoding="utf-8")
        made = []
        for seconds in (10, 20):
            with clock.moved(timedelta(seconds=seconds)):
                made.append(await backup.make(settings, target, keep=1))
        assert (stranger.is_dir(), made[0].exists(), made[1].is_dir()) == (True, False, True)

    async def test_refuse_files_that_are_not_ours(
        self, app: FastAPI, settings: Settings, tmp_path: Path
    ) -> None:
        installation.mark(settings.media, uuid4(), replace=True)
        with pytest.raises(ForeignFolderError, match="MEDIA_ROOT"):
            await backup.make(settings, tmp_path / "copies")
        assert not (tmp_path / "copies").exists()


def _serve(data: Path, media: Path, port: int) -> tuple[list[str], dict[str, str]]:
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(data)]
    return arguments, environment(MEDIA_ROOT=str(media))


def test_a_first_start_beside_the_files_of_another_database_touches_none(tmp_path: Path) -> None:
    """Files brought back before the database, a database's name misspelt, a trial beside the real folder."""
    data, media = tmp_path / "new", tmp_path / "media"
    files = [media / "cases" / "123456" / f"{uuid4()}_a.pdf" for _ in range(3)]
    files[0].parent.mkdir(parents=True)
    for file in files:
        file.write_bytes(b"x")
        os.utime(file, (1, 1))
    port = free_port()
    arguments, env = _serve(data, media, port)
    with started(arguments, env=env) as process:
        lines: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if "sweep_orphaned_files" in line and "outcome" in line:
                break
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(60) == 0
    said = "".join(lines)
    assert "MEDIA_ROOT" in said
    assert "failed" in lines[-1]
    assert [file for file in files if not file.exists()] == []
    assert not (media / MARKER).exists()


def test_another_installations_files_stop_the_start_until_they_are_adopted(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        assert run("migrate", "--data-dir", str(folder)).returncode == 0
    media = str(one / "media")
    port = free_port()
    refused = run("serve", "--port", str(port), "--data-dir", str(other), MEDIA_ROOT=media)
    assert refused.returncode == 1
    assert "належить іншій установці" in refused.stderr
    assert run("adopt", str(tmp_path), "--data-dir", str(other), MEDIA_ROOT=media).returncode == 1
    done = run("adopt", str(one / "media"), "--data-dir", str(other), MEDIA_ROOT=media)
    assert done.returncode == 0, done.stderr
    arguments, env = _serve(other, one / "media", port)
    with started(arguments, env=env) as process:
        assert wait_for(lambda: process.poll() is not None or _ready(port), 60)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
