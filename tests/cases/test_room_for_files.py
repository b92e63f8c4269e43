"""Files leave room to the database, and one person does not fill the disk: registering goes on without them."""

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image

from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import LocalStorage
from tests.cases.makers import PDF, Desk, desk
from tests.factories import Catalog, People


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One MiB a person and day."""
    return settings.model_copy(update={"upload_quota_mb": 1})


@pytest.fixture
def full(app: FastAPI, settings: Settings) -> Iterator[None]:
    """A disk with less room than the database is to have: nobody's disk has a pebibyte free."""
    app.state.storage = LocalStorage(settings.media, floor_bytes=1024**5)
    yield
    app.state.storage = LocalStorage(settings.media)


def _noise() -> bytes:
    """A picture that cannot be compressed: 480 kB and a little."""
    written = BytesIO()
    Image.frombytes("RGB", (400, 400), os.urandom(480_000)).save(written, "PNG")
    return written.getvalue()


async def _attach(d: Desk, case: str, content: bytes = PDF) -> tuple[int, str]:
    file = {"file": ("a.pdf" if content is PDF else "a.png", content)}
    answer = await d.operator.client.post(f"/api/attachments/cases/{case}/upload", files=file)
    return answer.status_code, answer.json().get("code", "")


async def test_below_the_floor_files_are_refused_and_cases_are_registered(
    people: People, catalog: Catalog, app: FastAPI, settings: Settings, full: None
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    files = {"files": ("a.pdf", PDF, "application/pdf")}
    with_file = await d.operator.client.post("/api/cases", data=d.form(), files=files)
    assert (with_file.status_code, with_file.headers["Retry-After"] > "0") == (507, True)
    assert (await _attach(d, case["id"]))[0] == 507
    assert not list((settings.media / ".incoming").glob("*"))
    app.state.storage = LocalStorage(settings.media, floor_bytes=1)
    assert (await _attach(d, case["id"]))[0] == 201  # room was made: nothing to restart


async def test_one_person_adds_only_so_much_a_day(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    assert [await _attach(d, case["id"], _noise()) for _ in range(3)] == [
        (201, ""),
        (201, ""),
        (429, "upload_quota_reached"),
    ]
    assert (await _attach(d, case["id"]))[0] == 201  # what still fits
    files = {"files": ("a.png", _noise())}
    form = d.form()
    assert (await d.operator.client.post("/api/cases", data=form, files=files)).status_code == 429
    assert (await d.admin.client.post("/api/cases", data=form, files=files)).status_code == 201
    assert (await d.admin.client.get("/api/cases")).json()["total"] == 2
