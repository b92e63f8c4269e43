"""A mail server and a case with people around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings, load_settings
from tests.factories import Catalog, People
from tests.notifications.engines import RedisServer
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server that accepts everything until told otherwise."""
    server = MailServer()
    server.start()
    yield server
    server.silent = False
    server.stop()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, mail: MailServer) -> Settings:
    """The usual ones, with this mail server and little patience."""
    return load_settings(
        app_env="test",
        database_url=database_url,
        data_dir=tmp_path / "data",
        public_url="https://crm.ohmatdyt.example",
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_tls="none",
        smtp_timeout_s=15.0,  # a busy machine is not a silent server: giving up too early sends a letter twice
        mail_from="crm@ohmatdyt.example",
        mail_retry_s=0.05,
        delivery_sweep_s=0.2,
        event_heartbeat_s=0.3,
        lock_timeout_ms=3000,
    )


@pytest.fixture
async def scene(database: Database, people: People, catalog: Catalog) -> Scene:
    """A case's surroundings."""
    return await Scene.build(database, people, catalog)


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    server = RedisServer()
    server.start()
    yield server
    server.kill()
