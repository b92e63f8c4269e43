"""Administrators keep the accounts; everybody sees and edits his own."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.accounts.helpers import NEW_PASSWORD, fields, insert_case, journal, letters, patch, sign_in
from tests.factories import PASSWORD, Catalog, People


def new_user(username: str = "petro", **other: object) -> dict[str, Any]:
    return {
        "username": username,
        "email": f"{username}@example.org",
        "full_name": "Петро Гнатюк",
        "role": "OPERATOR",
        **other,
    }


async def test_a_created_user_signs_in_with_the_password_shown_once(
    client: httpx.AsyncClient, people: People, database: Database
) -> None:
    admin = await people.admin()
    answer = await admin.client.post("/api/users", json=new_user())
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    made = answer.json()
    assert (made["role"], made["is_active"], made["must_change_password"]) == ("OPERATOR", True, True)
    assert (await sign_in(client, "petro", made["temp_password"])).status_code == 200
    read = await admin.client.get(f"/api/users/{made['id']}")
    assert "temp_password" not in read.json()
    assert await letters(database) == [("ACCOUNT_CREATED", UUID(made["id"]))]


async def test_a_given_password_needs_no_change(
    client: httpx.AsyncClient, people: People, catalog: Catalog, database: Database
) -> None:
    admin, category = await people.admin(), await catalog.category("Сервіс")
    body = new_user(
        role="EXECUTOR", password=NEW_PASSWORD, executor_category_ids=[str(category), str(category)]
    )
    made = (await admin.client.post("/api/users", json=body)).json()
    assert made["temp_password"] is None
    assert made["category_access"] == [{"id": str(category), "name": "Сервіс"}]
    assert (await sign_in(client, "petro", NEW_PASSWORD)).json()["user"]["must_change_password"] is False
    (entry,) = await journal(database, "user.created")
    assert (entry.actor_id, entry.object_id) == (admin.id, made["id"])


async def test_what_may_not_be_created(people: People, catalog: Catalog, database: Database) -> None:
    admin = await people.admin()
    category = str(await catalog.category())
    refused: list[tuple[dict[str, Any], int, str]] = [
        ({"role": "BOSS"}, 422, "role"),
        ({"id": str(uuid4())}, 422, "id"),
        ({"created_at": "2020-01-01T00:00:00Z"}, 422, "created_at"),
        ({"is_active": False}, 422, "is_active"),
        ({"password": "short1"}, 422, "password"),
        ({"username": "petro", "password": "petro1234"}, 422, "password"),
        ({"executor_category_ids": [category]}, 422, "executor_category_ids"),
        ({"role": "EXECUTOR", "executor_category_ids": [str(uuid4())]}, 400, "category_ids"),
        ({"role": "EXECUTOR", "executor_category_ids": ["x"]}, 422, "executor_category_ids.0"),
        ({"username": admin.username}, 409, "username"),
        ({"email": f"{admin.username}@EXAMPLE.ORG"}, 409, "email"),
    ]
    for other, status, field in refused:
        answer = await admin.client.post("/api/users", json={**new_user(), **other})
        assert answer.status_code == status, (other, answer.text)
        assert field in fields(answer), other
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM users")) == 1


async def test_the_same_creation_five_times_at_once_makes_one_user(
    people: People, database: Database
) -> None:
    admin = await people.admin()
    key = {"Idempotency-Key": "make-petro"}
    answers = await asyncio.gather(
        *(admin.client.post("/api/users", json=new_user(), headers=key) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.json()["id"] for answer in answers}) == 1
    shown = [answer.json()["temp_password"] for answer in answers if answer.json()["temp_password"]]
    assert len(shown) == 1  # once
    async with database.unit_of_work() as session:
        kept = await session.scalar(sa.text("SELECT convert_from(body, 'UTF8') FROM idempotency_keys"))
    assert shown[0] not in kept
    for other in (new_user(full_name="Інший"), new_user(password=NEW_PASSWORD)):
        answer = await admin.client.post("/api/users", json=other, headers=key)
        assert answer.status_code == 422
        assert answer.json()["code"] == "idempotency_key_reused"


async def test_only_an_admin_manages_users(people: People, database: Database) -> None:
    operator, executor, admin = await people.operator(), await people.executor(), await people.admin()
    for caller in (operator, executor):
        target = f"/api/users/{admin.id}"
        match = {"If-Match": '"1"'}
        whole = {"email": "x@example.org", "full_name": "Х"}
        answers = [
            await caller.client.get("/api/users"),
            await caller.client.post("/api/users", json=new_user()),
            await caller.client.get(target),
            await caller.client.put(target, json=whole, headers=match),
            await caller.client.patch(target, json={"full_name": "Х"}, headers=match),
            await caller.client.delete(target),
            await caller.client.post(f"{target}/activate"),
            await caller.client.post(f"{target}/deactivate"),
            await caller.client.get(f"/api/users/{uuid4()}"),
        ]
        assert [answer.status_code for answer in answers] == [403] * len(answers)
        assert {answer.json()["code"] for answer in answers} == {"admin_only"}
    assert (await admin.client.get(f"/api/users/{operator.id}")).status_code == 200
    assert len(await journal(database, "access.refused")) == 18


async def test_everybody_sees_and_edits_himself(people: People) -> None:
    someone = await people.operator(username="hanna", email="hanna@example.org")
    read = await someone.client.get(f"/api/users/{someone.id}")
    assert read.status_code == 200
    assert read.headers["etag"] == '"1"'
    assert "password_hash" not in read.text

    renamed = await patch(someone, someone.id, {"full_name": "Ганна  Їжакевич"})
    assert renamed.status_code == 200
    assert (renamed.json()["full_name"], renamed.json()["version"]) == ("Ганна Їжакевич", 2)
    assert renamed.headers["etag"] == '"2"'
    for body in (
        {"email": "h@example.org"},
        {"email": "h@example.org", "current_password": "не той пароль 1"},
    ):
        answer = await patch(someone, someone.id, body, 2)
        assert answer.status_code == 401
        assert fields(answer) == ["current_password"]
    moved = await patch(someone, someone.id, {"email": "h@example.org", "current_password": PASSWORD}, 2)
    assert moved.json()["email"] == "h@example.org"
    whole = {"email": "h@example.org", "full_name": "Ганна Їжак", "role": "OPERATOR"}
    replaced = await someone.client.put(f"/api/users/{someone.id}", json=whole, headers={"If-Match": '"3"'})
    assert replaced.status_code == 200
    assert replaced.json()["version"] == 4


async def test_nobody_promotes_himself(people: People, database: Database) -> None:
    someone = await people.operator()
    answer = await patch(someone, someone.id, {"role": "ADMIN", "full_name": "Хитрий"})
    assert answer.status_code == 403
    assert fields(answer) == ["role"]
    for unknown in ("id", "username", "is_active", "created_at", "version", "category_access", "password"):
        answer = await patch(someone, someone.id, {unknown: "x"})
        assert answer.status_code == 422
        assert fields(answer) == [unknown]
    me = (await someone.client.get("/auth/me")).json()
    assert (me["role"], me["full_name"], me["version"]) == ("OPERATOR", someone.full_name, 1)
    assert len(await journal(database, "access.refused")) == 1


async def test_an_edit_of_what_somebody_changed_meanwhile_is_refused(people: People) -> None:
    admin, someone = await people.admin(), await people.operator()
    assert (await patch(admin, someone.id, {"full_name": "Перша"})).status_code == 200
    stale = await patch(admin, someone.id, {"full_name": "Друга"})
    assert stale.status_code == 412
    assert stale.json()["current_version"] == 2
    missing = await admin.client.patch(f"/api/users/{someone.id}", json={"full_name": "Х"})
    assert missing.status_code == 428
    odd = await admin.client.patch(f"/api/users/{someone.id}", json={}, headers={"If-Match": "x"})
    assert odd.status_code == 422
    same = await patch(admin, someone.id, {"full_name": "Перша", "email": None}, 2)
    assert same.json()["version"] == 2  # nothing changed, nothing counted
    answers = await asyncio.gather(*(patch(admin, someone.id, {"full_name": f"Н {n}"}, 2) for n in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert (await patch(admin, uuid4(), {"full_name": "Х"})).status_code == 404


async def test_a_role_acts_on_the_next_request_of_tokens_already_issued(people: People) -> None:
    admin, someone = await people.admin(), await people.operator()
    assert (await someone.client.get("/api/users")).status_code == 403
    promoted = await patch(admin, someone.id, {"role": "ADMIN"})
    assert promoted.json()["role"] == "ADMIN"
    assert (await someone.client.get("/api/users")).status_code == 200
    assert (await patch(admin, someone.id, {"role": "OPERATOR"}, 2)).status_code == 200
    assert (await someone.client.get("/api/users")).status_code == 403


async def test_an_unused_account_is_deleted_a_used_one_kept(
    people: People, catalog: Catalog, database: Database
) -> None:
    admin, unused, author, doer = (
        await people.admin(),
        await people.executor(),
        await people.operator(),
        await people.admin(),
    )
    await insert_case(database, catalog, author=author.id)
    await doer.client.post("/api/users", json=new_user())
    assert (await admin.client.delete(f"/api/users/{unused.id}")).status_code == 204
    assert (await unused.client.get("/auth/me")).status_code == 401
    assert (await admin.client.delete(f"/api/users/{unused.id}")).status_code == 404
    for kept in (author, doer):
        answer = await admin.client.delete(f"/api/users/{kept.id}")
        assert answer.status_code == 409
        assert answer.json()["code"] == "user_referenced"
        assert (await kept.client.get("/auth/me")).status_code == 200
    (entry,) = await journal(database, "user.deleted")
    assert entry.details == {"username": unused.username}


@pytest.mark.parametrize("method", ["get", "delete"])
async def test_an_id_that_is_none_is_422(people: People, method: str) -> None:
    admin = await people.admin()
    assert (await admin.client.request(method, "/api/users/x")).status_code == 422
