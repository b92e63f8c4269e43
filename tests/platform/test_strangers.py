"""What people who have shown nothing may hold: asked over TCP of a real server with small limits."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.platform.processes import OHMATDYT, environment, free_port, started, wait_for
from tests.platform.test_command_line import admin, run

PASSWORD = "Довгий-пароль-77"
LIMITS = {
    "MAX_IN_FLIGHT": "10",  # so 1200 connections are all there are
    "HEAD_MAX_S": "2",
    "BODY_GRACE_S": "2",
    "IDLE_SOCKETS_PER_ADDRESS": "50",
    "UPLOADS_PER_PERSON": "2",
    "UPLOAD_SPACE_MB": "30",
    "LOG_LEVEL": "error",
    # Wrong passwords and a busy machine are of no interest here.
    "LOGIN_MAX_FAILURES": "1000",
    "LOGIN_NETWORK_MAX_FAILURES": "100000",
    "DATABASE_POOL_TIMEOUT_S": "30",
}
MB = 1_000_000


@dataclass
class Server:
    """A running server."""

    process: psutil.Process
    address: tuple[str, int]
    media: Path
    temporary: Path
    tokens: list[str]

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.address)

    def ask(self, method: str, path: str, token: str = "", **more: object) -> httpx.Response:
        """On a connection of its own."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers.update(more.pop("headers", {}))  # type: ignore[call-overload]
        return httpx.request(method, self.url + path, headers=headers, timeout=20, **more)  # type: ignore[arg-type]

    def serves(self) -> None:
        """Whoever has signed in, whoever wants to, and whoever looks after it; as soon as it has seen who came."""
        assert wait_for(lambda: self.ask("GET", "/api/categories", self.tokens[0]).status_code == 200, 10)
        assert self.ask("GET", "/api/categories", self.tokens[0]).status_code == 200
        assert (
            self.ask("POST", "/auth/login", json={"username": "nobody", "password": "x"}).status_code == 401
        )
        assert self.ask("GET", "/healthz").status_code == 200

    def spooled(self) -> list[str]:
        """Files that it has open in the system's temporary folder; one may have no name any more."""
        links = []
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                links.append(str(link.readlink()))
        return [link for link in links if link.startswith(str(self.temporary))]

    def incoming(self) -> list[int]:
        """Sizes of what is being received."""
        return [path.stat().st_size for path in (self.media / ".incoming").iterdir()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    top = tmp_path_factory.mktemp("strangers")
    folder, temporary, port = top / "var", top / "tmp", free_port()
    temporary.mkdir(mode=0o777)
    assert run("migrate", "--data-dir", str(folder)).returncode == 0
    for name in ("first", "second"):
        assert admin(folder, name, PASSWORD).returncode == 0
    arguments = [*OHMATDYT, "serve", "--port", str(port), "--data-dir", str(folder)]
    with started(arguments, env=environment(**LIMITS, TMPDIR=str(temporary))) as process:
        running = Server(psutil.Process(process.pid), ("127.0.0.1", port), folder / "media", temporary, [])
        assert wait_for(lambda: process.poll() is not None or _is_up(running), 120)
        for name in ("first", "second"):
            answer = running.ask("POST", "/auth/login", json={"username": name, "password": PASSWORD})
            running.tokens.append(answer.json()["access_token"])
        yield running
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert "Traceback" not in said, said


def _is_up(server: Server) -> bool:
    try:
        return server.ask("GET", "/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def head(path: str, length: int, token: str = "", kind: str = "multipart/form-data; boundary=b") -> bytes:
    said = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{said}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


@contextmanager
def connections(server: Server, number: int, first: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        made = [stack.enter_context(socket.create_connection(server.address)) for _ in range(number)]
        for one in made:
            one.settimeout(30)
            if first:
                one.sendall(first)
        yield made


def told(one: socket.socket) -> bytes:
    """All that came until the other side closed, or reset."""
    got = b""
    try:
        while piece := one.recv(65536):
            got += piece
    except ConnectionError:
        pass
    return got


def _go_on_sending(one: socket.socket, number: int) -> None:
    """As long as it is taken, and somebody listens."""
    one.settimeout(2)
    try:
        for _ in range(number // MB):
            one.sendall(b"x" * MB)
    except OSError:
        pass


def is_open(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return bool(one.recv(65536))
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


SLOW = {
    "an upload without a token": head("/api/attachments/cases/123456/upload", 100 * MB) + b"--b\r\n",
    "a case without a token": head("/api/cases", 100 * MB) + b"--b\r\n",
    "a sign-in": head("/auth/login", 60, kind="application/json") + b"{",
    "a form": head("/auth/login", 60, kind="application/x-www-form-urlencoded") + b"u",
    "a page": head("/cases", 60, kind="text/plain") + b"u",
    "half a head": b"GET /api/categories HTTP/1.1\r\nHost:",
    "no byte": b"",
}


@pytest.mark.parametrize("first", SLOW.values(), ids=SLOW.keys())
def test_whoever_does_not_go_on_holds_no_place_and_is_let_go(server: Server, first: bytes) -> None:
    with connections(server, 30, first) as strangers:
        time.sleep(0.3)
        server.serves()
        answers = {told(one)[:12] for one in strangers}  # or the test waits for half a minute and fails
    assert answers <= {b"", b"HTTP/1.1 401", b"HTTP/1.1 408", b"HTTP/1.1 503"}


def test_a_body_that_comes_drop_by_drop_is_not_waited_for(server: Server) -> None:
    for path, kind in (
        ("/api/cases", "multipart/form-data; boundary=b"),
        ("/api/patients", "application/json"),
    ):
        part = b'--b\r\nContent-Disposition: form-data; name="summary"\r\n\r\n'
        with connections(server, 1, head(path, 900_000, server.tokens[0], kind) + part) as (one,):
            one.settimeout(0.2)
            deadline, got = time.monotonic() + 60, b""
            while not got:
                assert time.monotonic() < deadline
                try:
                    one.sendall(b"x")
                    got = one.recv(100)
                except TimeoutError:
                    continue
            assert got.startswith(b"HTTP/1.1 408")


def test_idle_connections_make_room(server: Server) -> None:
    """More than the process may have at all; whoever comes is served, and of one address few stay."""
    limit, _ = psutil.Process().rlimit(psutil.RLIMIT_NOFILE)
    number = min(1500, limit - 200)
    with connections(server, number, b"") as idle:
        server.serves()
        assert sum(map(is_open, idle)) <= 60


def test_a_head_has_a_size(server: Server) -> None:
    before = server.process.memory_info().rss
    for text in (
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: %b\r\n\r\n",
        b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with connections(server, 1, b"") as (one,):
            try:
                one.sendall(text % (b"a" * 20 * MB))
                got = told(one)
            except ConnectionError:
                got = b""  # cut off while it was being sent
        assert got[:12] in {b"", b"HTTP/1.1 431"}
        with connections(server, 1, text % (b"a" * 70_000)) as (one,):
            assert told(one).startswith(b"HTTP/1.1 431")
        server.serves()
    assert server.process.memory_info().rss - before < 15 * MB


@pytest.mark.parametrize(
    "path", ["/auth/refresh", "/auth/login", "/api/cases", "/api/attachments/cases/123456/upload"]
)
def test_what_strangers_send_is_neither_read_nor_put_down(server: Server, path: str) -> None:
    before = server.process.memory_info().rss
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    with connections(server, 3, head(path, 190 * MB) + part) as strangers:
        answers = [one.recv(100)[:12] for one in strangers]
        for one in strangers:
            _go_on_sending(one, 190 * MB)
            assert not server.spooled()
            assert not server.incoming()
        server.serves()
        grown = server.process.memory_info().rss - before
    assert set(answers) <= {b"HTTP/1.1 401", b"HTTP/1.1 413"}
    assert grown < 20 * MB


def test_files_on_their_way_have_a_count_and_a_room(server: Server) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + b"x" * 300_000
    path, (first, second) = "/api/attachments/cases/123456/upload", server.tokens
    with connections(server, 2, head(path, 12 * MB, first) + part):
        assert wait_for(lambda: len([size for size in server.incoming() if size > 100_000]) == 2)
        assert server.spooled() == []
        third = server.ask("POST", path, first, files={"file": ("a.pdf", b"x" * 200_000)})
        assert (third.status_code, third.json()["code"]) == (429, "too_many_uploads")
        assert int(third.headers["retry-after"]) >= 1
        other = server.ask("POST", path, second, files={"file": ("a.pdf", b"x" * 8 * MB)})
        assert (other.status_code, other.json()["code"]) == (503, "uploads_full")
        assert int(other.headers["retry-after"]) >= 1
        small = server.ask("POST", path, second, files={"file": ("a.pdf", b"x" * 200_000)})
        assert small.status_code == 400
        server.serves()
    assert wait_for(lambda: server.incoming() == [])
    again = server.ask("POST", path, first, files={"file": ("a.pdf", b"x" * 200_000)})
    assert again.status_code == 400
    assert server.incoming() == []


RAW = {
    "no Host": (b"GET /healthz HTTP/1.1\r\n", b"400"),
    "two Hosts": (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n", b"400"),
    "no HTTP": (b"HELLO\r\n", b"400"),
}


@pytest.mark.parametrize(("text", "status"), RAW.values(), ids=RAW.keys())
def test_what_is_no_request_is_answered_like_everything_else(
    server: Server, text: bytes, status: bytes
) -> None:
    with connections(server, 1, text + b"Connection: close\r\n\r\n") as (one,):
        got = told(one)
    assert got.startswith(b"HTTP/1.1 " + status)
    for name in (
        b"content-security-policy",
        b"x-content-type-options: nosniff",
        b"application/problem\\+json",
    ):
        assert re.search(b"\r\n[^\r]*" + name, got, re.IGNORECASE)


def test_a_json_document_means_one_thing(server: Server) -> None:
    kind = {"Content-Type": "application/json"}
    plain = b'{"username": "nobody", "password": "x"}'
    assert server.ask("POST", "/auth/login", content=plain, headers=kind).status_code == 401
    for odd in (
        b"\xef\xbb\xbf" + plain,
        plain.decode().encode("utf-16"),
        plain.decode().encode("utf-16-le"),
        plain.replace(b"}", b', "username": "other"}'),
    ):
        assert server.ask("POST", "/auth/login", content=odd, headers=kind).status_code == 422
    nested = b'{"username": "nobody", "password": {"a": 1, "a": 2}}'
    assert server.ask("POST", "/auth/login", content=nested, headers=kind).json()["code"] == "malformed"
