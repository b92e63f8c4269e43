"""More requests than a process takes: the surplus is turned away before it is read, and health answers beside it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import psutil
import pytest

from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for

LIMIT = 10
SLOW = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that takes ten at once."""
    port, folder = free_port(), tmp_path_factory.mktemp("surplus")
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder / "var")]
    address = f"http://127.0.0.1:{port}"
    with started(arguments, env=environment(MAX_IN_FLIGHT=str(LIMIT), LOG_LEVEL="warning")) as process:
        assert wait_for(lambda: process.poll() is not None or _is_up(address), 120)
        _allows_sockets(process.pid)
        yield address
        with crowded(address):
            assert httpx.get(f"{address}/api/cases").status_code == 503
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert "turned_away" in said
    assert "Traceback" not in said


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


@contextmanager
def crowded(url: str) -> Iterator[list[socket.socket]]:
    """Ten people whose requests are on their way: the last byte is missing."""
    host, port = url.removeprefix("http://").split(":")
    # Those of a crowd before are noticed to have left only when their connections are.
    assert wait_for(lambda: _in_flight(url) == 1)
    with ExitStack() as stack:
        people = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(LIMIT)]
        for one in people:
            one.settimeout(20)
            one.sendall(SLOW)
        assert wait_for(lambda: _in_flight(url) >= LIMIT)  # the question itself is one of them
        yield people


def test_the_surplus_is_turned_away_as_a_problem(url: str) -> None:
    with crowded(url) as people:
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
        for one in people:
            one.sendall(b'{"a": 1 }')
            assert one.recv(4096).startswith(b"HTTP/1.1 422")
    assert 'route="unknown",status="503"' in httpx.get(f"{url}/metrics").text
    assert httpx.get(f"{url}/api/cases").status_code == 401


def test_health_is_known_beforehand_and_asked_about_as_ever(url: str) -> None:
    with crowded(url):
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


def test_who_hangs_up_in_the_middle_of_a_request_is_no_failure_of_ours(url: str) -> None:
    with crowded(url):
        pass
    assert wait_for(lambda: _in_flight(url) == 1)
    assert 'status="500"' not in httpx.get(f"{url}/metrics").text


def test_a_kept_connection_is_turned_away_like_a_new_one(url: str) -> None:
    with httpx.Client(base_url=url) as kept:
        assert kept.get("/api/cases").status_code == 401
        with crowded(url):
            answer = kept.get("/api/cases")
            assert (answer.status_code, answer.headers["connection"]) == (503, "close")
        assert wait_for(lambda: kept.get("/api/cases").status_code == 401)
