"""Registering a case: what passes, what is refused with the field named, all or nothing."""

import asyncio

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.core import public_ids
from ohmatdyt.core.db import Database
from tests.cases.makers import PDF, PNG, as_owner, desk, stored_files
from tests.factories import Catalog, People


async def counts(database: Database) -> tuple[int, int, int]:
    async with database.unit_of_work() as session:
        row = (
            await session.execute(
                sa.text(
                    "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM attachments),"
                    " (SELECT count(*) FROM case_events)"
                )
            )
        ).one()
    return row[0], row[1], row[2]


async def test_the_smallest_case(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    made = await d.operator.client.post("/api/cases", data=d.form())
    assert made.status_code == 201, made.text
    case = made.json()
    assert 100_000 <= case["public_id"] <= 999_999
    assert made.headers["ETag"] == '"1"'
    assert case["status"] == "NEW"
    assert case["responsible"] is None
    assert case["author"] == {"id": str(d.operator.id), "full_name": d.operator.full_name}
    assert case["category"]["id"] == str(d.category)
    assert (case["is_overdue"], case["is_stale"], case["version"]) == (False, False, 1)
    assert [event["kind"] for event in case["timeline"]] == ["created"]
    assert case["status_history"] == []
    assert case["allowed_actions"] == ["edit", "comment_public", "attach", "delete_attachment"]
    for reference in (case["id"], case["public_id"]):
        card = await d.operator.client.get(f"/api/cases/{reference}")
        assert card.json() == case
        assert card.headers["ETag"] == '"1"'


@pytest.mark.parametrize("role", ["operator", "executor", "admin"])
async def test_the_answer_is_the_card(people: People, catalog: Catalog, role: str) -> None:
    d = await desk(people, catalog)
    person = getattr(d, role)
    form = d.form(
        subcategory="Щось «інше»",
        applicant_phone="067 123-45-67",
        applicant_email="hanna@example.org",
        summary='Перший рядок\nДругий "рядок" \U0001f642',
    )
    made = await person.client.post("/api/cases", data=form)
    assert made.status_code == 201, made.text
    card = await person.client.get(f"/api/cases/{made.json()['id']}")
    assert made.json() == card.json()


async def test_every_field_and_a_file(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    await d.admin.client.post(f"/api/categories/{d.category}/subcategories", json={"name": "Діагностика"})
    form = d.form(
        subcategory="  діагностика ",
        applicant_name="  Ганна   Ткаченко ",
        applicant_phone="067 123-45-67",
        applicant_email="Hanna@Example.org",
        summary="Перший рядок\r\nдругий",
    )
    name = "Виписка «Ганна» 🙂.pdf"
    files = [("files", (name, PDF, "application/pdf")), ("files", ("фото.png", PNG, "image/png"))]
    made = await d.operator.client.post("/api/cases", data=form, files=files)
    assert made.status_code == 201, made.text
    case = made.json()
    assert case["subcategory"] == "Діагностика", "the list's own spelling"
    assert case["applicant_name"] == "Ганна Ткаченко"
    assert (case["applicant_phone"], case["applicant_phone_e164"]) == ("067 123-45-67", "+380671234567")
    assert case["applicant_email"].lower() == "hanna@example.org"
    assert case["summary"] == "Перший рядок\nдругий"
    assert sorted(f["original_name"] for f in case["attachments"]) == sorted([name, "фото.png"])
    assert [e["kind"] for e in case["timeline"]] == ["created", "file_added", "file_added"]
    assert len(stored_files(app)) == 2
    assert (await d.operator.client.get(f"/api/cases/{case['id']}")).json() == case


async def test_free_text_subcategory_and_refused_name(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    form = d.form(
        subcategory="Щось своє", applicant_name="Відмова назвати", applicant_phone=" ", applicant_email=""
    )
    case = (await d.executor.client.post("/api/cases", data=form)).json()
    assert case["subcategory"] == "Щось своє"
    assert (case["applicant_phone"], case["applicant_email"]) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("applicant_name", ""),
        ("applicant_name", "\u200b "),
        ("applicant_name", "я" * 201),
        ("applicant_name", "a\x00b"),
        ("summary", "   "),
        ("summary", "я" * 20_001),
        ("subcategory", "я" * 201),
        ("applicant_phone", "12345678"),
        ("applicant_phone", "зателефонуйте"),
        ("applicant_email", "не адреса"),
        ("category_id", "abc"),
        ("channel_id", ""),
        ("public_id", "123456"),
        ("author_id", "5f2b7c9e-0000-4000-8000-000000000000"),
        ("status", "DONE"),
        ("created_at", "2026-01-01"),
    ],
)
async def test_a_wrong_field_is_named(
    people: People, catalog: Catalog, database: Database, field: str, value: str
) -> None:
    d = await desk(people, catalog)
    refused = await d.operator.client.post("/api/cases", data=d.form(**{field: value}))
    assert refused.status_code == 422, refused.text
    assert field in {error["field"] for error in refused.json()["errors"]}
    assert await counts(database) == (0, 0, 0)


async def test_limits_pass(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    form = d.form(applicant_name="я" * 200, summary="я" * 20_000, subcategory="я" * 200)
    assert (await d.operator.client.post("/api/cases", data=form)).status_code == 201


async def test_a_doubled_field_is_refused(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    form = {**d.form(), "summary": ["перше", "друге"]}
    refused = await d.operator.client.post("/api/cases", data=form, files=[("files", ("a.pdf", PDF))])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "summary"


async def test_only_active_directories_are_offered(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    off_category = await catalog.category(is_active=False)
    off_channel = await catalog.channel(is_active=False)
    nobody = "5f2b7c9e-0000-4000-8000-000000000000"
    for field, value, code in (
        ("category_id", off_category, "category_not_active"),
        ("category_id", nobody, "category_not_active"),
        ("channel_id", off_channel, "channel_not_active"),
        ("channel_id", nobody, "channel_not_active"),
    ):
        refused = await d.operator.client.post("/api/cases", data=d.form(**{field: str(value)}))
        assert (refused.status_code, refused.json()["code"]) == (400, code)
        assert refused.json()["errors"][0]["field"] == field
    assert await counts(database) == (0, 0, 0)


async def test_a_bad_second_file_leaves_nothing(
    people: People, catalog: Catalog, database: Database, app: FastAPI
) -> None:
    d = await desk(people, catalog)
    files = [
        ("files", ("добре.pdf", PDF, "application/pdf")),
        ("files", ("погано.pdf", b"MZ...", "application/pdf")),
    ]
    refused = await d.operator.client.post("/api/cases", data=d.form(), files=files)
    assert refused.status_code == 400
    assert refused.json()["file"] == "погано.pdf"
    assert refused.json()["errors"][0]["field"] == "files"
    assert await counts(database) == (0, 0, 0)
    assert stored_files(app) == []


async def test_a_failure_after_the_files_are_stored_removes_them(
    people: People, catalog: Catalog, database: Database, app: FastAPI, database_url: str
) -> None:
    d = await desk(people, catalog)
    files = [("files", ("a.pdf", PDF, "application/pdf"))]
    broken = "ALTER TABLE audit_log ADD CONSTRAINT broken CHECK (action <> 'case.registered') NOT VALID"
    await as_owner(database_url, broken)
    try:
        failed = await d.operator.client.post("/api/cases", data=d.form(), files=files)
    finally:
        await as_owner(database_url, "ALTER TABLE audit_log DROP CONSTRAINT broken")
    assert failed.status_code == 500
    assert await counts(database) == (0, 0, 0)
    assert stored_files(app) == []


async def test_twenty_one_files_are_too_many(people: People, catalog: Catalog, app: FastAPI) -> None:
    d = await desk(people, catalog)
    files = [("files", (f"{n}.pdf", PDF, "application/pdf")) for n in range(21)]
    refused = await d.operator.client.post("/api/cases", data=d.form(), files=files)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "files"
    assert stored_files(app) == []


async def test_twenty_files_pass(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    files = [("files", (f"{n}.pdf", PDF, "application/pdf")) for n in range(20)]
    made = await d.operator.client.post("/api/cases", data=d.form(), files=files)
    assert made.status_code == 201
    assert len(made.json()["attachments"]) == 20


async def test_one_key_sent_five_times_at_once_is_one_case(
    people: People, catalog: Catalog, database: Database, app: FastAPI
) -> None:
    d = await desk(people, catalog)
    headers = {"Idempotency-Key": "k-1"}
    files = [("files", ("a.pdf", PDF, "application/pdf"))]
    answers = await asyncio.gather(
        *(d.operator.client.post("/api/cases", data=d.form(), files=files, headers=headers) for _ in range(5))
    )
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert await counts(database) == (1, 1, 2)
    assert len(stored_files(app)) == 1
    other = await d.operator.client.post("/api/cases", data=d.form(summary="Інше"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    by_somebody_else = await d.admin.client.post("/api/cases", data=d.form(), headers=headers)
    assert by_somebody_else.status_code == 201
    assert (await counts(database))[0] == 2


async def test_numbers_are_the_keyed_permutation_and_end(
    people: People, catalog: Catalog, database: Database, database_url: str
) -> None:
    d = await desk(people, catalog)
    numbers = [
        (await d.operator.client.post("/api/cases", data=d.form())).json()["public_id"] for _ in range(3)
    ]
    async with database.unit_of_work() as session:
        key = await session.scalar(sa.text("SELECT public_id_key FROM installation"))
        assert numbers == [public_ids.permute(n, key) for n in (1, 2, 3)]
    await as_owner(database_url, "SELECT setval('case_number', 900000)")
    try:
        refused = await d.operator.client.post("/api/cases", data=d.form())
    finally:
        await as_owner(database_url, "SELECT setval('case_number', 3)")
    assert (refused.status_code, refused.json()["code"]) == (409, "public_ids_exhausted")
    assert (await counts(database))[0] == 3
