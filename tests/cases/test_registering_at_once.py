"""A case without files and links is stored in one statement with everything that belongs to it, its key included."""

import asyncio

import orjson
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People

KEY = {"Idempotency-Key": "k-1"}


@pytest.fixture
async def at_work(people: People, catalog: Catalog) -> Desk:
    """A desk whose operator has registered before, so that the process knows him."""
    d = await desk(people, catalog)
    await d.case()
    assert (await d.operator.client.get("/api/cases")).json()["total"] == 1
    return d


async def _counts(database: Database) -> tuple[int, ...]:
    """Cases, their events, words, notifications, entries of the journal, and keys."""
    tables = ("cases", "case_events", "case_search", "notifications", "idempotency_keys")
    async with database.connection() as connection:
        numbers = [await connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in tables]
        noted = await connection.scalar(
            sa.text("SELECT count(*) FROM audit_log WHERE action = 'case.registered'")
        )
    return (*map(int, numbers), int(noted))


async def test_one_key_sent_at_once_and_again_is_one_case(at_work: Desk, database: Database) -> None:
    d = at_work

    async def send() -> tuple[int, bytes, str]:
        answer = await d.operator.client.post("/api/cases", data=d.form(), headers=KEY)
        return answer.status_code, answer.content, answer.headers["etag"]

    answers = set(await asyncio.gather(*(send() for _ in range(8)))) | {await send()}
    ((status, card, tag),) = answers
    assert (status, tag) == (201, '"1"')
    number = (await d.operator.client.get("/api/cases")).json()["cases"][0]["public_id"]
    # What was answered is what is there.
    assert (await d.operator.client.get(f"/api/cases/{number}")).json() == orjson.loads(card)
    assert await _counts(database) == (2, 2, 2, 2, 1, 2)


async def test_a_key_is_of_one_person_and_one_request(at_work: Desk, database: Database) -> None:
    d = at_work
    assert (await d.operator.client.post("/api/cases", data=d.form(), headers=KEY)).status_code == 201
    other = await d.operator.client.post("/api/cases", data=d.form(summary="Інше"), headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await d.admin.client.post("/api/cases", data=d.form(), headers=KEY)).status_code == 201
    assert (await _counts(database))[0] == 3


async def test_what_was_registered_is_answered_again_after_the_category_was_closed(
    at_work: Desk, database: Database
) -> None:
    d = at_work
    first = await d.operator.client.post("/api/cases", data=d.form(), headers=KEY)
    closed = await d.admin.client.post(f"/api/categories/{d.category}/deactivate")
    assert closed.status_code == 200, closed.text
    again = await d.operator.client.post("/api/cases", data=d.form(), headers=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    new = await d.operator.client.post("/api/cases", data=d.form(), headers={"Idempotency-Key": "k-2"})
    assert (new.status_code, new.json()["code"]) == (400, "category_not_active")
    assert (await _counts(database))[0] == 2


@pytest.mark.parametrize("form", [{}, {"summary": ""}, {"unknown": "1"}, {"category_id": "1"}])
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ("UPDATE sessions SET ended_at = now()", 401, "not_signed_in"),
        ("UPDATE users SET is_active = false", 401, "not_signed_in"),
        ("UPDATE users SET must_change_password = true", 403, "password_change_required"),
    ],
)
async def test_whoever_may_not_any_more_registers_nothing_and_learns_nothing(
    at_work: Desk,
    database: Database,
    *,
    form: dict[str, str],
    change: str,
    status: int,
    code: str,
) -> None:
    d = at_work
    async with database.unit_of_work() as session:
        whose = "user_id" if "sessions" in change else "id"
        await session.execute(sa.text(f"{change} WHERE {whose} = :id"), {"id": d.operator.id})
    for headers in ({}, KEY):
        refused = await d.operator.client.post("/api/cases", data=d.form(**form), headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await _counts(database))[0] == 1


async def test_a_new_role_registers_in_its_own_name(at_work: Desk, database: Database) -> None:
    d = at_work
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("UPDATE users SET role = 'ADMIN' WHERE id = :id"), {"id": d.operator.id}
        )
    card = (await d.operator.client.post("/api/cases", data=d.form())).json()
    assert "assign" in card["allowed_actions"]
    read = (await d.operator.client.get(f"/api/cases/{card['public_id']}")).json()
    assert read == card
