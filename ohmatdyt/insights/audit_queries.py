"""SELECTs over the journal, for those who read it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import User
from ohmatdyt.audit.models import AuditEntry
from ohmatdyt.core import cursor
from ohmatdyt.insights.audit_schemas import AuditQuery

COUNT_UP_TO = 10_000


def _conditions(query: AuditQuery, zone: ZoneInfo) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if query.actor_id is not None:
        conditions.append(AuditEntry.actor_id == query.actor_id)
    if query.action:
        conditions.append(AuditEntry.action.in_(query.action))
    if query.object_type is not None:
        conditions.append(AuditEntry.object_type == query.object_type)
    if query.object_id is not None:
        conditions.append(AuditEntry.object_id == query.object_id)
    if query.outcome is not None:
        conditions.append(AuditEntry.outcome == query.outcome)
    if query.date_from is not None:
        conditions.append(AuditEntry.at >= _midnight(query.date_from, zone))
    if query.date_to is not None:
        conditions.append(AuditEntry.at < _midnight(query.date_to + timedelta(days=1), zone))
    return conditions


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


async def page_of_entries(
    session: AsyncSession, query: AuditQuery, zone: ZoneInfo
) -> tuple[list[Any], int, bool, str | None]:
    """Entries in the order asked for, how many there are, whether that is exact, and the cursor of the next page."""
    conditions = _conditions(query, zone)
    place = sa.tuple_(AuditEntry.at, AuditEntry.id)
    newest_first = query.order_by.startswith("-")
    order = (AuditEntry.at.desc(), AuditEntry.id.desc()) if newest_first else (AuditEntry.at, AuditEntry.id)
    statement = (
        sa.select(AuditEntry, User.full_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(*conditions)
        .order_by(*order)
        .limit(query.page_size + 1)
    )
    if query.after is not None:
        at, last_id = cursor.read_moment(query.after)
        last_place = sa.tuple_(sa.literal(at), sa.literal(last_id))
        statement = statement.where(place < last_place if newest_first else place > last_place)
    else:
        statement = statement.offset((query.page - 1) * query.page_size)
    rows = list((await session.execute(statement)).all())
    more = len(rows) > query.page_size
    rows = rows[: query.page_size]
    last = rows[-1][0] if more else None
    total, exact = await _total(session, conditions)
    return rows, total, exact, cursor.write(last.at.isoformat(), str(last.id)) if last else None


async def _total(session: AsyncSession, conditions: list[sa.ColumnElement[bool]]) -> tuple[int, bool]:
    if not conditions:
        # Whatever is committed is either chained or waits for it: no need to count millions of entries.
        total = await session.scalar(
            sa.text(
                "SELECT coalesce((SELECT max(position) FROM audit_chain), 0) + (SELECT count(*) FROM audit_pending)"
            )
        )
        return int(total or 0), True
    some = sa.select(AuditEntry.id).where(*conditions).limit(COUNT_UP_TO + 1).subquery()
    counted = await session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return min(counted, COUNT_UP_TO), counted <= COUNT_UP_TO


# Each step jumps to the next action in the index: as many probes as there are actions, however many entries.
_ACTIONS = sa.text("""
WITH RECURSIVE a AS (
    (SELECT action FROM audit_log ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT action FROM audit_log l WHERE l.action > a.action ORDER BY action LIMIT 1)
    FROM a WHERE a.action IS NOT NULL
)
SELECT action FROM a WHERE action IS NOT NULL
""")


async def actions(session: AsyncSession) -> list[str]:
    """Every action the journal knows."""
    return list((await session.scalars(_ACTIONS)).all())


_STATUS = sa.text("""
SELECT (SELECT max(position) FROM audit_chain) AS length, (SELECT count(*) FROM audit_pending) AS waiting,
       (SELECT encode(hash, 'hex') FROM audit_chain ORDER BY position DESC LIMIT 1) AS head,
       r.last_finished_at, r.last_outcome
FROM (SELECT 1) AS one LEFT JOIN job_runs r ON r.name = 'check_journal'
""")


async def chain_status(session: AsyncSession) -> Any:
    """Length and head of the chain, and the last nightly check."""
    return (await session.execute(_STATUS)).one()
