"""Every route × nobody, deactivated, OPERATOR, EXECUTOR, ADMIN (trust.md §3), asked over HTTP.

The sweep names ids that do not exist and mostly sends empty bodies: whoever may pass the door gets 2xx, 400, 404, 409,
422 or 428 from behind it; whoever may not gets 401 or 403 at the door. What depends on a relation (my case, my
category) is in tests/cases.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.factories import People

PUBLIC, EVERYBODY = "public", {"OPERATOR", "EXECUTOR", "ADMIN"}
ADMIN = {"ADMIN"}
NOT_OPERATOR = {"EXECUTOR", "ADMIN"}

# What may be called, by whom. A route missing here fails the suite.
MATRIX: dict[str, str | set[str]] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,  # to the loopback; tests/deploy asks from elsewhere
    "POST /auth/login": PUBLIC,
    "POST /auth/refresh": PUBLIC,
    "POST /auth/logout": PUBLIC,
    "POST /auth/register": PUBLIC,
    "GET /auth/me": EVERYBODY,
    "POST /auth/change-password": EVERYBODY,
    "GET /auth/sessions": EVERYBODY,
    "DELETE /auth/sessions/{session_id}": EVERYBODY,
    "GET /api/users": ADMIN,
    "POST /api/users": ADMIN,
    "GET /api/users/{user_id}": ADMIN,
    "PUT /api/users/{user_id}": ADMIN,
    "PATCH /api/users/{user_id}": ADMIN,
    "DELETE /api/users/{user_id}": ADMIN,
    "POST /api/users/{user_id}/activate": ADMIN,
    "POST /api/users/{user_id}/deactivate": ADMIN,
    "POST /api/users/{user_id}/reset-password": ADMIN,
    "GET /api/users/{user_id}/category-access": ADMIN,
    "PUT /api/users/{user_id}/category-access": ADMIN,
    "POST /api/users/{user_id}/category-access": ADMIN,
    "DELETE /api/users/{user_id}/category-access/{category_id}": ADMIN,
    "GET /api/users/{user_id}/active-cases": ADMIN,
    "GET /api/users/{user_id}/sessions": ADMIN,
    "DELETE /api/users/{user_id}/sessions/{session_id}": ADMIN,
    **{
        f"{method} /api/{plural}{rest}": EVERYBODY if method == "GET" else ADMIN
        for plural in ("categories", "channels")
        for method, rest in [
            ("GET", ""),
            ("POST", ""),
            ("GET", "/{entry_id}"),
            ("PUT", "/{entry_id}"),
            ("POST", "/{entry_id}/activate"),
            ("POST", "/{entry_id}/deactivate"),
        ]
    },
    **{
        f"{method} /api/categories/{{category_id}}/subcategories{rest}": EVERYBODY
        if method == "GET"
        else ADMIN
        for method, rest in [
            ("GET", ""),
            ("POST", ""),
            ("GET", "/{subcategory_id}"),
            ("PUT", "/{subcategory_id}"),
            ("POST", "/{subcategory_id}/activate"),
            ("POST", "/{subcategory_id}/deactivate"),
        ]
    },
    "POST /api/cases": EVERYBODY,
    "GET /api/cases": EVERYBODY,
    "GET /api/cases/my": EVERYBODY,
    "GET /api/cases/assigned": NOT_OPERATOR,
    "GET /api/cases/export": EVERYBODY,  # exactly the rows of the caller's own list
    "GET /api/cases/{case}": EVERYBODY,
    "PATCH /api/cases/{case}": EVERYBODY,
    "POST /api/cases/{case}/take": EVERYBODY,
    "POST /api/cases/{case}/status": EVERYBODY,
    "POST /api/cases/{case}/assign": EVERYBODY,
    "GET /api/cases/{case}/comments": EVERYBODY,
    "POST /api/cases/{case}/comments": EVERYBODY,
    "POST /api/attachments/cases/{case}/upload": EVERYBODY,
    "GET /api/attachments/cases/{case}": EVERYBODY,
    "GET /api/attachments/{attachment_id}": EVERYBODY,
    "DELETE /api/attachments/{attachment_id}": EVERYBODY,
    "GET /api/patients": EVERYBODY,
    "POST /api/patients": EVERYBODY,
    "GET /api/patients/{patient_id}": EVERYBODY,
    "GET /api/patients/{patient_id}/name": EVERYBODY,
    "PATCH /api/patients/{patient_id}": EVERYBODY,
    "POST /api/patients/{patient_id}/merge": ADMIN,
    "POST /api/patients/{patient_id}/unmerge": ADMIN,
    "GET /api/patients/lookup": EVERYBODY,
    "GET /api/patients/{patient_id}/cases": EVERYBODY,
    "GET /api/patients/{patient_id}/export": ADMIN,
    "POST /api/patients/{patient_id}/anonymise": ADMIN,
    "GET /api/doctors": EVERYBODY,
    "POST /api/doctors": ADMIN,
    "GET /api/doctors/departments": EVERYBODY,
    "GET /api/doctors/{doctor_id}": EVERYBODY,
    "GET /api/doctors/{doctor_id}/cases": EVERYBODY,
    "GET /api/doctors/{doctor_id}/statistics": EVERYBODY,
    "PATCH /api/doctors/{doctor_id}": ADMIN,
    "POST /api/doctors/{doctor_id}/activate": ADMIN,
    "POST /api/doctors/{doctor_id}/deactivate": ADMIN,
    "GET /api/notifications": EVERYBODY,
    "POST /api/notifications/read-all": EVERYBODY,
    "GET /api/notifications/log": ADMIN,
    "POST /api/notifications/{notification_id}/read": EVERYBODY,
    "POST /api/notifications/{notification_id}/resend": ADMIN,
    "GET /api/events": EVERYBODY,
    "GET /api/dashboard": ADMIN,
    "GET /api/dashboard/summary": ADMIN,
    "GET /api/dashboard/status-distribution": ADMIN,
    "GET /api/dashboard/overdue-cases": ADMIN,
    "GET /api/dashboard/executors-efficiency": ADMIN,
    "GET /api/dashboard/categories-top": ADMIN,
    "GET /api/dashboard/channels": ADMIN,
    "GET /api/dashboard/timing": ADMIN,
    "GET /api/dashboard/load": ADMIN,
    "GET /api/insights/mine": EVERYBODY,
    "GET /api/jobs": ADMIN,
    "GET /api/alarms": ADMIN,
    "GET /api/limits": EVERYBODY,
    "GET /api/audit": ADMIN,
    "GET /api/audit/actions": ADMIN,
    "GET /api/audit/chain": ADMIN,
}
# What a temporary password opens.
STILL_OPEN = {
    *("GET /auth/me", "GET /auth/sessions", "DELETE /auth/sessions/{session_id}"),
    "POST /auth/change-password",
}
# Routes that judge the caller after reading the body, because a person may change some fields of his own.
_PROFILE = {"full_name": "Хтось Інший", "email": "other@example.org"}
BODIES = {"PUT /api/users/{user_id}": _PROFILE, "PATCH /api/users/{user_id}": _PROFILE}
# The stream has no end; its rights are proven in tests/notifications.
ENDLESS = {"GET /api/events"}


def _routes(app: FastAPI) -> list[str]:
    found = []
    for path, operations in app.openapi()["paths"].items():
        found += [f"{method.upper()} {path}" for method in operations]
    return found


def test_every_route_is_in_the_matrix(app: FastAPI) -> None:
    assert sorted(_routes(app)) == sorted(MATRIX)


def test_only_the_web_interface_and_the_documentation_are_outside_the_contract(app: FastAPI) -> None:
    hidden = {r.path for r in _every_route(app.routes) if not r.include_in_schema}
    assert hidden == {"/docs", "/{path:path}", "/healthz", "/readyz"}  # the last two as HEAD


def _every_route(routes: list[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _every_route(route.original_router.routes)


async def _ask(client: httpx.AsyncClient, route: str) -> httpx.Response:
    method, path = route.split(" ")
    path = re.sub(r"\{case\}", "999999", path)
    path = re.sub(r"\{\w+\}", str(uuid4()), path)
    body = None if method in ("GET", "DELETE") else BODIES.get(route, {})
    return await client.request(method, path, json=body, headers={"If-Match": '"1"'})


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
async def test_who_asks_counts_before_what_is_sent(people: People, kind: str) -> None:
    gone, temporary = await people.admin(is_active=False), await people.admin(must_change_password=True)
    for path in ("/api/cases", f"/api/attachments/cases/{uuid4()}/upload"):
        for person, status in ((gone, 401), (temporary, 403)):
            answer = await person.client.post(path, content=b"{}", headers={"Content-Type": kind})
            assert answer.status_code == status, f"{path}: {answer.text}"


async def test_nobody_and_the_deactivated_get_no_further_than_the_door(
    app: FastAPI, client: httpx.AsyncClient, people: People
) -> None:
    gone = await people.admin(is_active=False)
    for route, rule in MATRIX.items():
        for caller in (client, gone.client):
            answer = await _ask(caller, route)
            if rule == PUBLIC:
                assert answer.status_code != 403, route
            else:
                assert answer.status_code == 401, f"{route}: {answer.status_code}"
                assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("role", ["OPERATOR", "EXECUTOR", "ADMIN"])
async def test_each_role_passes_exactly_its_doors(people: People, role: str) -> None:
    person = await people.of_role(role)
    for route, rule in MATRIX.items():
        if rule == PUBLIC or route in ENDLESS:
            continue
        answer = await _ask(person.client, route)
        if role in rule:
            assert answer.status_code in (200, 201, 204, 400, 404, 409, 415, 422, 428), (
                f"{route}: {answer.text}"
            )
        else:
            assert answer.status_code == 403, f"{route}: {answer.status_code} {answer.text[:300]}"


async def test_a_temporary_password_opens_nothing_but_its_change(people: People) -> None:
    person = await people.admin(must_change_password=True)
    for route, rule in MATRIX.items():
        if rule == PUBLIC or route in STILL_OPEN:
            continue
        answer = await _ask(person.client, route)
        assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required"), route
