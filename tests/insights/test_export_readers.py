"""An export does not depend on who reads it: slow readers, those who leave, and those who ask twice."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import LocalStorage
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People
from tests.readers import Reader

EXPORT = "/api/cases/export?format=csv"


async def open_transactions(url: str) -> list[Any]:
    owner = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        return await owner.fetch(
            "SELECT pid, state, query FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
    finally:
        await owner.close()


async def nothing_is_left(url: str) -> None:
    for _ in range(100):
        left = await open_transactions(url)
        if not left:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(left)


async def settled(d: Desk, app: FastAPI) -> None:
    """Everybody works, over every pool, and the temporary files are gone."""
    for _ in range(12):
        for path in ("/api/cases", "/auth/me", "/api/notifications", "/api/dashboard"):
            assert (await d.admin.client.get(path)).status_code == 200, path
    storage: LocalStorage = app.state.storage
    assert list(storage.incoming.iterdir()) == []


async def test_slow_readers_keep_nobody_from_exporting(
    app: FastAPI, people: People, catalog: Catalog, database_url: str
) -> None:
    d = await desk(people, catalog)
    for _ in range(3):
        await d.case()
    slow = [Reader(app, person, EXPORT) for person in (d.operator, d.executor, d.stranger)]
    for one in slow:
        await one.begun()
    await nothing_is_left(database_url)
    answer = await asyncio.wait_for(d.admin.client.get(EXPORT), 20)
    assert len(list(csv.reader(io.StringIO(answer.text), delimiter=";"))) == 4
    for one in slow:
        assert (await one.read_all()).startswith(b"\xef\xbb\xbf")
    await settled(d, app)


@pytest.mark.parametrize("pieces", [0, 1, 2])
async def test_a_reader_who_leaves_takes_nothing_with_him(
    app: FastAPI, people: People, catalog: Catalog, database_url: str, pieces: int
) -> None:
    d = await desk(people, catalog)
    await d.case()
    for _ in range(3):
        gone = Reader(app, d.operator, EXPORT)
        await gone.begun()
        await gone.read(pieces)
        await gone.hang_up()
    unasked = Reader(app, d.operator, EXPORT)
    await unasked.hang_up()
    await nothing_is_left(database_url)
    await settled(d, app)
    assert (await d.operator.client.get(EXPORT)).status_code == 200
    database: Database = app.state.database
    assert not database.ledger.unclean


async def test_one_export_at_a_time_for_each_person(app: FastAPI, people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    await d.case()
    first = Reader(app, d.operator, EXPORT)
    await first.begun()
    refused = await d.operator.client.get(EXPORT)
    assert (refused.status_code, refused.json()["code"]) == (429, "export_running")
    assert int(refused.headers["retry-after"]) >= 1
    assert (await d.admin.client.get(EXPORT)).status_code == 200
    await first.read_all()
    assert (await d.operator.client.get(EXPORT)).status_code == 200


async def test_what_a_killed_process_was_exporting_is_removed(settings: Settings) -> None:
    storage = LocalStorage(settings.media)
    await storage.prepare()
    left = Path(storage.incoming) / "spool-11111111-1111-1111-1111-111111111111"
    left.write_bytes(b"rows")
    assert await storage.prepare() == 1
    assert not left.exists()
