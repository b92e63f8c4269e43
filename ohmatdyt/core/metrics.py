"""Figures for Prometheus: how many requests, how long, how full. No names, no ids, no addresses of records.

A request is counted by the template of its route ("/api/cases/{case}"), so the number of series is bounded and
nobody's number stands in them. Counting costs a few microseconds a request: series are looked up once.
"""

import asyncio
import hmac
import ipaddress
from collections import Counter as Events
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import Scope

from ohmatdyt.core import metrics_sums
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import NotFound
from ohmatdyt.core.jobs import end
from ohmatdyt.core.loop_watch import LoopWatch
from ohmatdyt.core.pool_watch import PoolWatch
from ohmatdyt.core.settings import Settings

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)
_HELD_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
log = structlog.get_logger(__name__)

_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})


class Meter:
    """The figures of one process; with a `folder` those of all that write there, added up."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ohmatdyt_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "ohmatdyt_http_request_seconds",
            "From the first byte of a request to the last of its answer",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "ohmatdyt_http_in_flight",
            "Requests being answered now",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.refused_unnamed = Counter(
            "ohmatdyt_refused_unnamed",
            "Requests of nobody that were refused with 403",
            registry=self.registry,
        )
        self._pool = Gauge(
            "ohmatdyt_database_connections",
            "Connections by pool and state",
            ["pool", "state"],
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._serves = Gauge(
            "ohmatdyt_database_pool_serves",
            "1 while a connection of the pool answers, as looked at every second",
            ["pool"],
            registry=self.registry,
            multiprocess_mode="livemin",
        )
        self._renewed = Counter(
            "ohmatdyt_database_pool_renewed",
            "Times a pool that did not serve was renewed",
            ["pool"],
            registry=self.registry,
        )
        self._unclean = Counter(
            "ohmatdyt_database_connections_unclean",
            "Connections ended because something was left behind on them",
            ["pool", "left"],
            registry=self.registry,
        )
        held = Histogram(
            "ohmatdyt_event_loop_held_seconds",
            "How much later than asked the event loop came to a task, ten times a second",
            buckets=_HELD_BUCKETS,
            registry=self.registry,
        )
        self.loop_watch = LoopWatch(held.observe)
        longest = Gauge(
            "ohmatdyt_event_loop_longest_held_seconds",
            "The longest time since the figures were read last; of several processes, of the last minute",
            registry=self.registry,
            multiprocess_mode="livemax",
        )
        self._tasks = Gauge(
            "ohmatdyt_tasks",
            "Tasks of the event loop",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._own: list[Any] = []
        if folder is None:
            longest.set_function(self.loop_watch.take_longest)
            ProcessCollector(registry=self.registry)
        else:
            self._own = [
                metrics_sums.Peaks(longest, self.loop_watch.take_longest),
                metrics_sums.Processes(self.registry),
            ]
        self._counted: Events[tuple[str, ...]] = Events()
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answered request; `status` 0 means that the caller hung up before the answer began."""
        # Starlette writes the route into the scope when one matched; a path that none knows may be anything.
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        key = (method, route, status)
        series = self._known.get(key)
        if series is None:
            series = self._requests.labels(method, route, status), self._seconds.labels(method, route)
            self._known[key] = series
        series[0].inc()
        series[1].observe(seconds)

    def look(self, database: Database, watch: PoolWatch, in_flight: int) -> None:
        """Take down what is a state and not an event, just before the figures are read."""
        self._in_flight.set(in_flight)
        self._tasks.set(len(asyncio.all_tasks()))
        for pool, serves in watch.serves.items():
            self._serves.labels(pool).set(serves)
            self._add(self._renewed, watch.renewed[pool], pool)
        for (pool, left), count in database.ledger.unclean.items():
            self._add(self._unclean, count, pool, left)
        for pool, used, open_, most in database.usage():
            self._pool.labels(pool, "used").set(used)
            self._pool.labels(pool, "open").set(open_)
            self._pool.labels(pool, "most").set(most)
        for figures in self._own:
            figures.look()

    async def text(self) -> bytes:
        """The figures in Prometheus's words, as they were looked at last."""
        if self._folder is None:
            return generate_latest(self.registry)
        return await asyncio.to_thread(metrics_sums.text, self._folder)

    @asynccontextmanager
    async def kept_current(self, look: Callable[[], None]) -> AsyncIterator[None]:
        """Where another process may be asked, `look` every second for as long as the block lasts."""
        if self._folder is None:
            yield
            return
        task = asyncio.create_task(_every_second(look), name="figures")
        try:
            yield
        finally:
            await end(task)

    def _add(self, counter: Counter, so_far: int, *labels: str) -> None:
        key = (str(counter), *labels)
        before = self._counted[key]
        self._counted[key] = so_far
        counter.labels(*labels).inc(so_far - before if so_far >= before else so_far)


async def _every_second(look: Callable[[], None]) -> None:
    while True:
        try:
            look()
        except Exception:
            log.exception("figures_not_looked_at")
        await asyncio.sleep(1)


def require_reader(request: Request, settings: Settings) -> None:
    """Let through whoever comes from METRICS_FROM or with METRICS_TOKEN. Raises `NotFound` for everybody else: the
    figures say how busy a hospital is, and nobody outside needs to know that they exist."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    offered = request.headers.get("authorization", "")
    if token and hmac.compare_digest(offered.encode(), f"Bearer {token}".encode()):
        return
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        raise NotFound from None
    if not any(address in ipaddress.ip_network(network, strict=False) for network in settings.metrics_from):
        raise NotFound
