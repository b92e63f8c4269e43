"""Both engines as real processes, killed at the worst moments; Redis killed, flushed, hanging."""

import asyncio
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import asyncpg
import httpx
import pytest

from ohmatdyt.app import create_app
from ohmatdyt.cases import notices
from ohmatdyt.core.settings import Settings
from tests.notifications.engines import (
    Engine,
    RedisServer,
    engine,
    hints,
    settings_environment,
    worker_listens,
)
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene, actor, ago
from tests.notifications.windows import Window
from tests.platform.processes import free_port


async def _register(scene: Scene) -> float:
    """One event with two recipients; how long storing it took, in seconds."""
    case = await scene.case()
    started = time.monotonic()
    async with scene.database.unit_of_work() as session:
        await notices.case_registered(session, actor(scene.author), case)
    return time.monotonic() - started


async def _arrive(mail: MailServer, number: int, seconds: float = 40) -> None:
    await asyncio.to_thread(mail.wait_for, number, seconds)


async def _all_marked(scene: Scene, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while {status for (status,) in await scene.letters("mail_status")} != {"SENT"}:
        assert time.monotonic() < deadline, await scene.letters("mail_status", "attempts", "last_error")
        await asyncio.sleep(0.05)


@pytest.fixture(params=["serve", "worker"])
def one(
    request: pytest.FixtureRequest, settings: Settings, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Engine]:
    """Either engine, running."""
    if request.param == "worker":
        env = settings_environment(settings, REDIS_URL=redis_server.url)
        command = ["worker"]
    else:
        env, command = settings_environment(settings), ["serve", "--port", str(free_port())]
    with engine(command, env, tmp_path / "log") as running:
        yield running


async def test_killed_during_data_and_after_250(scene: Scene, mail: MailServer, one: Engine) -> None:
    await _register(scene)
    await _arrive(mail, 2)
    await _all_marked(scene)

    with mail.holding("before_data") as reached:
        await _register(scene)
        assert await asyncio.to_thread(reached.wait, 20)
        one.kill()
    one.start()
    await _arrive(mail, 4)
    await _all_marked(scene)
    counts = Counter(letter.message_id for letter in mail.letters)
    assert set(counts.values()) == {1}, "killed during DATA: nothing lost, nothing twice"

    await _killed_between_250_and_commit(scene, mail, one)
    await _all_marked(scene, 20)
    counts = Counter(letter.message_id for letter in mail.letters)
    assert len(counts) == 6
    assert 1 <= sum(counts.values()) - 6 <= 2, "only letters whose 250 was never written down come twice"
    assert one.stop() == 0


async def _killed_between_250_and_commit(scene: Scene, mail: MailServer, one: Engine) -> None:
    owner = await asyncpg.connect(scene.database.url.replace("+asyncpg", ""))
    with mail.holding("on_data") as reached:
        await _register(scene)
        assert await asyncio.to_thread(reached.wait, 20)
        lock = owner.transaction()
        await lock.start()
        await owner.fetch("SELECT id FROM notifications FOR UPDATE")
    await _arrive(mail, 5)
    await asyncio.sleep(0.3)
    one.kill()
    # PostgreSQL would still carry out the statement of the dead process once it gets the row.
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'ohmatdyt' AND wait_event_type = 'Lock'"
    )
    await lock.rollback()
    await owner.close()
    one.start()
    await _arrive(mail, 7)


async def test_redis_hint_alone_and_clock_alone_each_bring_a_letter(
    scene: Scene, settings: Settings, mail: MailServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    """The worker's own look comes too late here, so what arrives came through Redis."""
    slow = settings.model_copy(update={"delivery_sweep_s": 60})
    env = {"REDIS_URL": redis_server.url}
    with engine(["worker"], settings_environment(slow, **env), tmp_path / "worker.log") as worker:
        await worker_listens(redis_server)
        async with hints(scene.database, settings, redis_server):
            started = time.monotonic()
            await _register(scene)
            await _arrive(mail, 2, 10)
            assert time.monotonic() - started < 5
        await _all_marked(scene)
        with engine(["beat"], settings_environment(settings, **env), tmp_path / "beat.log") as beat:
            await _register(scene)
            await _arrive(mail, 4, 20)
            await _all_marked(scene)
            assert beat.stop() == 0
        assert worker.stop() == 0
    assert "Traceback" not in worker.said() + beat.said()


async def test_redis_killed_flushed_and_hanging_under_load_loses_nothing_and_blocks_nobody(
    scene: Scene, settings: Settings, mail: MailServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    env = settings_environment(settings, REDIS_URL=redis_server.url)
    took: list[float] = []
    with (
        engine(["worker"], env, tmp_path / "worker.log"),
        engine(["beat"], env, tmp_path / "beat.log"),
    ):
        async with hints(scene.database, settings, redis_server):
            for number in range(60):
                if number == 10:
                    redis_server.flush()
                if number == 20:
                    redis_server.kill()
                if number == 30:
                    redis_server.start()
                if number == 40:
                    redis_server.signal(signal.SIGSTOP)
                if number == 50:
                    redis_server.signal(signal.SIGCONT)
                    redis_server.flush()
                took.append(await _register(scene))
                await asyncio.sleep(0.05)
            await _arrive(mail, 120)
        await _all_marked(scene)
    assert max(Counter(letter.message_id for letter in mail.letters).values()) == 1
    assert len(mail.letters) == 120
    # Waiting for it would be a second or two; against the same run, because a busy machine is slow without Redis too.
    assert median(took[20:50]) < 10 * median(took[:20]), "nobody waits for Redis"


async def test_two_clocks_and_two_workers_run_each_job_once(
    scene: Scene, settings: Settings, mail: MailServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    await scene.case(created_at=ago(days=4))
    env = settings_environment(settings, REDIS_URL=redis_server.url)
    with (
        engine(["worker"], env, tmp_path / "worker1.log"),
        engine(["worker"], env, tmp_path / "worker2.log"),
        engine(["beat"], env, tmp_path / "beat1.log"),
        engine(["beat"], env, tmp_path / "beat2.log"),
    ):
        await _arrive(mail, 4)
        await asyncio.sleep(2)
        assert len(mail.letters) == 4
        body = (await scene.chief.client.get("/api/jobs")).json()
        assert {job["last_outcome"] for job in body["jobs"]} == {"done"}


async def test_health_without_redis_is_degraded_not_down(
    settings: Settings, redis_server: RedisServer
) -> None:
    app = create_app(settings.model_copy(update={"redis_url": redis_server.url}))
    app.state.run_schedule = False
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            assert (await client.get("/healthz")).json()["status"] == "ok"
            redis_server.signal(signal.SIGSTOP)
            started = time.monotonic()
            hanging = await client.get("/healthz")
            assert time.monotonic() - started < 1.5
            redis_server.signal(signal.SIGCONT)
            redis_server.kill()
            gone = await client.get("/readyz")
    for answer in (hanging, gone):
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"]["redis"] == "down"


async def test_server_told_to_stop_ends_open_windows_at_once(
    scene: Scene, settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    env = settings_environment(settings)
    with engine(["serve", "--port", str(port)], env, tmp_path / "log") as server:
        await asyncio.to_thread(_wait_for_port, port)
        window = Window()
        listening = asyncio.create_task(window.listen(f"http://127.0.0.1:{port}", scene.executor))
        await asyncio.wait_for(window.open.wait(), 10)
        started = time.monotonic()
        assert await asyncio.to_thread(server.stop) == 0
        assert time.monotonic() - started < 5
        await asyncio.wait_for(listening, 5)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
