"""Random cases and changes: the search through index and bitmaps against a plain Python model of matching."""

import random
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from ohmatdyt.cases.service import indexing
from ohmatdyt.core.db import Database
from ohmatdyt.core.finding import asking
from ohmatdyt.core.finding.texts import phone_terms, terms_of_text
from ohmatdyt.core.settings import Settings
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People, Person

WORDS = [
    *(
        "скарга",
        "скарги",
        "лікар",
        "лікареві",
        "черга",
        "подяка",
        "довідок",
        "довідка",
        "МРТ",
        "м’яч",
        "дитина",
    ),
    *("діти", "швидка", "на", "й", "12", "2026"),
]
NAMES = ["Ковальчук Ганна", "Ковальчука Петра", "Дем'яненко Ольга", "Відмова назвати"]
PHONES = ["+380671234567", "+380501112233", None]
QUERIES = [*WORDS, "скар", "ков", "лік чер", "скарга лікар", "подяка скарга", "crfhuf", "4567", "050 111", "34567",
           "+380501112233", "ольга м'яч",
           "швидко", "нічого", "діти лікаря черги", "ковальчук скаргу"]  # fmt: skip


def terms(case: dict[str, Any], *, internal: bool) -> set[str]:
    """Everything a case may be found by."""
    texts = [str(case["number"]), case["name"], case["summary"], *case["public"]]
    found = terms_of_text("\n".join(texts + (case["internal"] if internal else [])))
    return found | set(phone_terms(case["phone"][1:]) if case["phone"] else ())


@pytest.fixture
async def everything_frequent(settings: Settings, database: Database) -> Any:
    """Words of three cases have bitmaps."""
    connection = await asyncpg.connect(str(settings.database_url).replace("+asyncpg", "", 1))
    await connection.execute("UPDATE search_state SET frequent_from = 3")
    # The cases of a test lie in two chunks of the bitmaps.
    await connection.execute("ALTER TABLE case_search ALTER doc RESTART WITH 16370")
    yield
    await connection.execute("UPDATE search_state SET frequent_from = DEFAULT")
    await connection.close()


async def _make(place: Desk, chance: random.Random) -> dict[str, Any]:
    said = " ".join(chance.choices(WORDS, k=4))
    phone, name = chance.choice(PHONES), chance.choice(NAMES)
    fields = {"applicant_phone": phone} if phone else {}
    category = chance.choice([place.category, place.other_category])
    author = chance.choice([place.operator, place.admin])
    made = await place.case(author, summary=said, applicant_name=name, category_id=str(category), **fields)
    said_later: dict[str, Any] = {"public": [], "internal": [], "taken": False}
    is_by = {"id": made["id"], "number": made["public_id"], "category": category, "author": author.id}
    return {**is_by, **said_later, "name": name, "summary": said, "phone": phone}


async def _change(place: Desk, chance: random.Random, case: dict[str, Any]) -> None:
    text = " ".join(chance.choices(WORDS, k=2))
    what = chance.choice(["comment", "internal", "edit", "take"])
    path = f"/api/cases/{case['id']}"
    if what in {"comment", "internal"}:
        body = {"text": text, "is_internal": what == "internal"}
        assert (await place.admin.client.post(f"{path}/comments", json=body)).status_code == 201
        case["internal" if what == "internal" else "public"].append(text)
    elif what == "edit":
        card = (await place.admin.client.get(path)).json()
        match = {"If-Match": f'"{card["version"]}"'}
        answer = await place.admin.client.patch(path, json={"summary": text}, headers=match)
        assert answer.status_code == 200, answer.text
        case["summary"] = text
    elif not case["taken"]:
        assert (await place.admin.client.post(f"{path}/take")).status_code == 200
        case["taken"] = True


def _expected(
    place: Desk, who: Person, cases: list[dict[str, Any]], query: str, *, only_new: bool
) -> set[str]:
    asked = asking.read(query)
    internal = who is not place.operator
    seen = [case for case in cases if not only_new or not case["taken"]]
    if who is place.operator:
        seen = [case for case in seen if case["author"] == who.id]
    elif who is place.executor:
        seen = [case for case in seen if case["category"] == place.category]
    return {case["id"] for case in seen if asked.fits(terms(case, internal=internal))}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("few", [0, 10_000])
async def test_search_agrees_with_the_model(
    *,
    people: People,
    catalog: Catalog,
    database: Database,
    everything_frequent: None,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    few: int,
) -> None:
    monkeypatch.setattr("ohmatdyt.cases.queries.search._FEW", few)
    # Walking in the wanted order is for words that thousands of cases have.
    monkeypatch.setattr("ohmatdyt.cases.queries.search_page._MOST_CASES", 1)
    chance = random.Random(seed)
    place = await desk(people, catalog)
    cases: list[dict[str, Any]] = []
    for step in range(45):
        if step < 20 or chance.random() < 0.3:
            cases.append(await _make(place, chance))
        else:
            await _change(place, chance, chance.choice(cases))
        if chance.random() < 0.25:
            async with database.unit_of_work() as session:
                await indexing.fold_search(session, most=chance.choice([3, 1000]))
        if step > 15:
            await _ask(place, chance, cases)
    async with database.unit_of_work() as session:
        assert (await session.scalar(sa.text("SELECT count(*) FROM search_bits"))) > 10


async def _ask(place: Desk, chance: random.Random, cases: list[dict[str, Any]]) -> None:
    for who in (place.operator, place.executor, place.admin):
        query, only_new = chance.choice(QUERIES), chance.random() < 0.4
        params: dict[str, Any] = {"search": query, "page_size": 100}
        if only_new:
            params["status"] = "NEW"
        if who is place.executor:
            params["scope"] = "category"
        if chance.random() < 0.3:
            params["date_from"] = "2020-01-01"
        if chance.random() < 0.5:
            params["order_by"] = chance.choice(["created_at", "-updated_at", "applicant_name", "-status"])
        page = (await who.client.get("/api/cases", params=params)).json()
        expected = _expected(place, who, cases, query, only_new=only_new)
        assert {row["id"] for row in page["cases"]} == expected, params
        assert page["total"] == len(expected)
        assert len(page["cases"]) == len(expected)
        await _turn_pages(who, params, [row["id"] for row in page["cases"]])


async def _turn_pages(who: Person, params: dict[str, Any], whole: list[str]) -> None:
    by_cursor: list[str] = []
    by_number: list[str] = []
    after: dict[str, Any] | None = {}
    for number in range(1, len(whole) // 3 + 3):
        page = (await who.client.get("/api/cases", params={**params, "page_size": 3, "page": number})).json()
        by_number += [row["id"] for row in page["cases"]]
        if after is not None:
            page = (await who.client.get("/api/cases", params={**params, "page_size": 3, **after})).json()
            by_cursor += [row["id"] for row in page["cases"]]
            after = {"after": page["next_after"]} if page["next_after"] else None
    assert by_number == whole
    assert by_cursor == whole
