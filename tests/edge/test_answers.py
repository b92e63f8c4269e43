"""What every answer carries, whatever happened inside."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.factories import People

STRANGERS_PATHS = [
    "/",
    "/healthz",
    "/openapi.json",
    "/api/cases",
    "/api/no-such-thing",
    "/cases/123456",
    "/auth/login",
]


async def test_a_filtered_page_opens_from_its_address(client: httpx.AsyncClient) -> None:
    """Filters stand behind the `?` of a page; its script reads them, the server must not refuse them."""
    answer = await client.get("/cases?status=NEW&status=DONE&anything=1")
    assert answer.status_code != 422


@pytest.mark.parametrize("path", STRANGERS_PATHS)
async def test_security_headers_are_on_every_answer(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"]
    assert headers["x-request-id"]


async def test_an_unexpected_failure_is_a_problem_with_headers_and_without_details(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async def broken() -> None:
        raise RuntimeError("secret words")

    app.router.add_api_route("/api/broken", broken)
    app.router.routes.insert(0, app.router.routes.pop())
    answer = await client.get("/api/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret words" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    app.router.routes.pop(0)


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("abc-123.X_y", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("a b", False),
        ("<script>", False),
        ("", False),
    ],
)
async def test_only_a_short_plain_request_id_is_accepted(
    client: httpx.AsyncClient, offered: str, kept: bool
) -> None:
    answer = await client.get("/healthz", headers={"X-Request-ID": offered})
    assert (answer.headers["x-request-id"] == offered) is kept


async def test_a_problem_speaks_the_readers_language(client: httpx.AsyncClient) -> None:
    ukrainian = (await client.get("/api/cases")).json()
    english = (await client.get("/api/cases", headers={"Accept-Language": "en-GB,uk;q=0.5"})).json()
    assert (ukrainian["title"], english["title"]) == ("Потрібен вхід", "Unauthorized")
    assert ukrainian["code"] == english["code"] == "not_signed_in"
    assert ukrainian["type"] == "/problems/not_signed_in"


async def test_401_names_the_scheme(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/cases")).headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "query", ["colour=red", "page=1&page=2", "page=0", "page_size=101", "page=1e3", "status=OPEN"]
)
async def test_wrong_query_parameters_are_refused_by_name(people: People, query: str) -> None:
    admin = await people.admin()
    answer = await admin.client.get(f"/api/cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(query.split("=", maxsplit=1)[0])
    assert "\u0400" <= answer.json()["errors"][0]["message"][0] <= "\u04ff"


async def test_a_declared_body_over_the_limit_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(50):
            read += 1
            yield b"x" * 65536

    answer = await client.post("/auth/login", content=body(), headers={"Content-Length": str(50 * 65536)})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


async def test_an_undeclared_body_over_the_limit_is_refused_while_it_is_read(
    client: httpx.AsyncClient,
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 65536

    answer = await client.post("/auth/login", content=body(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_health_tells_what_it_depends_on_without_secrets(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == dict.fromkeys(("database", "pools", "files", "installation"), "ok")
    assert "postgres" not in answer.text


async def test_unknown_api_paths_and_methods_are_problems(client: httpx.AsyncClient) -> None:
    missing = await client.get("/api/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = await client.delete("/auth/login")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("passed_on", "written"),
    [
        ("10.0.3.17", "10.0.3.17"),
        ("2001:db8::7", "2001:db8::7"),
        ("unknown", ""),
        ("а" * 500, ""),
        ("fe80::1%" + "e" * 500, ""),
    ],
)
async def test_what_a_proxy_passes_on_is_an_address_or_nothing(
    app: FastAPI, people: People, passed_on: str, written: str
) -> None:
    """The journal and the list of sessions show addresses: one of 500 letters made them unreadable."""
    admin = await people.admin()
    transport = httpx.ASGITransport(app=app, client=(passed_on, 0), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        login = {"username": admin.username, "password": admin.password}
        assert (await client.post("/auth/login", json=login)).status_code == 200
    for path, plural in (("/api/audit", "entries"), ("/auth/sessions", "sessions")):
        answer = await admin.client.get(path)
        assert answer.status_code == 200, answer.text
        assert written in {one["ip"] for one in answer.json()[plural]}
