"""Patients' cards: found by any spelling, changed by one person at a time, every look written down."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.factories import People

SOFIA: dict[str, Any] = {
    "full_name": "Коваленко-Ґудзь Софія Андріївна",
    "birth_date": "2019-04-12",
    "record_number": "12-345/А",
    "email": "Sofia@Example.org",
    "notes": "Дзвонити після 18:00",
    "guardians": [
        {"full_name": "Коваленко Олена", "relation": "мати", "phone": "067 123-45-67", "is_primary": True},
        {"full_name": "Мар'яненко Петро", "relation": "дід", "phone": "+48 22 123 45 67"},
    ],
}


async def added(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    made = await client.post("/api/patients", json=fields)
    assert made.status_code == 201, made.text
    card: dict[str, Any] = made.json()
    return card


async def found(client: httpx.AsyncClient, search: str, **query: Any) -> list[str]:
    answer = await client.get("/api/patients", params={"search": search, **query})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["patients"])
    return [one["full_name"] for one in answer.json()["patients"]]


async def journal(database: Database, action: str) -> list[Any]:
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.text("SELECT actor_id, object_id, details FROM audit_log WHERE action = :a ORDER BY id"),
            {"a": action},
        )
        return list(rows.all())


@pytest.mark.parametrize("role", ["operator", "executor", "admin"])
async def test_everybody_keeps_cards_and_every_look_is_written_down(
    people: People, database: Database, role: str
) -> None:
    person = await getattr(people, role)()
    card = await added(person.client, **SOFIA)
    read = await person.client.get(f"/api/patients/{card['id']}")
    assert read.json() == card
    assert read.headers["etag"] == '"1"'
    assert card["guardians"][0]["phone_e164"] == "+380671234567"
    looks = await journal(database, "patient.viewed")
    assert [(one.actor_id, one.object_id) for one in looks] == [(person.id, card["id"])]
    edited = await person.client.patch(
        f"/api/patients/{card['id']}",
        json={"notes": None, "phone": "0501112233"},
        headers={"If-Match": '"1"'},
    )
    assert edited.status_code == 200
    assert (edited.json()["notes"], edited.json()["phone_e164"], edited.json()["version"]) == (
        None,
        "+380501112233",
        2,
    )
    (entry,) = await journal(database, "patient.edited")
    assert entry.details == {"fields": ["notes", "phone"]}, "names of fields, never what stood in them"


@pytest.mark.parametrize("role", ["operator", "executor", "admin"])
async def test_a_name_is_no_look_at_the_card(people: People, database: Database, role: str) -> None:
    person = await getattr(people, role)()
    card = await added(person.client, **SOFIA)
    named = await person.client.get(f"/api/patients/{card['id']}/name")
    assert named.json() == {"id": card["id"], "full_name": SOFIA["full_name"]}, "and nothing else"
    assert await journal(database, "patient.viewed") == []
    await person.client.get(f"/api/patients/{card['id']}")
    assert len(await journal(database, "patient.viewed")) == 1
    nobody = await person.client.get(f"/api/patients/{person.id}/name")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "patient_not_found")


@pytest.mark.parametrize(
    "search",
    [
        "коваленко",
        "КОВАЛ соф",
        "соф ковал",
        "гудзь",
        "Ґудзь",
        "андріївна",
        "олена",
        "марʼяненко",
        "Маряненко",
        "067 123 45 67",
        "+380671234567",
        "(067)123-45-67",
        "80671234567",
        "380671234567",
        "0671234",
        "4567",
        "123-45-67",
        "+48 22 123",
        "0048221234567",
        "sofia@",
        "SOFIA@EXAMPLE.ORG",
        "12-345/а",
        "12 345 А",
        "12345",
        "12-3",
    ],
)
async def test_any_spelling_finds_the_child(people: People, search: str) -> None:
    operator = await people.operator()
    await added(operator.client, **SOFIA)
    await added(operator.client, full_name="Бондар Іван", phone="0509998877", record_number="99")
    assert await found(operator.client, search) == [SOFIA["full_name"]]


@pytest.mark.parametrize(
    "search", ["ковал іван", "%", "_", "0679", "12-346", "алена", "'", "\\", "':*", "!", "@"]
)
async def test_what_does_not_fit_finds_nobody(people: People, search: str) -> None:
    operator = await people.operator()
    await added(operator.client, **SOFIA)
    assert await found(operator.client, search) == []


async def test_pages_are_in_ukrainian_order_and_repeat_nobody(people: People) -> None:
    operator = await people.operator()
    names = ["Гава Я", "Ґава Я", "Єва Я", "Іва Я", "Їва Я", "Юхно Я", "Ява Я"]
    for name in reversed(names):
        await added(operator.client, full_name=name)
    for search in ("", "я"):
        for order, expected in (("full_name", names), ("-full_name", names[::-1]), ("-created_at", names)):
            paged: list[str] = []
            after = None
            by_page: list[str] = []
            for page in range(1, 5):
                query: dict[str, Any] = {"search": search, "page_size": 2, "order_by": order}
                answer = await operator.client.get("/api/patients", params={**query, "page": page})
                assert answer.json()["total"] == len(names)
                by_page += [one["full_name"] for one in answer.json()["patients"]]
                more = await operator.client.get(
                    "/api/patients", params=query | ({"after": after} if after else {})
                )
                paged += [one["full_name"] for one in more.json()["patients"]]
                after = more.json()["next_after"]
            assert by_page == paged == expected, (search, order)
    assert (await operator.client.get("/api/patients?after=abc")).status_code == 422


async def test_total_follows_every_change(people: People, database: Database) -> None:
    operator = await people.operator()
    for number in range(3):
        await added(operator.client, full_name=f"Дитина {number}")
        async with database.unit_of_work() as session:
            await session.execute(sa.text("SELECT patient_count_fold()"))
    assert (await operator.client.get("/api/patients")).json()["total"] == 3


async def test_two_people_edit_one_is_told(people: People) -> None:
    one, other = await people.operator(), await people.executor()
    card = await added(one.client, full_name="Бондар Іван")
    path = f"/api/patients/{card['id']}"
    answers = await asyncio.gather(
        *(p.client.patch(path, json={"notes": p.username}, headers={"If-Match": '"1"'}) for p in (one, other))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (await one.client.patch(path, json={"notes": "x"})).status_code == 428


async def test_guardians_are_kept_changed_and_removed(people: People) -> None:
    operator = await people.operator()
    card = await added(operator.client, **SOFIA)
    path, mother = f"/api/patients/{card['id']}", card["guardians"][0]
    kept = {key: value for key, value in mother.items() if key != "phone_e164"} | {"relation": "мама"}
    new = {"full_name": "Нова Особа", "relation": "опікун", "email": "nova@example.org"}
    edited = await operator.client.patch(path, json={"guardians": [kept, new]}, headers={"If-Match": '"1"'})
    assert [g["relation"] for g in edited.json()["guardians"]] == ["мама", "опікун"]
    assert edited.json()["guardians"][0]["id"] == mother["id"]
    assert await found(operator.client, "маряненко") == []
    assert await found(operator.client, "nova@") == [SOFIA["full_name"]]
    for wrong, code in (
        ([{**new, "id": card["id"]}], "unknown_guardian"),
        ([{**new, "is_primary": True}, {**new, "is_primary": True}], "second_primary_guardian"),
    ):
        refused = await operator.client.patch(path, json={"guardians": wrong}, headers={"If-Match": '"2"'})
        assert (refused.status_code, refused.json()["code"]) == (400, code)


async def test_a_record_number_is_one_childs(people: People) -> None:
    operator = await people.operator()
    first = await added(operator.client, full_name="Перша", record_number="AB 12")
    second = await added(operator.client, full_name="Друга")
    refused = await operator.client.post(
        "/api/patients", json={"full_name": "Третя", "record_number": "ab-12"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate_record_number")
    assert refused.json()["patient"] == {"id": first["id"]}
    answers = await asyncio.gather(
        *(
            operator.client.post("/api/patients", json={"full_name": "Я", "record_number": "77"})
            for _ in range(4)
        )
    )
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    patch = await operator.client.patch(
        f"/api/patients/{second['id']}", json={"record_number": "AB12"}, headers={"If-Match": '"1"'}
    )
    assert patch.status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "full_name"),
        ({"full_name": " \u200b"}, "full_name"),
        ({"full_name": "я" * 201}, "full_name"),
        ({"full_name": "Я", "birth_date": "2999-01-01"}, "birth_date"),
        ({"full_name": "Я", "birth_date": "1850-01-01"}, "birth_date"),
        ({"full_name": "Я", "phone": "123"}, "phone"),
        ({"full_name": "Я", "email": "нема"}, "email"),
        ({"full_name": "Я", "notes": "x" * 2001}, "notes"),
        ({"full_name": "Я", "diagnosis": "x"}, "diagnosis"),
        ({"full_name": "Я", "id": "x"}, "id"),
        ({"full_name": "Я", "guardians": [{"full_name": "Б"}]}, "guardians.0.relation"),
    ],
)
async def test_a_wrong_body_names_its_field(people: People, body: dict[str, Any], field: str) -> None:
    operator = await people.operator()
    refused = await operator.client.post("/api/patients", json=body)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert (await operator.client.get("/api/patients")).json()["total"] == 0


async def test_strangers_and_unknown_cards(client: httpx.AsyncClient, people: People) -> None:
    assert (await client.get("/api/patients")).status_code == 401
    operator = await people.operator()
    nobody = "00000000-0000-4000-8000-000000000000"
    assert (await operator.client.get(f"/api/patients/{nobody}")).status_code == 404
    assert (await operator.client.get("/api/patients?name=x")).status_code == 422


async def test_a_retried_creation_is_one_card(people: People) -> None:
    operator = await people.operator()
    headers = {"Idempotency-Key": "card-1"}
    answers = await asyncio.gather(
        *(operator.client.post("/api/patients", json={"full_name": "Я"}, headers=headers) for _ in range(4))
    )
    assert len({a.content for a in answers}) == 1
    assert (await operator.client.get("/api/patients")).json()["total"] == 1
