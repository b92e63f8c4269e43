"""Asking for an account: it opens nothing until an administrator approves it."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.core.db import Database
from tests.accounts.helpers import NEW_PASSWORD, fields, journal, letters, sign_in
from tests.factories import People


def request_for(username: str = "Olena-Koval", **other: object) -> dict[str, Any]:
    return {
        "username": username,
        "full_name": "  Олена   Коваль ",
        "email": f"{username}@Example.org",
        "password": NEW_PASSWORD,
        **other,
    }


async def test_an_approved_registration_opens_with_the_role_the_admin_gives(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    answer = await client.post("/auth/register", json=request_for())
    assert answer.status_code == 202, answer.text
    assert answer.json().keys() == {"message"}
    assert (await sign_in(client, "olena-koval", NEW_PASSWORD)).status_code == 401

    admin = await people.admin()
    (pending,) = (await admin.client.get("/api/users", params={"is_pending": True})).json()["users"]
    assert (pending["username"], pending["full_name"]) == ("olena-koval", "Олена Коваль")
    assert pending["email"] == "Olena-Koval@example.org"
    assert (pending["role"], pending["is_active"]) == ("OPERATOR", False)
    approved = await admin.client.post(f"/api/users/{pending['id']}/activate", json={"role": "EXECUTOR"})
    assert approved.status_code == 200
    assert approved.json()["is_pending"] is False
    signed_in = await sign_in(client, "olena-koval", NEW_PASSWORD)
    assert signed_in.json()["user"]["role"] == "EXECUTOR"
    assert len(await journal(database, "user.registered")) == 1
    assert len(await journal(database, "user.approved")) == 1
    assert [kind for kind, _ in await letters(database)] == ["ACCOUNT_CREATED"]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "a" * 51}, "username"),
        ({"username": "олена"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"username": "abc\n"}, None),
        ({"full_name": " \u200b "}, "full_name"),
        ({"full_name": "я" * 201}, "full_name"),
        ({"full_name": "Олена\u202eаннА"}, "full_name"),
        ({"email": "no-at-sign"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a\r\nBcc: x@y.org@example.org"}, "email"),
        ({"email": "a" * 255 + "@example.org"}, "email"),
        ({"password": "12345678"}, "password"),
        ({"password": "olena-koval1"}, "password"),
        ({"role": "ADMIN"}, "role"),
        ({"is_active": True}, "is_active"),
        ({"id": "x"}, "id"),
    ],
)
async def test_each_field_has_its_limits(
    client: httpx.AsyncClient, other: dict[str, object], field: str | None
) -> None:
    answer = await client.post("/auth/register", json={**request_for(), **other})
    if field is None:
        assert answer.status_code == 202
    else:
        assert answer.status_code == 422
        assert field in fields(answer)


async def test_a_taken_name_or_address_is_told(client: httpx.AsyncClient) -> None:
    assert (await client.post("/auth/register", json=request_for())).status_code == 202
    for other, field, code in (
        ({"email": "other@example.org"}, "username", "username_taken"),
        ({"username": "other", "email": "OLENA-koval@EXAMPLE.org"}, "email", "email_taken"),
    ):
        answer = await client.post("/auth/register", json={**request_for(), **other})
        assert answer.status_code == 409
        assert answer.json()["code"] == code
        assert fields(answer) == [field]


async def test_trying_names_is_slowed_down(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"login_max_failures": 3})
    assert (await client.post("/auth/register", json=request_for())).status_code == 202
    statuses = [(await client.post("/auth/register", json=request_for())).status_code for _ in range(4)]
    assert statuses[-1] == 429
    assert 409 in statuses


async def test_the_same_request_at_once_makes_one_account(
    client: httpx.AsyncClient, database: Database
) -> None:
    key = {"Idempotency-Key": "try-1"}
    answers = await asyncio.gather(
        *(client.post("/auth/register", json=request_for(), headers=key) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [202] * 5
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM users")) == 1
    other = await client.post("/auth/register", json=request_for(full_name="Інша"), headers=key)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_two_people_choosing_one_name_at_once(client: httpx.AsyncClient) -> None:
    bodies = [request_for(email=f"{number}@example.org") for number in range(4)]
    answers = await asyncio.gather(*(client.post("/auth/register", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]


async def test_a_closed_registration_is_403(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"registration_open": False})
    answer = await client.post("/auth/register", json=request_for())
    assert answer.status_code == 403
    assert answer.json()["code"] == "registration_closed"
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM users")) == 0
