"""What every test stands on: a real PostgreSQL and, for each test, a database of its own.

Each test gets a clone of a migrated template (20 ms), so it sees real commits and real concurrency, needs no
cleaning and no order, and runs in parallel with the others (docs/adr/0007).
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from ohmatdyt.app import create_app
from ohmatdyt.core import migrate
from ohmatdyt.core.db import Database
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings, load_settings
from tests.factories import Catalog, People

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the tests of this process, with a migrated database `template`."""
    folder = tmp_path_factory.mktemp("postgres")
    options = {"shared_buffers": "64MB", "max_connections": "200", "max_wal_size": "256MB"}
    with EmbeddedPostgres(folder, sync=False, options=options) as server:
        asyncio.run(migrate.upgrade(server.url()))
        yield server


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def _admin_statement(cluster: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(_plain(cluster.url(database="postgres")))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def database_url(cluster: EmbeddedPostgres) -> AsyncIterator[str]:
    """The address of a migrated, empty database that belongs to this test alone."""
    name = f"test_{next(_numbers)}"
    await _admin_statement(cluster, f"CREATE DATABASE {name} TEMPLATE ohmatdyt")
    yield cluster.url(database=name)
    await _admin_statement(cluster, f"DROP DATABASE {name} WITH (FORCE)")


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


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The product, running: the same lifespan as under a server, without the periodic jobs."""
    application = create_app(settings)
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
