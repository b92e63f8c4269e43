"""Categories and channels: the same rules under two addresses."""

import asyncio

import pytest

from tests.factories import Catalog, People

PLURALS = ["categories", "channels"]


@pytest.mark.parametrize("plural", PLURALS)
async def test_admin_keeps_a_directory_and_everybody_reads_it(people: People, plural: str) -> None:
    admin, operator = await people.admin(), await people.operator()
    made = await admin.client.post(f"/api/{plural}", json={"name": "  Медична   допомога "})
    assert made.status_code == 201
    assert made.json()["name"] == "Медична допомога"
    path = f"/api/{plural}/{made.json()['id']}"
    assert (await operator.client.get(path)).json() == made.json()

    renamed = await admin.client.put(path, json={"name": "Сервіс"})
    assert renamed.json()["name"] == "Сервіс"
    assert renamed.json()["updated_at"] > made.json()["updated_at"]

    off = await admin.client.post(f"{path}/deactivate")
    assert off.json() == {
        **renamed.json(),
        "is_active": False,
        "updated_at": off.json()["updated_at"],
        "open_cases": 0,
    }
    assert (await operator.client.get(f"/api/{plural}")).json() == {plural: [], "total": 0}
    assert (await admin.client.get(f"/api/{plural}?include_inactive=true")).json()["total"] == 1
    assert (await operator.client.get(path)).json()["is_active"] is False, "old cases still show it"
    on = await admin.client.post(f"{path}/activate")
    assert on.json()["is_active"] is True
    assert (await operator.client.get(f"/api/{plural}")).json()["total"] == 1


@pytest.mark.parametrize("plural", PLURALS)
async def test_only_an_admin_changes_a_directory(people: People, plural: str) -> None:
    admin, operator, executor = await people.admin(), await people.operator(), await people.executor()
    one = (await admin.client.post(f"/api/{plural}", json={"name": "Сервіс"})).json()
    for person in (operator, executor):
        for method, path, body in (
            ("POST", "", {"name": "Інше"}),
            ("PUT", f"/{one['id']}", {"name": "Інше"}),
            ("POST", f"/{one['id']}/activate", None),
            ("POST", f"/{one['id']}/deactivate", None),
            ("GET", "?include_inactive=true", None),
        ):
            refused = await person.client.request(method, f"/api/{plural}{path}", json=body)
            assert refused.status_code == 403, (method, path)
            assert refused.json()["code"] in {"admin_only", "inactive_for_admins_only"}
    assert (await admin.client.get(f"/api/{plural}?include_inactive=true")).json()[plural] == [one]


@pytest.mark.parametrize("plural", PLURALS)
@pytest.mark.parametrize("again", ["МЕДИЧНА  ДОПОМОГА", "медична допомога\u200b", "Meдична допомога"])
async def test_a_name_that_reads_the_same_is_the_same(people: People, plural: str, again: str) -> None:
    admin = await people.admin()
    first = (await admin.client.post(f"/api/{plural}", json={"name": "Медична допомога"})).json()
    other = (await admin.client.post(f"/api/{plural}", json={"name": "Сервіс"})).json()
    for method, path in (("POST", ""), ("PUT", f"/{other['id']}")):
        refused = await admin.client.request(method, f"/api/{plural}{path}", json={"name": again})
        assert (refused.status_code, refused.json()["code"]) == (409, "duplicate_name")
        assert refused.json()["errors"][0]["field"] == "name"
    own = await admin.client.put(f"/api/{plural}/{first['id']}", json={"name": "МЕДИЧНА допомога"})
    assert own.status_code == 200, "an entry may be respelled"


async def test_two_admins_adding_the_same_name_at_once(people: People) -> None:
    admin = await people.admin()
    answers = await asyncio.gather(
        *(admin.client.post("/api/channels", json={"name": "Рецепція"}) for _ in range(5))
    )
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409, 409]


async def test_the_order_is_the_ukrainian_alphabet(people: People, catalog: Catalog) -> None:
    operator = await people.operator()
    alphabet = [
        "Аптека",
        "Графік",
        "Ґанок",
        "Е-запис",
        "Єдність",
        "Зуби",
        "Ирій",
        "Ігри",
        "Їжа",
        "Йога",
        "МОЗ",
        "QR",
    ]
    for name in reversed(alphabet):
        await catalog.category(name)
    listed = (await operator.client.get("/api/categories")).json()
    assert [one["name"] for one in listed["categories"]] == alphabet
    assert listed["total"] == len(alphabet)


async def test_search_takes_every_character_as_itself(people: People, catalog: Catalog) -> None:
    operator = await people.operator()
    for name in ("Знижка 100%", "Знижка 1000", "a_b", "acb", "Обов'язкове"):
        await catalog.category(name)

    async def found(search: str) -> list[str]:
        answer = await operator.client.get("/api/categories", params={"search": search})
        return [one["name"] for one in answer.json()["categories"]]

    assert await found("100%") == ["Знижка 100%"]
    assert await found("_") == ["a_b"]
    assert await found("ЗНИЖ") == ["Знижка 100%", "Знижка 1000"]
    assert await found("обовʼяз") == ["Обов'язкове"]
    assert await found("немає") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " \u200b "},
        {"name": "я" * 201},
        {"name": "a\x00b"},
        {"name": 5},
        {"name": "Так", "id": 1},
    ],
)
async def test_a_wrong_body_names_its_field(people: People, body: dict[str, object]) -> None:
    admin = await people.admin()
    refused = await admin.client.post("/api/categories", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] in {"name", "id"}
    assert (await admin.client.get("/api/categories")).json()["total"] == 0


async def test_the_longest_name_passes(people: People) -> None:
    admin = await people.admin()
    assert (await admin.client.post("/api/categories", json={"name": "я" * 200})).status_code == 201


async def test_unknown_ids_and_strangers(client: object, people: People) -> None:
    admin = await people.admin()
    nobody = "00000000-0000-4000-8000-000000000000"
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", {"name": "Так"}),
        ("POST", "/deactivate", None),
    ):
        answer = await admin.client.request(method, f"/api/channels/{nobody}{path}", json=body)
        assert answer.status_code == 404
    assert (await admin.client.get("/api/channels/abc")).status_code == 422
    admin.client.headers.pop("Authorization")
    assert (await admin.client.get("/api/channels")).status_code == 401


async def test_a_retried_creation_is_one_entry(people: People) -> None:
    admin = await people.admin()
    headers = {"Idempotency-Key": "retry-1"}
    answers = await asyncio.gather(
        *(admin.client.post("/api/channels", json={"name": "Скринька"}, headers=headers) for _ in range(5))
    )
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    other = await admin.client.post("/api/channels", json={"name": "Інша"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await admin.client.get("/api/channels")).json()["total"] == 1
