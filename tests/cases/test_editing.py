"""Changing fields: by whom, when, and what happens when two people do it."""

import asyncio
from typing import Any

import pytest

from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People, Person


async def patch(person: Person, case: dict[str, Any], version: int | str | None = 1, **fields: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return await person.client.patch(f"/api/cases/{case['id']}", json=fields, headers=headers)


async def closed(d: Desk) -> dict[str, Any]:
    case = await d.case()
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    await d.executor.client.post(
        f"/api/cases/{case['id']}/status",
        json={"to_status": "REJECTED", "comment": "Не за адресою: інша лікарня."},
    )
    return case


async def test_the_author_edits_while_it_is_new(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case(subcategory="Черга")
    done = await patch(d.operator, case, applicant_phone="0501112233", summary="Новий текст")
    assert done.status_code == 200, done.text
    card = done.json()
    assert (card["summary"], card["applicant_phone_e164"], card["version"]) == (
        "Новий текст",
        "+380501112233",
        2,
    )
    assert done.headers["ETag"] == '"2"'
    assert card["updated_at"] > case["updated_at"]
    event = card["timeline"][-1]
    assert event["kind"] == "edited"
    assert event["data"]["changes"] == {
        "applicant_phone": {"old": None, "new": "0501112233"},
        "summary": {"old": case["summary"], "new": "Новий текст"},
    }
    assert (await d.operator.client.get(f"/api/cases/{case['id']}")).json() == card
    cleared = await patch(d.operator, case, 2, applicant_phone=None, subcategory="")
    assert cleared.json()["applicant_phone_e164"] is None
    assert cleared.json()["subcategory"] is None
    same = await patch(d.operator, case, 3, summary="Новий текст")
    assert (same.status_code, same.json()["version"]) == (200, 3), "nothing changed, nothing told"


async def test_another_category_forgets_the_subcategory(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    await d.admin.client.post(f"/api/categories/{d.other_category}/subcategories", json={"name": "Санітарія"})
    case = await d.case(subcategory="Черга")
    moved = (await patch(d.admin, case, category_id=str(d.other_category))).json()
    assert (moved["category"]["id"], moved["subcategory"]) == (str(d.other_category), None)
    assert moved["timeline"][-1]["data"]["changes"]["category"]["old"] == case["category"]["name"]
    back = (await patch(d.admin, case, 2, category_id=str(d.category), subcategory="Інше")).json()
    assert (back["category"]["id"], back["subcategory"]) == (str(d.category), "Інше")
    off = await catalog.category(is_active=False)
    refused = await patch(d.admin, case, 3, category_id=str(off))
    assert (refused.status_code, refused.json()["code"]) == (400, "category_not_active")


async def test_a_case_in_work_stays_with_somebody_who_serves_it(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    refused = await patch(d.admin, case, 2, category_id=str(d.other_category))
    assert (refused.status_code, refused.json()["code"]) == (409, "responsible_without_access")


async def test_who_may_not(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    for person, code in ((d.executor, "action_not_allowed"), (d.stranger, "case_not_visible")):
        refused = await patch(person, case, summary="Зміна")
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    in_work = await patch(d.operator, case, 2, summary="Зміна")
    assert (in_work.status_code, in_work.json()["code"]) == (409, "case_in_work")
    assert (await patch(d.admin, case, 2, summary="Зміна")).status_code == 200
    locked = await closed(d)
    refused = await patch(d.admin, locked, 3, summary="Зміна")
    assert (refused.status_code, refused.json()["code"]) == (409, "case_closed")


@pytest.mark.parametrize(
    "field", ["id", "public_id", "author_id", "status", "responsible_id", "created_at", "version", "role"]
)
async def test_what_nobody_sets(people: People, catalog: Catalog, field: str) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    body = {field: case.get(field) or "x", "summary": "Зміна"}
    refused = await d.admin.client.patch(f"/api/cases/{case['id']}", json=body, headers={"If-Match": '"1"'})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field
    assert (await d.admin.client.get(f"/api/cases/{case['id']}")).json()["summary"] == case["summary"]


async def test_versions(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    assert (await patch(d.operator, case, None, summary="Зміна")).status_code == 428
    assert (await patch(d.operator, case, "abc", summary="Зміна")).status_code == 422
    first = await patch(d.operator, case, 1, summary="Перша")
    late = await patch(d.admin, case, 1, summary="Друга")
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert late.json()["current_version"] == 2
    assert late.json()["case"]["summary"] == "Перша"
    assert (await d.admin.client.get(f"/api/cases/{case['id']}")).json()["summary"] == first.json()["summary"]


async def test_of_many_editors_at_once_one_wins(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    answers = await asyncio.gather(*(patch(d.admin, case, 1, summary=f"Текст {n}") for n in range(6)))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 5
    won = next(a for a in answers if a.status_code == 200).json()
    card = (await d.admin.client.get(f"/api/cases/{case['id']}")).json()
    assert (card["summary"], card["version"]) == (won["summary"], 2)
