"""The schedule inside the process: periodic jobs, each run once however many nodes and processes there are.

A row of `job_runs`, taken with a lock that nobody waits for, decides who runs a job and when it is due; so a
restart, a clock set back or two nodes at once neither repeat nor lose a run.
"""

import asyncio
import time as monotonic_time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ohmatdyt.core import clock
from ohmatdyt.core.disk import words
from ohmatdyt.core.errors import DomainError, OperationError

log = structlog.get_logger(__name__)

_TICK_S = 5.0
_END_PATIENCE_S = 2.0
_LONGEST_PROBLEM = 500
_FUTURE = timedelta(hours=1)
_LOCK_SPACE = 0x6F686D74  # one number space for our advisory locks

Work = Callable[[AsyncSession], Awaitable[None]]


class SessionSource(Protocol):
    """What the schedule needs of the database."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One connection for as long as the block lasts."""

    def unit_of_work(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session that commits at the end of the block."""


@dataclass(frozen=True, slots=True)
class Every:
    """Due when this long has passed since the last start."""

    period: timedelta

    def last_due(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The latest moment at which a run was due, seen from `moment`."""
        del zone
        return moment - self.period

    @property
    def span(self) -> timedelta:
        """The usual time between two runs."""
        return self.period


@dataclass(frozen=True, slots=True)
class DailyAt:
    """Due once a local day at this time; in the night the clocks change too, neither twice nor never."""

    at: time

    def last_due(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The latest moment at which a run was due, seen from `moment`."""
        local = moment.astimezone(zone)
        today = datetime.combine(local.date(), self.at, tzinfo=zone).astimezone(UTC)
        if today <= moment:
            return today
        yesterday = local.date() - timedelta(days=1)
        return datetime.combine(yesterday, self.at, tzinfo=zone).astimezone(UTC)

    @property
    def span(self) -> timedelta:
        """The usual time between two runs."""
        return timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeeklyAt:
    """Due once a week, on this day (Monday is 0) at this local time."""

    weekday: int
    at: time

    def last_due(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The latest moment at which a run was due, seen from `moment`."""
        day = moment.astimezone(zone).date()
        day -= timedelta(days=(day.weekday() - self.weekday) % 7)
        due = datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)
        if due <= moment:
            return due
        return datetime.combine(day - timedelta(days=7), self.at, tzinfo=zone).astimezone(UTC)

    @property
    def span(self) -> timedelta:
        """The usual time between two runs."""
        return timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Job:
    """A name unique in the product, when, and what.

    The work gets a session that is committed after it, and may be run again after a crash in its middle. `retry_after`
    is the pause before a failed run is tried again.
    """

    name: str
    when: Every | DailyAt | WeeklyAt
    work: Work
    retry_after: timedelta = timedelta(minutes=5)


async def run_due(database: SessionSource, jobs: Sequence[Job], zone: ZoneInfo) -> list[str]:
    """Run what is due and not being run elsewhere; a failing job is logged and recorded, the others go on.

    Returns the names of the jobs that were run here.
    """
    done = []
    for job in jobs:
        try:
            if await _run_if_due(database, job, zone):
                done.append(job.name)
        except Exception as error:  # noqa: BLE001 — nothing may end the schedule
            log.warning("job_not_decided", job=job.name, error=type(error).__name__)
    return done


async def _run_if_due(database: SessionSource, job: Job, zone: ZoneInfo) -> bool:
    async with database.connection() as connection:
        # Held by the session, not a transaction: the job may take minutes, and a dead node drops it at once.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        lock = {"space": _LOCK_SPACE, "name": job.name}
        taken = await connection.scalar(sa.text("SELECT pg_try_advisory_lock(:space, hashtext(:name))"), lock)
        if not taken:
            return False
        try:
            if not await _claim(connection, job, zone):
                return False
            await _run(database, connection, job)
        finally:
            await connection.execute(sa.text("SELECT pg_advisory_unlock(:space, hashtext(:name))"), lock)
    return True


async def _claim(connection: AsyncConnection, job: Job, zone: ZoneInfo) -> bool:
    """Write down the start when the job is due, when its last run broke off, or some time after it failed.

    A start written in the future (by a clock that was set back since) does not hold the job up.
    """
    moment = clock.now()
    claimed = await connection.scalar(
        sa.text(
            "INSERT INTO job_runs AS r (name, last_started_at) VALUES (:name, :now) "
            "ON CONFLICT (name) DO UPDATE SET last_started_at = :now "
            "WHERE r.last_started_at < :due OR r.last_started_at > :future "
            "OR r.last_finished_at IS NULL OR r.last_finished_at < r.last_started_at "
            "OR (r.last_outcome = 'failed' AND r.last_finished_at < :retry) "
            "RETURNING name"
        ),
        {
            "name": job.name,
            "now": moment,
            "due": job.when.last_due(moment, zone),
            # Not of a host whose clock differs a little, which would run it once more, and once more here.
            "future": moment + min(job.when.span, _FUTURE),
            "retry": moment - job.retry_after,
        },
    )
    return claimed is not None


async def _run(database: SessionSource, connection: AsyncConnection, job: Job) -> None:
    started = monotonic_time.monotonic()
    outcome, problem = "done", None
    try:
        with structlog.contextvars.bound_contextvars(job=job.name):
            async with database.unit_of_work() as session:
                await job.work(session)
    except Exception as error:
        log.exception("job_failed", job=job.name)
        outcome, problem = "failed", explain(error)
    await connection.execute(
        sa.text(
            "UPDATE job_runs SET last_finished_at = greatest(:now, last_started_at), "
            "last_outcome = :outcome, last_error = :problem WHERE name = :name"
        ),
        {"name": job.name, "now": clock.now(), "outcome": outcome, "problem": problem},
    )
    tell = (
        log.debug if outcome == "done" else log.info
    )  # what goes well every few seconds hides everything else
    tell("job_run", job=job.name, outcome=outcome, seconds=round(monotonic_time.monotonic() - started, 3))


def explain(error: Exception) -> str:
    """Why a job failed, in a Ukrainian sentence that may be stored and shown: never a text that could quote a row, a
    file's name or an address."""
    if isinstance(error, OperationError):
        return str(error)[:_LONGEST_PROBLEM]
    if isinstance(error, DomainError):
        return error.detail("uk")[:_LONGEST_PROBLEM]
    if isinstance(error, TimeoutError):
        return "Не дочекалися відповіді."
    if isinstance(error, ConnectionError):
        return f"Немає зв'язку ({type(error).__name__}); подробиці в журналі сервера."
    if isinstance(error, OSError):
        return f"Система відмовила: {words(error)}."
    name = type(error).__name__
    if isinstance(error, DBAPIError | asyncpg.PostgresError | asyncpg.InterfaceError):
        return f"База даних відмовила ({name}); подробиці в журналі сервера."
    return f"Несподівана помилка {name}; подробиці в журналі сервера."


@asynccontextmanager
async def schedule(database: SessionSource, jobs: Sequence[Job], zone: ZoneInfo) -> AsyncIterator[None]:
    """Look every few seconds for what is due, for as long as the block lasts."""

    async def loop() -> None:
        while True:
            await run_due(database, jobs, zone)
            await asyncio.sleep(_TICK_S)

    task = asyncio.create_task(loop(), name="schedule")
    try:
        yield
    finally:
        await end(task)


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel a task that runs for ever, and return when it has ended.

    A driver in the middle of a call may swallow one cancellation; it is then repeated, so stopping never hangs.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_END_PATIENCE_S)
