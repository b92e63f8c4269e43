"""DATABASE_URL as PostgreSQL's own programs understand it, against PostgreSQL's own servers: TLS, several hosts."""

import asyncio
import io
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from ohmatdyt import backup, ownership, seed
from ohmatdyt.app import create_app
from ohmatdyt.backup import census
from ohmatdyt.cli import main
from ohmatdyt.core import driver, migrate
from ohmatdyt.core.announce import Listener
from ohmatdyt.core.db import Database
from ohmatdyt.core.embedded import EmbeddedPostgres
from ohmatdyt.core.settings import Settings, SettingsError, load_settings
from tests.platform.processes import free_port, wait_for
from tests.platform.servers import Certificates, Server, pgbouncer, system_postgres

KEY = secrets.token_urlsafe(48)
ENCRYPTED = (
    "SELECT application_name, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'crm'"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL with TLS, migrated over it."""
    with system_postgres(tmp_path_factory.mktemp("tls") / "server") as running:
        asyncio.run(migrate.upgrade(running.url()))
        yield running


def settings_for(url: str, folder: Path) -> Settings:
    return load_settings(app_env="test", database_url=url, data_dir=folder, secret_key=KEY)


async def as_administrator(server: Server, statement: str, database: str = "postgres") -> list[Any]:
    connection = await driver.connect(server.administrator(database))
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def test_every_connection_of_the_product_is_verified_and_encrypted(
    server: Server, tmp_path: Path
) -> None:
    settings = settings_for(server.url(), tmp_path)
    database = await Database.open(settings)
    listener, heard = Listener(database), asyncio.Event()
    try:
        await listener.hear(lambda _: heard.set())
        await database.answers(5)
        async with (
            database.connection() as connection,
            database.reading() as one,
            database.writing() as other,
        ):
            await connection.exec_driver_sql("SELECT 1")
            await one.execute("SELECT 1")
            await other.execute("NOTIFY ohmatdyt, '{}'")
            found = await as_administrator(server, ENCRYPTED)
        await asyncio.wait_for(heard.wait(), 5)
    finally:
        await listener.close()
        await database.close()
    assert len(found) == 5  # a pool of three kinds, the probe, the listener
    assert {row["application_name"] for row in found} == {"ohmatdyt", "ohmatdyt listener"}
    assert all(row["ssl"] for row in found)


async def test_backup_and_restore_speak_tls_as_well(server: Server, tmp_path: Path) -> None:
    settings = settings_for(server.url(), tmp_path)
    database = await Database.open(settings)
    await ownership.settle(database, settings)
    await database.close()
    made = await backup.make(settings, tmp_path / "copies", keep=None, say=print)
    await as_administrator(server, "CREATE DATABASE again OWNER crm")
    elsewhere = settings_for(server.url(database="again"), tmp_path / "elsewhere")
    await backup.bring_back(elsewhere, backup.check(made, say=print), say=print)
    connection = await census.connect(str(elsewhere.database_url))
    assert await connection.fetchval("SELECT count(*) FROM installation") == 1
    await connection.close()


def test_commands_reach_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"DATABASE_URL": server.url(), "DATA_DIR": str(tmp_path), "APP_ENV": "test"}.items():
        monkeypatch.setenv(name, value)
    name = "golova"
    monkeypatch.setattr("sys.stdin", io.StringIO("Ranok-na-richtsi-7\n"))
    created = ["create-admin", "--username", name, "--email", "a@example.org", "--full-name", "Голова"]
    assert main(["migrate"]) == 0
    assert main([*created, "--password-stdin"]) == 0
    main(["doctor"])  # says of fsync, which is off here, that it is wrong
    told = capsys.readouterr()
    assert "Схема: версія" in told.out
    assert "діючих 1" in told.out
    assert "відмовила" not in told.out + told.err


async def test_the_application_is_ready_over_it(server: Server, tmp_path: Path) -> None:
    app = create_app(settings_for(server.url(), tmp_path))
    app.state.run_schedule = False
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            assert (await client.get("/readyz")).json()["checks"]["database"] == "ok"


async def test_filling_with_data_reaches_it(server: Server, tmp_path: Path) -> None:
    database = await Database.open(settings_for(server.url(), tmp_path))
    try:
        await seed.run(database, cases=1, say=print)
        async with database.reading() as reading:
            assert await reading.fetchval("SELECT count(*) FROM cases") == 1
    finally:
        await database.close()


class TestRefused:
    async def test_a_certificate_for_another_name(self, server: Server) -> None:
        url = server.url(f"127.0.0.1:{server.port}")
        with pytest.raises(driver.CertificateRefusedError):
            await driver.connect(url)
        # The same server by the same number, when its name is not asked for.
        await (await driver.connect(url.replace("verify-full", "verify-ca"))).close()

    async def test_a_certificate_of_somebody_else(
        self,
        server: Server,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        strangers = Certificates.make(tmp_path / "strangers", who=server.who)
        url = server.url(sslrootcert=str(strangers.path("root.crt")))
        with pytest.raises(driver.CertificateRefusedError):
            await driver.connect(url)
        monkeypatch.setenv("DATABASE_URL", url)
        assert await asyncio.to_thread(main, ["migrate"]) == 1
        assert "sslrootcert" in capsys.readouterr().err

    async def test_a_caller_without_a_certificate_and_one_without_tls(self, server: Server) -> None:
        for options in ({"sslcert": "", "sslkey": ""}, {"sslmode": "disable"}):
            with pytest.raises((asyncpg.PostgresError, ConnectionError)):
                await driver.connect(server.url(**options))

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("sslmode=verify-full&sslrootcert=/nowhere.crt", "/nowhere.crt"),
            ("sslmode=on", "verify-full"),
            ("target_session_attrs=standby", "read-write"),
            ("channel_binding=require", "channel_binding"),
            ("port=1,2,3", "портів 3"),
            ("port=70000", "70000"),
        ],
    )
    def test_words_that_mean_nothing_stop_the_start_with_a_sentence(self, query: str, named: str) -> None:
        with pytest.raises(SettingsError, match="DATABASE_URL") as refused:
            load_settings(app_env="test", database_url=f"postgresql://u:p@h1/crm?{query}")
        assert named in str(refused.value)

    def test_verification_without_anything_to_verify_against(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        with pytest.raises(SettingsError, match="sslrootcert"):
            load_settings(app_env="test", database_url="postgresql://u:p@h1/crm?sslmode=verify-full")


class TestSeveralHosts:
    async def test_one_that_is_dead_and_one_that_never_speaks_are_passed_over(
        self, server: Server, tmp_path: Path
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            hosts = f"127.0.0.1:{free_port()},127.0.0.1:{silent.getsockname()[1]},localhost:{server.port}"
            settings = settings_for(server.url(hosts), tmp_path)
            database = await Database.open(settings)
            try:
                await ownership.settle(database, settings)
                await database.answers(2)  # in time: the one that answered is known now
                async with database.connection() as connection, database.reading() as reading:
                    await connection.exec_driver_sql("SELECT 1")
                    assert await reading.fetchval("SELECT 1") == 1
            finally:
                await database.close()
            # Of PostgreSQL's own programs too.
            made = await backup.make(
                settings_for(server.url(hosts), tmp_path), tmp_path / "copies", keep=None, say=print
            )
            assert (made / "database.dump").stat().st_size

    async def test_one_that_may_only_be_read_is_passed_over_where_that_is_asked(
        self, server: Server, migrated: tuple[EmbeddedPostgres, str]
    ) -> None:
        readable, _ = migrated
        owner = await driver.connect(readable.url())
        await owner.execute("CREATE ROLE crm LOGIN; ALTER ROLE crm SET default_transaction_read_only = on")
        try:
            hosts = {"host": f"{readable.socket_dir},localhost", "port": f"5432,{server.port}"}
            first = await driver.connect(server.url("ignored", **hosts))
            assert first.server[0] == str(readable.socket_dir)
            driver._answered_last.clear()
            fit = await driver.connect(server.url("ignored", **hosts, target_session_attrs="read-write"))
            assert fit.server == ("localhost", server.port)
            await first.close()
            await fit.close()
        finally:
            await owner.execute("DROP ROLE crm")
            await owner.close()

    async def test_nobody_at_all_is_said_as_one_server_that_is_away(self) -> None:
        hosts = f"127.0.0.1:{free_port()},127.0.0.1:{free_port()}"
        with pytest.raises(ConnectionRefusedError):
            await driver.connect(f"postgresql://u@{hosts}/crm")


@pytest.mark.parametrize("ignored", ["", "statement_timeout,lock_timeout,application_name,role"])
def test_a_pooler_in_between_is_refused_in_a_sentence(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ignored: str,
) -> None:
    with pgbouncer(tmp_path / "bouncer", server, user="postgres", ignored=ignored) as port:

        def listens() -> bool:
            with socket.socket() as caller:
                return caller.connect_ex(("127.0.0.1", port)) == 0

        assert wait_for(listens)
        monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres:pw-of-nobody@127.0.0.1:{port}/ohmatdyt")
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        assert main(["migrate"]) == 1
        assert "PgBouncer" in capsys.readouterr().err
