"""More requests than a process takes: the surplus is turned away before it is read, and health answers beside it."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from ohmatdyt.core.embedded import borrowed
from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for

LIMIT = 10
PATIENT = {"LOCK_TIMEOUT_MS": "60000", "STATEMENT_TIMEOUT_MS": "60000", "DATABASE_POOL_SIZE": "30"}
FORGIVING = {"LOGIN_NETWORK_MAX_FAILURES": "100000"}


class Held:
    """A table that nobody else may read."""

    def __init__(self, runner: asyncio.Runner, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._runner, self._connection = runner, connection
        runner.run(connection.execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE"))

    def release(self) -> None:
        """Let everybody read it again."""
        if not self._connection.is_closed():
            self._runner.run(self._connection.close())


class Server:
    """A server that takes ten at once, and a way to let its requests wait for the database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Whoever signs in waits until `release`."""
        with borrowed(self._folder) as url, asyncio.Runner() as runner:
            held = Held(runner, runner.run(asyncpg.connect(url)))
            try:
                yield held
            finally:
                held.release()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes ten at once."""
    port, folder = free_port(), tmp_path_factory.mktemp("surplus") / "var"
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder)]
    address = f"http://127.0.0.1:{port}"
    settings = {"MAX_IN_FLIGHT": str(LIMIT), "LOG_LEVEL": "warning", **PATIENT, **FORGIVING}
    with started(arguments, env=environment(**settings)) as process:
        assert wait_for(lambda: process.poll() is not None or _is_up(address), 120)
        _allows_sockets(process.pid)
        running = Server(address, folder)
        yield running
        with crowded(running):
            assert httpx.get(f"{address}/api/cases").status_code == 503
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert "turned_away" in said
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def url(server: Server) -> str:
    return server.url


def _allows_sockets(pid: int) -> None:
    soft, hard = psutil.Process(pid).rlimit(psutil.RLIMIT_NOFILE)
    assert soft >= min(LIMIT * 20 + 1000, hard)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _in_flight(url: str) -> int:
    lines = httpx.get(f"{url}/metrics", timeout=30).text.splitlines()
    told = (int(float(one.split(" ")[1])) for one in lines if one.startswith("ohmatdyt_http_in_flight "))
    return next(told, LIMIT)  # turned away: the server is full


class Crowd(list[socket.socket]):
    """Those who are being answered."""

    held: Held


@contextmanager
def crowded(server: Server) -> Iterator[Crowd]:
    """Ten people whose requests are there and wait for the database."""
    host, port = server.url.removeprefix("http://").split(":")
    # Those of a crowd before are noticed to have left only when their connections are.
    assert wait_for(lambda: _in_flight(server.url) == 1)
    with server.held() as held, ExitStack() as stack:
        people = Crowd()
        people.held = held
        for number in range(LIMIT):
            body = json.dumps({"username": f"nobody{number}", "password": "x"}).encode()
            one = stack.enter_context(socket.create_connection((host, int(port))))
            one.settimeout(20)
            one.sendall(
                b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )
            people.append(one)
        assert wait_for(lambda: _in_flight(server.url) >= LIMIT)  # the question itself is one of them
        yield people


def test_the_surplus_is_turned_away_as_a_problem(server: Server, url: str) -> None:
    with crowded(server) as people:
        languages = {"uk": "Тимчасово недоступно", "en": "Service Unavailable"}
        for language, title in languages.items():
            headers = {"Accept-Language": language, "X-Request-ID": f"mine-{language}"}
            answer = httpx.get(f"{url}/api/cases?page=1", headers=headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["content-language"] == language
            assert (answer.json()["title"], answer.json()["code"]) == (title, "unavailable")
            assert answer.json()["request_id"] == answer.headers["x-request-id"] == f"mine-{language}"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"
        invented = httpx.post(f"{url}/auth/login", json={}, headers={"X-Request-ID": "<b>"})
        assert (invented.status_code, len(invented.headers["x-request-id"])) == (503, 16)
        # Those who are in are served.
        people.held.release()
        for one in people:
            assert one.recv(4096).startswith(b"HTTP/1.1 401")
    assert 'route="unknown",status="503"' in httpx.get(f"{url}/metrics").text
    assert httpx.get(f"{url}/api/cases").status_code == 401


def test_health_is_known_beforehand_and_asked_about_as_ever(server: Server, url: str) -> None:
    with crowded(server):
        assert httpx.get(f"{url}/api/cases").status_code == 503
        for method in ("GET", "HEAD"):
            for path in ("/healthz", "/readyz"):
                answer = httpx.request(method, url + path)
                assert answer.status_code == 200
                assert answer.headers["content-type"] == "application/json"
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert method == "HEAD" or answer.json()["status"] == "ok"
        assert httpx.get(f"{url}/healthz?x=1").status_code == 422
        assert httpx.post(f"{url}/healthz").status_code == 503


def test_who_hangs_up_in_the_middle_of_a_request_is_no_failure_of_ours(server: Server, url: str) -> None:
    with crowded(server):
        pass
    assert wait_for(lambda: _in_flight(url) == 1)
    assert 'status="500"' not in httpx.get(f"{url}/metrics").text


def test_a_kept_connection_is_turned_away_like_a_new_one(server: Server, url: str) -> None:
    with httpx.Client(base_url=url) as kept:
        assert kept.get("/api/cases").status_code == 401
        with crowded(server):
            answer = kept.get("/api/cases")
            assert (answer.status_code, answer.headers["connection"]) == (503, "close")
        assert wait_for(lambda: kept.get("/api/cases").status_code == 401)
