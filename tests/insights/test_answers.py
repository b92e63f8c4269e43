"""A kept answer is given only while it is what would be computed again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.insights import flow, router, service
from tests.cases.makers import desk
from tests.factories import Catalog, People


async def test_every_change_shows_at_once_and_nothing_is_computed_twice(
    people: People, catalog: Catalog, database: Database, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    d = await desk(people, catalog)
    computed = 0
    plain = service.summary

    async def counted(*given: Any) -> Any:
        nonlocal computed
        computed += 1
        return await plain(*given)

    monkeypatch.setattr(service, "summary", counted)

    async def page() -> dict[str, Any]:
        whole: dict[str, Any] = (await d.admin.client.get("/api/dashboard?period=week")).json()
        assert (await d.admin.client.get("/api/dashboard?period=week")).json() == whole
        return whole

    assert (await page())["summary"]["total_cases"] == 0
    case = await d.case()
    assert (await page())["summary"]["new_cases"] == 1
    async with database.unit_of_work() as session:
        await flow.fold(session)
    assert (await page())["summary"]["new_cases"] == 1
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    assert (await page())["summary"]["in_progress_cases"] == 1
    await d.admin.client.put(f"/api/categories/{d.category}", json={"name": "Інша назва"})
    assert (await page())["categories"]["categories"][0]["category"]["name"] == "Інша назва"
    assert computed == 5, "each state once: empty, registered, folded, taken, renamed"


async def test_time_alone_changes_figures_at_the_right_moment(people: People, catalog: Catalog) -> None:
    d = await desk(people, catalog)
    await d.case()
    taken = await d.case()
    await d.executor.client.post(f"/api/cases/{taken['id']}/take")

    async def figures() -> tuple[Any, ...]:
        whole = (await d.admin.client.get("/api/dashboard?period=year")).json()
        targets = {one["code"]: one["due"] for one in whole["summary"]["targets"]}
        stale = sum(row["stale_now"] for row in whole["executors"]["executors"])
        days = [case["days_waiting"] for case in whole["overdue"]["cases"]]
        return (
            targets["taken_within_24h"],
            targets["never_overdue"],
            whole["summary"]["overdue_now"],
            stale,
            days,
        )

    with clock.set_to(clock.now()):
        for passed, expected in (
            (0, (1, 1, 0, 0, [])),
            (23.9, (1, 1, 0, 0, [])),
            (24.1, (2, 1, 0, 0, [])),
            (71.9, (2, 1, 0, 0, [])),
            (72.1, (2, 2, 1, 1, [3])),
            (95.9, (2, 2, 1, 1, [3])),
            (96.1, (2, 2, 1, 1, [4])),
        ):
            with clock.moved(timedelta(hours=passed)):
                d.admin.client.headers["Authorization"] = (await people.admin()).client.headers[
                    "Authorization"
                ]
                assert await figures() == expected, passed


async def test_nobody_waits_for_anothers_computing_with_a_connection(
    people: People, catalog: Catalog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    d = await desk(people, catalog)
    go_on, begun = asyncio.Event(), asyncio.Event()
    compute = router._computed

    async def slowly(*args: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await compute(*args)

    monkeypatch.setattr(router, "_computed", slowly)
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(d.admin.client.get("/api/dashboard")) for _ in range(15)]
        await begun.wait()
        async with asyncio.timeout(20):
            while next(used for _, used, *_ in database.usage()) > 1:  # noqa: ASYNC110 — found only by looking
                await asyncio.sleep(0.02)
        assert (await d.operator.client.get("/auth/me")).status_code == 200
        go_on.set()
    answers = {(await one).text for one in waiting}
    assert [(await one).status_code for one in waiting] == [200] * 15
    assert len(answers) == 1
