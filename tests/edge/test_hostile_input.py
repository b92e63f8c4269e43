"""Every JSON body under attack: fields nobody may set, foreign ids, texts over the limit, characters that deceive.

Refused with the field named, and nothing changed (trust.md §3 and §4).
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from tests.cases.makers import desk
from tests.factories import Catalog, People, Person

NOBODY = "5f2b7c9e-0000-4000-8000-000000000000"
NOT_SETTABLE = {
    "id": NOBODY,
    "public_id": 123_456,
    "author_id": NOBODY,
    "role": "ADMIN",
    "status": "DONE",
    "created_at": "2020-01-01T00:00:00Z",
    "version": 99,
    "is_admin": True,
}
# NUL, an escape, a bidi override, an isolate, half a character.
DECEIVING = ["а\x00б", "а\x1b[31m", "а\u202eб", "а\u2066б", "а\ud800б"]
BLANK = ["", "  ", "\u200b", "\u2060\ufeff ", "\u3164"]
LETTER = "я"
TABLES = (
    *("users", "category_access", "categories", "channels", "subcategories", "cases", "case_comments"),
    *("case_events", "patients", "guardians", "doctors"),
)


@dataclass(frozen=True)
class Door:
    """A route that takes JSON, a body that passes, and what its fields may hold."""

    method: str
    path: str
    body: dict[str, Any]
    texts: dict[str, int] = field(default_factory=dict)  # the most characters
    optional: frozenset[str] = frozenset()  # blank means empty
    ids: tuple[str, ...] = ()
    settable: frozenset[str] = frozenset()  # of NOT_SETTABLE, what this route is for


EMAIL = {"email": "nova@example.org"}
DOORS = {
    "a case's fields": Door(
        "PATCH",
        "/api/cases/{case}",
        {"summary": "Інше"},
        {"summary": 20_000, "applicant_name": 200, "subcategory": 200},
        frozenset({"subcategory"}),
        ("category_id", "channel_id", "patient_id", "doctor_id"),
    ),
    "a status": Door(
        "POST", "/api/cases/{taken}/status", {"to_status": "DONE", "comment": LETTER * 10}, {"comment": 2000}
    ),
    "an assignment": Door(
        "POST",
        "/api/cases/{case}/assign",
        {"responsible_id": None, "comment": LETTER * 10},
        {"comment": 2000},
        frozenset({"comment"}),
        ("responsible_id",),
    ),
    "a comment": Door("POST", "/api/cases/{case}/comments", {"text": "Так"}, {"text": 5000}),
    "a category": Door("POST", "/api/categories", {"name": "Нова"}, {"name": 200}),
    "a category's name": Door("PUT", "/api/categories/{category}", {"name": "Нова"}, {"name": 200}),
    "a channel": Door("POST", "/api/channels", {"name": "Нова"}, {"name": 200}),
    "a subcategory": Door(
        "POST", "/api/categories/{category}/subcategories", {"name": "Нова"}, {"name": 200}
    ),
    "a user": Door(
        "POST",
        "/api/users",
        {"username": "nova", "full_name": "Нова", "role": "EXECUTOR", **EMAIL},
        {"full_name": 200},
        ids=("executor_category_ids",),
        settable=frozenset({"role"}),
    ),
    "a user's fields": Door(
        "PATCH",
        "/api/users/{operator}",
        {"full_name": "Нова"},
        {"full_name": 200},
        settable=frozenset({"role"}),
    ),
    "category access": Door(
        "PUT", "/api/users/{executor}/category-access", {"category_ids": []}, ids=("category_ids",)
    ),
    "a patient": Door(
        "POST",
        "/api/patients",
        {"full_name": "Софія"},
        {"full_name": 200, "record_number": 50, "notes": 2000},
        frozenset({"record_number", "notes"}),
    ),
    "a patient's fields": Door(
        "PATCH",
        "/api/patients/{patient}",
        {"full_name": "Софія"},
        {"full_name": 200, "notes": 2000},
        frozenset({"notes"}),
    ),
    "a doctor": Door(
        "POST",
        "/api/doctors",
        {"full_name": "Лікар", "specialty": "Хірург", "department": "Хірургія"},
        {"full_name": 200, "specialty": 100, "department": 100},
        ids=("user_id",),
    ),
    "a merge": Door("POST", "/api/patients/{patient}/merge", {"into_id": NOBODY}, ids=("into_id",)),
}
WRITERS = [name for name in DOORS if name != "a merge"]


class Scene:
    """One of everything, and an admin who attacks it."""

    def __init__(self, admin: Person, database: Database, places: dict[str, str]) -> None:
        self.admin, self.database, self.places = admin, database, places

    async def send(self, door: Door, body: dict[str, Any], key: str = "") -> Any:
        """Half a character travels only escaped, so the body is written in ASCII."""
        headers = {"Content-Type": "application/json"}
        path = door.path.format(**self.places)
        if door.method == "PATCH":
            headers["If-Match"] = (await self.admin.client.get(path)).headers["ETag"]
        content = json.dumps(body).encode()
        return await self.admin.client.request(door.method, path, content=content, headers=headers)

    async def everything(self) -> list[str]:
        """What stands in the tables."""
        async with self.database.unit_of_work() as session:
            one = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
            return [str(await session.scalar(sa.text(one.format(table)))) for table in TABLES]

    async def refused(self, door: Door, body: dict[str, Any], name: str, *codes: int) -> None:
        """Refused with one of the codes and the field named; 422 if none is given. The tables are as they were."""
        before = await self.everything()
        answer = await self.send(door, body)
        about = (door, name, str(body.get(name))[:30].encode("unicode_escape"), answer.text)
        assert answer.status_code in (codes or (422,)), about
        if answer.status_code != 404:
            named = [error["field"] for error in answer.json().get("errors", [])]
            assert any(one.startswith((name, "category_ids")) for one in named), about
        assert await self.everything() == before, about


@pytest.fixture
async def scene(people: People, catalog: Catalog, database: Database) -> Scene:
    d = await desk(people, catalog)
    case, taken = await d.case(), await d.case()
    assert (await d.executor.client.post(f"/api/cases/{taken['id']}/take")).status_code == 200
    patient = await d.admin.client.post("/api/patients", json={"full_name": "Марко Їжак"})
    assert patient.status_code == 201, patient.text
    places = {
        "case": case["id"],
        "taken": taken["id"],
        "category": str(d.category),
        "operator": str(d.operator.id),
        "executor": str(d.executor.id),
        "patient": patient.json()["id"],
    }
    return Scene(d.admin, database, places)


@pytest.mark.parametrize("name", DOORS)
async def test_what_nobody_sets_is_refused(scene: Scene, name: str) -> None:
    door = DOORS[name]
    for unknown, value in {**NOT_SETTABLE, "anything": 1}.items():
        if unknown not in door.settable:
            await scene.refused(door, {**door.body, unknown: value}, unknown)


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.ids])
async def test_a_foreign_id_is_refused(scene: Scene, name: str) -> None:
    door = DOORS[name]
    for one in door.ids:
        many = one.endswith("ids")
        others = [scene.places["case"], NOBODY]  # of another kind, and of nothing
        for foreign in others:
            await scene.refused(door, {**door.body, one: [foreign] if many else foreign}, one, 400, 404, 422)
        wrong: tuple[Any, ...] = ("abc", 1, {}, NOBODY[:-1], f"{NOBODY}'--")
        for broken in wrong:
            await scene.refused(door, {**door.body, one: [broken] if many else broken}, one)


@pytest.mark.parametrize("name", [name for name in WRITERS if DOORS[name].texts])
async def test_texts_that_deceive_or_say_nothing_are_refused(scene: Scene, name: str) -> None:
    door = DOORS[name]
    for one, longest in door.texts.items():
        for text in (*DECEIVING, LETTER * (longest + 1), 7, ["а"], {"а": 1}):
            padded = text + LETTER * 10 if isinstance(text, str) else text
            await scene.refused(door, {**door.body, one: padded}, one)
        for blank in BLANK:
            if one not in door.optional:
                await scene.refused(door, {**door.body, one: blank}, one)


@pytest.mark.parametrize(("name", "one"), [(name, one) for name in WRITERS for one in DOORS[name].texts])
async def test_the_longest_text_passes(scene: Scene, name: str, one: str) -> None:
    door = DOORS[name]
    answer = await scene.send(door, {**door.body, one: LETTER * door.texts[one]})
    assert answer.status_code in {200, 201}, answer.text


async def test_what_is_no_json_object_is_refused(scene: Scene) -> None:
    deep = b"[" * 50_000 + b"]" * 50_000
    for door in DOORS.values():
        path = door.path.format(**scene.places)
        before = await scene.everything()
        for content in (
            b"",
            b"null",
            b"[]",
            b"1",
            b'"a"',
            b"{",
            b'{"a":1,}',
            deep,
            b'{"name": NaN}',
            b"\xff",
        ):
            headers = {"Content-Type": "application/json", "If-Match": '"1"'}
            answer = await scene.admin.client.request(door.method, path, content=content, headers=headers)
            assert 400 <= answer.status_code < 500, (path, content[:20], answer.text[:200])
        assert await scene.everything() == before


LITERALS = ["100%", "100 літрів", "a_b", "acb", "back\\slash", "(дужки)", "[x]"]


@pytest.mark.parametrize("path", ["/api/categories", "/api/channels", "/api/doctors", "/api/users"])
async def test_signs_in_a_search_are_letters(scene: Scene, path: str) -> None:
    plural = path.rsplit("/", maxsplit=1)[-1]
    for number, name in enumerate(LITERALS):
        body: dict[str, Any] = {"name": name}
        if plural in {"doctors", "users"}:
            body = {"full_name": name}
        if plural == "doctors":
            body |= {"specialty": "Хірург", "department": "Хірургія"}
        if plural == "users":
            body |= {
                "username": f"person{number}",
                "email": f"person{number}@example.org",
                "role": "OPERATOR",
            }
        made = await scene.admin.client.post(path, json=body)
        assert made.status_code == 201, made.text
    exact = [("100%", ["100%"]), ("a_b", ["a_b"]), ("1%ів", []), ("a%b", []), ("[a-x]", [])]
    if plural == "doctors":  # found by the words of their names, and a sign is no word
        exact = [("%", []), ("_", []), ("\\", [])]
    for sign, wanted in exact:
        answer = await scene.admin.client.get(path, params={"search": sign})
        assert answer.status_code == 200, answer.text
        assert [one.get("name") or one["full_name"] for one in answer.json()[plural]] == wanted, (path, sign)
    for sign in ("%%", "__", "\\", "'", "';--", "*", "?", "&|!", ":*", "((", "[", "$1", "{}"):
        answer = await scene.admin.client.get(path, params={"search": sign})
        assert answer.status_code == 200, (path, sign, answer.text)
    for deceiving in DECEIVING[:4]:
        answer = await scene.admin.client.get(path, params={"search": deceiving})
        assert answer.status_code == 422, (path, deceiving, answer.text)
        assert answer.json()["errors"][0]["field"] == "search"


FILTERS = ["subcategory", "applicant_name", "applicant_email"]


@pytest.mark.parametrize("name", FILTERS)
async def test_signs_in_a_filter_of_cases_are_letters(people: People, catalog: Catalog, name: str) -> None:
    d = await desk(people, catalog)
    values = ["100%", "1000", "a_b", "acb"]
    if name == "applicant_email":
        values = ["a%b@example.org", "axb@example.org", "a_b@example.org", "acb@example.org"]
    for value in values:
        fields: dict[str, Any] = {name: value}
        await d.case(**fields)
    for sign, wanted in (("%", values[0]), ("_", values[2])):
        asked = wanted if name == "subcategory" else sign
        answer = await d.admin.client.get("/api/cases", params={name: asked})
        assert [case[name] for case in answer.json()["cases"]] == [wanted], (asked, answer.text)
        assert answer.json()["total"] == 1
    for sign in ("\\", "'", "';--", "*", "$1", "{}", "%%", "__"):
        answer = await d.admin.client.get("/api/cases", params={name: sign})
        assert (answer.status_code, answer.json()["total"]) == (200, 0), (sign, answer.text)
    for deceiving in (*DECEIVING[:4], LETTER * 255):
        answer = await d.admin.client.get("/api/cases", params={name: deceiving})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
