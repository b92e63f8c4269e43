"""Thousands of requests nobody meant, drawn from the contract, against a real server: none makes it fail.

The long run, a hundred thousand in everybody's name, is `make hostile`.
"""

import secrets
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.edge.hostile.asking import Ask, Asker
from tests.edge.hostile.desk import ROLES, Scene, served
from tests.edge.hostile.judge import Judge
from tests.edge.hostile.running import Run
from tests.edge.hostile.wire import Answer

REQUESTS = 300


async def test_no_request_makes_the_product_fail(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = ("kept", secrets.token_hex(4))
    with capsys.disabled():
        print(f"\nhostile seed {seeds[1]}")
    async with AsyncExitStack() as stack:
        scene = await Scene.open(stack, database_url, tmp_path)
        port, output = stack.enter_context(served(database_url, tmp_path))
        for role in ROLES:
            for seed in seeds:
                run = Run(scene, role, port, seed)
                await run.go(REQUESTS)
                assert run.judge.faults == [], run.summary()
                assert run.asked >= REQUESTS
        assert "Traceback" not in output.read_text(encoding="utf-8")


def test_the_judge_sees_what_must_not_be() -> None:
    """A judge that finds nothing wrong proves nothing."""
    contract: dict[str, Any] = {"paths": {"/api/x": {"get": {"responses": {"200": {}, "404": {}}}}}}
    ask = Ask("GET /api/x", "GET", "/api/x")
    good = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cache-control": "no-store",
        "x-request-id": "1",
        "content-type": "application/problem+json",
    }
    told = b'{"status":404,"code":"not_found","request_id":"1"}'

    def faults(status: int, body: bytes = told, headers: dict[str, str] | None = None) -> int:
        judge = Judge(contract)
        judge.look(ask, Answer(status, {**good, **(headers or {})}, body))
        return len(judge.faults)

    assert faults(404) == faults(200, b"") == 0
    assert faults(404, b'{"status":404,"code":"made_up","request_id":"1"}') == 1
    assert faults(404, b'{"status":404,"code":"not_found","request_id":"2"}') == 1
    assert faults(404, told[:-1] + b',"detail":"SELECT 1"}') == 1
    assert faults(404, headers={"content-type": "text/plain"}) == 1
    assert faults(404, headers={"cache-control": ""}) == 1
    assert faults(418, told.replace(b"404", b"418")) == 1
    assert faults(500, told.replace(b"404", b"500")) == 2
    assert faults(503, told.replace(b"404", b"503")) == 2
    assert faults(503, told.replace(b"404", b"503"), {"retry-after": "2"}) == 1


async def test_requests_reach_every_route_of_the_contract(database_url: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        scene = await Scene.open(stack, database_url, tmp_path)
        await scene.restore("nobody")
        asker, random = Asker(scene.contract, scene.things), Random("kept")
        drawn = [asker.draw(random) for _ in range(5000)]
    assert {ask.route for ask in drawn if ask.usual} == {route for route, _ in asker.operations}
