"""What happens to accounts at the same moment from two sides."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from ohmatdyt.core.db import Database
from tests.accounts.helpers import journal, patch
from tests.factories import People, Person

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
async def held(database_url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A connection of somebody else, with a transaction that stays open for the test."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await connection.close()


async def test_two_tabs_sign_out(people: People, database: Database, database_url: str, held: Any) -> None:
    someone = await people.operator()
    # Held until both are past the door.
    await held.execute("SELECT FROM sessions WHERE id = $1 FOR UPDATE", someone.session_id)
    tabs = [asyncio.create_task(someone.client.post("/auth/logout")) for _ in "12"]
    looking = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    async with asyncio.timeout(10):
        while await looking.fetchval(WAITING) < len(tabs):  # noqa: ASYNC110 — the server says it no other way
            await asyncio.sleep(0.01)
    await held.execute("ROLLBACK")
    await looking.close()
    assert [(await tab).status_code for tab in tabs] == [204, 204]
    assert len(await journal(database, "session.ended")) == 1


@pytest.mark.parametrize("deed", ["role", "deactivate", "activate", "delete"])
async def test_what_is_just_written_for_other_admins_holds_nobody_up(
    people: People, held: Any, deed: str
) -> None:
    """A comment takes hold of those it is announced to, one after the other; an admin who changes an account held all
    admins so that neither could go on, and one of the two was answered 503."""
    admin, whom = await people.admin(), await people.operator(is_active=deed != "activate")
    for other in (admin, await people.admin()):
        await held.execute("SELECT FROM users WHERE id = $1 FOR KEY SHARE", other.id)
    assert await _status(admin, whom, deed) == (204 if deed == "delete" else 200)


async def _status(admin: Person, whom: Person, deed: str) -> int:
    if deed == "role":
        return (await patch(admin, whom.id, {"role": "EXECUTOR"})).status_code
    path = f"/api/users/{whom.id}"
    method, path = ("DELETE", path) if deed == "delete" else ("POST", f"{path}/{deed}")
    return (await admin.client.request(method, path)).status_code
