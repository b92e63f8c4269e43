"""Whoever hangs up leaves nothing behind: every route of the application, broken off at every point.

A real server over TCP. Before and after: connections, transactions and locks of the database, pools and tasks of the
process, its descriptors, temporary files; then others are served and a person shut out is not.
"""

import asyncio
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import psutil
from fastapi import FastAPI
from starlette.routing import Route

from tests.cases.makers import PNG
from tests.edge.hostile.asking import Ask, Asker
from tests.edge.hostile.desk import Scene
from tests.edge.hostile.wire import as_bytes

WAYS: Final = ("unread", "first byte", "head", "middle", "half asked", "twice")
_DELAYS_S: Final = (0.0, 0.0005, 0.002, 0.006, 0.02)
_PATIENCE_S: Final = 5.0
_SETTLE_S: Final = 25.0
_ABREAST: Final = 6
_ABRUPTLY: Final = struct.pack("ii", 1, 0)  # a reset instead of an orderly end
_DOWNLOAD: Final = "GET /api/attachments/{attachment_id}"
_OTHERS: Final = ("/api/cases", "/auth/me", "/api/notifications", "/api/patients", "/api/cases/export")
# Signed in, these end the session of the one in whose name everything is asked.
_FORGETS_CALLER: Final = ("/auth/logout", "/auth/change-password", "/api/users/me", "/api/sessions")

_STATE = """
SELECT
 (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND state LIKE 'idle in transaction%') AS "idle in transaction",
 (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND state = 'active' AND now() - query_start > interval '2 seconds') AS "long at work",
 (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()) AS "advisory locks",
 (SELECT count(*) FROM pg_locks WHERE NOT granted) AS "waiting locks",
 (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()) AS connections
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a process holds. `descriptors` without those of its pools, which open and close connections as they like."""

    database: dict[str, int]
    pools: dict[str, float]
    tasks: int
    descriptors: int
    temporary: tuple[str, ...]

    def left_since(self, before: "Standing") -> list[str]:
        """What is here and was not before."""
        left = [f"{name}: {count}" for name, count in self.database.items() if count]
        left += [f"{used:.0f} of pool {pool} in use" for pool, used in self.pools.items() if used]
        if self.tasks > before.tasks:
            left.append(f"tasks: {self.tasks}, were {before.tasks}")
        if self.descriptors > before.descriptors:
            left.append(f"descriptors: {self.descriptors}, were {before.descriptors}")
        return [*left, *(f"file {name}" for name in self.temporary)]


@dataclass
class Sweep:
    """One sweep of one server."""

    scene: Scene
    port: int
    folder: Path
    random: Random
    hung_up: int = 0
    faults: list[str] = field(default_factory=list)
    large: str = ""

    async def go(self, app: FastAPI, times: int) -> None:
        """Hang up on every route in every way, so many times. What was left is in `faults`."""
        await self._make_files()
        await self.scene.restore("ADMIN")
        await self._warm_up()
        before = await self._standing()
        for name, ask in routes(app, Asker(self.scene.contract, self.scene.things), self.random):
            await self.scene.restore("ADMIN")
            if name == _DOWNLOAD:
                self.scene.things.ids["attachment_id"] = [self.large]
            for way in WAYS:
                turns = [self._hang_up(ask(), way) for _ in range(times)]
                for at in range(0, len(turns), _ABREAST):
                    await asyncio.gather(*turns[at : at + _ABREAST])
        await self._rush()
        await self._look(before)

    async def _make_files(self) -> None:
        """A file that no socket's buffer takes whole: whoever leaves in its middle leaves a sender behind. And a small
        one, because small and large files are judged by a process each, which is kept, with its two pipes."""
        await self.scene.restore("ADMIN")
        case = await self.scene.owner.fetchval("SELECT id::text FROM cases WHERE status = 'NEW' LIMIT 1")
        async with self._client("ADMIN") as client:
            for name, data in (("малий.png", PNG), ("великий.png", large_picture())):
                files = {"file": (name, data)}
                answer = await client.post(f"/api/attachments/cases/{case}/upload", files=files)
                assert answer.status_code == 201, answer.text
        self.large = str(answer.json()["id"])

    async def _warm_up(self) -> None:
        """Everything that a process keeps is there before the first look: pools, the listener, threads."""
        async with self._client("ADMIN") as client:
            for path in (
                "/api/cases",
                "/api/cases?search=черга",
                "/auth/me",
                "/api/dashboard",
                "/readyz",
                "/",
            ):
                await asyncio.gather(*(client.get(path) for _ in range(8)))
        await self._hang_up(Ask("GET /api/events", "GET", "/api/events"), "head")

    async def _hang_up(self, ask: Ask, way: str) -> None:
        if way == "twice":
            await asyncio.gather(self._hang_up(ask, "unread"), self._hang_up(ask, "head"))
            return
        self.hung_up += 1
        if ask.signed and ask.target.startswith(_FORGETS_CALLER) and ask.method != "GET":
            token = None
        else:
            token = self.scene.tokens["ADMIN"]
        data = as_bytes(ask, token)
        if way == "half asked":
            data = data[: max(1, len(data) - max(2, len(ask.body or b"") // 2))]
        loop = asyncio.get_running_loop()
        with socket.socket() as line:
            line.setblocking(False)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            if self.random.random() < 0.7:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await loop.sock_connect(line, ("127.0.0.1", self.port))
                    await loop.sock_sendall(line, data)
                    if way == "first byte":
                        await loop.sock_recv(line, 1)
                    elif way in {"head", "middle"}:
                        await _read_head(loop, line, after=0 if way == "head" else 3000)
                    await asyncio.sleep(self.random.choice(_DELAYS_S))
            except (ConnectionError, TimeoutError):
                pass  # refused bodies are hung up on by the server

    async def _rush(self) -> None:
        """More at once than are let in, and all of them gone before they are answered."""
        asks = [Ask("GET /api/cases", "GET", "/api/cases?page_size=100") for _ in range(80)]
        await asyncio.gather(*(self._hang_up(ask, "unread") for ask in asks))
        await asyncio.gather(*(self._hang_up(ask, "first byte") for ask in asks))

    async def _look(self, before: Standing) -> None:
        """Nothing is left within a moment; everybody else is served."""
        until = time.monotonic() + _SETTLE_S
        while left := (await self._standing()).left_since(before):
            if time.monotonic() > until:
                break
            await asyncio.sleep(0.5)
        self.faults += left
        await self.scene.restore("OPERATOR")
        await self.scene.restore("deactivated")
        async with self._client("OPERATOR") as others, self._client("deactivated") as shut_out:
            for number in range(30):
                path = ("/api/cases", "/auth/me", "/api/notifications", "/api/patients", "/api/cases/export")[
                    number % 5
                ]
                answer = await others.get(path)
                if answer.status_code != 200:
                    self.faults.append(
                        f"{path} answered {answer.status_code} afterwards: {answer.text[:300]}"
                    )
                refused = await shut_out.get(path)
                if refused.status_code != 401:
                    self.faults.append(f"{path} answered {refused.status_code} to a person shut out")
            for path in ("/healthz", "/readyz"):
                answer = await others.get(path)
                if answer.json()["status"] != "ok":
                    self.faults.append(f"{path}: {answer.text}")

    def _client(self, role: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.scene.tokens[role]}"}
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30, trust_env=False
        )

    async def _standing(self) -> Standing:
        row: Any = await self.scene.owner.fetchrow(_STATE)
        database = dict(row)
        connections = database.pop("connections")
        async with self._client("nobody") as client:
            metrics = (await client.get("/metrics")).text
        figures = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
        pools = {
            pool: float(figures[f'ohmatdyt_database_connections{{pool="{pool}",state="used"}}'])
            for pool in ("requests", "readers", "writers")
        }
        places = (self.folder / "media" / ".incoming", self.folder / "temporary")
        return Standing(
            database=database,
            pools=pools,
            tasks=int(float(figures["ohmatdyt_tasks"])),
            descriptors=_server(self.port).num_fds() - connections,
            temporary=tuple(sorted(path.name for place in places for path in place.rglob("*"))),
        )


def routes(app: FastAPI, asker: Asker, random: Random) -> Iterator[tuple[str, Callable[[], Ask]]]:
    """For each route of the application, as many requests as one likes: those of the contract as the contract wants
    them, pages of the web interface and other methods by their path. A new route is swept as soon as it is there."""
    operations = dict(asker.operations)
    for name in listed(app):
        method, path = name.split(" ")
        if name in operations:
            yield name, partial(asker.ask_for, random, name, operations[name])
        else:
            yield name, partial(Ask, name, method, path.replace("{path:path}", "cases/100001"))


def listed(app: FastAPI) -> list[str]:
    """Every method and path the application answers: those of the contract, and those that stand in none."""
    told = {f"{m.upper()} {path}" for path, methods in app.openapi()["paths"].items() for m in methods}
    return sorted(told | {f"{method} {path}" for method, path in _untold(app.routes)})


def _untold(some: Any) -> Iterator[tuple[str, str]]:
    for route in some:
        if not isinstance(
            route, Route
        ):  # a router that was included; anything else fails here, and has to be learnt
            yield from _untold(route.original_router.routes)
        elif not route.include_in_schema:
            for method in route.methods or ():
                yield method, route.path


def large_picture() -> bytes:
    """A PNG of seven million bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 1500
    row = b"\x00" + bytes(range(250)) * (side * 3 // 250)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(row * side, 0)) + chunk(b"IEND", b"")


async def _read_head(loop: asyncio.AbstractEventLoop, line: socket.socket, *, after: int) -> None:
    got = b""
    while b"\r\n\r\n" not in got and (piece := await loop.sock_recv(line, 256)):
        got += piece
    wanted = len(got) + after
    with_end = asyncio.timeout(0.05)  # of a stream or a short answer no more comes
    try:
        async with with_end:
            while len(got) < wanted and (piece := await loop.sock_recv(line, 1024)):
                got += piece
    except TimeoutError:
        pass


def _server(port: int) -> psutil.Process:
    for line in psutil.net_connections("tcp"):
        if line.status == psutil.CONN_LISTEN and line.pid is not None and tuple(line.laddr)[1:] == (port,):
            return psutil.Process(line.pid)
    raise AssertionError("nobody listens")
