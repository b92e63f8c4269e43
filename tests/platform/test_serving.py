"""`ohmatdyt serve` as a process: up, asked, stopped, killed, started again, with one worker and with two."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.platform.processes import OHMATDYT, environment, free_port, postgres_of, started, wait_for


class Desk:
    """A running server and its address."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        """Whether it is alive and well."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def desk(folder: Path, *more: str, port: int | None = None) -> Iterator[Desk]:
    port = port or free_port()
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder), *more]
    log = folder.with_suffix(".log").open("a", encoding="utf-8")
    with log, subprocess.Popen(arguments, stdout=log, stderr=log, text=True, env=environment()) as process:
        running = Desk(process, port)
        try:
            assert wait_for(lambda: process.poll() is not None or running.answers(), 120)
            assert process.poll() is None, folder.with_suffix(".log").read_text(encoding="utf-8")
            yield running
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve") / "var"


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_in_order(folder: Path, workers: str, number: signal.Signals) -> None:
    with desk(folder, "--workers", workers) as running:
        children = psutil.Process(running.process.pid).children(recursive=True)
        running.process.send_signal(number)
        assert running.process.wait(70) == 0
    assert wait_for(lambda: not any(map(_lives, children)), 10)
    assert postgres_of(folder) == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_and_started_again_at_once(folder: Path, workers: str) -> None:
    port = free_port()
    with desk(folder, "--workers", workers, port=port) as running:
        running.process.kill()
    with desk(folder, "--workers", workers, port=port):
        pass
    # The test above leaves by a kill too: nothing of it may live on.
    assert wait_for(lambda: not postgres_of(folder), 15)
    assert wait_for(lambda: not _listened_on(port), 15)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
def test_postgres_that_goes_comes_back_and_is_missed_politely(folder: Path, number: signal.Signals) -> None:
    """A PostgreSQL that is stopped in order takes its socket along, a killed one leaves it: never a 500."""
    with desk(folder) as running:
        (postmaster,) = [one for one in postgres_of(folder) if one.ppid() == running.process.pid]
        postmaster.send_signal(number)
        statuses: list[int] = []
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and 200 not in statuses[-2:]:
            statuses.append(httpx.get(f"{running.url}/healthz", timeout=10).status_code)
            time.sleep(0.02)
        assert set(statuses) <= {200, 503}
        assert wait_for(running.answers, 10)


def test_requests_in_flight_are_finished(folder: Path) -> None:
    """A request whose last bytes come after the signal still gets its answer."""
    with desk(folder) as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            fields = (
                "POST /auth/login HTTP/1.1",
                "Host: x",
                "Content-Type: application/json",
                "Content-Length: 40",
            )
            client.sendall("\r\n".join((*fields, "", "")).encode())
            time.sleep(0.3)
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            body = b'{"username":"nobody","password":"xxxxx"}'
            client.sendall(body.ljust(40))
            client.settimeout(20)
            assert client.recv(4096).startswith(b"HTTP/1.1 401")
        assert running.process.wait(70) == 0


def test_second_server_is_refused_with_one_sentence(folder: Path) -> None:
    with desk(folder) as running:
        arguments = [*OHMATDYT, "serve", "--port", str(free_port()), "--data-dir", str(folder)]
        with started(arguments, env=environment()) as second:
            said, _ = second.communicate(timeout=30)
        assert second.returncode == 1
        assert str(running.process.pid) in said
        assert len(said.splitlines()) == 2  # which installation it is, and the sentence
        assert running.answers()


def test_busy_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        arguments = [*OHMATDYT, "serve", "--port", port, "--data-dir", str(tmp_path / "var")]
        with started(arguments, env=environment()) as refused:
            said, _ = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert port in said
    assert not (tmp_path / "var" / "postgres").exists()


def test_forwarded_headers_of_strangers_do_not_count_and_the_server_keeps_its_name(folder: Path) -> None:
    with desk(folder) as running:
        answer = httpx.get(f"{running.url}/healthz", headers={"X-Forwarded-Proto": "https"})
        assert "server" not in answer.headers
        assert answer.headers["x-request-id"]


def test_hundreds_of_idle_connections_do_not_silence_it(folder: Path) -> None:
    with desk(folder) as running:
        host, port = running.url.removeprefix("http://").split(":")
        idle = [socket.create_connection((host, int(port))) for _ in range(300)]
        try:
            assert running.answers()
        finally:
            for connection in idle:
                connection.close()


def test_starts_within_five_seconds_and_stays_small(folder: Path) -> None:
    with desk(folder):
        pass
    with desk(folder) as running:
        process = psutil.Process(running.process.pid)
        spent = process.cpu_times()
        memory = process.memory_info().rss / 1024**2
    assert memory < 250
    # Work, not waiting: other tests share the two cores, and alone the one is the other.
    assert spent.user + spent.system < 5


def test_postgres_that_hangs_is_told_by_health_in_time(folder: Path) -> None:
    with desk(folder) as running:
        stopped = postgres_of(folder)
        for process in stopped:
            process.suspend()
        try:
            begun = time.monotonic()
            assert httpx.get(f"{running.url}/healthz", timeout=10).status_code == 503
            assert time.monotonic() - begun < 5
        finally:
            for process in stopped:
                process.resume()
        assert wait_for(running.answers, 10)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _listened_on(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
