"""`/metrics`: this process's figures, and the state of the desk that all processes share."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ohmatdyt.cases import policy
from ohmatdyt.cases.queries import numbers
from ohmatdyt.core import certificate, clock, disk, public_ids
from ohmatdyt.core.db import Database
from ohmatdyt.core.http import failures
from ohmatdyt.core.metrics import Meter, require_reader
from ohmatdyt.core.passing import PASSING_ERRORS
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import JobState, job_states

router = APIRouter(tags=["operations"])

# Each part is a look into an index; on a desk of 900 000 cases the whole takes a few milliseconds.
_STATE = f"""
SELECT
    (SELECT count(*) FROM notifications WHERE due_at IS NOT NULL) AS waiting,
    (SELECT extract(epoch FROM $1::timestamptz - min(created_at))::float8 FROM notifications
     WHERE due_at IS NOT NULL AND attempts = 0) AS oldest_s,
    (SELECT count(*) FROM cases WHERE status = 'NEW' AND last_status_change_at < $2) AS overdue,
    (SELECT count(*) FROM audit_pending) AS unsealed,
    ({numbers.USED}) AS numbers
"""  # noqa: S608 — constants
_OUTCOMES = """
SELECT mail_status, count(*) FROM notifications WHERE created_at > $1::timestamptz - interval '1 day' GROUP BY 1
"""


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **failures(404),
    },
)
async def metrics(request: Request) -> Response:
    """Figures for Prometheus; 404 for whoever is not allowed (METRICS_FROM, METRICS_TOKEN)."""
    settings: Settings = request.app.state.settings
    require_reader(request, settings)
    meter: Meter = request.app.state.meter
    database: Database = request.app.state.database
    meter.look(database, request.app.state.pool_watch, request.app.state.edge.in_flight)
    shared = CollectorRegistry()
    up = Gauge("ohmatdyt_database_up", "Whether the database answers", registry=shared)
    try:
        await _look(shared, database, settings)
        up.set(1)
    except PASSING_ERRORS:
        up.set(0)  # the figures of the process are worth most when the database is away
    await asyncio.to_thread(_disks, shared, settings)
    shared.register(_Certificate(await certificate.ends_at_lately(settings.public_url)))
    body = generate_latest(meter.registry) + generate_latest(shared)
    return Response(body, media_type=CONTENT_TYPE_LATEST)


async def _look(shared: CollectorRegistry, database: Database, settings: Settings) -> None:
    moment = clock.now()
    async with database.reading() as driver:
        state = await driver.fetchrow(
            _STATE, moment, policy.overdue_before(moment, settings.escalation_after_days)
        )
        outcomes = await driver.fetch(_OUTCOMES, moment)
    async with database.unit_of_work() as session:
        jobs = await job_states(session, settings)
    if state is None:
        return
    figures = (
        ("ohmatdyt_letters_waiting", "Letters not yet sent", state["waiting"]),
        (
            "ohmatdyt_letters_oldest_seconds",
            "Age of the oldest letter nobody tried yet",
            state["oldest_s"] or 0,
        ),
        ("ohmatdyt_cases_overdue", "NEW cases nobody took in time", state["overdue"]),
        ("ohmatdyt_audit_unsealed", "Journal entries waiting to be chained", state["unsealed"]),
        (
            "ohmatdyt_case_numbers_used_ratio",
            "Share of the case numbers that have been given out",
            state["numbers"] / public_ids.CAPACITY,
        ),
    )
    for name, text, value in figures:
        Gauge(name, text, registry=shared).set(value)
    letters = Gauge("ohmatdyt_letters_last_day", "Letters of the last 24 hours", ["outcome"], registry=shared)
    for outcome, number in outcomes:
        letters.labels(outcome.lower()).set(number)
    _jobs(shared, jobs, moment)


class _Certificate(Collector):
    """A figure that is there only where there is a certificate."""

    def __init__(self, ends: datetime | None) -> None:
        self._ends = ends

    def collect(self) -> Iterator[Metric]:
        gauge = GaugeMetricFamily(
            "ohmatdyt_certificate_ends_seconds", "Until the certificate at PUBLIC_URL ends"
        )
        if self._ends is not None:
            gauge.add_metric([], (self._ends - clock.now()).total_seconds())
        yield gauge


def _disks(shared: CollectorRegistry, settings: Settings) -> None:
    free = Gauge("ohmatdyt_disk_free_bytes", "What we may still write there", ["place"], registry=shared)
    size = Gauge("ohmatdyt_disk_size_bytes", "Size of the disk there", ["place"], registry=shared)
    places = {"files": settings.media, "backups": settings.backup_dir}
    if settings.database_inside:
        places["database"] = settings.data_dir
    for place, folder in places.items():
        if folder and (found := disk.room(folder)):
            free.labels(place).set(found.free)
            size.labels(place).set(found.total)


# Prometheus has a label `job` of its own and would rename one of ours.
def _jobs(shared: CollectorRegistry, jobs: list[JobState], moment: datetime) -> None:
    gauges = [
        Gauge(f"ohmatdyt_job_{name}", text, ["task"], registry=shared)
        for name, text in (
            ("late", "1 when a periodic job should have run and did not"),
            ("failed", "1 when its last run failed"),
            ("age_seconds", "Since its last run ended"),
        )
    ]
    for job in jobs:
        for gauge, value in zip(gauges, _state_of(job, moment), strict=True):
            gauge.labels(job.name).set(value)


def _state_of(job: JobState, moment: datetime) -> Iterator[float]:
    yield float(job.is_late)
    yield float(job.last_outcome == "failed")
    yield (moment - job.last_finished_at).total_seconds() if job.last_finished_at else float("nan")
