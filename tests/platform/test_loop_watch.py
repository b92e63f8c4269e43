"""How long nobody is answered: measured, named in the log, and no longer for hostile texts than for plain ones."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from ohmatdyt.core.loop_watch import TOO_LONG_S, LoopWatch
from ohmatdyt.core.metrics import Meter
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People
from tests.platform.processes import free_port


async def test_who_held_the_loop_is_measured_and_named(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[float] = []
    watch = LoopWatch(seen.append)

    async def stubborn() -> None:
        time.sleep(3 * TOO_LONG_S)  # noqa: ASYNC251 — what the test is about

    async with watch.watching():
        await asyncio.sleep(0.2)
        await asyncio.create_task(stubborn(), name="stubborn-task")
        await asyncio.sleep(0.3)
    assert max(seen) > TOO_LONG_S
    assert watch.take_longest() == max(seen)
    assert watch.take_longest() == 0
    # What the logger's own capture changes is not seen by a logger another test has used before.
    logs = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    (told,) = [one for one in logs if one["event"] == "event_loop_held" and one["task"] == "stubborn-task"]
    assert "stubborn" in told["coroutine"]
    assert told["where"].startswith("test_loop_watch.py:")


def test_the_figures_say_it() -> None:
    meter = Meter()
    names = {family.name for family in meter.registry.collect()}
    assert {"ohmatdyt_event_loop_held_seconds", "ohmatdyt_event_loop_longest_held_seconds"} <= names


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    port = free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 — the server says it no other way
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


HOSTILE = {
    "marks out of order": "a" + "\u0301" * 6000 + "\u0316" * 6000,
    "marks on each letter": ("a" + "\u0316" * 30) * 600,
    "blanks of two kinds": "\u200b " * 9000,
    "an address without end": "a" * 9990 + "@" + "a" * 9990,
    "dots": "a." * 9990 + "@",
    "digits and gaps": "1 " * 9990 + "x",
    "a number without end": "1" * 20_000,
    "one word": "щ" * 20_000,
    "apostrophes": "щ" + "'" * 19_000,
}


def _cpu() -> float:
    return time.thread_time()


async def longest_step(address: str, headers: dict[str, str], send: dict[str, str], d: Desk) -> float:
    """Processor time of the loop's thread for one request over a socket; what else the machine does does not count."""
    form = {"category_id": str(d.category), "channel_id": str(d.channel), "applicant_name": "Ганна", **send}
    best = float("inf")
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        for _ in range(3):
            begun = _cpu()
            answers = [
                await client.post("/api/cases", data=form),
                await client.get("/api/cases", params={"search": send["summary"][:900]}),
                await client.get("/api/patients", params={"search": send["summary"][:900]}),
                await client.post(
                    "/api/auth/login", json={"username": send["summary"][:250], "password": "x"}
                ),
            ]
            best = min(best, _cpu() - begun)
            assert all(answer.status_code < 500 for answer in answers)
    return best


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_text_holds_the_loop_no_ten_times_as_long_as_a_plain_one(
    name: str, people: People, catalog: Catalog, app: FastAPI
) -> None:
    d = await desk(people, catalog)
    headers = {"Authorization": d.operator.client.headers["Authorization"]}
    plain = "Не можу додзвонитися до відділення. " * (len(HOSTILE[name]) // 36)
    async with served(app) as address:
        harmless = await longest_step(address, headers, {"summary": plain}, d)
        hostile = await longest_step(address, headers, {"summary": HOSTILE[name]}, d)
    assert hostile < 10 * harmless
