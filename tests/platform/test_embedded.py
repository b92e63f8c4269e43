"""The embedded PostgreSQL with real processes: started, refused, killed, healed, never orphaned."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import psutil
import pytest

from ohmatdyt.core.embedded import DataDirBusyError, EmbeddedError, EmbeddedPostgres, borrowed, leash
from tests.platform.processes import HOLDER, environment, postgres_of, started, wait_for


def ask(url: str, sql: str) -> object:
    """One answer from the database."""

    async def run() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(run())


def hold(folder: Path) -> list[str]:
    return [sys.executable, "-c", HOLDER, str(folder)]


def up(process: "subprocess.Popen[str]") -> int:
    """Wait until the holder says that PostgreSQL is up; its process id."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("up:"), line
    return int(line.split()[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "дані з пробілом"


def test_same_locale_everywhere_and_safe_by_default(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url(), "SHOW server_encoding") == "UTF8"
        assert ask(server.url(), "SELECT upper('ґїєі')") == "ҐЇЄІ"
        assert ask(server.url(), "SELECT datlocale FROM pg_database WHERE datname = 'ohmatdyt'") == "C.UTF-8"
        assert ask(server.url(), "SHOW data_checksums") == "on"
        assert ask(server.url(), "SHOW fsync") == "on"
        assert ask(server.url(), "SHOW synchronous_commit") == "on"
        assert ask(server.url(), "SHOW listen_addresses") == ""
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        kept = ask(server.url(), "CREATE TABLE kept AS SELECT 1 AS x") or 1
    assert postgres_of(folder) == []
    with EmbeddedPostgres(folder, sync=False, options={"max_connections": "30"}) as server:
        assert ask(server.url(), "SELECT x FROM kept") == kept
        assert ask(server.url(), "SHOW max_connections") == "30"


def test_second_server_on_the_folder_is_told_who_has_it(folder: Path) -> None:
    with started(hold(folder)) as first:
        up(first)
        with pytest.raises(DataDirBusyError, match=str(first.pid)):
            EmbeddedPostgres(folder).start()
        with started(hold(folder)) as second:
            said, _ = second.communicate(timeout=20)
            assert second.returncode == 1
            assert str(first.pid) in said


def test_commands_join_the_running_server_or_start_their_own(folder: Path) -> None:
    with started(hold(folder)) as first:
        pid = up(first)
        with borrowed(folder) as url:
            assert ask(url, "SELECT 1") == 1
            assert [p.pid for p in postgres_of(folder) if p.pid == pid] == [pid]
        assert wait_for(lambda: psutil.pid_exists(pid), 1)
        first.send_signal(signal.SIGINT)
        first.wait(20)
    assert wait_for(lambda: not postgres_of(folder))
    with borrowed(folder) as url:
        assert ask(url, "SELECT 1") == 1
    assert postgres_of(folder) == []


def test_killed_owner_leaves_no_orphan_and_the_next_start_heals(folder: Path) -> None:
    with started(hold(folder)) as first:
        up(first)
        first.kill()
        first.wait()
    assert wait_for(lambda: not postgres_of(folder), 10), "PostgreSQL outlived its owner"
    begun = time.monotonic()
    with EmbeddedPostgres(folder, sync=False) as server:
        assert time.monotonic() - begun < 10
        assert ask(server.url(), "SELECT 1") == 1


def test_owner_and_postgres_killed_together_heal(folder: Path) -> None:
    with started(hold(folder)) as first:
        pid = up(first)
        os.kill(pid, signal.SIGKILL)
        first.kill()
        first.wait()
    with EmbeddedPostgres(folder, sync=False) as server:
        assert ask(server.url(), "SELECT 1") == 1


def test_start_right_after_the_kill_does_not_wait_for_anybody(folder: Path) -> None:
    for _ in range(3):
        with started(hold(folder)) as holder:
            up(holder)
            holder.kill()
            holder.wait()


def test_killed_postgres_is_started_again(folder: Path) -> None:
    with EmbeddedPostgres(folder, sync=False) as server:
        ask(server.url(), "CREATE TABLE written AS SELECT 7 AS x")
        before = server.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert wait_for(lambda: server.pid not in {None, before}, 10)

        def answers() -> bool:
            try:
                return ask(server.url(), "SELECT 1") == 1
            except (OSError, asyncpg.PostgresError):
                return False

        assert wait_for(answers, 10)


def test_pid_file_of_a_stranger_does_not_prevent_the_start(folder: Path) -> None:
    with EmbeddedPostgres(folder, sync=False) as server:
        text = (folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8")
        own = str(server.pid)
    # After a reboot the number may belong to any program: here, to this test.
    stale = folder / "postgres" / "postmaster.pid"
    stale.write_text(text.replace(own, str(os.getpid()), 1), encoding="utf-8")
    with EmbeddedPostgres(folder, sync=False) as server:
        assert ask(server.url(), "SELECT 1") == 1


def test_interrupted_creation_is_forgotten(folder: Path) -> None:
    half = folder / "postgres.new-1"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(folder, sync=False) as server:
        assert ask(server.url(), "SELECT 1") == 1
    assert not half.exists()


def test_other_version_is_refused_with_a_sentence(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedError, match="PostgreSQL 12"):
        EmbeddedPostgres(folder).start()


def test_wrong_parameter_ends_in_a_sentence_and_frees_the_folder(folder: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"postgres\.log"):
        EmbeddedPostgres(folder, sync=False, options={"shared_buffers": "lots"}).start()
    with EmbeddedPostgres(folder, sync=False) as server:
        assert ask(server.url(), "SELECT 1") == 1


@pytest.mark.parametrize("name", ["дуже-довга-назва-теки-" * 3, "з комою, яка ділить адреси"])
def test_unfit_path_gets_a_short_private_socket(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with EmbeddedPostgres(folder, sync=False) as server:
        assert len(os.fsencode(server.socket_dir)) < 90
        assert ask(server.url(), "SELECT 1") == 1
    for leftover in server.socket_dir.iterdir():
        leftover.unlink()
    server.socket_dir.rmdir()


def test_watcher_stops_postgres_where_the_kernel_does_not(tmp_path: Path) -> None:
    """The way of macOS, tried here on a process of ours in PostgreSQL's place."""
    with subprocess.Popen(["sleep", "60"]) as victim:
        (tmp_path / "postmaster.pid").write_text(f"{victim.pid}\n")
        watcher = leash.Watcher(tmp_path / "postmaster.pid")
        assert watcher._process.stdin is not None
        watcher._process.stdin.close()  # what the kernel does when we die
        assert victim.wait(10) == -signal.SIGINT
        watcher.dismiss()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_hands_it_to_a_system_user_through_closed_folders(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "data", sync=False) as server:
        assert psutil.Process(server.pid).uids().effective != 0
        assert closed.stat().st_mode & 0o007 == 0, "nobody else was let in"


def test_environment_of_the_owner_does_not_reach_it(folder: Path) -> None:
    with started(hold(folder), env=environment(PGPORT="1", PGDATA="/nowhere", SECRET_KEY="x" * 40)) as holder:
        pid = up(holder)
        assert "SECRET_KEY" not in psutil.Process(pid).environ()
        holder.send_signal(signal.SIGINT)
        holder.wait(20)
