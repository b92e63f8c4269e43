"""Keeps the exact totals behind the lists folded, so that reading them stays one index probe."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_FOLD = text("SELECT case_tally_fold()")
_REBUILD = text("SELECT case_tally_rebuild()")


async def fold(session: AsyncSession) -> int:
    """Move what changed since the last fold into the totals; a periodic job calls it about every second.

    Returns how many changes it moved, -1 when another node is folding. Totals are exact before and after.
    """
    return int(await session.scalar(_FOLD) or 0)


async def rebuild(session: AsyncSession) -> int:
    """Count everything anew, after bulk loading or as a repair. Writers wait meanwhile."""
    return int(await session.scalar(_REBUILD) or 0)
