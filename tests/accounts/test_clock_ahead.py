"""A clock that ran ahead and was set right: nothing it wrote lasts longer than its maximum."""

from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.accounts.service import sessions
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.accounts.helpers import refresh, sign_in, status_of, tokens
from tests.accounts.test_throttle import WRONG, settings, stranger
from tests.factories import People

__all__ = ["settings"]

AHEAD = [timedelta(hours=1), timedelta(days=3650)]


@pytest.mark.parametrize("ahead", AHEAD)
async def test_pauses(app: FastAPI, people: People, ahead: timedelta) -> None:
    someone = await people.operator()
    async with stranger(app, "198.51.100.7") as client:
        with clock.moved(ahead):
            for number in range(9):
                await sign_in(client, f"guess-{number}", WRONG)
            for _ in range(3):
                await sign_in(client, someone.username, WRONG)
            assert (await sign_in(client, someone.username)).status_code == 429
        assert (await sign_in(client, someone.username)).status_code == 200
        # Counting begins anew.
        assert (await sign_in(client, someone.username, WRONG)).status_code == 401
        assert (await sign_in(client, someone.username)).status_code == 200


@pytest.mark.parametrize("ahead", AHEAD)
async def test_sessions_and_tokens(
    client: httpx.AsyncClient, people: People, database: Database, ahead: timedelta
) -> None:
    someone = await people.operator()
    before = await tokens(client, someone)
    with clock.moved(ahead):
        made = await tokens(client, someone)
        renewed = await refresh(client, before["refresh_token"])
    assert await status_of(client, made["access_token"]) == 401
    assert (await refresh(client, made["refresh_token"])).status_code == 401
    if renewed.status_code == 200:
        assert await status_of(client, renewed.json()["access_token"]) == 401
        assert (await refresh(client, renewed.json()["refresh_token"])).status_code == 401
        # The token it had before the jump was right then: it is no thief's, and no way back either.
        assert await status_of(client, before["access_token"]) == 401
    new = await tokens(client, someone)
    assert await status_of(client, new["access_token"]) == 200
    async with database.unit_of_work() as session:
        await sessions.forget_old(session)
        future = await session.scalar(
            sa.text("SELECT count(*) FROM sessions WHERE last_seen_at > now() + '1 min'")
        )
        assert future == 0
    assert await status_of(client, new["access_token"]) == 200


async def test_clocks_of_two_servers_may_differ_a_little(client: httpx.AsyncClient, people: People) -> None:
    someone = await people.operator()
    with clock.moved(timedelta(seconds=30)):
        made = await tokens(client, someone)
    assert await status_of(client, made["access_token"]) == 200
    assert (await refresh(client, made["refresh_token"])).status_code == 200


async def test_temporary_passwords(client: httpx.AsyncClient, people: People) -> None:
    admin, someone = await people.admin(), await people.operator()
    with clock.moved(timedelta(days=3650)):
        # Who resets it signs in under the same clock.
        bearer = {"Authorization": f"Bearer {(await tokens(client, admin))['access_token']}"}
        reset = await client.post(f"/api/users/{someone.id}/reset-password", headers=bearer)
        assert reset.status_code == 200, reset.text
        temporary = reset.json()["temp_password"]
        assert (await sign_in(client, someone.username, temporary)).status_code == 200
    assert (await sign_in(client, someone.username, temporary)).status_code == 401
