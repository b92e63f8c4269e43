"""The journal page: filters, pages without gaps, a chain that shows tampering."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ohmatdyt.audit import service as audit
from ohmatdyt.core.db import Database
from tests.cases.makers import as_owner
from tests.factories import People


async def test_filters_and_pages(people: People, database: Database, database_url: str) -> None:
    admin, operator = await people.admin(), await people.operator()
    moment = datetime(2026, 3, 29, 20, 30, tzinfo=UTC)  # 23:30 in Kyiv, on the day the clocks go forward
    for number in range(25):
        async with database.unit_of_work() as session:
            await audit.record(
                session, None, f"thing.done{number % 3}", object_type="thing", object_id=number
            )
    # The journal dates its entries itself, whatever the application's clock says.
    await as_owner(
        database_url,
        f"SET session_replication_role = replica; UPDATE audit_log SET at = '{moment.isoformat()}'::timestamptz"
        " + make_interval(hours => object_id::int / 5, mins => object_id::int % 5) WHERE object_type = 'thing'",
    )
    made = (await operator.client.post("/api/patients", json={"full_name": "Я"})).json()
    await operator.client.get(f"/api/patients/{made['id']}")
    assert (await operator.client.get("/api/audit")).status_code == 403

    async def found(**query: Any) -> list[dict[str, Any]]:
        answer = await admin.client.get("/api/audit", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["total"] == len(answer.json()["entries"])
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    looked = await found(object_type="patient", object_id=made["id"], actor_id=str(operator.id))
    assert [one["action"] for one in looked] == ["patient.viewed", "patient.created"]
    assert looked[0]["actor"] == {"id": str(operator.id), "full_name": operator.full_name}
    (refused,) = await found(outcome="refused")
    assert (refused["action"], refused["object_id"]) == ("access.refused", "/api/audit")
    assert {one["object_id"] for one in await found(date_to="2026-03-29")} == {"0", "1", "2", "3", "4"}
    assert len(await found(date_from="2026-03-30", date_to="2026-03-30")) == 20
    both = await found(action=["thing.done0", "thing.done2"], date_to="2026-03-30")
    assert {one["action"] for one in both} == {"thing.done0", "thing.done2"}
    known = (await admin.client.get("/api/audit/actions")).json()["actions"]
    assert {"thing.done0", "thing.done1", "thing.done2", "patient.viewed"} <= set(known)

    seen: list[int] = []
    query: dict[str, Any] = {"object_type": "thing", "page_size": 7}
    while True:
        page = (await admin.client.get("/api/audit", params=query)).json()
        seen += [int(one["object_id"]) for one in page["entries"]]
        if page["next_after"] is None:
            break
        query["after"] = page["next_after"]
    assert seen == list(range(24, -1, -1))
    second = (await admin.client.get("/api/audit?object_type=thing&page_size=7&page=2")).json()
    assert [int(one["object_id"]) for one in second["entries"]] == list(range(17, 10, -1))


async def test_the_total_is_exact_before_and_after_sealing(people: People, database: Database) -> None:
    admin = await people.admin()
    await asyncio.gather(*(admin.client.post("/api/patients", json={"full_name": "Я"}) for _ in range(5)))
    for _ in range(2):
        async with database.unit_of_work() as session:
            count = await session.scalar(sa.text("SELECT count(*) FROM audit_log"))
        page = (await admin.client.get("/api/audit?page_size=3")).json()
        assert (page["total"], page["total_is_exact"]) == (count, True)
        async with database.unit_of_work() as session:
            await audit.seal(session)


async def test_the_chain_shows_what_was_tampered_with(people: People, database: Database) -> None:
    admin = await people.admin()
    for _ in range(4):
        await admin.client.post("/api/patients", json={"full_name": "Я"})
    before = (await admin.client.get("/api/audit/chain")).json()
    assert (before["length"], before["waiting"], before["is_intact"]) == (0, 4, None)
    async with database.unit_of_work() as session:
        await audit.seal(session)
    after = (await admin.client.get("/api/audit/chain?verify=true")).json()
    assert (after["length"], after["waiting"], after["is_intact"]) == (4, 0, True)
    assert len(after["head"]) == 64


@pytest.mark.parametrize(
    "query", ["page=0", "page_size=101", "after=x", "action=", "date_from=x", "actor=1", "outcome=x"]
)
async def test_a_wrong_question_is_refused(people: People, query: str) -> None:
    admin = await people.admin()
    assert (await admin.client.get(f"/api/audit?{query}")).status_code == 422
