"""The connections that all processes may open fit into what PostgreSQL accepts, or the start says that they do not."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from ohmatdyt.cli import doctor, serving
from ohmatdyt.core import connection_budget, driver, migrate
from ohmatdyt.core.announce import Listener
from ohmatdyt.core.db import Database
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import Courier
from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for
from tests.platform.test_embedded import ask

MOST = 44
_OURS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ '^ohmatdyt'"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated server that takes 44 connections, three of them for superusers."""
    folder = tmp_path_factory.mktemp("small") / "var"
    with EmbeddedPostgres(folder, sync=False, options={"max_connections": str(MOST)}) as server:
        asyncio.run(migrate.upgrade(server.url()))
        yield server.url("ohmatdyt_app")


async def test_a_process_that_opens_all_it_may_opens_what_is_counted(
    small: str, settings: Settings, tmp_path: Path
) -> None:
    told = settings.model_copy(
        update={"database_url": small, "database_pool_size": 3, "mail_connections": 2, "redis_url": None}
    )
    async with AsyncExitStack() as held:
        database = await Database.open(told)
        held.push_async_callback(database.close)
        courier: Any = Courier(database, told)
        held.push_async_callback(courier.close)
        listener = Listener(database)
        held.push_async_callback(listener.close)
        await listener.hear(lambda _: None)
        await database.answers(5)
        for _ in range(told.database_pool_size):
            for lend in (database.connection, database.reading, database.writing):
                await held.enter_async_context(lend())
        for _ in range(connection_budget.EXPORTS_AT_ONCE):
            await held.enter_async_context(database.dedicated(command_timeout_s=5))
        for _ in range(told.mail_connections):
            await held.enter_async_context(courier._database.connection())
        await held.enter_async_context(courier._database.reading())
        administrator = await driver.connect(small, server_settings={"application_name": "counting"})
        held.push_async_callback(administrator.close)
        assert await administrator.fetchval(_OURS) == connection_budget.of_process(told)
        assert await connection_budget.accepted(small) == MOST - 3


def _serve(url: str, folder: Path, **settings: str) -> tuple[list[str], dict[str, str]]:
    port = str(free_port())
    where = {"DATABASE_URL": url, "DATA_DIR": str(folder), "PORT": port, "OHMATDYT_ENV": os.devnull}
    return [*OHMATDYT, "serve"], environment(**where, **settings)


def test_a_start_that_cannot_fit_is_refused_with_the_numbers(small: str, tmp_path: Path) -> None:
    # Alone each of the two would fit: 3 x 5 + 4 + 4 + 1 = 24 of 41.
    arguments, env = _serve(small, tmp_path / "var", WORKERS="2", DATABASE_POOL_SIZE="5")
    with started(arguments, env=env) as refused:
        said, _ = refused.communicate(timeout=60)
    assert refused.returncode == 1
    last = said.strip().splitlines()[-1]
    for number in ("48", "24", "41", "max_connections", "WORKERS"):
        assert number in last, said
    assert "Traceback" not in said


def test_one_that_leaves_little_is_warned_and_serves(small: str, tmp_path: Path) -> None:
    arguments, env = _serve(small, tmp_path / "var", DATABASE_POOL_SIZE="8")
    with started(arguments, env=env) as running:
        url = f"http://127.0.0.1:{env['PORT']}/healthz"
        assert wait_for(lambda: running.poll() is not None or _answers(url), 60)
        running.terminate()
        said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said
    (warning,) = [line for line in said.splitlines() if line.startswith("Увага: Програма може відкрити 33")]
    assert "80%" in warning


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(("pool", "verdict"), [(5, "ok"), (8, "warning"), (12, "failed")])
async def test_doctor_says_it_of_a_server_of_others(
    small: str, settings: Settings, pool: int, verdict: str
) -> None:
    told = settings.model_copy(update={"database_url": small, "database_pool_size": pool, "redis_url": None})
    found = [one async for one in doctor._of_database(told) if one.subject == "З'єднання"]
    assert [one.verdict for one in found] == [verdict]


def test_the_embedded_database_takes_as_many_as_its_processes_open(
    settings: Settings, tmp_path: Path
) -> None:
    told = settings.model_copy(
        update={"data_dir": tmp_path / "var", "workers": 4, "database_pool_size": 30, "database_url": None}
    )
    with serving._postgres(told) as server:
        most = int(str(ask(server.url(), "SHOW max_connections")))
    assert most >= 4 * connection_budget.of_process(told) + 3
