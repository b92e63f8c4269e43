"""Keeps the sums behind the dashboard folded, in the hospital's days."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core.db import raw

_FOLD = text("SELECT case_flow_fold()")
_FOLD_PATIENTS = text("SELECT patient_count_fold()")
_REBUILD = "SELECT case_flow_rebuild()"
_USE_ZONE = "SELECT case_flow_use_zone($1)"
# Counting 900 000 cases anew takes longer than any request may; neither the server nor the driver ends it.
_NO_LIMIT = text("SET LOCAL statement_timeout = 0")
_LONGEST_S = 6 * 3600.0


async def fold(session: AsyncSession) -> int:
    """Move what changed since the last fold into the sums; a periodic job calls it about every second.

    Returns how many changes it moved, -1 when another node is folding. Figures are exact before and after.
    """
    await session.execute(_FOLD_PATIENTS)
    return int(await session.scalar(_FOLD) or 0)


async def rebuild(session: AsyncSession) -> int:
    """Count everything anew, after bulk loading or as a repair. Writers wait meanwhile."""
    return int(await _without_limit(session, _REBUILD) or 0)


async def use_zone(session: AsyncSession, zone: str) -> bool:
    """Count days in this zone from now on; True when that was another one and everything has been counted anew."""
    return bool(await _without_limit(session, _USE_ZONE, zone))


async def _without_limit(session: AsyncSession, statement: str, *values: str) -> Any:
    await session.execute(_NO_LIMIT)
    return await (await raw(await session.connection())).fetchval(statement, *values, timeout=_LONGEST_S)
