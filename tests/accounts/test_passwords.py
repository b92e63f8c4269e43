"""Passwords: what may be set, by whom, and what a change ends."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.accounts.helpers import NEW_PASSWORD, fields, journal, letters, refresh, sign_in, status_of, tokens
from tests.factories import PASSWORD, People


def change(current: str = PASSWORD, new: str = NEW_PASSWORD, confirm: str | None = None) -> dict[str, str]:
    return {
        "current_password": current,
        "new_password": new,
        "confirm_password": new if confirm is None else confirm,
    }


async def test_a_change_ends_the_other_sessions_and_not_this_one(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    someone = await people.operator()
    here, there = await tokens(client, someone), await tokens(client, someone)
    bearer = {"Authorization": f"Bearer {here['access_token']}"}
    answer = await client.post("/auth/change-password", json=change(), headers=bearer)
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"] == "Пароль змінено."
    assert await status_of(client, here["access_token"]) == 200
    assert (await refresh(client, here["refresh_token"])).status_code == 200
    assert await status_of(client, there["access_token"]) == 401
    assert (await refresh(client, there["refresh_token"])).status_code == 401
    assert (await someone.client.get("/auth/me")).status_code == 401
    assert (await sign_in(client, someone.username, PASSWORD)).status_code == 401
    signed_in = await sign_in(client, someone.username, NEW_PASSWORD)
    assert signed_in.json()["user"]["last_password_change_at"] == answer.json()["changed_at"]
    (entry,) = await journal(database, "password.changed")
    assert entry.actor_id == someone.id
    assert entry.details == {"sessions_ended": 2}


async def test_a_wrong_current_password_is_401_and_the_session_stays(
    people: People, database: Database
) -> None:
    someone = await people.operator()
    answer = await someone.client.post("/auth/change-password", json=change("не той пароль 1"))
    assert answer.status_code == 401
    assert answer.json()["code"] == "wrong_current_password"
    assert fields(answer) == ["current_password"]
    assert (await someone.client.get("/auth/me")).status_code == 200
    assert len(await journal(database, "password.refused")) == 1


async def test_guessing_the_current_password_is_paused(people: People, app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"login_max_failures": 3})
    someone, colleague = await people.operator(), await people.operator()
    for _ in range(3):
        await someone.client.post("/auth/change-password", json=change("не той пароль 1"))
    refused = await someone.client.post("/auth/change-password", json=change())
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 30
    assert (await colleague.client.post("/auth/change-password", json=change())).status_code == 200
    with clock.moved(timedelta(seconds=31)):
        assert (await someone.client.post("/auth/change-password", json=change())).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (change(new=PASSWORD), "new_password"),
        (change(new="\u0420омашка-2026"), "new_password"),
        (change(new="Абвг-12"), "new_password"),
        (change(new="12345678901"), "new_password"),
        (change(new="тількилітери"), "new_password"),
        (change(new="password123"), "new_password"),
        (change(new="Olena.koval1"), "new_password"),
        (change(new="Я1" + "х" * 127), "new_password"),
        (change(new="Волошка\u0000-27"), "new_password"),
        (change(confirm="Волошка-2028"), "confirm_password"),
        ({"current_password": PASSWORD}, "new_password"),
        ({**change(), "user_id": "1"}, "user_id"),
    ],
)
async def test_a_weak_same_or_unrepeated_password_is_422_by_field(
    people: People, body: dict[str, str], field: str
) -> None:
    someone = await people.operator(username="olena-koval")
    if body.get("new_password") == "Olena.koval1":
        body = change(new="Olena-Koval1")
    answer = await someone.client.post("/auth/change-password", json=body)
    assert answer.status_code == 422
    assert field in fields(answer)
    assert (await someone.client.get("/auth/me")).json()["version"] == 1


@pytest.mark.parametrize("password", ["Я1" + "х" * 126, "ёЁ їЇ 1 🌻", "Ａ１ｂｃｄｅｆｇ"])
async def test_long_cyrillic_and_wide_passwords_open(
    client: httpx.AsyncClient, people: People, password: str
) -> None:
    someone = await people.operator()
    assert (await someone.client.post("/auth/change-password", json=change(new=password))).status_code == 200
    assert (await sign_in(client, someone.username, password)).status_code == 200
    assert (await sign_in(client, someone.username, password[:-1])).status_code == 401


async def test_of_two_changes_at_once_one_wins(client: httpx.AsyncClient, people: People) -> None:
    someone = await people.operator()
    bodies = [change(new=f"Волошка-{number}") for number in (2027, 2028)]
    answers = await asyncio.gather(
        *(someone.client.post("/auth/change-password", json=body) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    winner = next(b for b, a in zip(bodies, answers, strict=True) if a.status_code == 200)
    assert (await sign_in(client, someone.username, winner["new_password"])).status_code == 200


async def test_a_reset_gives_a_temporary_password_that_opens_only_its_own_change(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    admin, someone = await people.admin(), await people.executor()
    answer = await admin.client.post(f"/api/users/{someone.id}/reset-password")
    assert answer.status_code == 200
    temporary = answer.json()["temp_password"]
    assert temporary not in answer.json()["message"]
    assert (await someone.client.get("/auth/me")).status_code == 401
    assert (await sign_in(client, someone.username)).status_code == 401

    body = (await sign_in(client, someone.username, temporary)).json()
    assert body["user"]["must_change_password"] is True
    assert body["user"]["permissions"] == []
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    for path in (f"/api/users/{someone.id}", "/api/users", "/api/categories"):
        refused = await client.get(path, headers=bearer)
        assert refused.status_code == 403
        assert refused.json()["code"] == "password_change_required"
    assert (await client.get("/auth/sessions", headers=bearer)).status_code == 200
    assert (await refresh(client, body["refresh_token"])).status_code == 200
    done = await client.post("/auth/change-password", json=change(temporary), headers=bearer)
    assert done.status_code == 200
    assert (await client.get(f"/api/users/{someone.id}", headers=bearer)).status_code == 200
    me = (await client.get("/auth/me", headers=bearer)).json()
    assert me["must_change_password"] is False
    (entry,) = await journal(database, "password.reset")
    assert (entry.actor_id, entry.object_id) == (admin.id, str(someone.id))
    assert temporary not in str(entry.details)


async def test_a_temporary_password_is_outlived_after_a_day(
    client: httpx.AsyncClient, people: People
) -> None:
    admin, someone = await people.admin(), await people.operator()
    temporary = (await admin.client.post(f"/api/users/{someone.id}/reset-password")).json()["temp_password"]
    with clock.moved(timedelta(hours=23, minutes=50)):
        body = (await sign_in(client, someone.username, temporary)).json()
    with clock.moved(timedelta(hours=24, seconds=1)):
        assert (await sign_in(client, someone.username, temporary)).status_code == 401
        assert (await refresh(client, body["refresh_token"])).status_code == 401
        bearer = {"Authorization": f"Bearer {body['access_token']}"}
        late = await client.post("/auth/change-password", json=change(temporary), headers=bearer)
        assert late.status_code == 401


async def test_a_reset_sent_twice_changes_shows_and_mails_once(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    admin, someone = await people.admin(), await people.operator()
    path, key = f"/api/users/{someone.id}/reset-password", {"Idempotency-Key": "reset-1"}
    first, second = await asyncio.gather(*(admin.client.post(path, headers=key) for _ in range(2)))
    shown = [a.json()["temp_password"] for a in (first, second) if a.json()["temp_password"]]
    assert [first.status_code, second.status_code, len(shown)] == [200, 200, 1]
    assert (await sign_in(client, someone.username, shown[0])).status_code == 200
    assert await letters(database) == [("PASSWORD_RESET", someone.id)]


async def test_only_an_admin_resets(people: People) -> None:
    someone, colleague, admin = await people.operator(), await people.executor(), await people.admin()
    for caller in (someone, colleague):
        assert (await caller.client.post(f"/api/users/{someone.id}/reset-password")).status_code == 403
    assert (await admin.client.post(f"/api/users/{uuid4()}/reset-password")).status_code == 404
    assert (await someone.client.get("/auth/me")).status_code == 200
