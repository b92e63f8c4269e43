"""HTTP of the dashboard: for administrators; an executor gets his own figures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from ohmatdyt.accounts.actor import Actor, CurrentActor, CurrentAdmin, Documented, admin_on
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database, RequestConnection, raw
from ohmatdyt.core.http import failures
from ohmatdyt.insights import people_service, periods, queries, service
from ohmatdyt.insights.answers import Answer, Answers
from ohmatdyt.insights.people_service import HANDLING_FACETS
from ohmatdyt.insights.periods import Period
from ohmatdyt.insights.schemas import (
    ChannelShares,
    Dashboard,
    Executors,
    Load,
    Mine,
    OverdueCases,
    OverdueQuery,
    PeriodQuery,
    StatusDistribution,
    Summary,
    Timing,
    TopCategories,
    TopQuery,
)
from ohmatdyt.insights.service import SUMMARY_FACETS, TIMING_FACETS, Ask

router = APIRouter(tags=["insights"])
Days = Annotated[PeriodQuery, Query()]
_FAILURES = failures(401, 403)


def _chosen(request: Request, days: PeriodQuery) -> tuple[Period, Period]:
    zone: ZoneInfo = request.app.state.settings.zone
    return periods.chosen(days.period, days.date_from, days.date_to, clock.now().astimezone(zone).date())


@asynccontextmanager
async def _asked(
    request: Request, connection: RequestConnection, actor: Actor, days: PeriodQuery
) -> AsyncIterator[Ask]:
    async with _about(request, connection, _chosen(request, days), actor.doctor_id) as ask:
        yield ask


@asynccontextmanager
async def _about(
    request: Request, connection: RequestConnection, chosen: tuple[Period, Period], not_about: UUID | None
) -> AsyncIterator[Ask]:
    overdue_days = request.app.state.settings.escalation_after_days
    async with queries.snapshot(connection) as driver:
        yield Ask(driver, *chosen, clock.now(), await queries.zone_of(driver), not_about, overdue_days)


@router.get("/api/dashboard", response_model=Dashboard, responses=_FAILURES)
async def read_dashboard(request: Request, _documented: Documented, days: Days) -> Response:
    """Every part of the dashboard at once, from one snapshot: five top categories, ten overdue cases."""
    state = request.app.state
    if not hasattr(state, "dashboards"):
        state.dashboards = Answers()
    answers: Answers = state.dashboards
    database: Database = state.database
    chosen = _chosen(request, days)
    while True:
        # Whoever comes again after waiting is somebody to be asked for anew: seconds may have passed.
        async with database.connection() as connection:
            admin = await admin_on(request, connection)
            key = (chosen, admin.doctor_id)
            body = answers.find(key, await queries.version(await raw(connection)), clock.now())
            if body is None and not answers.is_busy(key):
                async with answers.turn(key):
                    answer = await _computed(request, connection, *key)
                    answers.keep(key, answer)
                    body = answer.body
            if body is not None:
                return Response(body, media_type="application/json")
        # Nobody waits for another's computing with a connection in his hands.
        async with answers.turn(key):
            pass


async def _computed(
    request: Request, connection: RequestConnection, chosen: tuple[Period, Period], not_about: UUID | None
) -> Answer:
    async with _about(request, connection, chosen, not_about) as ask:
        version = await queries.version(ask.driver)
        sums = await ask.sums(
            *SUMMARY_FACETS, *TIMING_FACETS, *HANDLING_FACETS, "category", "channel", "hour"
        )
        page = Dashboard(
            summary=await service.summary(ask, sums),
            status_distribution=service.status_distribution(ask, sums),
            overdue=await service.overdue(ask, only_registered_in_period=False, limit=10, offset=0),
            executors=await people_service.executors(ask, sums),
            categories=await service.top_categories(ask, sums, limit=5),
            channels=await service.channels(ask, sums),
            timing=await service.timing(ask, sums),
            load=service.load(ask, sums),
        )
        until = await service.valid_until(ask, page.overdue)
        return Answer(page.model_dump_json().encode(), version, ask.now, until)


@router.get("/api/dashboard/summary", responses=_FAILURES)
async def read_summary(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days
) -> Summary:
    """Totals by status, the trend line and the hospital's targets."""
    async with _asked(request, connection, admin, days) as ask:
        return await service.summary(ask, await ask.sums(*SUMMARY_FACETS))


@router.get("/api/dashboard/status-distribution", responses=_FAILURES)
async def read_status_distribution(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days
) -> StatusDistribution:
    """Distribution by status."""
    async with _asked(request, connection, admin, days) as ask:
        return service.status_distribution(ask, await ask.sums("status"))


@router.get("/api/dashboard/overdue-cases", responses=_FAILURES)
async def read_overdue_cases(
    request: Request,
    connection: RequestConnection,
    admin: CurrentAdmin,
    query: Annotated[OverdueQuery, Query()],
) -> OverdueCases:
    """Cases overdue at this moment, the longest waiting first."""
    limited = bool(query.period or query.date_from or query.date_to)
    async with _asked(request, connection, admin, query) as ask:
        offset = (query.page - 1) * query.page_size
        return await service.overdue(
            ask,
            only_registered_in_period=limited,
            limit=query.page_size,
            offset=offset,
        )


@router.get("/api/dashboard/executors-efficiency", responses=_FAILURES)
async def read_executors(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days
) -> Executors:
    """Who has how much to do, and how much each has done in the period and how fast."""
    async with _asked(request, connection, admin, days) as ask:
        return await people_service.executors(ask, await ask.sums(*HANDLING_FACETS))


@router.get("/api/dashboard/categories-top", responses=_FAILURES)
async def read_top_categories(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, query: Annotated[TopQuery, Query()]
) -> TopCategories:
    """Categories with the most cases."""
    async with _asked(request, connection, admin, query) as ask:
        return await service.top_categories(ask, await ask.sums("category"), query.limit)


@router.get("/api/dashboard/channels", responses=_FAILURES)
async def read_channels(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days
) -> ChannelShares:
    """How cases reached the hospital."""
    async with _asked(request, connection, admin, days) as ask:
        return await service.channels(ask, await ask.sums("channel"))


@router.get("/api/dashboard/timing", responses=_FAILURES)
async def read_timing(
    request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days
) -> Timing:
    """Time to take and time to close."""
    async with _asked(request, connection, admin, days) as ask:
        return await service.timing(ask, await ask.sums(*TIMING_FACETS))


@router.get("/api/dashboard/load", responses=_FAILURES)
async def read_load(request: Request, connection: RequestConnection, admin: CurrentAdmin, days: Days) -> Load:
    """When cases come: weekday by hour."""
    async with _asked(request, connection, admin, days) as ask:
        return service.load(ask, await ask.sums("hour"))


@router.get("/api/insights/mine", responses=_FAILURES)
async def read_my_figures(
    request: Request, connection: RequestConnection, actor: CurrentActor, days: Days
) -> Mine:
    """The caller's own work: open cases, what he closed in the period and how fast."""
    async with _asked(request, connection, actor, days) as ask:
        return await people_service.mine(ask, await ask.sums(*HANDLING_FACETS), actor.user_id)
