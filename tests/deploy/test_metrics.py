"""Figures for Prometheus: right, closed from outside, and free of anything about a person."""

import json
import logging
import re
import time
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from ohmatdyt.core import log
from ohmatdyt.core.metrics import Meter
from ohmatdyt.core.settings import Settings
from tests.core.files import pdf
from tests.factories import Catalog, People

SECRETS = {
    "applicant_name": "Щебетуха Килина",
    "applicant_phone": "+380671112233",
    "applicant_email": "kylyna@private.example",
    "summary": "Дитину звати Остапчик",
}
ROOT = Path(__file__).resolve().parents[2]


def value(text: str, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    assert found, f"no {series} in\n{text}"
    return float(found[1])


async def test_requests_are_counted_by_the_template_of_their_route(
    client: httpx.AsyncClient, people: People, catalog: Catalog
) -> None:
    operator = await people.operator()
    label = 'method="GET",route="/api/cases/{case}"'
    names = (
        f'ohmatdyt_http_requests_total{{{label},status="404"}}',
        f"ohmatdyt_http_request_seconds_count{{{label}}}",
    )
    # The counters belong to the process, so tests before this one have counted too.
    await operator.client.get("/api/cases/999999")
    before = (await client.get("/metrics")).text
    for number in (123456, 654321):
        await operator.client.get(f"/api/cases/{number}")
    await client.get("/wp-login.php")
    text = (await client.get("/metrics")).text
    assert [value(text, name) - value(before, name) for name in names] == [2, 2]
    assert "123456" not in text
    assert "wp-login" not in text


async def test_state_of_the_desk(
    client: httpx.AsyncClient, people: People, catalog: Catalog, database: object
) -> None:
    operator = await people.operator()
    category, channel = await catalog.category(), await catalog.channel()
    await people.executor([category])
    fields = {"category_id": str(category), "channel_id": str(channel), "applicant_name": "А", "summary": "Б"}
    assert (await operator.client.post("/api/cases", data=fields)).status_code == 201
    text = (await client.get("/metrics")).text
    assert value(text, "ohmatdyt_database_up") == 1
    assert value(text, "ohmatdyt_letters_waiting") >= 1
    assert value(text, "ohmatdyt_cases_overdue") == 0
    assert value(text, "ohmatdyt_case_numbers_used_ratio") == pytest.approx(1 / 900_000)
    assert value(text, 'ohmatdyt_job_late{task="seal_journal"}') == 1
    assert value(text, 'ohmatdyt_database_connections{pool="requests",state="most"}') == 10
    assert value(text, "process_open_fds") > 0


@pytest.mark.parametrize(
    ("address", "token", "status"),
    [("127.0.0.1", "", 200), ("203.0.113.9", "", 404), ("203.0.113.9", "correct-horse-battery", 200),
     ("203.0.113.9", "wrong", 404), ("", "", 404)],
)  # fmt: skip
async def test_closed_from_outside(app: FastAPI, address: str, token: str, status: int) -> None:
    settings: Settings = app.state.settings  # the fixture gives every test its own
    app.state.settings = settings.model_copy(update={"metrics_token": SecretStr("correct-horse-battery")})
    transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as somebody:
        assert (await somebody.get("/metrics", headers=headers)).status_code == status


async def test_no_person_in_metrics_or_log(
    client: httpx.AsyncClient,
    people: People,
    catalog: Catalog,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A whole working day with names in every field; then both are searched for them."""
    log.configure(level="debug", json=True)
    for name in ("httpx", "httpcore"):  # the test's own browser
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        operator = await people.operator()
        category, channel = await catalog.category(), await catalog.channel()
        executor = await people.executor([category])
        fields = {"category_id": str(category), "channel_id": str(channel), **SECRETS}
        files = {"files": ("Щебетуха.pdf", pdf(), "application/pdf")}
        made = (await operator.client.post("/api/cases", data=fields, files=files)).json()
        await executor.client.post(f"/api/cases/{made['id']}/take")
        await operator.client.post(
            f"/api/cases/{made['id']}/comments", json={"text": "Дзвонила Щебетуха", "is_internal": False}
        )
        for query in (
            {"search": "Щебетуха"},
            {"applicant_phone": "0671112233"},
            {"applicant_name": "Килина"},
        ):
            await operator.client.get("/api/cases", params=query)
        await operator.client.post("/api/cases", data={**fields, "category_id": "Остапчик"})
        await client.post("/auth/login", json={"username": "kylyna", "password": "Остапчик-2026"})
        figures = (await client.get("/metrics")).text
        said = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert '"message":"request"' in said, "the log was not caught"
    of_requests = [json.loads(line) for line in said.splitlines() if '"message":"request"' in line]
    assert all(line["request_id"] for line in of_requests)
    for secret in ("Щебетуха", "Килина", "Остапчик", "671112233", "kylyna", "Ромашка"):
        assert secret not in said
        assert secret not in figures


def test_counting_costs_microseconds() -> None:
    meter = Meter()

    class Route:
        path = "/api/cases/{case}"

    scope = {"method": "GET", "route": Route()}
    best = 1.0
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(2000):
            meter.count(scope, 200, 0.004)
        best = min(best, (time.perf_counter() - begun) / 2000)
    assert best < 20e-6, f"{best * 1e6:.1f} µs a request"


class TestHead:
    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/cases/123456"])
    async def test_answers_like_get_without_the_body(self, client: httpx.AsyncClient, path: str) -> None:
        head, get = await client.head(path), await client.get(path)
        assert head.status_code == get.status_code
        assert head.headers["content-type"] == get.headers["content-type"]

    async def test_is_not_taken_for_a_download(self, client: httpx.AsyncClient) -> None:
        answer = await client.head("/api/cases")
        assert answer.status_code == 405
