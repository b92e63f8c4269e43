"""Who serves which category, who may leave, and that somebody can always administer."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.accounts.helpers import fields, insert_case, journal, patch
from tests.factories import Catalog, People, Person


async def test_an_admin_sets_adds_and_takes_categories(
    people: People, catalog: Catalog, database: Database
) -> None:
    admin, executor = await people.admin(), await people.executor()
    lab, ward, desk = [await catalog.category(name) for name in ("Ґанок", "Відділення", "Довідка")]
    path = f"/api/users/{executor.id}/category-access"
    assert (await admin.client.get(path)).json() == {
        "user_id": str(executor.id),
        "categories": [],
        "total": 0,
    }
    put = await admin.client.put(path, json={"category_ids": [str(lab), str(ward), str(lab)]})
    assert put.status_code == 200
    assert [one["name"] for one in put.json()["categories"]] == ["Відділення", "Ґанок"]
    added = await admin.client.post(path, json={"category_ids": [str(desk)]})
    assert [one["name"] for one in added.json()["categories"]] == ["Відділення", "Ґанок", "Довідка"]
    assert (await admin.client.delete(f"{path}/{ward}")).status_code == 204
    assert (await admin.client.delete(f"{path}/{ward}")).status_code == 204
    me = (await executor.client.get("/auth/me")).json()
    assert [one["name"] for one in me["category_access"]] == ["Ґанок", "Довідка"]
    assert me["version"] == 4
    assert len(await journal(database, "user.access_changed")) == 3
    assert (await admin.client.put(path, json={"category_ids": []})).json()["total"] == 0


async def test_what_access_is_refused(people: People, catalog: Catalog) -> None:
    admin, executor, operator = await people.admin(), await people.executor(), await people.operator()
    category = str(await catalog.category())
    path = f"/api/users/{executor.id}/category-access"
    unknown = await admin.client.put(path, json={"category_ids": [category, str(uuid4())]})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_category")
    assert (await admin.client.get(path)).json()["total"] == 0
    not_his = await admin.client.post(
        f"/api/users/{operator.id}/category-access", json={"category_ids": [category]}
    )
    assert (not_his.status_code, not_his.json()["code"]) == (400, "not_an_executor")
    bodies: list[dict[str, object]] = [
        {},
        {"category_ids": "x"},
        {"category_ids": [1]},
        {"category_ids": [category] * 201},
    ]
    for body in bodies:
        answer = await admin.client.put(path, json=body)
        assert answer.status_code == 422
        assert fields(answer)[0].startswith("category_ids")
    assert (await admin.client.get(f"/api/users/{uuid4()}/category-access")).status_code == 404
    for caller in (executor, operator):
        for method, target in (
            ("GET", path),
            ("PUT", path),
            ("POST", path),
            ("DELETE", f"{path}/{category}"),
            ("GET", f"/api/users/{executor.id}/active-cases"),
        ):
            sent = {"category_ids": [category]} if method in ("PUT", "POST") else None
            assert (await caller.client.request(method, target, json=sent)).status_code == 403


async def test_nobody_leaves_while_responsible(people: People, catalog: Catalog, database: Database) -> None:
    admin, author = await people.admin(), await people.operator()
    busy_in, free_in = await catalog.category("Сервіс"), await catalog.category("Харчування")
    executor = await people.executor([busy_in, free_in])
    await insert_case(database, catalog, author=author.id, category=free_in)  # waits, nobody's
    await insert_case(
        database, catalog, author=author.id, responsible=executor.id, category=free_in, status="DONE"
    )
    case_id = await insert_case(
        database, catalog, author=author.id, responsible=executor.id, category=busy_in, status="NEEDS_INFO"
    )
    path = f"/api/users/{executor.id}"
    for refused in (
        await admin.client.post(f"{path}/deactivate"),
        await admin.client.delete(f"{path}/category-access/{busy_in}"),
        await admin.client.put(f"{path}/category-access", json={"category_ids": [str(free_in)]}),
        await patch(admin, executor.id, {"role": "OPERATOR"}),
        await admin.client.post(f"{path}/activate", json={"role": "OPERATOR"}),
    ):
        assert refused.status_code == 409, refused.text
        body = refused.json()
        assert (body["code"], body["total_cases"]) == ("has_active_cases", 1)
        (case,) = body["cases"]
        assert case["id"] == str(case_id)
        assert case["category"] == {"id": str(busy_in), "name": "Сервіс"}
        assert case["status"] == "NEEDS_INFO"
        assert "applicant_name" not in case
    listed = (await admin.client.get(f"{path}/active-cases")).json()
    assert (listed["total"], listed["cases"][0]["id"]) == (1, str(case_id))
    assert (await admin.client.delete(f"{path}/category-access/{free_in}")).status_code == 204
    promoted = await patch(admin, executor.id, {"role": "ADMIN"}, 2)  # an ADMIN may go on with his cases
    assert promoted.status_code == 200
    assert promoted.json()["category_access"] == []

    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE cases SET status = 'DONE' WHERE id = :id"), {"id": case_id})
    assert (await admin.client.post(f"{path}/deactivate")).status_code == 200


async def test_deactivation_acts_at_once_and_can_be_taken_back(people: People, database: Database) -> None:
    admin, someone = await people.admin(), await people.operator()
    path = f"/api/users/{someone.id}"
    gone = await admin.client.post(f"{path}/deactivate")
    assert (gone.status_code, gone.json()["is_active"], gone.json()["version"]) == (200, False, 2)
    assert (await someone.client.get("/auth/me")).status_code == 401
    assert (await admin.client.post(f"{path}/deactivate")).json()["version"] == 2
    back = await admin.client.post(f"{path}/activate")
    assert (back.status_code, back.json()["is_active"], back.headers["etag"]) == (200, True, '"3"')
    assert (await someone.client.get("/auth/me")).status_code == 401  # the old session stays ended
    assert (await admin.client.post(f"{path}/activate")).json()["version"] == 3
    assert len(await journal(database, "user.deactivated")) == 1
    assert len(await journal(database, "user.activated")) == 1


async def test_deactivation_waits_for_whoever_is_just_handing_him_a_case(
    people: People, catalog: Catalog, database: Database
) -> None:
    admin, author = await people.admin(), await people.operator()
    category = await catalog.category()
    executor = await people.executor([category])
    async with database.unit_of_work() as session:
        # What the foreign key of a case does while its transaction is open.
        await session.execute(sa.text("SELECT FROM users WHERE id = :id FOR KEY SHARE"), {"id": executor.id})
        leaving = asyncio.create_task(admin.client.post(f"/api/users/{executor.id}/deactivate"))
        await asyncio.sleep(0.3)
        assert not leaving.done()
        await insert_case(database, catalog, author=author.id, responsible=executor.id, category=category)
    assert (await leaving).status_code == 409


async def test_the_last_active_admin_stays(people: People) -> None:
    admin = await people.admin()
    await people.admin(is_active=False)
    for refused in (
        await admin.client.post(f"/api/users/{admin.id}/deactivate"),
        await patch(admin, admin.id, {"role": "OPERATOR"}),
        await admin.client.delete(f"/api/users/{admin.id}"),
    ):
        assert refused.status_code == 409
        assert refused.json()["code"] == "last_admin"
    other = await people.admin()
    assert (await patch(admin, admin.id, {"role": "OPERATOR"})).status_code == 200
    assert (await other.client.post(f"/api/users/{other.id}/deactivate")).status_code == 409


async def _remove(method: str, caller: Person, target: Person) -> int:
    if method == "demote":
        return (await patch(caller, target.id, {"role": "OPERATOR"})).status_code
    return (await caller.client.post(f"/api/users/{target.id}/deactivate")).status_code


@pytest.mark.parametrize("method", ["demote", "deactivate"])
async def test_of_two_last_admins_who_remove_each_other_at_once_one_stays(
    people: People, database: Database, method: str
) -> None:
    one, two = await people.admin(), await people.admin()
    statuses = await asyncio.gather(_remove(method, one, two), _remove(method, two, one))
    # The slower one meets the rule, or has lost his role or his session by then.
    assert sorted(statuses) in ([200, 409], [200, 403], [200, 401])
    async with database.unit_of_work() as session:
        left = await session.scalar(sa.text("SELECT count(*) FROM users WHERE role = 'ADMIN' AND is_active"))
    assert left == 1
