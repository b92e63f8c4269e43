"""Forgetting a person leaves no word anywhere, moves no figure, and is the one change the timeline admits."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from ohmatdyt.cases.service import indexing
from ohmatdyt.core.db import Database
from tests.cases.makers import PDF, desk, stored_files
from tests.factories import Catalog, People
from tests.people.test_with_cases import closed, patient


async def everything_stored(database: Database) -> str:
    """Every row of every table as text: what a thief of the database would read."""
    async with database.unit_of_work() as session:
        tables = await session.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        texts = []
        for table in tables.all():
            rows = await session.scalars(sa.text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
            texts.append(rows.one() or "")
            if table == "idempotency_keys":
                bodies = await session.scalars(
                    sa.text("SELECT convert_from(body, 'UTF8') FROM idempotency_keys")
                )
                texts += [body or "" for body in bodies.all()]
        return "\n".join(texts)


async def test_forgetting_leaves_no_word_and_moves_no_figure(
    people: People, catalog: Catalog, database: Database, app: FastAPI
) -> None:
    d = await desk(people, catalog)
    words = [
        "Таємниченко",
        "Приховчук",
        "0679876543",
        "380679876543",
        "secret@example.org",
        "Болотяна",
        "нотатка-х",
    ]
    words += ["скарга-у", "коментар-z", "внутрішнє-q", "виписка-w", "пояснення-r", "РН-777", "підтема-v"]
    twin = await patient(d.operator.client, "Приховчук Ян", notes="нотатка-х")
    card = (
        await d.operator.client.post(
            "/api/patients",
            json={
                "full_name": "Таємниченко Ян", "record_number": "РН-777", "email": "secret@example.org",
                "guardians": [{"full_name": "Болотяна Ія", "relation": "мати", "phone": "0679876543"}],
            },
            headers={"Idempotency-Key": "make"},
        )
    ).json()  # fmt: skip
    await d.admin.client.post(f"/api/patients/{twin['id']}/merge", json={"into_id": card["id"]})
    case = await d.case(
        patient_id=card["id"],
        applicant_name="Болотяна Ія",
        applicant_phone="0679876543",
        summary="скарга-у",
        subcategory="підтема-v",
    )
    path = f"/api/cases/{case['id']}"
    edited = await d.operator.client.patch(
        path,
        json={"summary": "скарга-у, ще раз", "applicant_name": "Таємниченко"},
        headers={"If-Match": '"1"'},
    )
    assert edited.status_code == 200
    await d.operator.client.post(f"{path}/comments", json={"text": "коментар-z", "is_internal": False})
    await d.executor.client.post(f"{path}/comments", json={"text": "внутрішнє-q", "is_internal": True})
    upload = await d.operator.client.post(
        f"/api/attachments/cases/{case['id']}/upload",
        files={"file": ("виписка-w.pdf", PDF, "application/pdf")},
    )
    assert upload.status_code == 201, upload.text
    refused = await d.admin.client.post(f"/api/patients/{card['id']}/anonymise")
    assert (refused.status_code, refused.json()["cases"]) == (409, [{"public_id": case["public_id"]}])
    await d.executor.client.post(f"{path}/take")
    body = {"to_status": "DONE", "comment": "Болотяна просила: пояснення-r"}
    await d.executor.client.post(f"{path}/status", json=body)
    async with database.unit_of_work() as session:
        await indexing.fold_search(session)  # as every second: the vocabulary learns what was said
    told = (await d.admin.client.get(f"/api/patients/{card['id']}/export")).text
    stored = await everything_stored(database)
    for word in words:
        assert word in stored, word
        assert word in told or word == "380679876543", word
    figures = (await d.admin.client.get("/api/dashboard?period=today")).json()

    assert (await d.operator.client.post(f"/api/patients/{card['id']}/anonymise")).status_code == 403
    done = await d.admin.client.post(f"/api/patients/{card['id']}/anonymise")
    assert done.status_code == 200, done.text
    stored = await everything_stored(database)
    assert [word for word in words if word in stored] == []
    assert [word for word in ("болотян", "таємниченк", "679876543") if word in stored] == []
    assert stored_files(app) == []
    after = (await d.admin.client.get("/api/dashboard?period=today")).json()
    assert after == figures
    shown = (await d.admin.client.get(path)).json()
    assert (shown["applicant_name"], shown["status"], shown["attachments"]) == ("Знеособлено", "DONE", [])
    assert [entry["kind"] for entry in shown["timeline"]][:2] == ["created", "edited"]
    assert (await d.admin.client.get("/api/patients")).json()["total"] == 0
    again = await d.admin.client.post(f"/api/patients/{card['id']}/anonymise")
    assert (again.status_code, again.json()["code"]) == (409, "patient_anonymised")
    assert (await d.admin.client.post(f"/api/patients/{twin['id']}/unmerge")).status_code == 409


async def test_the_timeline_admits_forgetting_and_nothing_else(
    people: People, catalog: Catalog, database: Database, database_url: str
) -> None:
    import asyncpg

    d = await desk(people, catalog)
    await closed(d, await d.case())
    owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        for change in (
            "actor_id = NULL",
            "at = now()",
            "to_status = 'NEW'",
            'data = \'{"comment": "Інше"}\'',
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.execute(f"UPDATE case_events SET {change} WHERE from_status IS NOT NULL")
        for change in ("DELETE FROM case_events", "TRUNCATE case_events"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.execute(change)
    finally:
        await owner.close()
