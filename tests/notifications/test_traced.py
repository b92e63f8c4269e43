"""A request is found again wherever it led to: in the database, in the queue's worker, in the log; a person nowhere."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import redis
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import Every, Job, run_due
from ohmatdyt.core.settings import Settings
from tests.core.files import pdf
from tests.notifications.engines import RedisServer, engine, hints, settings_environment, worker_listens
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene

REQUEST = "trace-4711.a"
PERSON = {
    "applicant_name": "Щебетуха Килина",
    "applicant_phone": "+380671112233",
    "applicant_email": "kylyna@private.example",
    "summary": "Дитину звати Остапчик",
}
MARKS = ("Щебетуха", "Килина", "671112233", "kylyna", "Остапчик")


async def _register(scene: Scene) -> httpx.Response:
    return await scene.author.client.post(
        "/api/cases",
        data={"category_id": str(scene.category), "channel_id": str(scene.channel), **PERSON},
        files={"files": ("Щебетуха.pdf", pdf(), "application/pdf")},
        headers={"X-Request-ID": REQUEST},
    )


@contextmanager
def overheard(server: RedisServer) -> Iterator[list[str]]:
    """Everything that is said to Redis while the block lasts."""
    said: list[str] = []
    client = redis.Redis(port=server.port)
    monitor = client.monitor()  # type: ignore[no-untyped-call]
    monitor.__enter__()

    def listen() -> None:
        with suppress(redis.RedisError, OSError, ValueError):  # closed below
            said.extend(str(command["command"]) for command in monitor.listen())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield said
    finally:
        server.kill()
        thread.join(10)
        monitor.__exit__(None, None, None)
        client.close()


async def test_from_the_request_to_the_letter_by_one_id_and_without_a_name(
    scene: Scene, settings: Settings, mail: MailServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    env = settings_environment(settings, REDIS_URL=redis_server.url, LOG_FORMAT="json", LOG_LEVEL="debug")
    with engine(["worker"], env, tmp_path / "worker.log") as worker:
        await worker_listens(redis_server)
        with overheard(redis_server) as said:
            async with hints(scene.database, settings, redis_server):
                registered = await _register(scene)
                assert registered.status_code == 201, registered.text
                assert registered.headers["x-request-id"] == REQUEST
                await asyncio.to_thread(mail.wait_for, 2)
                wanted = {str(row[0]) for row in await scene.letters("id")}
                for _ in range(100):
                    if wanted <= _hinted(said, wanted):
                        break
                    await asyncio.sleep(0.1)
                assert _hinted(said, wanted) == wanted, "the queue was not overheard"
        worker.stop()
        log = worker.said()
    sent = [line for line in _events(log) if line.get("message") == "letter_sent"]
    assert {line["notification"] for line in sent} == wanted
    assert {line["request_id"] for line in sent} == {REQUEST}
    for text in (log, *said, *(letter.subject for letter in mail.letters)):
        assert not [mark for mark in MARKS if mark in text], text


def _hinted(said: list[str], wanted: set[str]) -> set[str]:
    return {one for one in wanted if any(one in command for command in said)}


def _events(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


async def _applications(watcher: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    rows = await watcher.fetch(
        "SELECT application_name, query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    )
    return {row["application_name"] for row in rows}


async def test_who_waits_in_the_database_says_for_which_request(scene: Scene, database: Database) -> None:
    """Both ways to the database: through the session (taking) and straight on the driver (registering)."""
    case = await scene.case()
    owner, watcher = [await asyncpg.connect(database.url.replace("+asyncpg", "")) for _ in range(2)]
    try:
        async with owner.transaction():
            await owner.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", case.id)
            await owner.execute("LOCK TABLE case_events IN EXCLUSIVE MODE")
            taking = asyncio.create_task(
                scene.executor.client.post(f"/api/cases/{case.id}/take", headers={"X-Request-ID": "take-1"})
            )
            registering = asyncio.create_task(_register(scene))
            expected, waiting = {"ohmatdyt take-1", f"ohmatdyt {REQUEST}"}, set[str]()
            for _ in range(100):
                waiting = await _applications(watcher)
                if waiting == expected:
                    break
                await asyncio.sleep(0.02)
        assert waiting == expected
        assert (await taking).status_code == 200
        assert (await registering).status_code == 201
        left = await watcher.fetch(
            "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'ohmatdyt _%'"
        )
        assert {row[0] for row in left} <= {"ohmatdyt listener"}, "a finished request still stands there"
    finally:
        await owner.close()
        await watcher.close()


async def test_a_job_is_named_too(scene: Scene, database: Database, settings: Settings) -> None:
    seen: list[str] = []

    async def look(session: AsyncSession) -> None:
        seen.append(await session.scalar(sa.text("SELECT current_setting('application_name')")))

    await run_due(database, [Job("look", Every(timedelta(minutes=1)), look)], settings.zone)
    assert seen == ["ohmatdyt job look"]
