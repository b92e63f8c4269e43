"""The application: which routers there are, how failures are answered, what lives as long as the process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from ohmatdyt import ownership
from ohmatdyt.accounts.auth_router import router as auth_router
from ohmatdyt.accounts.service.throttle import network
from ohmatdyt.accounts.users_router import router as users_router
from ohmatdyt.alarms.router import router as alarms_router
from ohmatdyt.audit.coalescing import Coalescer, keep_writing
from ohmatdyt.cases import notices
from ohmatdyt.cases.attachments_router import router as attachments_router
from ohmatdyt.cases.people_router import router as people_router
from ohmatdyt.cases.router import router as cases_router
from ohmatdyt.cases.workflow_router import router as workflow_router
from ohmatdyt.catalog.router import router as catalog_router
from ohmatdyt.core import health, problems
from ohmatdyt.core.announce import Listener
from ohmatdyt.core.db import Database
from ohmatdyt.core.disk_errors import StorageUnavailable
from ohmatdyt.core.errors import DomainError, NotFound
from ohmatdyt.core.http import StrictQuery
from ohmatdyt.core.metrics import Meter
from ohmatdyt.core.middleware import Edge
from ohmatdyt.core.pool_watch import PoolWatch
from ohmatdyt.core.settings import Settings, figures_folder
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.core.version import PROGRAM
from ohmatdyt.core.web import WebInterface
from ohmatdyt.insights import export_service
from ohmatdyt.insights.audit_router import router as audit_router
from ohmatdyt.insights.export_router import router as export_router
from ohmatdyt.insights.router import router as insights_router
from ohmatdyt.jobs_router import router as jobs_router
from ohmatdyt.limits_router import router as limits_router
from ohmatdyt.metrics_router import router as metrics_router
from ohmatdyt.notifications.router import router as notifications_router
from ohmatdyt.notifications.stream import Hub
from ohmatdyt.people.doctors_router import router as doctors_router
from ohmatdyt.people.looks import Looks
from ohmatdyt.people.router import router as patients_router
from ohmatdyt.schedule import start_schedule

log = structlog.get_logger(__name__)


class Desk(FastAPI):
    """FastAPI with our edge outside everything, so that even an unexpected failure carries the security headers."""

    settings: Settings

    def build_middleware_stack(self) -> ASGIApp:
        self.state.edge = edge = Edge(
            super().build_middleware_stack(), self.settings, self.state.meter, self.state
        )
        return edge


_SPAN = timedelta(hours=1)
_OF_A_PERSON = 100  # refusals an hour that stand by themselves; nobody at work comes near


async def _audit_refusal(request: Request, error: DomainError) -> None:
    """A refused attempt goes to the journal in a transaction of its own: the request's is rolled back.

    Whoever has no name gets one entry for his network and hour, and one with the number of the others: the journal is
    for ever, and a stranger can be refused a thousand times a second.
    """
    journal: Coalescer = request.app.state.coalescer
    actor = getattr(request.state, "actor", None)
    address = request.client.host if request.client else ""
    who = actor or SimpleNamespace(user_id=None, request_id=request.state.request_id, ip=address)
    if actor is None:
        meter: Meter = request.app.state.meter
        meter.refused_unnamed.inc()
    await journal.record(
        who,
        "access.refused",
        key=("refused", actor.user_id if actor else network(address)),
        span=_SPAN,
        each=_OF_A_PERSON if actor else 1,
        object_type="route",
        object_id=quote(request.url.path)[:200],  # a path may hold what a table cannot
        outcome="refused",
        details={"code": error.code, "method": request.method},
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        database = await Database.open(settings)
        stack.push_async_callback(database.close)
        app.state.database = database
        app.state.pool_watch = watch = PoolWatch(database)
        app.state.coalescer = Coalescer(database)
        await stack.enter_async_context(keep_writing(app.state.coalescer))
        app.state.looks = Looks(database, app.state.coalescer)
        app.state.exports = export_service.Exports(database, app.state.storage)
        app.state.listener = listener = Listener(database)
        stack.push_async_callback(listener.close)
        app.state.live = live = Hub(database, listener, settings, judge=notices.seen_by)
        stack.push_async_callback(live.close)
        stack.push_async_callback(_rest, app)
        app.state.storage.installation = await ownership.settle(database, settings)
        # Without its disk for files the desk registers calls all the same; uploads are answered 503 until it is back.
        with suppress(StorageUnavailable):
            await app.state.storage.prepare()
        await stack.enter_async_context(start_schedule(app.state))
        await stack.enter_async_context(watch.watching())
        meter: Meter = app.state.meter
        await stack.enter_async_context(meter.loop_watch.watching())
        await stack.enter_async_context(meter.kept_current(partial(_look, app)))
        yield


def _look(app: FastAPI) -> None:
    edge: Edge = app.state.edge
    app.state.meter.look(app.state.database, app.state.pool_watch, edge.in_flight)


async def _rest(app: FastAPI) -> None:
    edge: Edge | None = getattr(app.state, "edge", None)
    if edge is not None:
        await edge.surplus.close()


def create_app(settings: Settings) -> FastAPI:
    """The whole product as one ASGI application.

    `settings.database_url` must be set (an embedded PostgreSQL has been started by then) and the schema be current.
    """
    app = Desk(
        title="Ohmatdyt CRM",
        version=PROGRAM,
        summary="The desk with which a children's hospital handles citizens' requests.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
        separate_input_output_schemas=False,
    )
    app.settings = settings
    app.state.settings = settings
    app.state.storage = LocalStorage(settings.media, floor_bytes=settings.disk_floor_mb * 1024 * 1024)
    app.state.meter = Meter(figures_folder())
    problems.install(app, on_refusal=_audit_refusal)
    _let_in_other_sites(app, settings)
    for router in (
        # The busiest first: routes are tried in this order.
        export_router,  # before the cases, whose paths would take «export» for a case
        cases_router,
        workflow_router,
        attachments_router,
        auth_router,
        users_router,
        catalog_router,
        notifications_router,
        people_router,  # before the people's own, which would take «lookup» for an id
        patients_router,
        doctors_router,
        insights_router,
        audit_router,
        jobs_router,
        alarms_router,
        limits_router,
        metrics_router,
    ):
        # The routes of cases look after their queries themselves: two of them are too hot for a dependency.
        app.include_router(router, dependencies=None if router is cases_router else [StrictQuery])
    app.include_router(health.router)
    _serve_web_interface(app)
    return app


def _let_in_other_sites(app: FastAPI, settings: Settings) -> None:
    """Without CORS_ORIGINS browsers let no page but our own read an answer."""
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-ID"],
            expose_headers=["Content-Disposition", "ETag", "Retry-After", "X-Request-ID"],
        )


def _serve_web_interface(app: FastAPI) -> None:
    interface = WebInterface()
    settings: Settings = app.state.settings
    machine_paths = ("api/", "auth/", "docs", "openapi.json", "metrics")

    if settings.docs:

        @app.api_route("/docs", methods=["GET", "HEAD"], include_in_schema=False)
        async def docs(request: Request) -> Response:
            return interface.answer(request, "api-docs/index.html") or _not_built()

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def page(request: Request, path: str) -> Response:
        if path.startswith(machine_paths):
            if (
                request.method == "HEAD"
            ):  # what is there answers GET: the sizes of its answers are not known before
                raise HTTPException(405, headers={"Allow": "GET"})
            raise NotFound
        return interface.answer(request, path) or _not_built()


def _not_built() -> Response:
    return PlainTextResponse("The web interface is not built yet: run `make build-web`.", status_code=404)


def application() -> FastAPI:
    """For a server that imports `ohmatdyt.app:application`: settings come from the environment."""
    from ohmatdyt.core.settings import load_settings

    return create_app(load_settings())


def openapi() -> dict[str, Any]:
    """The contract, without a database."""
    from ohmatdyt.core.settings import load_settings

    settings = load_settings(app_env="test", database_url="postgresql://nobody@127.0.0.1/none")
    return create_app(settings).openapi()
