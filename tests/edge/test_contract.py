"""Promises of the HTTP contract of no single domain, used as by a client that has read nothing else."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.app import create_app
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.storage import LocalStorage
from tests.cases.makers import PDF, PNG, Desk, desk
from tests.factories import Catalog, People, Person

WORDS = "Відповідь надано письмово."


async def test_files_come_under_either_name(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    one = ("files", ("a.pdf", PDF, "application/pdf"))
    other = ("files[]", ("b.png", PNG, "image/png"))
    for files in ([other, other], [one, other], [one]):
        made = await d.operator.client.post("/api/cases", data=d.form(), files=files)
        assert made.status_code == 201, made.text
        names = sorted(file["original_name"] for file in made.json()["attachments"])
        assert names == sorted(file[0] for _, file in files)
    many = [one] * 10 + [other] * 11
    refused = await d.operator.client.post("/api/cases", data=d.form(), files=many)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "files")


async def test_a_step_sent_again_with_its_key_is_answered_and_not_repeated(
    people: People, catalog: Catalog
) -> None:
    d = await desk(people, catalog)
    case = await d.case()
    steps: list[tuple[Person, str, Any, Any]] = [
        (d.executor, "take", None, None),
        (d.executor, "status", {"to_status": "DONE", "comment": WORDS}, {"to_status": "DONE", "comment": WORDS * 2}),
        (d.admin, "status", {"to_status": "IN_PROGRESS", "comment": WORDS}, {"to_status": "NEW", "comment": WORDS}),
        (d.admin, "assign", {"responsible_id": str(d.admin.id)}, {"responsible_id": str(d.executor.id)}),
    ]  # fmt: skip
    for person, step, body, other in steps:
        path, headers = f"/api/cases/{case['id']}/{step}", {"Idempotency-Key": f"{step} {uuid4()}"}
        first = await person.client.post(path, json=body, headers=headers)
        again = await person.client.post(path, json=body, headers=headers)
        assert (first.status_code, again.status_code) == (200, 200), again.text
        assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
        assert first.headers["etag"] == f'"{first.json()["version"]}"'
        if other is not None:
            reused = await person.client.post(path, json=other, headers=headers)
            assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
        long = await person.client.post(path, json=body, headers={"Idempotency-Key": "k" * 256})
        assert (long.status_code, long.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_an_approval_sent_again_with_its_key_writes_once(people: People) -> None:
    admin = await people.admin()
    waiting = await people.operator(is_active=False, is_pending=True)
    path, headers = f"/api/users/{waiting.id}/activate", {"Idempotency-Key": "approve"}
    first = await admin.client.post(path, json={"role": "EXECUTOR"}, headers=headers)
    again = await admin.client.post(path, json={"role": "EXECUTOR"}, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (200, first.content)
    other = await admin.client.post(path, json={"role": "ADMIN"}, headers=headers)
    assert other.status_code == 422


async def test_what_carries_a_version_carries_an_etag(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    user = {"username": "nova", "email": "nova@example.org", "full_name": "Нова", "role": "OPERATOR"}
    doctor = {"full_name": "Лікар", "specialty": "Хірург", "department": "Хірургія"}
    for path, given in (
        ("cases", {"data": d.form()}),
        ("patients", {"json": {"full_name": "Софія"}}),
        ("users", {"json": user}),
        ("doctors", {"json": doctor}),
    ):
        headers = {"Idempotency-Key": f"make {path}"}
        for answer in [await d.admin.client.post(f"/api/{path}", headers=headers, **given) for _ in "12"]:
            assert answer.status_code == 201, answer.text
            assert answer.headers["etag"] == '"1"'
        read = await d.admin.client.get(f"/api/{path}/{answer.json()['id']}")
        assert read.headers["etag"] == '"1"'


async def test_a_version_is_compared_where_it_is_named_and_required_where_it_must_be(people: People) -> None:
    admin = await people.admin()
    doctor = {"full_name": "Лікар", "specialty": "Хірург", "department": "Хірургія"}
    made = (await admin.client.post("/api/doctors", json=doctor)).json()
    user = {"email": "x@example.org", "full_name": "Олена", "role": "OPERATOR"}
    someone = (await admin.client.post("/api/users", json={"username": "olena", **user})).json()
    for method, path, body in (
        ("PATCH", f"/api/doctors/{made['id']}", {"specialty": "Кардіолог"}),
        ("PUT", f"/api/users/{someone['id']}", {**user, "full_name": "Олена К."}),
    ):
        stale = await admin.client.request(method, path, json=body, headers={"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["current_version"]) == (412, 1)
        changed = await admin.client.request(method, path, json=body)
        assert (changed.status_code, changed.json()["version"]) == (200, 2), changed.text
    patched = await admin.client.patch(f"/api/users/{someone['id']}", json={"full_name": "Олена"})
    assert patched.status_code == 428


async def test_an_empty_sign_in_names_the_fields(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/login")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["username", "password"]
    text = await client.post("/auth/login", content=b"x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415


@pytest.mark.parametrize(
    ("path", "plural", "field"),
    [
        ("/api/notifications", "notifications", "created_at"),
        ("/api/notifications/log", "deliveries", "created_at"),
        ("/api/audit", "entries", "at"),
    ],
)
async def test_what_happened_is_listed_in_either_order(
    people: People, catalog: Catalog, path: str, plural: str, field: str
) -> None:
    d = await desk(people, catalog)
    for _ in range(3):
        case = await d.case(d.admin)
        await d.executor.client.post(f"/api/cases/{case['id']}/take")
    lists = []
    for order in (field, f"-{field}"):
        whole = (await d.admin.client.get(path, params={"order_by": order})).json()
        assert (whole["page"], whole["page_size"]) == (1, 20)
        pages = [
            (await d.admin.client.get(path, params={"order_by": order, "page": n, "page_size": 1})).json()
            for n in range(1, whole["total"] + 1)
        ]
        assert [page[plural][0]["id"] for page in pages] == [one["id"] for one in whole[plural]]
        lists.append([one["id"] for one in whole[plural]])
    assert len(lists[0]) >= 3
    assert lists[0] == lists[1][::-1]
    wrong = await d.admin.client.get(path, params={"order_by": "nothing"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "order_by")


async def test_the_journal_goes_on_by_its_cursor_in_either_order(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    for _ in range(5):
        await d.case()
    for order in ("at", "-at"):
        whole = (await d.admin.client.get("/api/audit", params={"order_by": order})).json()["entries"]
        found: list[Any] = []
        after: str | None = ""
        while after is not None:
            query = {"order_by": order, "page_size": 2} | ({"after": after} if after else {})
            page = (await d.admin.client.get("/api/audit", params=query)).json()
            found += page["entries"]
            after = page["next_after"]
        assert found == whole


DAYS = ["2026-02-30", "0000-01-01", "9999-12-31", "20261122", "0", "завтра", "2026-11-22T00:00:00"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["date_from", "date_to"])
@pytest.mark.parametrize("path", ["/api/audit", "/api/dashboard/summary", "/api/insights/mine"])
async def test_a_day_without_sense_is_refused(people: People, path: str, name: str, day: str) -> None:
    admin = await people.admin()
    answer = await admin.client.get(path, params={name: day})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name), answer.text


async def test_a_range_that_ends_before_it_begins_is_refused(d: Desk) -> None:
    backwards = {"date_from": "2026-11-02", "date_to": "2026-11-01"}
    for path in ("/api/audit", "/api/cases", "/api/cases/export", "/api/dashboard/summary"):
        answer = await d.admin.client.get(path, params=backwards)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "date_to"), path


async def test_a_custom_period_is_named_or_not(d: Desk) -> None:
    days = {"date_from": "2026-10-01", "date_to": "2026-10-31"}
    named = await d.admin.client.get("/api/dashboard/summary", params={"period": "custom", **days})
    plain = await d.admin.client.get("/api/dashboard/summary", params=days)
    assert (named.status_code, named.json()) == (200, plain.json())
    for query in ({"period": "custom"}, {"period": "week", **days}):
        assert (await d.admin.client.get("/api/dashboard/summary", params=query)).status_code == 422


async def test_letters_of_an_unknown_case_are_none(d: Desk) -> None:
    for case, status in (("-" * 36, 422), (str(uuid4()), 200), ("999999", 200), ("099999", 422)):
        answer = await d.admin.client.get("/api/notifications/log", params={"case_id": case})
        assert answer.status_code == status, answer.text


@pytest.fixture
async def d(people: People, catalog: Catalog) -> Desk:
    return await desk(people, catalog)


@pytest.fixture
async def open_to_a_site(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The product with CORS_ORIGINS set, asked by a browser."""
    app: FastAPI = create_app(settings.model_copy(update={"cors_origins": ("https://site.example.org",)}))
    app.state.storage, app.state.run_schedule = LocalStorage(settings.media), False
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as browser:
            yield browser


async def test_only_the_named_sites_may_read_an_answer(
    open_to_a_site: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    asked = {
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,if-match",
    }
    for browser, origin, allowed in (
        (open_to_a_site, "https://site.example.org", True),
        (open_to_a_site, "https://evil.example.org", False),
        (client, "https://site.example.org", False),
    ):
        before = await browser.options("/api/cases", headers={"Origin": origin, **asked})
        answer = await browser.get("/api/cases", headers={"Origin": origin})
        sent = await browser.post("/api/patients", json={"full_name": "x"}, headers={"Origin": origin})
        for one in (before, answer, sent):
            expected = origin if allowed else None
            assert one.headers.get("access-control-allow-origin") == expected, one.headers
            assert one.headers["x-content-type-options"] == "nosniff"
        assert (before.status_code == 200) is allowed
        assert answer.status_code == sent.status_code == 401


@pytest.mark.parametrize("odd", ["a%00b", "%ff%fe", "%F0%9F%98%80", "x" * 3000])
async def test_a_refusal_is_written_down_whatever_stands_in_the_path(d: Desk, odd: str) -> None:
    refused = await d.operator.client.post(f"/api/patients/{odd}/anonymise")
    assert (refused.status_code, refused.json()["code"]) == (403, "admin_only"), refused.text
    (entry,) = (await d.admin.client.get("/api/audit", params={"outcome": "refused"})).json()["entries"]
    assert entry["request_id"] == refused.headers["x-request-id"]
    assert entry["object_id"].startswith("/api/patients/")


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"\xff\xfe{}", b""])
async def test_a_body_nobody_can_read_is_malformed(d: Desk, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await d.admin.client.post("/api/categories", content=content, headers=headers)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] in (["body"], [])
    form = await d.operator.client.post(
        "/api/cases", content=content, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert form.status_code == 422, form.text
