"""Who sees what: the case, its files, its thread and its lists answer alike, allowed and refused side by side."""

from typing import Any

import pytest

from ohmatdyt.core.db import Database
from tests.cases.makers import PDF, Desk, desk
from tests.factories import Catalog, People, Person

NOBODY = "5f2b7c9e-0000-4000-8000-000000000000"


async def _file(d: Desk, case: dict[str, Any]) -> str:
    answer = await d.operator.client.post(
        f"/api/attachments/cases/{case['id']}/upload", files={"file": ("a.pdf", PDF, "application/pdf")}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_seeing_is_the_same_on_every_path(people: People, catalog: Catalog, database: Database) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    file_id = await _file(d, case)
    colleague = await people.operator()
    without = await people.executor([])
    reads = [
        f"/api/cases/{case['id']}",
        f"/api/cases/{case['public_id']}",
        f"/api/cases/{case['public_id']}/comments",
        f"/api/attachments/cases/{case['id']}",
        f"/api/attachments/{file_id}",
    ]
    for path in reads:
        for person in (d.operator, d.executor, d.admin):
            assert (await person.client.get(path)).status_code == 200, (person.role, path)
        for person in (colleague, d.stranger, without):
            refused = await person.client.get(path)
            assert (refused.status_code, refused.json()["code"]) == (403, "case_not_visible"), path
    for person, total in (
        (d.operator, 1),
        (d.executor, 1),
        (d.admin, 1),
        (colleague, 0),
        (d.stranger, 0),
        (without, 0),
    ):
        listed = (await person.client.get("/api/cases")).json()
        assert (listed["total"], len(listed["cases"])) == (total, total)


async def test_refusals_are_in_the_journal(people: People, catalog: Catalog, database: Database) -> None:
    import sqlalchemy as sa

    d = await desk(people, catalog)
    case = await d.case()
    await d.stranger.client.get(f"/api/cases/{case['id']}")
    async with database.unit_of_work() as session:
        refused = (
            await session.execute(
                sa.text("SELECT actor_id, details ->> 'code' FROM audit_log WHERE outcome = 'refused'")
            )
        ).all()
    assert [tuple(row) for row in refused] == [(d.stranger.id, "case_not_visible")]


@pytest.mark.parametrize("reference", [NOBODY, "100000"])
async def test_no_such_case(people: People, catalog: Catalog, reference: str) -> None:
    d = await desk(people, catalog)
    for person in (d.operator, d.executor, d.admin):
        for method, path, body in (
            ("GET", f"/api/cases/{reference}", None),
            ("GET", f"/api/cases/{reference}/comments", None),
            ("GET", f"/api/attachments/cases/{reference}", None),
            ("POST", f"/api/cases/{reference}/take", None),
            ("POST", f"/api/cases/{reference}/comments", {"text": "Так"}),
        ):
            answer = await person.client.request(method, path, json=body)
            assert answer.status_code == 404, (person.role, method, path)
    assert (await d.admin.client.get(f"/api/attachments/{NOBODY}")).status_code == 404


@pytest.mark.parametrize("reference", ["99999", "1000000", "abc", "١٢٣٤٥٦", "0x1234", NOBODY[:-1]])
async def test_a_reference_that_is_none(people: People, catalog: Catalog, reference: str) -> None:
    d = await desk(people, catalog)
    assert (await d.admin.client.get(f"/api/cases/{reference}")).status_code == 422


async def test_access_works_at_once(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    path = f"/api/cases/{case['id']}"
    assert (await d.stranger.client.get(path)).status_code == 403
    access = f"/api/users/{d.stranger.id}/category-access"
    given = await d.admin.client.put(access, json={"category_ids": [str(d.category)]})
    assert given.status_code == 200, given.text
    assert (await d.stranger.client.get(path)).status_code == 200
    assert (await d.admin.client.put(access, json={"category_ids": []})).status_code == 200
    assert (await d.stranger.client.get(path)).status_code == 403
    assert (await d.stranger.client.get("/api/cases")).json()["total"] == 0


async def test_scopes(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    waiting, taken = await d.case(), await d.case()
    await d.case(category_id=str(d.other_category))
    assert (await d.executor.client.post(f"/api/cases/{taken['id']}/take")).status_code == 200

    async def seen(person: Person, query: str) -> set[int] | int:
        answer = await person.client.get(f"/api/cases{query}")
        if answer.status_code != 200:
            return answer.status_code
        return {case["public_id"] for case in answer.json()["cases"]}

    both = {waiting["public_id"], taken["public_id"]}
    assert await seen(d.executor, "?scope=mine") == {taken["public_id"]}
    assert await seen(d.executor, "") == await seen(d.executor, "?scope=queue") == both
    assert await seen(d.executor, "/assigned") == both
    assert await seen(d.executor, "?scope=category") == both
    assert await seen(d.executor, "?scope=all") == 403
    assert len(await seen(d.operator, "/my")) == 3  # type: ignore[arg-type]
    for query in ("?scope=queue", "?scope=category", "?scope=all", "/assigned"):
        assert await seen(d.operator, query) == 403
    assert len(await seen(d.admin, "")) == 3  # type: ignore[arg-type]
    assert await seen(d.admin, "?responsible_id=me") == set()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stauts=NEW", "stauts"),
        ("category_id=abc", "category_id"),
        ("status=OPEN", "status.0"),
        ("page=0", "page"),
        ("page_size=101", "page_size"),
        ("order_by=summary", "order_by"),
        ("order_by=created_at;drop", "order_by"),
        ("page=1&page=2", "page"),
        ("date_from=2026-13-01", "date_from"),
        ("date_from=20261122", "date_from"),
        ("date_from=0001-01-01", "date_from"),
        ("date_from=2026-11-22T10:00:00", "date_from"),
        ("date_from=2026-11-22&date_to=2026-11-21", "date_to"),
        ("updated_from=2026-11-22&updated_to=2026-11-21", "updated_to"),
        ("public_id=99999", "public_id"),
        ("after=abc", "after"),
        ("after=999999999999999999999." + NOBODY, "after"),
        ("overdue=maybe", "overdue"),
        ("applicant_name=%00", "applicant_name"),
        ("applicant_phone=abc", "applicant_phone"),
        ("responsible_id=you", "responsible_id"),
        ("scope=everything", "scope"),
    ],
)
async def test_a_wrong_parameter_is_named(people: People, query: str, field: str) -> None:
    admin = await people.admin()
    refused = await admin.client.get(f"/api/cases?{query}")
    assert refused.status_code == 422, refused.text
    assert any(error["field"].startswith(field) for error in refused.json()["errors"]), refused.text


@pytest.mark.parametrize("role", ["ADMIN", "EXECUTOR", "OPERATOR"])
async def test_whoever_registers_a_case_about_himself_is_offered_nothing_he_would_be_refused(
    people: People, catalog: Catalog, role: str
) -> None:
    d = await desk(people, catalog)
    doctor = {"ADMIN": d.admin, "EXECUTOR": d.executor, "OPERATOR": d.operator}[role]
    entry = {"full_name": doctor.full_name, "specialty": "Хірург", "department": "Хірургія"}
    made = await (await people.admin()).client.post("/api/doctors", json={**entry, "user_id": str(doctor.id)})
    card = await d.case(doctor, doctor_id=made.json()["id"])
    assert (card["allowed_actions"], card["allowed_statuses"]) == ([], [])
    assert (await doctor.client.get(f"/api/cases/{card['id']}")).status_code == 403
