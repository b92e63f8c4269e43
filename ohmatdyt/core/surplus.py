"""What is done with more requests than one process can take: turned away at the door, for as little as can be.

Whoever is turned away the ordinary way costs a task, half the framework and a line in the log, and the event loop is so
full of them that health, which asks the database and the disk and so waits its turn several times, took 0.7 s. So the
answer is ready beforehand, the log says once a second how many there were, and while many are being served the last
look at the health of the process, never older than a few seconds, answers at once.
"""

import asyncio
import re
import secrets
import time
from contextlib import suppress
from http import HTTPStatus

import orjson
import structlog
from starlette.datastructures import State
from starlette.types import Message, Scope, Send

from ohmatdyt.core import health
from ohmatdyt.core.errors import DomainError, Unavailable
from ohmatdyt.core.problems import as_document, preferred

log = structlog.get_logger(__name__)

Headers = list[tuple[bytes, bytes]]

_LASTS_S = 2.0  # so long after it was last noticed it is still a rush
_LOOK_EVERY_S = 1.0
_HEALTH_KEEPS_S = 5.0
_MARK = "request-id-stands-here"
_LANGUAGE = re.compile(rb"\r\naccept-language: *([ -~]{1,200})", re.IGNORECASE)
_REQUEST_ID = re.compile(rb"\r\nx-request-id: *([A-Za-z0-9._-]{1,64})\r\n", re.IGNORECASE)
_HEALTH_PATHS = frozenset({"/healthz", "/readyz"})


class Surplus:
    """Turns requests away, and answers for the health of the process meanwhile. `fixed` are headers of every answer."""

    def __init__(self, state: State, fixed: Headers) -> None:
        self.state = state
        error = Unavailable(retry_after=2)
        common = [*fixed, (b"cache-control", b"no-store"), (b"connection", b"close")]
        common += [(name.lower().encode(), value.encode()) for name, value in error.headers().items()]
        self._answers: dict[str, tuple[Headers, bytes, bytes]] = {}
        for lang in ("uk", "en"):
            document = as_document(error.status, error.code, error.detail(lang), lang=lang, request_id=_MARK)
            before, after = orjson.dumps(document).split(_MARK.encode())
            headers = [*common, (b"content-type", b"application/problem+json")]
            self._answers[lang] = ([*headers, (b"content-language", lang.encode())], before, after)
        self._healthy = [*fixed, (b"cache-control", b"no-store"), (b"content-type", b"application/json")]
        self._until = 0.0
        self._turned_away = 0
        self._seen: tuple[float, int, bytes] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def turn_away(self, scope: Scope, send: Send, request_id: str) -> None:
        """Answer 503 without reading the body; the connection cannot be used again."""
        accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        headers, body = self._refusal(accepted, request_id)
        await _send(send, 503, headers, body, request_id)

    def written(self, data: bytes) -> bytes:
        """The same, as the bytes that go to the socket, for a request of which only the beginning has arrived."""
        language, offered = _LANGUAGE.search(data), _REQUEST_ID.search(data)
        request_id = offered[1].decode() if offered else secrets.token_hex(8)
        headers, body = self._refusal(language[1] if language else b"", request_id)
        return _as_bytes(503, headers, body, request_id)

    def _refusal(self, accepted: bytes, request_id: str) -> tuple[Headers, bytes]:
        self._turned_away += 1
        self.notice()
        headers, before, after = self._answers[preferred(accepted[:200].decode("latin-1"))]
        return headers, before + request_id.encode() + after

    def notice(self) -> None:
        """Many are being served: from now on health is looked at beforehand."""
        self._until = time.monotonic() + _LASTS_S
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_after_health())

    async def close(self) -> None:
        """Look no more: what would be looked at is going away."""
        self._say()
        watch, self._watch, self._seen, self._until = self._watch, None, None, 0.0
        if watch is not None and watch.get_loop() is asyncio.get_running_loop():
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    def health(self, scope: Scope) -> tuple[int, bytes] | None:
        """The status and the body for a question about health in a rush; None when it has to be looked at."""
        now = time.monotonic()
        if self._seen is None or now > self._until or scope["path"] not in _HEALTH_PATHS:
            return None
        if scope["query_string"] or scope["method"] not in {"GET", "HEAD"}:
            return None
        at, status, body = self._seen
        return (status, body) if now - at < _HEALTH_KEEPS_S else None

    async def tell(self, known: tuple[int, bytes], send: Send, request_id: str) -> None:
        """Answer with what `health` gave."""
        await _send(send, known[0], self._healthy, known[1], request_id)

    async def _look_after_health(self) -> None:
        while time.monotonic() < self._until:
            seen = await health.look_at(self.state)
            status = 503 if seen.status == "down" else 200
            self._seen = time.monotonic(), status, seen.model_dump_json().encode()
            await asyncio.sleep(_LOOK_EVERY_S)
            self._say()
        self._seen = None

    def _say(self) -> None:
        if self._turned_away:
            log.warning("turned_away", requests=self._turned_away)
            self._turned_away = 0


def written(error: DomainError, fixed: Headers) -> bytes:
    """A refusal as the bytes that go to the socket; `fixed` are headers of every answer."""
    request_id = secrets.token_hex(8)
    document = as_document(error.status, error.code, error.detail("uk"), lang="uk", request_id=request_id)
    headers = [*fixed, (b"cache-control", b"no-store"), (b"connection", b"close")]
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers().items()]
    headers += [(b"content-type", b"application/problem+json"), (b"content-language", b"uk")]
    return _as_bytes(error.status, headers, orjson.dumps(document), request_id)


def _as_bytes(status: int, headers: Headers, body: bytes, request_id: str) -> bytes:
    lines = [
        b"HTTP/1.1 %d %b" % (status, HTTPStatus(status).phrase.encode()),
        *(b"%b: %b" % pair for pair in _whole(headers, body, request_id)),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _whole(headers: Headers, body: bytes, request_id: str) -> Headers:
    return [*headers, (b"content-length", b"%d" % len(body)), (b"x-request-id", request_id.encode())]


async def _send(send: Send, status: int, headers: Headers, body: bytes, request_id: str) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": _whole(headers, body, request_id),
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
