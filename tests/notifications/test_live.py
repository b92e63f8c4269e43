"""The live stream against a real server: who hears what, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from ohmatdyt.app import create_app
from ohmatdyt.cases import notices
from ohmatdyt.core.settings import Settings
from tests.factories import Person
from tests.notifications.scene import Scene, actor
from tests.notifications.windows import Window
from tests.platform.processes import free_port


@asynccontextmanager
async def _server(app: FastAPI) -> AsyncIterator[str]:
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
        await app.state.live.close()
        server.should_exit = True
        await task


@asynccontextmanager
async def _windows(address: str, *persons: Person) -> AsyncIterator[list[Window]]:
    windows = [Window() for _ in persons]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(window.listen(address, person))
            for window, person in zip(windows, persons, strict=True)
        ]
        for window in windows:
            await asyncio.wait_for(window.open.wait(), 10)
        try:
            yield windows
        finally:
            for task in tasks:
                task.cancel()


async def _until(condition: Any, seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 — what is waited for comes from another task's list
            await asyncio.sleep(0.02)


async def test_each_window_hears_exactly_what_its_person_may_see(app: FastAPI, scene: Scene) -> None:
    persons = (scene.author, scene.executor, scene.stranger, scene.other_operator, scene.chief)
    case = await scene.case()
    async with _server(app) as address, _windows(address, *persons) as windows:
        author, executor, stranger, other, chief = windows
        assert executor.heard("hello") == [{"unread": 0}]
        assert executor.headers["content-type"].startswith("text/event-stream")
        assert executor.headers["cache-control"] == "no-store"
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), case)
        await _until(lambda: executor.heard("counters") and chief.heard("case") and author.heard("case"))
        changed = {"id": str(case.id), "public_id": case.public_id}
        assert author.heard("case") == executor.heard("case") == chief.heard("case") == [changed]
        [line] = executor.heard("notification")
        assert (line["type"], line["public_id"]) == ("NEW_CASE", case.public_id)
        assert executor.heard("counters") == [{"unread": 1}]
        assert author.heard("notification") == chief.heard("notification") == []
        for outsider in (stranger, other):
            assert [name for name, _ in outsider.events] == ["hello"]
        assert "Заявник" not in json.dumps(executor.events, ensure_ascii=False)


async def test_operator_hears_nothing_of_an_internal_comment(app: FastAPI, scene: Scene) -> None:
    case = await scene.case()
    async with _server(app) as address, _windows(address, scene.author, scene.executor) as (author, executor):
        async with scene.database.unit_of_work() as session:
            await notices.commented(session, actor(scene.chief), case, is_internal=True)
        await _until(lambda: executor.heard("case") and executor.heard("notification"))
        async with scene.database.unit_of_work() as session:
            await notices.commented(session, actor(scene.chief), case, is_internal=False)
        await _until(lambda: author.heard("case"))
        assert len(author.heard("case")) == 1
        assert [line["type"] for line in author.heard("notification")] == ["COMMENT_PUBLIC"]


async def test_reading_in_one_window_counts_in_the_other(app: FastAPI, scene: Scene) -> None:
    case = await scene.case()
    async with _server(app) as address, _windows(address, scene.executor) as [window]:
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), case)
        await _until(lambda: window.heard("counters"))
        await scene.executor.client.post("/api/notifications/read-all")
        await _until(lambda: window.heard("counters")[-1] == {"unread": 0})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET ended_at = now() WHERE user_id = :id",
        "UPDATE users SET is_active = false WHERE id = :id",
        "UPDATE users SET token_version = token_version + 1 WHERE id = :id",
        "UPDATE users SET must_change_password = true WHERE id = :id",
    ],
)
async def test_stream_ends_with_the_session(app: FastAPI, scene: Scene, change: str) -> None:
    async with _server(app) as address, _windows(address, scene.executor, scene.chief) as (gone, stays):
        await _until(lambda: gone.heartbeats >= 1)
        await scene.execute(change, id=scene.executor.id)
        case = await scene.case()
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), case)
        await asyncio.wait_for(gone.ended.wait(), 5)
        await _until(lambda: stays.heard("case"))
        assert [name for name, _ in gone.events] == ["hello"]


async def test_quiet_stream_of_an_ended_session_ends_by_itself(app: FastAPI, scene: Scene) -> None:
    async with _server(app) as address, _windows(address, scene.executor) as [window]:
        await scene.execute("UPDATE sessions SET ended_at = now()")
        await asyncio.wait_for(window.ended.wait(), 5)


async def test_access_taken_away_acts_on_the_next_event(app: FastAPI, scene: Scene) -> None:
    case = await scene.case()
    async with _server(app) as address, _windows(address, scene.executor, scene.colleague) as (less, same):
        await scene.execute("DELETE FROM category_access WHERE user_id = :id", id=scene.executor.id)
        async with scene.database.unit_of_work() as session:
            await notices.case_changed(session, case.id)
        await _until(lambda: same.heard("case"))
        await asyncio.sleep(0.3)
        assert less.heard("case") == []


async def test_two_processes_hear_of_each_other(app: FastAPI, scene: Scene, settings: Settings) -> None:
    other = create_app(settings)
    other.state.run_schedule = False
    case = await scene.case()
    async with (
        other.router.lifespan_context(other),
        _server(other) as address,
        _windows(address, scene.executor) as [window],
    ):
        async with scene.database.unit_of_work() as session:  # the first application's connection
            await notices.case_registered(session, actor(scene.author), case)
        await _until(lambda: window.heard("notification") and window.heard("case"))


async def test_lost_listening_connection_comes_back_and_windows_are_told_to_look_again(
    app: FastAPI, scene: Scene
) -> None:
    async with _server(app) as address, _windows(address, scene.executor) as [window]:
        owner = await asyncpg.connect(scene.database.url.replace("+asyncpg", ""))
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ohmatdyt listener'"
        )
        await owner.close()
        await _until(lambda: window.heard("resync"))
        case = await scene.case()
        async with scene.database.unit_of_work() as session:
            await notices.case_changed(session, case.id)
        await _until(lambda: window.heard("case"))


async def test_strangers_and_one_window_too_many_are_refused(scene: Scene, settings: Settings) -> None:
    small = create_app(settings.model_copy(update={"event_streams": 1}))
    small.state.run_schedule = False
    async with small.router.lifespan_context(small), _server(small) as address:
        async with httpx.AsyncClient(base_url=address) as stranger:
            assert (await stranger.get("/api/events")).status_code == 401
        async with _windows(address, scene.executor):
            surplus = Window()
            await surplus.listen(address, scene.chief)
            assert surplus.status == 429
        await asyncio.sleep(0.3)
        async with _windows(address, scene.chief) as [again]:
            assert again.status == 200


async def test_idle_windows_hold_no_database_connection(
    app: FastAPI, scene: Scene, settings: Settings
) -> None:
    persons = (scene.author, scene.executor, scene.stranger, scene.other_operator, scene.chief)
    many = list(persons) * (settings.database_pool_size * 3 // len(persons))
    async with _server(app) as address, _windows(address, *many) as windows:
        assert (await scene.chief.client.get("/api/notifications")).status_code == 200
        assert all(window.status == 200 for window in windows)


async def test_the_ninth_window_of_a_person_closes_his_oldest(app: FastAPI, scene: Scene) -> None:
    eight = [scene.executor] * 8
    async with (
        _server(app) as address,
        _windows(address, scene.chief, scene.executor) as (chief, oldest),
        _windows(address, *eight) as windows,
    ):
        await asyncio.wait_for(oldest.ended.wait(), 5)
        assert [window.status for window in windows] == [200] * 8
        assert not any(window.ended.is_set() for window in (chief, *windows))


async def test_the_window_of_a_person_shut_out_closes_before_the_next_heartbeat(
    scene: Scene, settings: Settings
) -> None:
    slow = create_app(settings.model_copy(update={"event_heartbeat_s": 25.0}))
    slow.state.run_schedule = False
    async with (
        slow.router.lifespan_context(slow),
        _server(slow) as address,
        _windows(address, scene.other_operator, scene.chief) as (gone, stays),
    ):
        path = f"/api/users/{scene.other_operator.id}/deactivate"
        assert (await scene.chief.client.post(path)).status_code == 200
        await asyncio.wait_for(gone.ended.wait(), 10)
        assert gone.heartbeats == 0
        assert not stays.ended.is_set()
