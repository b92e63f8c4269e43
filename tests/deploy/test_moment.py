"""The drill of the WAL archive: the server is lost with its disk, and the desk comes back as it was at a moment."""

import asyncio
import gzip
import secrets
import shutil
import signal
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from ohmatdyt.backup import BackupError, archive, census, recovering, wal
from ohmatdyt.backup.checking import verify_all
from ohmatdyt.core.embedded import borrowed, cluster, identity
from ohmatdyt.core.settings import Settings, load_settings
from tests.deploy.test_containers import environment as of_container
from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for

ROOT = Path(__file__).resolve().parents[2]
_LOSS_S = 60.0


def run(folder: Path, *arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*OHMATDYT, *arguments],
        cwd=folder,
        env=environment(**extra),
        capture_output=True,
        text=True,
        check=False,
    )


class Desk:
    """A server with an archive, as far as the drill needs it: write a mark, wait until it is archived, be lost."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("+asyncpg", "")

    def sql(self, statement: str) -> object:
        async def ask() -> object:
            connection = await asyncpg.connect(self.url)
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        return asyncio.run(ask())

    def mark(self, name: str) -> datetime:
        """Write a row, and tell the server's time just after it was acknowledged."""
        self.sql(f"INSERT INTO job_runs (name) VALUES ('{name}')")
        found = self.sql("SELECT clock_timestamp()")
        assert isinstance(found, datetime)
        return found

    def position(self) -> str:
        return str(self.sql("SELECT pg_current_wal_flush_lsn()::text"))

    def archived(self, position: str) -> bool:
        """Whether the receiver says that it has written that much to the disk of the backups."""
        question = f"SELECT bool_or(flush_lsn >= '{position}') FROM pg_stat_replication"
        return bool(self.sql(question))


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Desk, "subprocess.Popen[str]"]]:
    """`ohmatdyt serve` with an embedded database and an archive."""
    env = environment(BACKUP_DIR=str(folder / "copies"), BACKUP_WAL="true", BACKUP_AT="00:00")
    command = [*OHMATDYT, "serve", "--port", str(free_port()), "--data-dir", "desk"]
    with started(command, env=env, cwd=folder) as process:
        pid_file = folder / "desk/postgres/postmaster.pid"
        assert wait_for(lambda: pid_file.exists() and "ready" in pid_file.read_text(), 60)
        with borrowed(folder / "desk") as url:
            desk = Desk(url)
            based = lambda: [base for one in archive.all_in(folder / "copies") for base in one.bases()]  # noqa: E731
            assert wait_for(based, 90, every=0.5), "the first base is made by itself soon after the start"
            said = run(
                folder, "doctor", "--data-dir", "desk", BACKUP_DIR=str(folder / "copies"), BACKUP_WAL="true"
            )
            assert "Архів WAL: пишеться, відновити можна на будь-яку мить від" in said.stdout, said.stdout
            yield desk, process


def test_a_lost_server_comes_back_as_it_was_between_two_writes(tmp_path: Path) -> None:
    with serving(tmp_path) as (desk, process):
        moment = desk.mark("before")
        wait_for(lambda: datetime.now(UTC) > moment, 1)
        time.sleep(0.2)
        desk.mark("after")
        last = desk.position()
        begun = time.monotonic()
        assert wait_for(lambda: desk.archived(last), _LOSS_S), "what was written a minute ago is not archived"
        print(f"archived after {time.monotonic() - begun:.2f} s")
        process.send_signal(signal.SIGKILL)
        process.wait()
    (tmp_path / "desk").rename(tmp_path / "lost")
    local = moment.astimezone(ZoneInfo("Europe/Kyiv"))
    done = run(tmp_path, "restore", "copies", "--at", f"{local:%Y-%m-%d %H:%M:%S.%f}", "--data-dir", "then")
    assert done.returncode == 0, done.stderr
    with borrowed(tmp_path / "then") as url:
        found = Desk(url).sql("SELECT string_agg(name, ',') FROM job_runs WHERE name IN ('before', 'after')")
    assert found == "before"
    late = run(tmp_path, "restore", "copies", "--at", "2999-01-01 00:00", "--data-dir", "late")
    assert late.returncode == 1
    assert "--at latest" in late.stderr
    early = run(tmp_path, "restore", "copies", "--at", "2001-01-01 00:00", "--data-dir", "early")
    assert early.returncode == 1
    assert "починається пізніше" in early.stderr
    assert [path.name for path in (tmp_path / "copies").glob(".at-*")] == []


@contextmanager
def as_in_compose(folder: Path) -> Iterator[str]:
    """A server like the one of compose.yml: another first role, a password over TCP, its rules of who may sign in."""
    port, data, password = free_port(), folder / "data", secrets.token_urlsafe(12)
    folder.mkdir()
    who = identity.choose(data)
    binary = cluster.program("postgres")
    identity.let_in(who, binary)
    identity.open_trees(who, cluster.program_trees(binary), binary)
    (folder / "password").write_text(password)
    shutil.copyfile(ROOT / "deploy/postgres/pg_hba.conf", folder / "pg_hba.conf")
    data.mkdir(mode=0o700)
    for path in (folder, *folder.iterdir()):
        who.own(path)
    identity.let_in(who, data)
    made = cluster.run(
        [
            str(cluster.program("initdb")), f"--pgdata={data}", "--username=ohmatdyt", "--no-sync",
            f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ],
        who,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    parameters = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "hba_file": str(folder / "pg_hba.conf"),
        "fsync": "off",
    }
    options = [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [str(binary), "-D", str(data), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **who.popen(),
    )
    try:
        # What is asked of the network: `trust` holds for the container's own loopback only.
        url = f"postgresql://ohmatdyt:{password}@127.0.0.1:{port}"
        assert wait_for(lambda: suppressed(Desk(f"{url}/postgres"), "SELECT 1") == 1, 30)
        Desk(f"{url}/postgres").sql("CREATE DATABASE ohmatdyt")
        yield f"{url}/ohmatdyt"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


def suppressed(desk: Desk, statement: str) -> object:
    try:
        return desk.sql(statement)
    except (OSError, asyncpg.PostgresError):
        return None


def test_the_archive_of_a_server_elsewhere_comes_back_into_an_embedded_database(tmp_path: Path) -> None:
    with as_in_compose(tmp_path / "server") as url:
        env = environment(
            DATABASE_URL=url,
            BACKUP_DIR=str(tmp_path / "copies"),
            BACKUP_WAL="true",
            MEDIA_ROOT=str(tmp_path / "media"),
            SECRET_KEY="k" * 20 + "abcdefghijklmnopqrstuvwxyz",
        )
        moved = subprocess.run(
            [*OHMATDYT, "migrate"], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert moved.returncode == 0, moved.stderr
        desk = Desk(url)
        settings = load_settings(
            database_url=url,
            backup_dir=tmp_path / "copies",
            backup_wal=True,
            app_env="test",
            data_dir=tmp_path,
        )
        with pytest.raises(BackupError, match="не працює процес"):
            asyncio.run(ask_whether_archived(settings))
        elsewhere = tmp_path / "receiver"
        elsewhere.mkdir(mode=0o500)
        with started(
            [*OHMATDYT, "archive-wal"], env=of_service_wal(url, tmp_path / "copies"), cwd=elsewhere
        ) as receiver:
            asyncio.run(wal.keep_base(settings))
            (only,) = archive.all_in(tmp_path / "copies")
            (first,) = only.bases()
            asyncio.run(wal.keep_base(settings))
            assert only.bases() == [first], "weekly, not whenever it is asked for"
            desk.mark("last")
            position = desk.position()
            assert wait_for(lambda: desk.archived(position), _LOSS_S)
            verify_all(tmp_path / "copies")
            receiver.send_signal(signal.SIGTERM)
            assert receiver.wait(20) == 0
        assert not list(elsewhere.iterdir()), "its container can be written nowhere but in the backups"
    shutil.rmtree(tmp_path / "server")
    done = run(tmp_path, "restore", "copies", "--at", "latest", "--data-dir", "latest")
    assert done.returncode == 0, done.stderr
    with borrowed(tmp_path / "latest") as there:
        assert Desk(there).sql("SELECT count(*) FROM job_runs WHERE name = 'last'") == 1


def of_service_wal(url: str, copies: Path) -> dict[str, str]:
    """What compose.yml gives the service, with the places of this machine."""
    given = {name: str(text) for name, text in of_container("wal").items() if text is not None}
    assert {"DATABASE_URL", "BACKUP_DIR"} <= given.keys()
    return environment(**{**given, "DATABASE_URL": url, "BACKUP_DIR": str(copies)})


async def ask_whether_archived(settings: Settings) -> None:
    connection = await census.connect(str(settings.database_url))
    try:
        await wal.require_archived(connection)
    finally:
        await connection.close()


def test_what_no_base_needs_is_dropped(tmp_path: Path) -> None:
    """Segments before the older of the two bases go, everything since stays; a whole segment counts before its part."""
    one = archive.begin(tmp_path, archive.Source("7", "k", "r", "d"))
    names = [f"00000001{0:08X}{number:08X}" for number in range(1, 9)]
    for name in names:
        (one.segments / f"{name}.gz").touch()
    (one.segments / f"{names[-1]}.gz.partial").touch()
    for day, start in ((1, 2), (8, 4), (15, 7)):
        base = one.folder / f"base-202612{day:02}T003000Z"
        base.mkdir()
        lsn = f"0/{start * archive.SEGMENT_BYTES + 40:X}"
        (base / "backup_manifest").write_text(f'{{"WAL-Ranges": [{{"Timeline": 1, "Start-LSN": "{lsn}"}}]}}')
    one.prune()
    assert [archive.moment_of(base).day for base in one.bases()] == [8, 15]
    assert [name for name, _ in one.logged()] == names[3:]
    assert one.logged()[-1][1].suffix == ".gz"


def test_a_segment_cut_off_gives_all_that_was_written_out(tmp_path: Path) -> None:
    packing = zlib.compressobj(1, wbits=31)
    written = secrets.token_bytes(300_000)
    cut = packing.compress(written) + packing.flush(zlib.Z_SYNC_FLUSH)
    (tmp_path / "s.gz.partial").write_bytes(cut)
    recovering._inflate(tmp_path / "s.gz.partial", tmp_path / "s")
    assert (tmp_path / "s").read_bytes() == written.ljust(archive.SEGMENT_BYTES, b"\0")
    (tmp_path / "s.gz").write_bytes(cut)
    with pytest.raises(BackupError, match="пошкоджено"):
        recovering._inflate(tmp_path / "s.gz", tmp_path / "whole")


def test_a_hole_and_damage_in_the_log_are_found(tmp_path: Path) -> None:
    one = archive.begin(tmp_path, archive.Source("7", "k", "r", "d"))
    for number in (254, 255, 256, 258):  # 256 to a log: the name counts on
        name = f"00000001{number // 256:08X}{number % 256:08X}"
        (one.segments / f"{name}.gz").write_bytes(gzip.compress(bytes(1000)))
    with pytest.raises(
        BackupError, match="бракує журналу від 000000010000000100000001 до 000000010000000100000002"
    ):
        verify_all(tmp_path)
    (one.segments / "000000010000000100000001.gz").write_bytes(gzip.compress(bytes(1000))[:-9])
    with pytest.raises(BackupError, match=r"журнал 000000010000000100000001.gz пошкоджено"):
        verify_all(tmp_path)
    (one.folder / "base-20261201T003000Z").mkdir()
    with pytest.raises(BackupError, match="base-20261201T003000Z пошкоджено"):
        verify_all(tmp_path)
