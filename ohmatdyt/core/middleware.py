"""What every answer passes through: request id, security headers, who may send a body. Plain ASGI, so that a
streamed download stays a stream and a hot read pays microseconds."""

import functools
import ipaddress
import re
import secrets
import time

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders, State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ohmatdyt.core.bodies import Bodies, Body, read_already
from ohmatdyt.core.content_types import require_plain_json
from ohmatdyt.core.errors import BadRequest, DomainError, Unavailable
from ohmatdyt.core.metrics import Meter
from ohmatdyt.core.problems import language, problem
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.surplus import Surplus, written

log = structlog.get_logger(__name__)

_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_ADDRESS = 64  # of the sixth version with its zone; a zone may be as long as one likes
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
    """Request id in and out, security headers on everything, a body refused before it is read when it may not come."""

    def __init__(self, app: ASGIApp, settings: Settings, meter: Meter, state: State) -> None:
        self.app = app
        self.meter = meter
        self.settings = settings
        self.bodies = Bodies(state)
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

        counted = scope["path"] not in _UNCOUNTED
        try:
            await self._let_in(scope, headers, receive, send_with_headers)
        except DomainError as error:
            await _refuse(scope, send_with_headers, error, self.settings)
        finally:
            took = time.perf_counter() - started
            if counted:
                self.meter.count(scope, status, took)
            tell = (
                log.warning if status >= 500 or (took > _SLOW_S and counted and status != 408) else log.debug
            )
            tell(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(took * 1000, 1),
            )
            structlog.contextvars.clear_contextvars()

    async def _let_in(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Pass a request on. One with a body takes a place among those being answered when the body is there; one with
        files has a place of its own kind instead."""
        _require_host(scope, headers)
        body = self.bodies.judge(scope, headers)
        if body is not None and body.is_upload:
            with self.bodies.upload(body):
                await self.app(scope, self.bodies.paced(body, receive), send)
            return
        if body is not None:
            whole = await self._read(body, headers, receive)
            if whole is None:
                return
            receive = read_already(whole, receive)
            if self.in_flight >= self.max_in_flight:
                raise Unavailable(retry_after=2)
        counted = scope["path"] not in _UNCOUNTED
        self.in_flight += counted
        self.streams += not counted
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_flight -= counted
            self.streams -= not counted

    async def _read(self, body: Body, headers: Headers, receive: Receive) -> bytes | None:
        whole = await self.bodies.read(body, receive)
        if whole and headers.get("content-type", "").startswith("application/json"):
            require_plain_json(whole)
        return whole

    def at_the_socket(self, data: bytes, begun: int) -> bytes | None:
        """The answer to a request that has just begun to arrive while `begun` others are being answered, streams and
        bodies on their way included; None to let it in."""
        waiting = self.streams + self.bodies.on_their_way
        if begun - waiting < self.max_in_flight or data.startswith(_LET_IN):
            return None
        self.meter.count({"method": data[:8].partition(b" ")[0].decode("latin-1")}, 503, 0.0)
        return self.surplus.written(data)

    def written(self, error: DomainError) -> bytes:
        """A refusal as bytes, for a request that never became one: its language is not known."""
        self.meter.count({"method": ""}, error.status, 0.0)
        return written(error, self.fixed)

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


def _require_host(scope: Scope, headers: Headers) -> None:
    """RFC 9112, 3.2: a request without Host, or with two, is no request. Raises BadRequest."""
    if len(headers.getlist("host")) != 1 and scope.get("http_version") != "1.0":
        raise BadRequest


async def _refuse(scope: Scope, send: Send, error: DomainError, settings: Settings) -> None:
    """Answer without reading the rest of the body."""
    request, headers = Request(scope), error.headers()
    if (origin := request.headers.get("origin")) and origin in settings.cors_origins:
        # The framework's middleware for other sites stands further in; theirs has to see a 401 to sign in anew.
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        headers |= {"Access-Control-Expose-Headers": "Retry-After, X-Request-ID", "Vary": "Origin"}
    answer = problem(request, error.status, error.code, error.detail(language(request)), headers=headers)
    await answer(scope, _nothing_more, send)


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}
