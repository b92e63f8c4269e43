"""Somebody is let go at the very moment he, or an admin for him, makes him responsible: both orders, made certain."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People, Person

# What the services write, under the lock they take.
WAYS = {
    "deactivated": ["UPDATE users SET is_active = false, token_version = token_version + 1 WHERE id = $1"],
    "access taken": [
        "DELETE FROM category_access WHERE user_id = $1",
        "UPDATE users SET version = version + 1 WHERE id = $1",
    ],
    "made an operator": [
        "DELETE FROM category_access WHERE user_id = $1",
        "UPDATE users SET role = 'OPERATOR' WHERE id = $1",
    ],
}


async def _while_let_go(url: str, whom: Person, way: str, request: Callable[[], Awaitable[Any]]) -> Any:
    """Send the request while the transaction that lets somebody go is open; it commits when the request waits."""
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", whom.id)
            for statement in WAYS[way]:
                await connection.execute(statement, whom.id)
            sent = asyncio.ensure_future(request())
            for _ in range(200):
                await asyncio.sleep(0.01)
                waiting = await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'"
                )
                if waiting or sent.done():
                    break
            assert waiting, "the request did not wait for the person's lock"
        return await sent
    finally:
        await connection.close()


async def _is_new(d: Desk, database: Database, case: dict[str, Any]) -> None:
    async with database.unit_of_work() as session:
        row = (
            await session.execute(
                sa.text("SELECT status, responsible_id, version FROM cases WHERE id = :id"),
                {"id": case["id"]},
            )
        ).one()
    assert tuple(row) == ("NEW", None, 1)


@pytest.mark.parametrize("way", WAYS)
async def test_a_taker_let_go_meanwhile_does_not_get_the_case(
    people: People, catalog: Catalog, database: Database, database_url: str, way: str
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    refused = await _while_let_go(
        database_url, d.executor, way, lambda: d.executor.client.post(f"/api/cases/{case['id']}/take")
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "case_not_visible")
    await _is_new(d, database, case)


@pytest.mark.parametrize("way", WAYS)
async def test_nobody_let_go_meanwhile_is_assigned(
    people: People, catalog: Catalog, database: Database, database_url: str, way: str
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    asked = {"responsible_id": str(d.executor.id)}
    refused = await _while_let_go(
        database_url,
        d.executor,
        way,
        lambda: d.admin.client.post(f"/api/cases/{case['id']}/assign", json=asked),
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "cannot_be_responsible")
    await _is_new(d, database, case)


async def test_a_case_is_not_reopened_into_the_hands_of_an_admin_just_let_go(
    people: People, catalog: Catalog, database_url: str
) -> None:
    d = await desk(people, catalog)
    leaving = await people.admin()
    case = await d.case()
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    words = {"to_status": "DONE", "comment": "Відповідь надано."}
    assert (await d.executor.client.post(f"/api/cases/{case['id']}/status", json=words)).status_code == 200
    access = f"/api/users/{d.executor.id}/category-access"
    assert (await d.admin.client.put(access, json={"category_ids": []})).status_code == 200
    again = {"to_status": "IN_PROGRESS", "comment": "Відкриваємо знову."}
    refused = await _while_let_go(
        database_url,
        leaving,
        "deactivated",
        lambda: leaving.client.post(f"/api/cases/{case['id']}/status", json=again),
    )
    assert refused.status_code == 403
    assert (await d.admin.client.get(f"/api/cases/{case['id']}")).json()["status"] == "DONE"
