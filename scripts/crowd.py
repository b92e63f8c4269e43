"""People who all ask at once, and somebody who asks for the health of the server meanwhile.

Each in a process of its own and with as little machinery as can be: what is measured is the server.
`python -m scripts.crowd PORT PEOPLE SECONDS < token` prints figures.
"""

import asyncio
import json
import math
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import uvloop

_PAUSE_S = 0.02
_LOOK_EVERY_S = 0.05
_PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Overload:
    """What the crowd and the doctor saw; times in milliseconds, in order."""

    people: int
    served: list[float]
    refused: list[float]
    health: list[float]
    odd: list[str]

    def told(self) -> str:
        """Figures for people."""
        return (
            f"{len(self.served) + len(self.refused)} requests by {self.people} at once: "
            f"served {_row(self.served)}; refused {_row(self.refused)}; /healthz {_row(self.health)}"
        )


def _row(ordered: list[float]) -> str:
    if not ordered:
        return "0"
    median, high = (ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in (0.5, 0.99))
    return f"{len(ordered)} (median {median:.0f} ms, p99 {high:.0f}, most {ordered[-1]:.0f})"


def overload(port: int, token: str, *, people: int, seconds: float) -> Overload:
    """Let so many people ask for the longest page of the list again and again."""
    command = [sys.executable, "-m", "scripts.crowd", str(port), str(people), str(seconds)]
    health: list[float] = []
    odd: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin is not None
        crowd.stdin.write(token)
        crowd.stdin.close()
        time.sleep(1)  # until they are there
        end = time.monotonic() + seconds
        while time.monotonic() < end and crowd.poll() is None:
            begun = time.perf_counter()
            if not (head := _healthz(port)).startswith(b"HTTP/1.1 200"):
                odd.append(f"/healthz: {head[:200]!r}")
            health.append((time.perf_counter() - begun) * 1000)
            time.sleep(_LOOK_EVERY_S)
        assert crowd.stdout is not None
        told: dict[str, Any] = json.loads(crowd.stdout.read())
    return Overload(
        people, sorted(told["served"]), sorted(told["refused"]), sorted(health), odd + told["odd"]
    )


def _healthz(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as pipe:
        pipe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := pipe.recv(65536):
            answer += part
    return answer


class _Visit(asyncio.Protocol):
    """One request over a connection of its own."""

    def __init__(self, request: bytes) -> None:
        self.request, self.got = request, b""
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]  # uvloop's own class

    def data_received(self, data: bytes) -> None:
        if len(self.got) < 4096:
            self.got += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — asyncio names it
        if not self.over.done():
            self.over.set_result(None)


async def _one(port: int, request: bytes, until: float, found: dict[str, list[Any]]) -> None:
    loop = asyncio.get_running_loop()
    while time.monotonic() < until:
        begun = time.perf_counter()
        async with asyncio.timeout(_PATIENCE_S):
            _, visit = await loop.create_connection(lambda: _Visit(request), "127.0.0.1", port)
            await visit.over
        took = (time.perf_counter() - begun) * 1000
        head = visit.got.split(b"\r\n\r\n", 1)[0].lower()
        if head.startswith(b"http/1.1 200"):
            found["served"].append(took)
        elif head.startswith((b"http/1.1 503", b"http/1.1 429")) and b"\r\nretry-after: " in head:
            found["refused"].append(took)
        else:
            found["odd"].append(head[:200].decode("latin-1"))
        await asyncio.sleep(_PAUSE_S)


async def _crowd(port: int, people: int, seconds: float, token: str) -> dict[str, list[Any]]:
    request = (
        "GET /api/cases?page_size=100 HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    ).encode()
    found: dict[str, list[Any]] = {"served": [], "refused": [], "odd": []}
    until = time.monotonic() + 1 + seconds
    async with asyncio.TaskGroup() as group:
        for _ in range(people):
            group.create_task(_one(port, request, until, found))
    return found


def main() -> None:
    """Entry point of the crowd's own process."""
    port, people, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(uvloop.run(_crowd(port, people, seconds, sys.stdin.read()))))


if __name__ == "__main__":
    main()
