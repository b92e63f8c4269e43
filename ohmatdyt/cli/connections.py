"""Limits of a connection, which uvicorn has none of: how large and how slow a head may be, how many connections may
idle, how long a reader may take nothing, and that the surplus is turned away before it is read (docs/adr, «limits of a
connection», says why not another server).

Between the bytes of a request and our first line of code stand a parser, a task and a turn of the event loop. Of a
hundred requests that arrive in one turn all would have been let in, because none had begun yet.

Everything here hangs on these hooks of uvicorn's HttpToolsProtocol: connection_made, data_received, connection_lost,
pause_writing, resume_writing, on_message_begin, on_headers_complete, on_message_complete, on_response_complete,
send_400_response.
"""

import asyncio
import ipaddress
from collections import defaultdict
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ohmatdyt.core.bodies import TooSlow
from ohmatdyt.core.errors import BadRequest, DomainError, Unavailable
from ohmatdyt.core.middleware import Edge

OTHER_FILES = 500  # connections to the database, files being sent, logs
_LONGEST_HEAD = 64 * 1024
_STALLED_S = 60.0  # so long a reader may take nothing of what is waiting for him
# So long the rest of a refused body is thrown away: a browser that is still sending hears why.
_LINGER_S = 5.0


class HeadTooLarge(DomainError):
    """431."""

    status = 431
    code = "head_too_large"
    uk = "Заголовок запиту завеликий."
    en = "The head of the request is too large."


class HeadTooSlow(TooSlow):
    """408: the head does not come."""

    uk = "Запит не надійшов вчасно."
    en = "The request did not come in time."


class IdleConnections:
    """Connections on which nothing is being answered, the longest idle first."""

    def __init__(self) -> None:
        self._all: dict[Connection, None] = {}
        self._by_address: defaultdict[str, dict[Connection, None]] = defaultdict(dict)

    def add(self, one: "Connection", *, most: int | None) -> None:
        """Take note of one more; beyond `most` of its address the longest idle is closed."""
        beside = self._by_address[one.address]
        self._all[one] = beside[one] = None
        if most is not None and len(beside) > most:
            next(iter(beside)).dismiss()

    def remove(self, one: "Connection") -> None:
        """It is being used, or is gone."""
        beside = self._by_address.get(one.address, {})
        self._all.pop(one, None)
        beside.pop(one, None)
        if not beside:
            self._by_address.pop(one.address, None)

    def make_room(self) -> bool:
        """Close the longest idle of all; False when none is."""
        oldest = next(iter(self._all), None)
        if oldest is not None:
            oldest.dismiss()
        return oldest is not None


class Connection(HttpToolsProtocol):
    """One connection of the server."""

    idle = IdleConnections()
    address = ""
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _head: int | None = 0  # bytes of the head that is arriving; None while a body does
    _whole = True  # all of the last request has arrived
    _refusal: DomainError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected; of too many, the one who has been idle longest makes room."""
        super().connection_made(transport)
        self._edge = _edge(self.config.loaded_app)
        self.address = self.client[0] if self.client else ""
        if len(self.connections) > _most(self._edge.settings.most_sockets) and not self.idle.make_room():
            self._refuse(Unavailable(retry_after=2))
            return
        self._rest()
        self._expire(self._edge.settings.head_max_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed, by whomever."""
        self._stop_timer()
        if self._stalled is not None:
            self._stalled.cancel()
        self.idle.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have arrived: more of a request that has begun, or the first of one."""
        if (self.cycle is None or self.cycle.response_complete) and self._head == 0:
            answer = self._edge.at_the_socket(data, len(self.tasks))
            if answer is not None:
                self._unset_keepalive_if_required()
                self._close_with(answer)
                return
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self._refuse(HeadTooLarge())

    def pause_writing(self) -> None:
        """The reader does not keep up; whoever reads nothing at all holds nothing of ours for long."""
        super().pause_writing()
        self._stalled = self.loop.call_later(_STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has caught up."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        super().on_message_begin()
        self._whole = False
        if self._timer is None:
            self._expire(self._edge.settings.head_max_s)

    def on_headers_complete(self) -> None:
        """A head is there."""
        self._stop_timer()
        self._head = None
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > _LONGEST_HEAD:
            self._refusal = HeadTooLarge()
            raise ValueError("the head is too large")
        self.idle.remove(self)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of a request is there; the next may follow on the same connection."""
        super().on_message_complete()
        self._whole, self._head = True, 0
        self._stop_timer()
        if self.cycle.response_complete:  # the rest of a refused body has come to its end
            self._rest()
            self._expire(self.timeout_keep_alive)

    def on_response_complete(self) -> None:
        """An answer has been given. Whoever still sends what nobody wants is listened to for a little while."""
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if not self._whole:
            self._expire(_LINGER_S)
        elif self.cycle.response_complete:
            self._rest()

    def send_400_response(self, _msg: str) -> None:
        """Answer what is no HTTP, as everything else is answered."""
        self._refuse(self._refusal or BadRequest())

    def dismiss(self) -> None:
        """Close a connection on which nothing is being answered."""
        self.idle.remove(self)
        self.transport.close()

    def _rest(self) -> None:
        most = self._edge.settings.idle_sockets_per_address
        self.idle.add(self, most=None if self._is_proxy() else most)

    def _is_proxy(self) -> bool:
        # What a proxy of ours keeps open for next time is its own affair.
        return _is_among(self.address, self._edge.settings.trusted_proxies)

    def _expire(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self._expired)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expired(self) -> None:
        self._timer = None
        if self._head and (self.cycle is None or self.cycle.response_complete):
            self._refuse(HeadTooSlow())
        else:
            self.transport.close()

    def _refuse(self, error: DomainError) -> None:
        self._close_with(self._edge.written(error))

    def _close_with(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


@lru_cache
def _most(wanted: int) -> int:
    """How many connections this process may have open: its limit of open files may be lower than what we want."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(100, min(wanted, soft - OTHER_FILES))


@lru_cache(maxsize=4096)
def _is_among(address: str, networks: tuple[str, ...]) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in ipaddress.ip_network(network, strict=False) for network in networks)


def _edge(app: Any) -> Edge:
    while not hasattr(app, "state"):  # uvicorn's own wrappers
        app = app.app
    edge: Edge = app.state.edge
    return edge
