"""`ohmatdyt doctor` on the machine: clock, folders, names of variables, certificate, Redis that refuses us."""

import asyncio
import errno
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ohmatdyt.cli import doctor_delivery, doctor_machine, outcome
from ohmatdyt.cli.findings import Finding
from ohmatdyt.core import clock, installation
from ohmatdyt.core.db import Database
from ohmatdyt.core.disk import Room, room
from ohmatdyt.core.settings import Settings
from tests.cases.makers import as_owner
from tests.deploy.test_compose import compose
from tests.notifications.engines import RedisServer
from tests.platform.processes import free_port
from tests.platform.test_command_line import run
from tests.platform.test_doctor import by_subject


@pytest.fixture
def redis_url() -> Iterator[str]:
    """The address of a Redis that wants a password, which stands in it as PASSWORD."""
    server = RedisServer()
    server.start()
    try:
        with redis.Redis(port=server.port) as client:
            client.config_set("requirepass", "right-one")
        yield f"redis://:PASSWORD@127.0.0.1:{server.port}/0"
    finally:
        server.kill()


@pytest.mark.parametrize(("password", "verdict"), [("right-one", "ok"), ("wrong-one", "failed")])
async def test_a_redis_that_refuses_the_password_stops_the_schedule(
    settings: Settings, redis_url: str, password: str, verdict: str
) -> None:
    told = settings.model_copy(update={"redis_url": redis_url.replace("PASSWORD", password)})
    found = await doctor_delivery.of_redis(told)
    assert found.verdict == verdict
    assert ("пароль" in found.text) is (verdict == "failed")


@pytest.mark.parametrize(("days", "word"), [(-2, "відстає"), (3, "попереду")])
async def test_a_wrong_clock_is_told_by_the_databases(
    settings: Settings, database: Database, days: int, word: str
) -> None:
    assert (await doctor_machine.of_clock(database, settings)).verdict == "ok"
    with clock.moved(timedelta(days=days)):
        found = await doctor_machine.of_clock(database, settings)
    assert (found.verdict, word in found.text) == ("failed", True)


async def test_a_clock_set_back_is_told_by_what_was_written_before(
    settings: Settings, database: Database, database_url: str
) -> None:
    await as_owner(
        database_url,
        "INSERT INTO job_runs (name, last_started_at, last_finished_at) "
        "VALUES ('back_up', now(), now() + interval '2 days')",
    )
    assert (await doctor_machine.of_clock(database, settings)).verdict == "failed"


async def test_another_installations_folder_is_found(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    installation.mark(tmp_path / "copies", uuid4())
    shared = settings.model_copy(update={"backup_dir": tmp_path / "copies"})
    found = by_subject([one async for one in doctor_machine.of_ownership(database, shared)])
    assert found["Установка"].verdict == "failed"
    assert "BACKUP_DIR" in found["Установка"].text
    ours = by_subject([one async for one in doctor_machine.of_ownership(database, settings)])
    assert ours["Установка"].verdict == "ok"


def test_every_folder_is_written_to_and_every_disk_measured(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = settings.model_copy(update={"backup_dir": tmp_path / "file"})
    found = by_subject(doctor_machine.of_folders(told))
    assert (found["Тека"].verdict, "BACKUP_DIR" in found["Тека"].text) == ("failed", True)
    disks = " ".join(one.text for one in doctor_machine.of_folders(told) if one.subject == "Диск")
    for place in ("MEDIA_ROOT", "BACKUP_DIR", "тимчасові файли"):
        assert place in disks


def test_a_containers_small_folder_for_temporary_files_is_no_full_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What compose.yml gives a container for /tmp is enough while it is empty, and too little once it is full."""
    (mount,) = compose("compose.yml")["services"]["worker"]["tmpfs"]
    size = int(mount.removeprefix("/tmp:size=").split("m,")[0]) * 1024**2
    scratch = Path(tempfile.gettempdir())
    free = size

    def with_a_tmpfs(folder: Path) -> Room | None:
        return Room(free, size, device=-1) if folder == scratch else room(folder)

    monkeypatch.setattr(doctor_machine, "room", with_a_tmpfs)
    assert not [one for one in disks(settings) if one.verdict != "ok" and f"({scratch})" in one.text]
    free = size // 8
    assert [one.verdict for one in disks(settings) if f"({scratch})" in one.text] == ["warning"]


def disks(settings: Settings) -> list[Finding]:
    return [one for one in doctor_machine.of_folders(settings) if one.subject == "Диск"]


def test_a_variable_nobody_reads_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_DIRR", "/mnt")
    found = by_subject(doctor_machine.of_program())
    assert (found["Змінна"].verdict, "BACKUP_DIRR" in found["Змінна"].text) == ("warning", True)
    assert found["Програма"].text == f"версія {version('ohmatdyt')}"


@asynccontextmanager
async def https_server(
    folder: Path, ends: datetime, asked: list[datetime] | None = None
) -> AsyncIterator[int]:
    """A server on a free port whose certificate ends then; it takes down when it was `asked`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asked is not None:
            asked.append(clock.now())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(("days", "verdict"), [(30, "ok"), (10, "warning"), (1, "failed"), (-1, "failed")])
async def test_the_certificate_that_ends_is_said_in_time(
    settings: Settings, tmp_path: Path, days: int, verdict: str
) -> None:
    async with https_server(tmp_path, clock.now() + timedelta(days=days, hours=1)) as port:
        shown = settings.model_copy(update={"public_url": f"https://127.0.0.1:{port}"})
        (found,) = [one async for one in doctor_machine.of_certificate(shown)]
    assert found.verdict == verdict


async def test_an_address_nobody_answers_at_has_no_certificate(settings: Settings) -> None:
    nobody = settings.model_copy(update={"public_url": f"https://127.0.0.1:{free_port()}"})
    assert [one async for one in doctor_machine.of_certificate(nobody)] == []


def test_an_unreachable_machine_is_said_with_what_to_look_at() -> None:
    assert "DATABASE_URL" in outcome.sentence(OSError(errno.EHOSTUNREACH, "No route to host"))


def test_no_line_of_the_log_stands_in_the_report(tmp_path: Path) -> None:
    """In production the log is JSON; a Redis that is away used to put a line of it among the findings."""
    where = {"APP_ENV": "production", "SECRET_KEY": "q7Zr2Lw9Xk4Vn8Tb3Md6Hs1Jc5Fg0PyRuEaQiWo"}
    assert run("migrate", "--data-dir", str(tmp_path / "var"), **where).returncode == 0  # type: ignore[arg-type]
    away = f"redis://127.0.0.1:{free_port()}/0"
    done = run("doctor", "--data-dir", str(tmp_path / "var"), REDIS_URL=away, **where)  # type: ignore[arg-type]
    assert done.returncode == 1
    assert "Redis: не відповідає" in done.stdout
    assert "{" not in done.stdout + done.stderr
