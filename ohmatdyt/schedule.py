"""What runs by itself inside the process, and how often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.audit import service as audit
from ohmatdyt.cases import tally
from ohmatdyt.core.db import Database
from ohmatdyt.core.jobs import Every, Job, schedule
from ohmatdyt.core.settings import Settings

log = structlog.get_logger(__name__)

_FOLD_EVERY_S = 1.0


async def _seal_journal(session: AsyncSession) -> None:
    await audit.seal(session)


JOBS = (Job("seal_journal", Every(timedelta(seconds=15)), _seal_journal),)


async def _keep_counts_folded(database: Database) -> None:
    while True:
        await asyncio.sleep(_FOLD_EVERY_S)
        try:
            async with database.unit_of_work() as session:
                await tally.fold(session)
        except Exception as error:  # noqa: BLE001 — counts stay exact unfolded; the next second tries again
            log.warning("counts_not_folded", error=type(error).__name__)


@asynccontextmanager
async def start_schedule(state: Any) -> AsyncIterator[None]:
    """Run the jobs as long as the application lives, unless `state.run_schedule` is False (tests)."""
    if not getattr(state, "run_schedule", True):
        yield
        return
    database: Database = state.database
    settings: Settings = state.settings
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(schedule(database, JOBS, settings.zone))
        folding = asyncio.create_task(_keep_counts_folded(database), name="fold_counts")
        try:
            yield
        finally:
            folding.cancel()
            with suppress(asyncio.CancelledError):
                await folding
