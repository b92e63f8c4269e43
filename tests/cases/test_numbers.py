"""Case numbers are finite: only a request that registers something takes one."""

import asyncio

import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import PDF, Desk, desk
from tests.factories import Catalog, People

KEY = {"Idempotency-Key": "k-1"}


@pytest.fixture
async def at_work(people: People, catalog: Catalog) -> Desk:
    """A desk whose operator this process knows."""
    d = await desk(people, catalog)
    await d.case()
    return d


async def _drawn(database: Database) -> int:
    async with database.connection() as connection:
        return int(await connection.scalar(sa.text("SELECT last_value FROM case_number")) or 0)


@pytest.mark.parametrize("with_file", [False, True])
async def test_a_request_sent_again_takes_no_number(
    at_work: Desk, database: Database, *, with_file: bool
) -> None:
    d = at_work
    files = [("files", ("a.pdf", PDF, "application/pdf"))] if with_file else None
    for _ in range(20):
        answer = await d.operator.client.post("/api/cases", data=d.form(), files=files, headers=KEY)
        assert answer.status_code == 201
    other = await d.operator.client.post("/api/cases", data=d.form(summary="Інше"), files=files, headers=KEY)
    assert other.json()["code"] == "idempotency_key_reused"
    assert await _drawn(database) == 2


async def test_requests_sent_at_once_with_one_key_take_one_number(at_work: Desk, database: Database) -> None:
    d = at_work
    answers = await asyncio.gather(
        *(d.operator.client.post("/api/cases", data=d.form(), headers=KEY) for _ in range(12))
    )
    assert len({answer.content for answer in answers}) == 1
    assert await _drawn(database) == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("UPDATE sessions SET ended_at = now()", 401),
        ("UPDATE users SET is_active = false", 401),
        ("UPDATE users SET must_change_password = true", 403),
        ("UPDATE categories SET is_active = false", 400),
        ("UPDATE channels SET is_active = false", 400),
    ],
)
async def test_a_refused_request_takes_no_number(
    at_work: Desk, database: Database, change: str, status: int
) -> None:
    d = at_work
    async with database.unit_of_work() as session:
        await session.execute(sa.text(change))
    for _ in range(3):
        answer = await d.operator.client.post("/api/cases", data=d.form())
        assert answer.status_code == status, answer.text
    assert await _drawn(database) == 1
