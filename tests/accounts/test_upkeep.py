"""What must hold behind the routes: the pool, the first administrator, old rows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.accounts.errors import UsernameTaken
from ohmatdyt.accounts.service import create_admin, hashing, sessions
from ohmatdyt.core import clock, security
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import InvalidFields
from tests.accounts.helpers import NEW_PASSWORD, patch, refresh, sign_in, tokens
from tests.factories import PASSWORD, People


async def test_no_connection_is_held_while_a_password_is_hashed(
    client: httpx.AsyncClient, people: People, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, admin = await people.operator(), await people.admin()
    held: list[int] = []
    pool: Any = database.engine.pool

    def watched(hashing: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watch(*arguments: Any) -> Any:
            held.append(pool.checkedout())
            return await hashing(*arguments)

        return watch

    for name in ("verify_password", "hash_password"):
        monkeypatch.setattr(security, name, watched(getattr(security, name)))
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "confirm_password": NEW_PASSWORD}
    new = {"username": "petro", "email": "petro@example.org", "full_name": "Петро"}
    email = {"email": "new@example.org", "current_password": NEW_PASSWORD}
    answers = [
        await sign_in(client, someone.username),
        await sign_in(client, "nobody"),
        await someone.client.post("/auth/change-password", json=change),
        await patch(someone, someone.id, email, 2),
        await client.post("/auth/register", json={**new, "password": NEW_PASSWORD}),
        await admin.client.post(
            "/api/users", json={**new, "username": "pavlo", "email": "pavlo@example.org", "role": "ADMIN"}
        ),
        await admin.client.post(f"/api/users/{someone.id}/reset-password"),
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 200, 200, 202, 201, 200]
    assert held == [0] * 8


async def test_the_command_line_makes_the_first_administrator(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await create_admin(session, "Golova", "golova@example.org", "Ганна Голова", NEW_PASSWORD)
    body = (await sign_in(client, "golova", NEW_PASSWORD)).json()
    assert (body["user"]["role"], body["user"]["must_change_password"]) == ("ADMIN", False)
    with pytest.raises(UsernameTaken):
        async with database.unit_of_work() as session:
            await create_admin(session, "golova", "other@example.org", "Інша", NEW_PASSWORD)
    with pytest.raises(InvalidFields) as wrong:
        async with database.unit_of_work() as session:
            await create_admin(session, "г", "not-an-address", " ", "short")
    assert [error.field for error in wrong.value.errors] == ["username", "email", "full_name", "password"]
    with pytest.raises(InvalidFields):
        async with database.unit_of_work() as session:
            await create_admin(session, "golova2", "g2@example.org", "Г", "password123")


async def test_sessions_long_over_are_forgotten_and_live_ones_kept(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    someone = await people.operator()
    old = await tokens(client, someone)
    await sign_in(client, "nobody", "x")
    with clock.moved(timedelta(days=36)):
        live = await tokens(client, someone)
    with clock.moved(timedelta(days=38)):
        async with database.unit_of_work() as session:
            await sessions.forget_old(session)
        assert (await refresh(client, old["refresh_token"])).status_code == 401
        assert (await refresh(client, live["refresh_token"])).status_code == 200
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM sessions")) == 1
        assert await session.scalar(sa.text("SELECT count(*) FROM login_failures")) == 0


async def test_a_flood_of_sign_ins_is_refused_at_once(
    client: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await people.operator()
    monkeypatch.setattr(hashing, "MOST_AT_ONCE", 2)
    answers = await asyncio.gather(*(sign_in(client, someone.username) for _ in range(6)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) >= 2
    assert set(statuses) == {200, 503}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert int(busy.headers["retry-after"]) >= 1
    assert (await sign_in(client, someone.username)).status_code == 200
