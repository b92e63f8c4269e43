"""What every test stands on: a real PostgreSQL that holds nothing but what the test puts there.

Tests see real commits and real concurrency: nothing is rolled back behind their back. Between two tests the rows are
deleted (a millisecond; a cloned database took 150), and each parallel worker has a server of its own (docs/adr/0007).
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.app import create_app
from ohmatdyt.core import log, migrate
from ohmatdyt.core.db import Database
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings, load_settings
from ohmatdyt.core.storage import LocalStorage
from tests.factories import Catalog, People

_folder_of_this_run: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Give this run a folder of its own. Pytest's shared one is closed to other accounts by every run that starts,
    under the feet of a PostgreSQL that root has handed to a system user."""
    # As in the product: one line per event. The library's own default prints every local variable of a failure.
    log.configure(level="info", json=True)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Started by a shell in the background: the servers of the tests would inherit that they cannot be interrupted.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        _folder_of_this_run.append(tempfile.mkdtemp(prefix="ohmatdyt-tests-"))
        os.environ["PYTEST_DEBUG_TEMPROOT"] = _folder_of_this_run[0]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    for folder in _folder_of_this_run:
        shutil.rmtree(folder, ignore_errors=True)


_KEPT = ("alembic_version", "installation", "search_state")


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def _emptying_statements(url: str) -> str:
    connection = await asyncpg.connect(_plain(url))
    try:
        rows = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)", _KEPT
        )
    finally:
        await connection.close()
    deletes = "".join(f"DELETE FROM {row['tablename']};" for row in rows)
    # "replica" lets the test's owner past foreign keys and the append-only triggers.
    return (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';"
        f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}"
        "SELECT setval('case_number', 1, false); COMMIT"
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedPostgres, str]]:
    """A PostgreSQL for the tests of this process with a migrated database, and what empties it."""
    folder = tmp_path_factory.mktemp("postgres")
    options = {"shared_buffers": "64MB", "max_connections": "200", "max_wal_size": "256MB"}
    with EmbeddedPostgres(folder, sync=False, options=options) as server:
        asyncio.run(migrate.upgrade(server.url()))
        yield server, asyncio.run(_emptying_statements(server.url()))


@pytest.fixture
async def database_url(migrated: tuple[EmbeddedPostgres, str]) -> AsyncIterator[str]:
    """The address of a migrated database that is empty now and belongs to this test alone."""
    server, emptying = migrated
    yield server.url()
    connection = await asyncpg.connect(_plain(server.url()))
    try:
        await connection.execute(emptying)
    finally:
        await connection.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a small installation; a test that needs others makes them with `model_copy`."""
    return load_settings(
        app_env="test",
        database_url=database_url,
        data_dir=tmp_path / "data",
        public_url="http://testserver",
        lock_timeout_ms=3000,
    )


_applications: dict[str, FastAPI] = {}


def _application(settings: Settings) -> FastAPI:
    # Making one costs nothing, but its first answer takes half a second of preparing routes: so tests whose settings
    # differ in nothing but their folder share it.
    key = settings.model_dump_json(exclude={"data_dir", "secret_key"})
    if key not in _applications:
        _applications[key] = create_app(settings)
    return _applications[key]


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The product, running: the same lifespan as under a server, without the periodic jobs."""
    application = _application(settings)
    application.state.settings = settings
    application.state.storage = LocalStorage(settings.media)
    application.state.run_schedule = False
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(application.router.lifespan_context(application))
        yield application


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The application's own door to the database."""
    opened: Database = app.state.database
    return opened


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger: nobody is signed in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as stranger:
        yield stranger


@pytest.fixture
async def people(app: FastAPI) -> AsyncIterator[People]:
    """Makes staff of any role, signed in."""
    async with AsyncExitStack() as stack:
        yield People(app, stack)


@pytest.fixture
def catalog(app: FastAPI) -> Catalog:
    """Makes categories and channels."""
    return Catalog(app.state.database)
