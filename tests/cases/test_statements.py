"""How many statements the busy routes send: a number that must not grow unnoticed."""

from typing import Any

import asyncpg
import pytest

from tests.cases.makers import PDF, desk
from tests.factories import Catalog, People


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement any connection sends from here on."""
    statements: list[str] = []

    def noting(name: str) -> None:
        original = getattr(asyncpg.Connection, name)

        async def noted(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
            statements.append(" ".join(query.split())[:60])
            return await original(self, query, *args, **kwargs)

        monkeypatch.setattr(asyncpg.Connection, name, noted)

    for name in ("execute", "fetch", "fetchrow", "fetchval"):
        noting(name)
    return statements


async def test_a_list_and_a_card_are_one_statement_with_the_caller_in_it(
    people: People, catalog: Catalog, sent: list[str]
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    for person in (d.operator, d.executor, d.admin):
        for path in (
            "/api/cases",
            "/api/cases?status=DONE&page_size=100",
            f"/api/cases?category_id={d.category}&overdue=false&order_by=-updated_at",
            "/api/cases?page=15&page_size=5",
            f"/api/cases/{case['public_id']}",
        ):
            await person.client.get(path)
            sent.clear()
            assert (await person.client.get(path)).status_code == 200
            assert len(sent) == 1, (path, sent)


async def test_a_search_for_a_number_is_one_statement(
    people: People, catalog: Catalog, sent: list[str]
) -> None:
    d = await desk(people, catalog)
    case = await d.case(applicant_phone="+380671234567", summary="Скарга на чергу")
    for search, statements in {"34567": 1, "0671234567": 1, str(case["public_id"]): 1, "скарга": 4}.items():
        for more in ("", "&status=NEW&date_from=2020-01-01", "&page=4"):
            path = f"/api/cases?search={search}{more}"
            await d.operator.client.get(path)
            sent.clear()
            page = await d.operator.client.get(path)
            assert page.json()["total"] == 1
            # Words that may be frequent are looked up first, within a transaction.
            assert len(sent) == statements, (path, sent)


async def test_a_list_by_bitmaps_looks_up_and_reads_in_one_transaction(
    people: People, catalog: Catalog, sent: list[str], database_url: str
) -> None:
    d = await desk(people, catalog)
    await d.case()
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    await connection.execute("SELECT case_search_fold(1000)")
    await connection.close()
    for person in (d.operator, d.executor, d.admin):
        for filters in ("updated_from=2020-01-01", "updated_to=2099-01-01&stale=false"):
            path = f"/api/cases?{filters}"
            await person.client.get(path)
            sent.clear()
            assert (await person.client.get(path)).json()["total"] == 1
            assert sent[0].startswith("BEGIN")
            assert sent[-1].startswith("COMMIT")
            assert len(sent) == 4, (path, sent)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "a key"}])
async def test_registering_is_two_statements(
    people: People, catalog: Catalog, sent: list[str], headers: dict[str, str]
) -> None:
    d = await desk(people, catalog)
    await d.case()
    sent.clear()
    answer = await d.operator.client.post("/api/cases", data=d.form(), headers=headers)
    assert answer.status_code == 201
    announced = [one for one in sent if "pg_notify" in one]
    assert len(sent) - len(announced) == 2, sent


async def test_registering_with_links_and_files(people: People, catalog: Catalog, sent: list[str]) -> None:
    d = await desk(people, catalog)
    patient = await d.operator.client.post("/api/patients", json={"full_name": "Марко Ткаченко"})
    form = d.form(patient_id=patient.json()["id"])
    sent.clear()
    answer = await d.operator.client.post(
        "/api/cases", data=form, files={"files": ("а.pdf", PDF, "application/pdf")}
    )
    assert answer.status_code == 201, answer.text
    assert len(sent) <= 12, sent
