"""Steps the tests of accounts share."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.factories import PASSWORD, Catalog, Person

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


async def letters(database: Database) -> list[tuple[str, UUID]]:
    """Which letters wait, and for whom."""
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.text("SELECT type, recipient_id FROM notifications ORDER BY created_at")
        )
        return [(row.type, row.recipient_id) for row in rows]


def fields(answer: httpx.Response) -> list[str]:
    """The fields a refusal names."""
    return [error["field"] for error in answer.json()["errors"]]


async def patch(caller: Person, user_id: object, body: dict[str, Any], version: int = 1) -> httpx.Response:
    """Change a user, naming the version the caller has read."""
    return await caller.client.patch(f"/api/users/{user_id}", json=body, headers={"If-Match": f'"{version}"'})


async def insert_case(
    database: Database,
    catalog: Catalog,
    *,
    author: UUID,
    responsible: UUID | None = None,
    category: UUID | None = None,
    status: str | None = None,
) -> UUID:
    """A case straight in the table: these tests are about the people in it."""
    category = category or await catalog.category()
    channel = await catalog.channel()
    case_id = uuid4()
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text(
                "INSERT INTO cases (id, public_id, category_id, channel_id, author_id, responsible_id, status,"
                " created_at, updated_at, last_status_change_at, applicant_name, applicant_name_sort, summary)"
                " VALUES (:id, 100000 + (SELECT count(*) FROM cases), :category, :channel, :author, :responsible,"
                " :status, now(), now(), now(), 'Заявник', 'Заявник', 'Текст')"
            ),
            {
                "id": case_id,
                "category": category,
                "channel": channel,
                "author": author,
                "responsible": responsible,
                "status": status or ("IN_PROGRESS" if responsible else "NEW"),
            },
        )
    return case_id
