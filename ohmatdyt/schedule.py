"""What runs by itself, and how often: one list for the embedded process and for the Celery worker.

Delivery of letters is not a job of this list: it is woken by events, and its own look every few seconds is part of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt import backup, ownership
from ohmatdyt.accounts.service import sessions
from ohmatdyt.alarms import service as alarms
from ohmatdyt.audit import service as audit
from ohmatdyt.backup import belonging, wal
from ohmatdyt.cases import notices, tally
from ohmatdyt.cases import service as cases
from ohmatdyt.cases.service import indexing
from ohmatdyt.core import certificate, clock, idempotency, outbox
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import OperationError
from ohmatdyt.core.jobs import DailyAt, Every, Job, WeeklyAt, end, schedule
from ohmatdyt.core.settings import Settings
from ohmatdyt.insights import flow
from ohmatdyt.notifications import claims
from ohmatdyt.notifications.delivery import Courier
from ohmatdyt.notifications.dispatcher import Dispatcher
from ohmatdyt.notifications.hints import Hinter

log = structlog.get_logger(__name__)

_FOLD_EVERY_S = 1.0
_REST = 10  # times as long as a round of folding took: many at once cost less each, and nobody waits for it
_LONGEST_REST_S = 5.0
_SATURDAY = 5
_SEAL_AT_MOST_S = 10.0  # jobs run one after another: none may keep the others waiting for long


async def _seal_journal(session: AsyncSession) -> None:
    """Chain whatever waits, a batch in each transaction; after a day of heavy writing the rest is for the next run."""
    until = monotonic() + _SEAL_AT_MOST_S
    while await audit.seal(session) and monotonic() < until:
        await session.commit()


async def _check_journal(session: AsyncSession) -> None:
    report = await audit.verify_chain(session)
    if report.broken_at is not None:
        raise OperationError(
            f"Журнал дій змінено повз програму: ланцюг розірвано на записі {report.broken_at}. "
            "Збережіть копію бази й повідомте керівника."
        )


async def _forget_old_keys(session: AsyncSession) -> None:
    await idempotency.forget_old_keys(session)


async def _forget_letters_to_nobody(session: AsyncSession) -> None:
    await claims.forget_nobodys(session)


def _backups(settings: Settings) -> tuple[Job, ...]:
    target = settings.backup_dir
    if target is None:
        return ()

    async def back_up(_session: AsyncSession) -> None:
        await backup.make(settings, target, keep=settings.backup_keep)

    async def verify_backups(session: AsyncSession) -> None:
        await asyncio.to_thread(belonging.claim, target, await ownership.own_id(session))
        await asyncio.to_thread(backup.verify_all, target)

    async def keep_wal_base(_session: AsyncSession) -> None:
        await wal.keep_base(settings)

    async def check_wal_archive(_session: AsyncSession) -> None:
        await wal.check(settings)

    async def note_removals(_session: AsyncSession) -> None:
        await backup.note_removals(settings, target)

    copies: tuple[Job, ...] = (
        Job("note_removals", Every(timedelta(minutes=1)), note_removals),
        Job("back_up", DailyAt(settings.backup_at), back_up, retry_after=timedelta(minutes=30)),
        # Reads all there is; what was damaged yesterday is damaged today.
        Job(
            "verify_backups",
            WeeklyAt(_SATURDAY, settings.backup_at),
            verify_backups,
            retry_after=timedelta(days=1),
        ),
    )
    if settings.backup_wal:
        copies += (
            Job("check_wal_archive", Every(timedelta(minutes=5)), check_wal_archive),
            Job("keep_wal_base", DailyAt(settings.backup_at), keep_wal_base),
        )
    return copies


def jobs(settings: Settings) -> tuple[Job, ...]:
    """Every periodic job. Each is run once however many processes have this list (see `core.jobs`)."""

    async def remind_of_waiting_cases(session: AsyncSession) -> None:
        await notices.remind(session, settings)

    async def wipe_temporary_passwords(session: AsyncSession) -> None:
        await claims.wipe_secrets(session, clock.now() - timedelta(hours=settings.temp_password_hours))

    async def sweep_orphaned_files(session: AsyncSession) -> None:
        await cases.sweep_orphaned_files(session, await ownership.storage_of(session, settings))

    async def check_stored_files(session: AsyncSession) -> None:
        await cases.check_stored_files(session, await ownership.storage_of(session, settings))

    async def watch_installation(session: AsyncSession) -> None:
        # Asked before the session has begun a transaction: it may take two seconds.
        ends = await certificate.ends_at_lately(settings.public_url)
        states = await job_states(session, settings)
        await alarms.keep(session, await alarms.look(session, settings, states, certificate_ends=ends))

    return (
        Job("seal_journal", Every(timedelta(seconds=15)), _seal_journal),
        Job("watch_installation", Every(timedelta(minutes=1)), watch_installation),
        Job("remind_of_waiting_cases", DailyAt(settings.escalation_at), remind_of_waiting_cases),
        Job("wipe_temporary_passwords", Every(timedelta(minutes=10)), wipe_temporary_passwords),
        Job("forget_old_sessions", Every(timedelta(hours=1)), sessions.forget_old),
        Job("forget_old_keys", Every(timedelta(hours=1)), _forget_old_keys),
        Job("forget_letters_to_nobody", DailyAt(time(3, 0)), _forget_letters_to_nobody),
        Job("forget_old_notifications", DailyAt(time(3, 10)), claims.forget_old),
        Job("forget_unused_words", DailyAt(time(3, 20)), indexing.forget_unused_words),
        Job("check_journal", DailyAt(time(3, 30)), _check_journal),
        Job("sweep_orphaned_files", Every(timedelta(hours=6)), sweep_orphaned_files),
        Job("check_stored_files", DailyAt(time(2, 0)), check_stored_files),
        *_backups(settings),  # last, because they take long
    )


@dataclass(frozen=True, slots=True)
class JobState:
    """A job and its last run, wherever that was. `is_late`: it should have run by now, and nobody ran it."""

    name: str
    every_seconds: int
    daily_at: time | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_outcome: str | None
    last_error: str | None
    is_late: bool


_LATE_AFTER = timedelta(minutes=10)
_FUTURE = timedelta(hours=1)  # a run beyond it was written down by a clock that ran ahead


async def job_states(session: AsyncSession, settings: Settings) -> list[JobState]:
    """Every job with its last run, for administrators and `ohmatdyt doctor`."""
    rows = await session.execute(sa.text("SELECT * FROM job_runs"))
    runs = {row.name: row for row in rows}
    due_by = clock.now() - _LATE_AFTER
    states = []
    for job in jobs(settings):
        run = runs.get(job.name)
        finished = run.last_finished_at if run else None
        states.append(
            JobState(
                name=job.name,
                every_seconds=int(job.when.span.total_seconds()),
                daily_at=job.when.at if isinstance(job.when, DailyAt) else None,
                last_started_at=run.last_started_at if run else None,
                last_finished_at=finished,
                last_outcome=run.last_outcome if run else None,
                last_error=run.last_error if run else None,
                is_late=finished is None
                or not job.when.last_due(due_by, settings.zone) <= finished <= clock.horizon(_FUTURE),
            )
        )
    return states


async def _keep_counts_folded(database: Database, zone: str) -> None:
    zone_in_use = False
    stale = indexing.StaleReader()
    took = 0.0
    while True:
        await asyncio.sleep(min(max(_FOLD_EVERY_S, _REST * took), _LONGEST_REST_S))
        begun = monotonic()
        try:
            if not zone_in_use:
                async with database.unit_of_work() as session:
                    await flow.use_zone(session, zone)
                zone_in_use = True
            async with database.unit_of_work() as session:
                await tally.fold(session)
            async with database.unit_of_work() as session:
                await flow.fold(session)
            async with database.unit_of_work() as session:
                await stale.step(session)
            async with database.unit_of_work() as session:
                await indexing.fold_search(session)
        except Exception as error:  # noqa: BLE001 — counts stay exact unfolded; the next second tries again
            log.warning("counts_not_folded", error=type(error).__name__)
        took = monotonic() - begun


@asynccontextmanager
async def start_schedule(state: Any) -> AsyncIterator[None]:
    """Run jobs and delivery as long as the application lives, unless `state.run_schedule` is False (tests).

    With REDIS_URL they belong to `ohmatdyt worker` and `beat`; this process then only hints at new letters.
    """
    if not getattr(state, "run_schedule", True):
        yield
        return
    database: Database = state.database
    settings: Settings = state.settings
    async with AsyncExitStack() as stack:
        outbox.expect_mail(is_configured=settings.smtp_host is not None)
        stack.callback(outbox.expect_mail, is_configured=True)
        if settings.redis_url is None:
            await stack.enter_async_context(schedule(database, jobs(settings), settings.zone))
            dispatcher = Dispatcher(Courier(database, settings), settings)
            stack.push_async_callback(dispatcher.stop)
            await dispatcher.start(state.listener)
        else:
            hinter = Hinter(settings)
            stack.push_async_callback(hinter.stop)
            await hinter.start(state.listener)
        folding = asyncio.create_task(_keep_counts_folded(database, settings.time_zone), name="fold_counts")
        try:
            yield
        finally:
            await end(folding)
