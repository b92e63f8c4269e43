"""Every SELECT over alarms."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.alarms.models import Alarm


async def active(session: AsyncSession) -> Sequence[Alarm]:
    """What is wrong now, the worst first, then the oldest."""
    statement = (
        sa.select(Alarm)
        .where(Alarm.cleared_at.is_(None))
        .order_by(Alarm.level, Alarm.since, Alarm.kind, Alarm.subject)
    )
    return (await session.scalars(statement)).all()


async def all_for_update(session: AsyncSession) -> dict[tuple[str, str], Alarm]:
    """Every alarm there has been, locked, by kind and subject. There are as many as there are kinds and subjects."""
    statement = sa.select(Alarm).order_by(Alarm.kind, Alarm.subject).with_for_update()
    return {(one.kind, one.subject): one for one in await session.scalars(statement)}


_LETTERS = sa.text("""
SELECT (SELECT min(created_at) FROM notifications WHERE due_at IS NOT NULL AND mail_status IN ('PENDING', 'SENDING'))
           AS oldest,
       (SELECT count(*) FROM notifications WHERE mail_status = 'FAILED' AND created_at > :since) AS failed
""")


async def letters(session: AsyncSession, *, since: datetime) -> tuple[datetime | None, int]:
    """Since when the oldest letter waits to leave, and how many were given up since then."""
    row = (await session.execute(_LETTERS, {"since": since})).one()
    return row.oldest, int(row.failed)
