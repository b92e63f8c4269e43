"""A load generator that costs little: raw HTTP/1.1 over kept connections, one request in flight per user."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

Request = Callable[[], bytes]


@dataclass
class Outcome:
    """What was measured: latencies in seconds, and what was not as expected."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def throughput(self) -> float:
        """Requests per second, the good ones."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency below which `share` of the requests stayed, in milliseconds (nearest rank)."""
        ordered = sorted(self.latencies)
        if not ordered:
            return math.nan
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000

    def fail(self, what: str) -> None:
        """Count an answer that was not the expected one."""
        self.errors[what] = self.errors.get(what, 0) + 1


class _User(asyncio.Protocol):
    """Sends the next request as soon as the answer to the last is whole. Understands Content-Length only."""

    def __init__(self, request: Request, expected: int, outcome: Outcome, clock: "_Clock") -> None:
        self.request = request
        self.expected = str(expected).encode()
        self.outcome = outcome
        self.clock = clock
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.WriteTransport
        self.received = b""
        self.wanted = -1
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)  # uvloop's own class
        self._send()

    def _send(self) -> None:
        self.received, self.wanted = b"", -1
        self.started = time.perf_counter()
        if self.started >= self.clock.end:
            self.transport.close()
            return
        self.transport.write(self.request())

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.wanted < 0:
            head_end = self.received.find(b"\r\n\r\n")
            if head_end < 0:
                return
            head = self.received[:head_end].lower()
            at = head.find(b"content-length:")
            if at < 0:
                self.outcome.fail("no content-length")
                self.transport.close()
                return
            self.wanted = head_end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.received) >= self.wanted:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        status = self.received[9:12]
        if status != self.expected:
            self.outcome.fail(f"status {status.decode(errors='replace')}")
        elif self.clock.begin <= self.started and now <= self.clock.end:
            self.outcome.latencies.append(now - self.started)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — asyncio names it
        if time.perf_counter() < self.clock.end:
            self.outcome.fail("connection lost")
        if not self.done.done():
            self.done.set_result(None)


@dataclass(frozen=True)
class _Clock:
    begin: float
    end: float


async def run(
    port: int, request: Request, *, users: int, seconds: float, warm_up: float, expected: int
) -> Outcome:
    """Let `users` ask for `seconds` after a warm-up that does not count; `expected` is the status of success."""
    outcome = Outcome(seconds=seconds)
    begin = time.perf_counter() + warm_up
    clock = _Clock(begin, begin + seconds)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _User(request, expected, outcome, clock), "127.0.0.1", port)
        for _ in range(users)
    ]
    await asyncio.wait([user.done for _, user in made], timeout=warm_up + seconds + 30)
    for transport, _ in made:
        transport.abort()
    return outcome


def get(path: str, token: str | None = None) -> bytes:
    """The bytes of a GET."""
    return _head("GET", path, token) + b"\r\n"


def post(path: str, body: bytes, content_type: str, token: str | None = None) -> bytes:
    """The bytes of a POST."""
    extra = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return _head("POST", path, token) + extra + body


def _head(method: str, path: str, token: str | None) -> bytes:
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{signed}".encode()
