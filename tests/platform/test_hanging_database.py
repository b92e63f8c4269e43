"""A database that hangs, and does not die: nobody waits for ever, and it is started anew."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import psutil

from ohmatdyt.app import create_app
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings
from tests.factories import People
from tests.platform.processes import wait_for
from tests.platform.test_embedded import ask


@contextmanager
def _hanging(server: EmbeddedPostgres) -> Iterator[None]:
    """The server and all its processes stand still."""
    assert server.pid is not None
    postmaster = psutil.Process(server.pid)
    all_of_it = [postmaster, *postmaster.children(recursive=True)]
    for process in all_of_it:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in all_of_it:
            if process.is_running():
                process.send_signal(signal.SIGCONT)


async def test_requests_are_answered_while_it_hangs_and_afterwards(
    migrated: tuple[EmbeddedPostgres, str], settings: Settings
) -> None:
    limits = {"statement_timeout_ms": 500, "database_pool_timeout_s": 0.5}
    app = create_app(settings.model_copy(update=limits))
    app.state.run_schedule = False
    paths = ("/api/cases", "/auth/me", "/api/notifications", "/api/dashboard")
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        admin = (await People(app, stack).admin()).client
        for path in paths:
            assert (await admin.get(path)).status_code == 200
        with _hanging(migrated[0]):
            async with asyncio.timeout(40):  # without a limit of the driver: for ever
                answers = await asyncio.gather(*(admin.get(path) for path in paths))
            assert [answer.status_code for answer in answers] == [503] * len(paths)
            assert all("retry-after" in answer.headers for answer in answers)
        async with asyncio.timeout(40):
            while (await admin.get("/readyz")).status_code != 200:  # noqa: ASYNC110 — found only by asking
                await asyncio.sleep(0.1)
        for path in paths:
            assert (await admin.get(path)).status_code == 200, path


def test_it_is_started_anew_when_it_has_not_answered_for_long(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", sync=False, ask_every_s=0.25) as server:
        ask(server.url(), "CREATE TABLE kept AS SELECT 1 AS x")
        before = server.pid
        # Asked, it answers: being asked for longer than a hanging one is given ends nothing.
        assert not wait_for(lambda: server.pid != before, 4)
        with _hanging(server):
            assert wait_for(lambda: server.pid not in {before, None}, 60)

        def answers() -> bool:
            try:
                return ask(server.url(), "SELECT x FROM kept") == 1
            except Exception:  # noqa: BLE001 — it is starting
                return False

        assert wait_for(answers, 60)
