"""A click on a figure opens a list of exactly as many cases."""

from datetime import date, timedelta
from typing import Any

import httpx

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People
from tests.insights import plain
from tests.insights.test_figures import MOMENTS, made


async def total(admin: httpx.AsyncClient, **filters: Any) -> int:
    answer = await admin.get("/api/cases", params={"page_size": 1, **filters})
    assert answer.status_code == 200, answer.text
    found: int = answer.json()["total"]
    return found


async def check_clicks(admin: httpx.AsyncClient, today: date) -> None:
    """Every figure that opens a list says how many cases are in it."""
    for days in (0, 6, 40, 400):
        span = {"date_from": str(today - timedelta(days=days)), "date_to": str(today)}
        closed = {"closed_from": span["date_from"], "closed_to": span["date_to"]}
        got = (await admin.get("/api/dashboard", params=span)).json()
        summary = got["summary"]
        assert summary["total_cases"] == await total(admin, **span)
        assert summary["closed_cases"] == await total(admin, **closed)
        for status in plain.STATUSES:
            assert summary[f"{status.lower()}_cases"] == await total(admin, status=status, **span)
        for category in got["categories"]["categories"]:
            assert category["count"] == await total(admin, category_id=category["category"]["id"], **span)
        for channel in got["channels"]["channels"]:
            assert channel["count"] == await total(admin, channel_id=channel["channel"]["id"], **span)
        for row in got["executors"]["executors"]:
            his = {"responsible_id": row["user"]["id"]}
            assert row["done"] == await total(admin, **his, status="DONE", **closed)
            assert row["rejected"] == await total(admin, **his, status="REJECTED", **closed)
            assert row["in_progress_now"] == await total(admin, **his, status="IN_PROGRESS")
            assert row["needs_info_now"] == await total(admin, **his, status="NEEDS_INFO")
            assert row["stale_now"] == await total(admin, **his, stale=True)
        assert got["overdue"]["total"] == await total(admin, overdue=True)


async def test_figures_and_lists_agree(people: People, catalog: Catalog, database: Database) -> None:
    world = await made(people, catalog, database, 3, MOMENTS[1])
    with clock.set_to(world.now):
        await check_clicks((await people.admin()).client, plain.local(world.now))
