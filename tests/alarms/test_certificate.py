"""The certificate that browsers are shown ends: figure, alarm and words, from a real TLS server."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.alarms import policy
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import jobs
from tests.deploy.test_metrics import value
from tests.factories import Catalog, People
from tests.notifications.scene import Scene
from tests.platform.processes import free_port
from tests.platform.test_doctor_machine import https_server

FIGURE = "ohmatdyt_certificate_ends_seconds"


async def test_the_figure_is_asked_for_once_however_often_it_is_scraped(
    app: FastAPI, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    asked: list[datetime] = []
    own: Settings = app.state.settings
    async with https_server(tmp_path, clock.now() + timedelta(days=10), asked) as port:
        app.state.settings = own.model_copy(update={"public_url": f"https://127.0.0.1:{port}"})
        texts = [(await client.get("/metrics")).text for _ in range(3)]
    assert [round(value(text, FIGURE) / 86400) for text in texts] == [10, 10, 10]
    assert len(asked) == 1


async def test_no_figure_without_https_or_an_answer(app: FastAPI, client: httpx.AsyncClient) -> None:
    own: Settings = app.state.settings
    for url in ("http://localhost:8000", f"https://127.0.0.1:{free_port()}"):
        app.state.settings = own.model_copy(update={"public_url": url})
        text = (await client.get("/metrics")).text
        assert f"# TYPE {FIGURE} gauge" in text
        assert f"\n{FIGURE} " not in text


@pytest.mark.parametrize(
    ("days", "level", "title"),
    [
        (30, None, ""),
        (10, "WARNING", "Закінчується сертифікат сайту, лишилося діб: 10"),
        (1, "CRITICAL", "Закінчується сертифікат сайту, лишилося діб: 1"),
        (-2, "CRITICAL", "Сертифікат сайту вже не діє"),
    ],
)
async def test_administrators_hear_of_it_in_time(
    *,
    people: People,
    catalog: Catalog,
    database: Database,
    settings: Settings,
    tmp_path: Path,
    days: int,
    level: str | None,
    title: str,
) -> None:
    scene = await Scene.build(database, people, catalog)
    async with https_server(tmp_path, clock.now() + timedelta(days=days, hours=1)) as port:
        shown = settings.model_copy(update={"public_url": f"https://127.0.0.1:{port}"})
        watch = [job for job in jobs(shown) if job.name == "watch_installation"]
        assert await run_due(database, watch, shown.zone) == ["watch_installation"]
    alarms = (await scene.chief.client.get("/api/alarms")).json()["alarms"]
    found = [(one["level"], one["title"]) for one in alarms if one["kind"] == "certificate_ends"]
    assert found == ([(level, title)] if level else [])
    bells = (await scene.chief.client.get("/api/notifications")).json()["notifications"]
    told = [one["title"] for one in bells if one["alarm"] == "certificate_ends"]
    assert told == ([f"Увага: {title}"] if level else [])


def test_it_warns_under_fourteen_days_and_is_critical_under_three() -> None:
    hour = timedelta(hours=1)
    levels = [
        [one.level.value for one in policy.of_certificate(left)]
        for left in (None, 14 * 24 * hour, 14 * 24 * hour - hour, 3 * 24 * hour, 3 * 24 * hour - hour, -hour)
    ]
    assert levels == [[], [], ["WARNING"], ["WARNING"], ["CRITICAL"], ["CRITICAL"]]
