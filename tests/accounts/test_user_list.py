"""The list of users: found by any part, ordered by the Ukrainian alphabet, paged without repeats."""

from typing import Any

from sqlalchemy import event

from ohmatdyt.core.db import Database
from tests.factories import Catalog, People, Person


async def listed(admin: Person, **params: Any) -> list[str]:
    answer = await admin.client.get("/api/users", params=params)
    assert answer.status_code == 200, answer.text
    return [user["full_name"] for user in answer.json()["users"]]


async def test_search_finds_letters_in_any_case_and_takes_percent_and_underscore_as_letters(
    people: People,
) -> None:
    admin = await people.admin(full_name="Яна Адмін")
    await people.operator(full_name="Ґалаґан Їлена", username="galagan_x", email="g@example.org")
    await people.operator(full_name="Об’єдков Іван", username="obiedkov", email="100_percent@example.org")
    assert await listed(admin, search="ґАЛАҐ") == ["Ґалаґан Їлена"]
    assert await listed(admin, search="їлен") == ["Ґалаґан Їлена"]
    assert await listed(admin, search="об'єд") == ["Об’єдков Іван"]
    assert await listed(admin, search="GALAGAN_") == ["Ґалаґан Їлена"]
    assert await listed(admin, search="100_PER") == ["Об’єдков Іван"]
    assert await listed(admin, search="%") == []
    assert await listed(admin, search="a_a") == []
    assert len(await listed(admin, search=" ")) == 3


async def test_filters_join(people: People) -> None:
    admin = await people.admin(full_name="Адмін")
    await people.operator(full_name="Б", is_active=False)
    await people.operator(full_name="В", is_active=False, is_pending=True)
    await people.executor(full_name="Г")
    assert await listed(admin, is_active=False) == ["Б", "В"]
    assert await listed(admin, is_pending=True) == ["В"]
    assert await listed(admin, role="EXECUTOR") == ["Г"]
    assert await listed(admin, role="EXECUTOR", is_active=False) == []


async def test_names_stand_in_the_order_of_the_ukrainian_alphabet(people: People) -> None:
    admin = await people.admin(full_name="Яна")
    for name in ("Іван", "Ґанна", "Євген", "Гнат", "Їжак", "Еней", "Данило", "ганна", "Йосип"):
        await people.operator(full_name=name)
    expected = ["ганна", "Гнат", "Ґанна", "Данило", "Еней", "Євген", "Іван", "Їжак", "Йосип", "Яна"]
    assert await listed(admin) == expected
    assert await listed(admin, order_by="-full_name") == expected[::-1]


async def test_pages_repeat_and_skip_nobody(people: People) -> None:
    admin = await people.admin(full_name="Однакове")
    for _ in range(6):
        await people.operator(full_name="Однакове")
    for order in (
        "full_name",
        "-role",
        "last_login_at",
        "-last_login_at",
        "email",
        "-username",
        "created_at",
    ):
        seen: list[str] = []
        for page in (1, 2, 3):
            answer = await admin.client.get(
                "/api/users", params={"page": page, "page_size": 3, "order_by": order}
            )
            body = answer.json()
            assert (body["total"], body["page"], body["page_size"]) == (7, page, 3)
            seen += [user["id"] for user in body["users"]]
        assert len(seen) == len(set(seen)) == 7


async def test_wrong_parameters_are_refused_not_ignored(people: People) -> None:
    admin = await people.admin()
    for query in (
        "page=0",
        "page=100001",
        "page_size=101",
        "page_size=x",
        "order_by=password_hash",
        "role=BOSS",
        "is_active=maybe",
        "unknown=1",
        "role=ADMIN&role=OPERATOR",
        "search=" + "a" * 201,
        "search=%00",
    ):
        assert (await admin.client.get(f"/api/users?{query}")).status_code == 422, query


async def test_a_page_costs_the_same_statements_whatever_its_size(
    people: People, catalog: Catalog, database: Database
) -> None:
    admin, category = await people.admin(), await catalog.category()
    statements: list[str] = []

    def count(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    counts = []
    for _ in range(2):
        statements.clear()
        await listed(admin)
        counts.append(len(statements))
        for _ in range(5):
            await people.executor([category])
    assert counts == [3, 3]
