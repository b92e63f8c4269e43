"""A hot read is asked in the name the caller had last; whatever of it has changed since counts at once all the same."""

from typing import Any

import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People


@pytest.fixture
async def at_work(people: People, catalog: Catalog) -> tuple[Desk, str, int]:
    """A desk, and the card of a case that its executor has in his list and has looked at."""
    d = await desk(people, catalog)
    number = (await d.case())["public_id"]
    assert (await d.executor.client.get("/api/cases")).json()["total"] == 1
    assert (await d.executor.client.get(f"/api/cases/{number}")).status_code == 200
    return d, f"/api/cases/{number}", number


async def _set(database: Database, statement: str, **values: Any) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.text(statement), values)


async def test_a_category_taken_away_and_given_back(
    at_work: tuple[Desk, str, int], database: Database
) -> None:
    d, card, number = at_work
    who, what = d.executor.id, d.category
    await _set(database, "DELETE FROM category_access WHERE user_id = :who", who=who)
    refused = await d.executor.client.get(card)
    assert (refused.status_code, refused.json()["code"]) == (403, "case_not_visible")
    listed = await d.executor.client.get("/api/cases")
    assert listed.json()["total"] == 0
    for filters in (f"search={number}", "search=Ганна", "updated_from=2020-01-01", "applicant_name=Ганна"):
        assert (await d.executor.client.get(f"/api/cases?{filters}")).json()["total"] == 0
    await _set(
        database,
        "INSERT INTO category_access (user_id, category_id, granted_at) VALUES (:who, :what, now())",
        who=who,
        what=what,
    )
    # What a refusal was asked for is looked at again, too: first the card, then everything else.
    assert (await d.executor.client.get(card)).status_code == 200
    assert (await d.executor.client.get("/api/cases")).json()["total"] == 1
    assert (await d.executor.client.get(f"/api/cases?search={number}")).json()["total"] == 1


async def test_another_role(at_work: tuple[Desk, str, int], database: Database) -> None:
    d, card, _ = at_work
    who = d.executor.id
    await _set(database, "UPDATE users SET role = 'ADMIN' WHERE id = :who", who=who)
    assert "assign" in (await d.executor.client.get(card)).json()["allowed_actions"]
    await _set(database, "UPDATE users SET role = 'OPERATOR' WHERE id = :who", who=who)
    assert (await d.executor.client.get(card)).status_code == 403
    assert (await d.executor.client.get("/api/cases?scope=queue")).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET is_active = false WHERE id = :who",
        "UPDATE users SET token_version = token_version + 1 WHERE id = :who",
        "UPDATE sessions SET ended_at = now() WHERE user_id = :who",
        "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = :who",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/100001",
        "?search=Ганна",
        "?search=Ганна&order_by=created_at",
        "?updated_from=2020-01-01",
        "?applicant_name=Ганна&order_by=updated_at",
        "?scope=mine&overdue=true",  # nobody is responsible for what is NEW: nothing is asked at all
        "?scope=mine&overdue=true&search=Ганна",
        "?page=nonsense",
        "?unknown=1",
        "/nonsense",
    ],
)
async def test_whose_session_has_ended_gets_nothing_not_even_another_refusal(
    at_work: tuple[Desk, str, int], database: Database, change: str, path: str
) -> None:
    d, card, _ = at_work
    await _set(database, change, who=d.executor.id)
    expected = 422 if path == "/nonsense" else 401  # what is no reference of a case is none for anybody
    assert (await d.executor.client.get(f"/api/cases{path}")).status_code == expected
    assert (await d.executor.client.get(card)).status_code == 401


async def test_a_temporary_password(at_work: tuple[Desk, str, int], database: Database) -> None:
    d, card, _ = at_work
    await _set(database, "UPDATE users SET must_change_password = true WHERE id = :who", who=d.executor.id)
    for path in (card, "/api/cases"):
        refused = await d.executor.client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    await _set(database, "UPDATE users SET must_change_password = false WHERE id = :who", who=d.executor.id)
    assert (await d.executor.client.get(card)).status_code == 200


async def test_whom_the_case_is_about(at_work: tuple[Desk, str, int], database: Database) -> None:
    d, card, number = at_work
    doctor = await d.admin.client.post(
        "/api/doctors",
        json={
            "full_name": "Олена Ґудзь",
            "specialty": "Хірург",
            "department": "Хірургія",
            "user_id": str(d.executor.id),
        },
    )
    assert doctor.status_code == 201, doctor.text
    await _set(
        database,
        "UPDATE cases SET doctor_id = :doctor WHERE public_id = :number",
        doctor=doctor.json()["id"],
        number=number,
    )
    assert (await d.executor.client.get(card)).status_code == 403
    assert (await d.executor.client.get("/api/cases")).json()["total"] == 0
