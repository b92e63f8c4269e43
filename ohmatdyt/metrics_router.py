"""`/metrics`: the figures of the server's processes, and the state of the desk that all processes share."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
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
    shared = _Figures()
    try:
        await _look(shared, database, settings)
        is_up = 1
    except PASSING_ERRORS:
        is_up = 0  # the figures of the process are worth most when the database is away
    shared.put("ohmatdyt_database_up", "Whether the database answers", is_up)
    await asyncio.to_thread(_disks, shared, settings)
    await _certificate(shared, settings)
    registry = CollectorRegistry()
    registry.register(shared)
    body = await meter.text() + generate_latest(registry)
    return Response(body, media_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """What is the same whichever process is asked: no process keeps it, so none is added to another's."""

    def __init__(self) -> None:
        self._families: dict[str, GaugeMetricFamily] = {}

    def family(self, name: str, text: str, label: str | None = None) -> GaugeMetricFamily:
        """Takes values by `add_metric`; named even while it has none."""
        found = GaugeMetricFamily(name, text, labels=[label] if label else [])
        return self._families.setdefault(name, found)

    def put(self, name: str, text: str, value: float) -> None:
        self.family(name, text).add_metric([], value)

    def collect(self) -> Iterator[Metric]:
        yield from self._families.values()


async def _look(shared: _Figures, database: Database, settings: Settings) -> None:
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
        shared.put(name, text, value)
    letters = shared.family("ohmatdyt_letters_last_day", "Letters of the last 24 hours", "outcome")
    for outcome, number in outcomes:
        letters.add_metric([outcome.lower()], number)
    _jobs(shared, jobs, moment)


async def _certificate(shared: _Figures, settings: Settings) -> None:
    until = shared.family("ohmatdyt_certificate_ends_seconds", "Until the certificate at PUBLIC_URL ends")
    ends = await certificate.ends_at_lately(settings.public_url)
    if ends is not None:
        until.add_metric([], (ends - clock.now()).total_seconds())


def _disks(shared: _Figures, settings: Settings) -> None:
    free = shared.family("ohmatdyt_disk_free_bytes", "What we may still write there", "place")
    size = shared.family("ohmatdyt_disk_size_bytes", "Size of the disk there", "place")
    places = {"files": settings.media, "backups": settings.backup_dir}
    if settings.database_inside:
        places["database"] = settings.data_dir
    for place, folder in places.items():
        if folder and (found := disk.room(folder)):
            free.add_metric([place], found.free)
            size.add_metric([place], found.total)


# Prometheus has a label `job` of its own and would rename one of ours.
def _jobs(shared: _Figures, jobs: list[JobState], moment: datetime) -> None:
    gauges = [
        shared.family(f"ohmatdyt_job_{name}", text, "task")
        for name, text in (
            ("late", "1 when a periodic job should have run and did not"),
            ("failed", "1 when its last run failed"),
            ("age_seconds", "Since its last run ended"),
        )
    ]
    for job in jobs:
        for gauge, value in zip(gauges, _state_of(job, moment), strict=True):
            gauge.add_metric([job.name], value)


def _state_of(job: JobState, moment: datetime) -> Iterator[float]:
    yield float(job.is_late)
    yield float(job.last_outcome == "failed")
    yield (moment - job.last_finished_at).total_seconds() if job.last_finished_at else float("nan")
