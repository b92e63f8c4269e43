"""What every answer passes through: request id, security headers, the limit of the body. Plain ASGI, so that a
streamed download stays a stream and a hot read pays microseconds."""

import functools
import ipaddress
import re
import secrets
import time

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders, State
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ohmatdyt.core.errors import DomainError, TooLarge
from ohmatdyt.core.metrics import Meter
from ohmatdyt.core.problems import language, problem
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.surplus import Surplus

log = structlog.get_logger(__name__)

_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_ADDRESS = 64  # of the sixth version with its zone; a zone may be as long as one likes
_MIB = 1024 * 1024
_JSON_LIMIT = _MIB
_FORM_OVERHEAD = _MIB
_SLOW_S = 3.0
_ALWAYS_ANSWERED = frozenset({"/healthz", "/readyz", "/metrics"})
# A stream that stays open all day costs next to nothing; it has a limit of its own.
_UNCOUNTED = frozenset({"/api/events"})
_LET_IN = tuple(
    f"{method} {path}".encode() for method in ("GET", "HEAD") for path in (*_ALWAYS_ANSWERED, *_UNCOUNTED)
)
_RUSH = 8  # so many at once, and health is looked at beforehand

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Edge:
    """Request id in and out, security headers on everything, a body refused before it is read when it is too large."""

    def __init__(self, app: ASGIApp, settings: Settings, meter: Meter, state: State) -> None:
        self.app = app
        self.meter = meter
        self.upload_limit = settings.max_upload_bytes * settings.max_files_per_request + _FORM_OVERHEAD
        self.max_in_flight = settings.max_in_flight
        self.rush = min(_RUSH, settings.max_in_flight)
        self.in_flight = self.streams = 0
        self.fixed = [
            (b"content-security-policy", CSP.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"DENY"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]
        if settings.secure:
            self.fixed.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        self.surplus = Surplus(state, self.fixed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _forget_nonsense(scope)
        headers = Headers(scope=scope)
        offered = headers.get("x-request-id", "")
        request_id = offered if _PLAIN_ID.fullmatch(offered) else secrets.token_hex(8)
        started = time.perf_counter()
        if await self._answered_at_the_door(scope, send, request_id, started):
            return
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                outgoing = MutableHeaders(raw=message.setdefault("headers", []))
                present = {name for name, _ in outgoing.raw}
                outgoing.raw.extend(pair for pair in self.fixed if pair[0] not in present)
                outgoing.raw.append((b"x-request-id", request_id.encode()))
                if b"cache-control" not in present:
                    outgoing.raw.append((b"cache-control", b"no-store"))
            await send(message)

        limit = self._limit(headers)
        counted = scope["path"] not in _UNCOUNTED
        self.in_flight += counted
        self.streams += not counted
        try:
            if _declared_length(headers) > limit:
                await _refuse(scope, send_with_headers, TooLarge(limit_mb=limit // _MIB))
            else:
                await self.app(scope, _limited(receive, limit), send_with_headers)
        finally:
            self.in_flight -= counted
            self.streams -= not counted
            took = time.perf_counter() - started
            if counted:
                self.meter.count(scope, status, took)
            tell = log.warning if status >= 500 or (took > _SLOW_S and counted) else log.debug
            tell(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(took * 1000, 1),
            )
            structlog.contextvars.clear_contextvars()

    def at_the_socket(self, data: bytes, begun: int) -> bytes | None:
        """The answer to a request that has just begun to arrive while `begun` others are being answered, streams
        included; None to let it in."""
        if begun - self.streams < self.max_in_flight or data.startswith(_LET_IN):
            return None
        self.meter.count({"method": data[:8].partition(b" ")[0].decode("latin-1")}, 503, 0.0)
        return self.surplus.written(data)

    async def _answered_at_the_door(self, scope: Scope, send: Send, request_id: str, started: float) -> bool:
        path = scope["path"]
        if self.in_flight >= self.rush:
            self.surplus.notice()
        if (known := self.surplus.health(scope)) is not None:
            await self.surplus.tell(known, send, request_id)
            status = known[0]
        elif self.in_flight >= self.max_in_flight and path not in _ALWAYS_ANSWERED and path not in _UNCOUNTED:
            await self.surplus.turn_away(scope, send, request_id)
            status = 503
        else:
            return False
        self.meter.count(scope, status, time.perf_counter() - started)
        return True

    def _limit(self, headers: Headers) -> int:
        is_form = headers.get("content-type", "").startswith("multipart/form-data")
        return self.upload_limit if is_form else _JSON_LIMIT


def _forget_nonsense(scope: Scope) -> None:
    """A proxy we trust may have passed on as the caller's address what is none: the journal has no room for it."""
    client = scope.get("client")
    if client is not None and not _is_address(client[0]):
        scope["client"] = None


@functools.lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return len(text) <= _LONGEST_ADDRESS


def _declared_length(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 16 else 0


def _limited(receive: Receive, limit: int) -> Receive:
    got = 0

    async def receive_limited() -> Message:
        nonlocal got
        message = await receive()
        if message["type"] == "http.request":
            got += len(message.get("body", b""))
            if got > limit:
                # An HTTPException, because that is the one thing FastAPI lets out of its body parsing as it is.
                raise HTTPException(413, headers={"Connection": "close"})
        return message

    return receive_limited


async def _refuse(scope: Scope, send: Send, error: DomainError) -> None:
    """Answer without reading the body; the connection cannot be used again."""
    request = Request(scope)
    headers = {**error.headers(), "Connection": "close"}
    answer = problem(request, error.status, error.code, error.detail(language(request)), headers=headers)
    await answer(scope, _nothing_more, send)


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}
