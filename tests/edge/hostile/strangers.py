"""Everything strangers may hold at once, held at once, while a colleague goes on working: connections on which nothing
is asked, half heads, heads of 20 MB, bodies that do not come, and 3 × 190 MB that nobody asked for."""

import asyncio
import socket
import statistics
import time
from collections import Counter
from contextlib import suppress

import psutil

from tests.edge.hostile.asking import Ask
from tests.edge.hostile.wire import Wire

_MB = 1_000_000
_TURNS = 100
_IDLE, _SLOW, _HALVES = 11_000, 520, 500
_LIST = Ask("GET /api/cases", "GET", "/api/cases")


def _post(path: str, length: int, kind: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n--b\r\n"
    ).encode()


_FORM = "multipart/form-data; boundary=b"
_FLOODS = {
    "idle": (_IDLE, b"", 0),
    "half heads": (_HALVES, b"GET /api/cases HTTP/1.1\r\nHost:", 0),
    "slow uploads": (_SLOW, _post("/api/attachments/cases/123456/upload", 100 * _MB, _FORM), 0),
    "slow sign-ins": (_SLOW, _post("/auth/login", 60, "application/json"), 0),
    "heads of 20 MB": (10, b"GET /api/cases HTTP/1.1\r\nHost: x\r\nX: ", 20 * _MB),
    "190 MB": (3, _post("/auth/refresh", 190 * _MB, _FORM), 190 * _MB),
    "190 MB of files": (3, _post("/api/cases", 190 * _MB, _FORM), 190 * _MB),
}


class Strangers:
    """What they do, and what became of everybody else. `faults` is empty when nobody noticed."""

    def __init__(self, port: int, token: str, server: psutil.Process) -> None:
        self.port, self.token, self.server = port, token, server
        self.faults: list[str] = []
        self._told: list[str] = []

    async def go(self) -> None:
        """Each flood alone, then all together."""
        quiet = await self._work("nobody")
        before = self.server.memory_info().rss
        for name, flood in _FLOODS.items():
            await self._under(name, [flood], quiet)
        await self._under("all", [*_FLOODS.values()], quiet)
        grown = (self.server.memory_info().rss - before) / _MB
        self._told.append(f"memory +{grown:.0f} MB")
        if grown > 100:
            self.faults.append(f"strangers: memory grew by {grown:.0f} MB")

    async def _under(self, name: str, floods: list[tuple[int, bytes, int]], quiet: float) -> None:
        held: list[socket.socket] = []
        sending: list[asyncio.Task[None]] = []
        try:
            for number, first, more in floods:
                room = psutil.Process().rlimit(psutil.RLIMIT_NOFILE)[0] - len(held) - 200
                for _ in range(min(number, room)):
                    held.append(one := socket.create_connection(("127.0.0.1", self.port)))
                    one.setblocking(False)
                    with suppress(OSError):
                        one.send(first)
                    if more:
                        sending.append(asyncio.create_task(_go_on(one, more)))
                    if len(held) % 50 == 0:
                        await asyncio.sleep(0)
            p95 = await self._work(name)
            if p95 > max(4 * quiet, 0.25):
                self.faults.append(f"strangers, {name}: p95 {p95 * 1000:.0f} ms, without {quiet * 1000:.0f}")
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
            for one in held:
                one.close()

    async def _work(self, name: str) -> float:
        """A colleague reads the list, on a new connection each time; the p95 in seconds."""
        took: list[float] = []
        statuses: Counter[int] = Counter()
        for _ in range(_TURNS):
            wire, began = Wire(self.port), time.perf_counter()
            try:
                statuses[(await wire.ask(_LIST, self.token)).status] += 1
            except (ConnectionError, TimeoutError):
                statuses[0] += 1
            wire.close()
            took.append(time.perf_counter() - began)
        if set(statuses) != {200}:
            self.faults.append(f"strangers, {name}: a colleague got {dict(statuses)}")
        p95 = statistics.quantiles(took, n=20)[-1]
        self._told.append(f"{name} {p95 * 1000:.0f} ms")
        return p95

    def summary(self) -> str:
        """Figures for people."""
        return f"strangers, p95 of a colleague's list: {', '.join(self._told)}, faults {len(self.faults)}"


async def _go_on(one: socket.socket, number: int) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        for _ in range(number // _MB):
            await loop.sock_sendall(one, b"x" * _MB)
