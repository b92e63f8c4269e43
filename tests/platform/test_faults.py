"""What people see when the ground gives way: rows held, far too much at once, a disk that is full, closed or gone."""

import asyncio
import errno
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.core import storage
from ohmatdyt.core.settings import Settings
from tests.cases.makers import PDF, Desk, desk, stored_files
from tests.factories import Catalog, People


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few connections and little patience, so that a test reaches the end of both."""
    return settings.model_copy(
        update={"database_pool_size": 5, "database_pool_timeout_s": 0.7, "lock_timeout_ms": 3000}
    )


@asynccontextmanager
async def held(database_url: str, case: dict[str, Any]) -> AsyncIterator[None]:
    """Somebody else has the case's row for as long as the block lasts."""
    owner = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        async with owner.transaction():
            await owner.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", case["id"])
            yield
    finally:
        await owner.close()


async def timed(request: Any) -> tuple[httpx.Response, float]:
    begun = time.monotonic()
    answer = await request
    return answer, time.monotonic() - begun


async def test_a_held_row_is_refused_in_time_and_nobody_else_waits(
    people: People, catalog: Catalog, database_url: str
) -> None:
    d = await desk(people, catalog)
    case, other = await d.case(), await d.case()
    async with held(database_url, case):
        waiting = [
            asyncio.create_task(timed(d.executor.client.post(f"/api/cases/{case['id']}/take")))
            for _ in range(3)
        ]
        await asyncio.sleep(0.2)
        assert (await d.executor.client.post(f"/api/cases/{other['id']}/take")).status_code == 200
        assert (await d.operator.client.get(f"/api/cases/{case['id']}")).status_code == 200
        assert (await d.operator.client.get("/api/cases")).json()["total"] == 2
        assert not any(task.done() for task in waiting), "others waited with them"
        for answer, took in await asyncio.gather(*waiting):
            assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
            assert took < 12  # a waiter waits twice: for the one before him, then for the row
    assert (await d.executor.client.post(f"/api/cases/{case['id']}/take")).status_code == 200


async def test_of_two_hundred_slow_requests_the_surplus_is_refused_and_health_answers(
    people: People, catalog: Catalog, database_url: str, client: httpx.AsyncClient
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    async with held(database_url, case):
        slow = [
            asyncio.create_task(timed(d.executor.client.post(f"/api/cases/{case['id']}/take")))
            for _ in range(200)
        ]
        health: list[tuple[int, float]] = []
        while not all(task.done() for task in slow):
            answer, took = await timed(client.get("/healthz"))
            health.append((answer.status_code, took))
            await asyncio.sleep(0.05)
    refused = sorted(took for answer, took in await asyncio.gather(*slow) if answer.status_code == 503)
    assert len(refused) == 200
    # Against the longest wait of the same run, which is that for the lock: seconds would say how busy the machine is.
    longest = refused[-1]
    assert refused[100] < longest / 2, "those who found no connection were not told at once"
    assert {status for status, _ in health} == {200}
    assert sorted(took for _, took in health)[len(health) // 2] < longest / 10
    assert (await d.executor.client.post(f"/api/cases/{case['id']}/take")).status_code == 200


async def _with_file(d: Desk) -> httpx.Response:
    return await d.operator.client.post(
        "/api/cases", data=d.form(), files={"files": ("a.pdf", PDF, "application/pdf")}
    )


def _files(app: FastAPI) -> list[str]:
    return [path.name for path in stored_files(app)]


@pytest.mark.parametrize("step", ["write", "fsync_directory"])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
async def test_a_disk_that_takes_no_file_refuses_files_only(
    app: FastAPI, people: People, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, *, step: str, fault: int
) -> None:
    status = 507 if fault in {errno.ENOSPC, errno.EDQUOT} else 503

    def fail(*_args: object) -> None:
        raise OSError(fault, os.strerror(fault))

    d = await desk(people, catalog)
    with monkeypatch.context() as broken:
        broken.setattr(storage, step, fail)
        refused = await _with_file(d)
        assert (refused.status_code, "retry-after" in refused.headers) == (status, True)
        assert refused.json()["detail"], "people are told why"
        without = await d.case()
    listed = (await d.operator.client.get("/api/cases")).json()
    assert [case["id"] for case in listed["cases"]] == [without["id"]], "no case without its file"
    assert _files(app) == [], "no half file"
    assert (await _with_file(d)).status_code == 201, "it heals by itself"


async def test_files_whose_folder_is_gone_are_reported_and_the_desk_goes_on(
    people: People, catalog: Catalog, app: FastAPI, client: httpx.AsyncClient
) -> None:
    d = await desk(people, catalog)
    kept = (await _with_file(d)).json()
    path = f"/api/attachments/{kept['attachments'][0]['id']}"
    media = app.state.settings.media
    away = media.with_name("unplugged")
    media.rename(away)
    media.write_text("no folder")  # what is mounted there is no folder any more
    try:
        assert (await _with_file(d)).status_code == 503
        assert (await d.operator.client.get(path)).status_code in {409, 503}
        await d.case()
        health = await client.get("/healthz")
        assert (health.status_code, health.json()["checks"]["files"]) == (200, "down")
    finally:
        media.unlink()
        away.rename(media)
    assert (await d.operator.client.get(path)).content == PDF
    assert (await _with_file(d)).status_code == 201
