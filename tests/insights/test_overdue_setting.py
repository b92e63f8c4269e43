"""ESCALATION_AFTER_DAYS is one rule: whatever says "overdue" or "stale" follows it, wherever it is said."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from ohmatdyt.cases import notices
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from tests.factories import Catalog, People
from tests.notifications.scene import Scene, ago

DAYS = 5


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hospital that gives its people five days."""
    return settings.model_copy(update={"escalation_after_days": DAYS})


async def test_lists_marks_card_export_figures_metrics_and_reminders_agree(
    people: People, catalog: Catalog, database: Database, client: httpx.AsyncClient, settings: Settings
) -> None:
    scene = await Scene.build(database, people, catalog)
    shapes: dict[str, dict[str, Any]] = {
        "fresh": {"created_at": ago(days=DAYS - 1)},
        "late": {"created_at": ago(days=DAYS, minutes=1)},
        "worked on": {
            "created_at": ago(days=DAYS - 1),
            "status": "IN_PROGRESS",
            "responsible_id": scene.executor.id,
        },
        "forgotten": {
            "created_at": ago(days=DAYS + 1),
            "status": "NEEDS_INFO",
            "responsible_id": scene.executor.id,
        },
    }
    made = {name: await scene.case(**fields) for name, fields in shapes.items()}
    number = {name: case.public_id for name, case in made.items()}
    admin = scene.chief.client

    for overdue, stale, names in (
        ("true", None, {"late"}),
        ("false", None, {"fresh", "worked on", "forgotten"}),
        (None, "true", {"late", "forgotten"}),
        (None, "false", {"fresh", "worked on"}),
    ):
        query = {"overdue": overdue} if overdue else {"stale": stale}
        page = (await admin.get("/api/cases", params=query)).json()
        assert {row["public_id"] for row in page["cases"]} == {number[name] for name in names}, query
        assert page["total"] == len(names)

    page = (await admin.get("/api/cases")).json()
    marks = {row["public_id"]: (row["is_overdue"], row["is_stale"]) for row in page["cases"]}
    told = {
        "fresh": (False, False),
        "late": (True, True),
        "worked on": (False, False),
        "forgotten": (False, True),
    }
    assert marks == {number[name]: expected for name, expected in told.items()}
    for name, expected in told.items():
        card = (await admin.get(f"/api/cases/{number[name]}")).json()
        assert (card["is_overdue"], card["is_stale"]) == expected, name

    export = (await admin.get("/api/cases/export?format=csv")).content.decode("utf-8-sig")
    late = {row.split(";")[0].strip('"').strip("'") for row in export.splitlines()[1:] if "так" in row}
    late = {row.split(",")[0].strip('"') for row in late}
    assert late == {str(number["late"])}

    board = (await admin.get("/api/dashboard?period=year")).json()
    assert board["summary"]["overdue_now"] == board["overdue"]["total"] == 1
    assert {row["public_id"] for row in board["overdue"]["cases"]} == {number["late"]}
    executors = {row["user"]["id"]: row for row in board["executors"]["executors"]}
    assert executors[str(scene.executor.id)]["stale_now"] == 1
    assert executors[str(scene.executor.id)]["overdue_now"] == 1
    assert "ohmatdyt_cases_overdue 1.0" in (await client.get("/metrics")).text
    async with database.unit_of_work() as session:
        assert await notices.remind(session, settings) == 1


async def test_the_target_of_never_overdue_follows_it_too(
    people: People, catalog: Catalog, database: Database
) -> None:
    scene = await Scene.build(database, people, catalog)
    for waited in (1, DAYS - 1, DAYS + 1):
        created = ago(days=20)
        await scene.case(
            created_at=created,
            status="IN_PROGRESS",
            responsible_id=scene.executor.id,
            last_status_change_at=created + timedelta(days=waited),
        )
    days = {"date_from": f"{ago(days=30):%Y-%m-%d}", "date_to": f"{ago(days=0):%Y-%m-%d}"}
    summary = (await scene.chief.client.get("/api/dashboard/summary", params=days)).json()
    targets = {target["code"]: (target["met"], target["due"]) for target in summary["targets"]}
    assert targets == {"taken_within_24h": (1, 3), "never_overdue": (2, 3)}
