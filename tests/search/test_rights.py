"""Search shows what the card would show, to each person; internal words reach no operator by any path."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.cases.service import indexing
from ohmatdyt.core.db import Database
from ohmatdyt.core.finding import stems
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People, Person


async def found(person: Person, search: str, path: str = "/api/cases", **more: Any) -> dict[str, Any]:
    answer = await person.client.get(path, params={"search": search, **more})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def say(person: Person, case: dict[str, Any], text: str, *, internal: bool) -> None:
    body = {"text": text, "is_internal": internal}
    answer = await person.client.post(f"/api/cases/{case['id']}/comments", json=body)
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def place(people: People, catalog: Catalog) -> Desk:
    return await desk(people, catalog)


@pytest.mark.parametrize("folded", [False, True])
async def test_everybody_finds_only_what_he_sees(place: Desk, database: Database, *, folded: bool) -> None:
    await place.case(summary="Скарга на чергу")
    if folded:
        async with database.unit_of_work() as session:
            assert await indexing.fold_search(session) > 0
    assert (await found(place.operator, "скарги"))["total"] == 1
    assert (await found(place.executor, "скарги"))["total"] == 1
    assert (await found(place.stranger, "скарги"))["total"] == 0
    assert (await found(place.admin, "скарги"))["total"] == 1
    assert (await found(place.admin, "скарги", "/api/cases/my"))["total"] == 0
    assert (await found(place.executor, "скарги", "/api/cases/assigned"))["total"] == 1


@pytest.mark.parametrize("order", ["-rank", "-created_at", "applicant_name"])
async def test_an_operator_never_finds_or_reads_internal_words(place: Desk, order: str) -> None:
    case = await place.case(summary="Скарга на чергу")
    await say(place.executor, case, "Підозра на шахрайство з направленням", internal=True)
    await say(place.executor, case, "Просимо надіслати виписку", internal=False)
    for search in ("шахрайство", "скарга шахрайство", "шахр", "підозра виписка"):
        assert (await found(place.operator, search, order_by=order))["total"] == 0, search
        page = await found(place.executor, search, order_by=order)
        assert page["total"] == 1
        assert "шахрайство" in str(page["cases"][0]["highlights"])
    page = await found(place.operator, "виписка", order_by=order)
    assert [one["field"] for one in page["cases"][0]["highlights"]] == ["comment"]
    assert "шахрайство" not in str(await found(place.operator, "скарга", order_by=order))


async def test_explanations_are_found(place: Desk) -> None:
    case = await place.case()
    client: httpx.AsyncClient = place.executor.client
    assert (await client.post(f"/api/cases/{case['id']}/take")).status_code == 200
    body = {"to_status": "DONE", "comment": "Висновок передано заявниці особисто."}
    assert (await client.post(f"/api/cases/{case['id']}/status", json=body)).status_code == 200
    page = await found(place.operator, "висновки заявниця")
    assert page["total"] == 1
    assert page["cases"][0]["highlights"][0]["field"] == "comment"


async def test_an_edited_case_is_found_by_its_new_words_only(place: Desk) -> None:
    case = await place.case(summary="Скарга на чергу")
    change = await place.operator.client.patch(
        f"/api/cases/{case['id']}", json={"summary": "Подяка лікареві"}, headers={"If-Match": '"1"'}
    )
    assert change.status_code == 200, change.text
    assert (await found(place.operator, "скарга"))["total"] == 0
    assert (await found(place.operator, "подяки"))["total"] == 1


async def test_other_filters_and_search_are_joined(place: Desk) -> None:
    case = await place.case(summary="Скарга на чергу")
    await place.case(summary="Скарга на їжу", category_id=str(place.other_category))
    both = await found(place.admin, "скарга")
    assert both["total"] == 2
    one = await found(place.admin, "скарга", category_id=str(place.category), status="NEW")
    assert [row["id"] for row in one["cases"]] == [case["id"]]
    assert (await found(place.admin, "скарга", status="DONE"))["total"] == 0
    assert (await found(place.admin, "скарга", overdue=True))["total"] == 0
    assert (await found(place.admin, "скарга", date_to="2020-01-01"))["total"] == 0


async def test_the_best_come_first_then_the_newest(place: Desk) -> None:
    in_comment = await place.case(summary="Про інше")
    await say(place.operator, in_comment, "Телефонував лікар Мельник", internal=False)
    in_summary = await place.case(summary="Лікар Мельник був неуважний")
    by_name = await place.case(applicant_name="Мельник Ганна")
    newest = await place.case(applicant_name="Мельник Петро")
    page = await found(place.operator, "Мельника")
    assert [row["id"] for row in page["cases"]] == [
        newest["id"],
        by_name["id"],
        in_summary["id"],
        in_comment["id"],
    ]
    first = await found(place.operator, "Мельника", page_size=2)
    second = await found(place.operator, "Мельника", page_size=2, after=first["next_after"])
    assert [row["id"] for row in first["cases"] + second["cases"]] == [row["id"] for row in page["cases"]]
    assert second["next_after"] is None


async def test_a_rank_needs_a_search(place: Desk) -> None:
    answer = await place.admin.client.get("/api/cases", params={"order_by": "-rank"})
    assert answer.status_code == 422
    bad = await place.admin.client.get("/api/cases", params={"search": "x", "after": "3.1"})
    assert bad.status_code == 422


async def test_highlights_are_text_and_give_the_field_back(place: Desk) -> None:
    summary = "<b>Скарга</b> & <img src=x onerror=alert(1)> скаргу ось так"
    await place.case(summary=summary, applicant_phone="067 123-45-67")
    row = (await found(place.operator, "скарга 4567"))["cases"][0]
    by_field = {one["field"]: one["fragments"] for one in row["highlights"]}
    assert "".join(piece["text"] for piece in by_field["summary"]) == summary
    assert [piece["text"] for piece in by_field["summary"] if piece["is_match"]] == ["Скарга", "скаргу"]
    assert [piece["text"] for piece in by_field["applicant_phone"] if piece["is_match"]] == ["45-67"]


async def test_a_long_text_is_cut_around_the_match(place: Desk) -> None:
    await place.case(summary="слово " * 200 + "скарга " + "кінець " * 200)
    row = (await found(place.operator, "скарга"))["cases"][0]
    pieces = row["highlights"][0]["fragments"]
    assert len("".join(piece["text"] for piece in pieces)) < 260
    assert [piece["text"] for piece in pieces if piece["is_match"]] == ["скарга"]
    assert pieces[0]["text"] == "…"
    assert pieces[-1]["text"] == "…"


async def test_cases_of_an_older_analyser_are_read_again(place: Desk, database: Database) -> None:
    for _ in range(3):
        await place.case(summary="Скарга на чергу")
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE case_search SET analyser = 0, words = ''"))
        await session.execute(sa.text("UPDATE search_state SET analyser = 0"))
    assert (await found(place.operator, "скарга"))["total"] == 0
    reader = indexing.StaleReader()
    read = []
    for _ in range(5):
        async with database.unit_of_work() as session:
            read.append(await reader.step(session, most=2))
    assert read == [2, 1, 0, 0, 0]
    assert (await found(place.operator, "скарга"))["total"] == 3
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT analyser FROM search_state")) == stems.VERSION
