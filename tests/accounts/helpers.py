"""Steps the tests of accounts share."""

from typing import Any

import httpx
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.factories import PASSWORD, Person

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
NEW_PASSWORD = "Волошка-2027"


async def sign_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    """Try to sign in; cookies are forgotten, so that the client stays a stranger."""
    answer = await client.post("/auth/login", json={"username": username, "password": password})
    client.cookies.clear()
    return answer


async def tokens(client: httpx.AsyncClient, person: Person) -> dict[str, Any]:
    """The tokens of a new session of this person."""
    answer = await sign_in(client, person.username, person.password)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Exchange a refresh token as a client without cookies does."""
    answer = await client.post("/auth/refresh", json={"refresh_token": token})
    client.cookies.clear()
    return answer


async def status_of(client: httpx.AsyncClient, access_token: str) -> int:
    """What the API answers to whoever carries this access token."""
    answer = await client.get("/auth/me", headers={"Authorization": f"Bearer {access_token}"})
    return answer.status_code


async def journal(database: Database, action: str) -> list[Any]:
    """The entries of one kind, the oldest first."""
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.text("SELECT * FROM audit_log WHERE action = :action ORDER BY id"), {"action": action}
        )
        return list(rows.all())


def fields(answer: httpx.Response) -> list[str]:
    """The fields a refusal names."""
    return [error["field"] for error in answer.json()["errors"]]
