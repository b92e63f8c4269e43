"""Time and accidents: orphans go, lost and altered files are found and refused."""

import os
import time
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from PIL import Image

from ohmatdyt.cases import service
from ohmatdyt.cases.service.keeping import FilesDamagedError
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People


def _picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8), "white").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
async def stored(app: FastAPI, people: People, catalog: Catalog) -> tuple[str, Path]:
    """A case's attachment: its id and where its bytes lie."""
    operator = await people.operator()
    fields = {
        "category_id": str(await catalog.category()),
        "channel_id": str(await catalog.channel()),
        "applicant_name": "Відмова назвати",
        "summary": "Знімок додано.",
    }
    answer = await operator.client.post(
        "/api/cases", data=fields, files={"files": ("знімок.png", _picture(), "image/png")}
    )
    assert answer.status_code == 201, answer.text
    attachment = answer.json()["attachments"][0]
    (path,) = Path(app.state.settings.media).glob("cases/*/*")
    return attachment["id"], path


async def test_a_sound_store_passes_the_check(
    app: FastAPI, database: Database, stored: tuple[str, Path]
) -> None:
    async with database.unit_of_work() as session:
        await service.check_stored_files(session, app.state.storage)


@pytest.mark.parametrize("accident", ["altered", "lost"])
async def test_a_damaged_file_is_refused_found_and_put_on_record(
    app: FastAPI, database: Database, people: People, stored: tuple[str, Path], accident: str
) -> None:
    attachment_id, path = stored
    if accident == "altered":
        body = bytearray(path.read_bytes())
        body[-1] ^= 1
        path.write_bytes(body)
    else:
        path.unlink()
    admin = await people.admin()
    assert (await admin.client.get(f"/api/attachments/{attachment_id}")).status_code == 409
    with pytest.raises(FilesDamagedError, match="змінено файлів: 1"):
        async with database.unit_of_work() as session:
            await service.check_stored_files(session, app.state.storage)
    async with database.unit_of_work() as session:
        statement = "SELECT object_id FROM audit_log WHERE action = 'attachment.found_damaged'"
        assert list(await session.scalars(sa.text(statement))) == [attachment_id]


async def test_only_old_files_without_a_row_are_swept(
    app: FastAPI, database: Database, stored: tuple[str, Path]
) -> None:
    _, path = stored
    long_ago = time.time() - 7200
    orphan = path.with_name("00000000-0000-4000-8000-000000000000_scan.png")
    fresh = path.with_name("00000000-0000-4000-8000-000000000001_scan.png")
    for leftover in (orphan, fresh):
        leftover.write_bytes(b"x")
    for old in (orphan, path):
        os.utime(old, (long_ago, long_ago))
    async with database.unit_of_work() as session:
        assert await service.sweep_orphaned_files(session, app.state.storage) == 1
    assert (path.exists(), orphan.exists(), fresh.exists()) == (True, False, True)
