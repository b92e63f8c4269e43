"""Every SELECT over the journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.audit.models import AuditEntry, AuditLink

ENTRY_FIELDS = (
    "id", "at", "actor_id", "action", "object_type", "object_id", "outcome", "details", "request_id", "ip",
)  # fmt: skip
_GENESIS = bytes(32)
_entry_columns = [getattr(AuditEntry, name) for name in ENTRY_FIELDS]
_pending = sa.table("audit_pending", sa.column("audit_id", sa.BigInteger))


async def unsealed(session: AsyncSession, limit: int) -> list[dict[str, Any]]:
    """Committed entries not chained yet, oldest first."""
    statement = (
        sa.select(*_entry_columns)
        .join(_pending, _pending.c.audit_id == AuditEntry.id)
        .order_by(AuditEntry.id)
        .limit(limit)
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def chain_end(session: AsyncSession) -> tuple[int, bytes]:
    """Position and hash of the last link; (0, zeros) for an empty chain."""
    statement = sa.select(AuditLink.position, AuditLink.hash).order_by(AuditLink.position.desc()).limit(1)
    row = (await session.execute(statement)).one_or_none()
    return (row.position, row.hash) if row else (0, _GENESIS)


async def chain(session: AsyncSession, audit_ids: list[int], hashes: list[bytes]) -> None:
    """Append links for these entries, and take them off the list of those that wait. Only this function of the
    database may do either."""
    await session.execute(
        sa.text("SELECT audit_seal(CAST(:ids AS bigint[]), CAST(:hashes AS bytea[]))"),
        {"ids": audit_ids, "hashes": hashes},
    )


async def chain_after(session: AsyncSession, position: int, limit: int) -> list[dict[str, Any]]:
    """Links after `position` with their entries, in order."""
    statement = (
        sa.select(AuditLink.position, AuditLink.previous_hash, AuditLink.hash, *_entry_columns)
        .join(AuditEntry, AuditEntry.id == AuditLink.audit_id)
        .where(AuditLink.position > position)
        .order_by(AuditLink.position)
        .limit(limit)
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def count_pending(session: AsyncSession) -> int:
    """Entries waiting to be chained."""
    return await session.scalar(sa.select(sa.func.count()).select_from(_pending)) or 0


async def count_unlinked(session: AsyncSession) -> int:
    """Entries without a link."""
    link = sa.select(AuditLink.audit_id).where(AuditLink.audit_id == AuditEntry.id).exists()
    return await session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(~link)) or 0


_TOTAL = """
SELECT coalesce(sum((details ->> $3)::bigint), 0)::bigint FROM audit_log
WHERE actor_id = $1 AND action = $2 AND at > $4
"""


async def total(driver: Any, actor_id: UUID, action: str, name: str, *, since: datetime) -> int:
    """The sum of the figure `name` in the details of somebody's entries since then."""
    return int(await driver.fetchval(_TOTAL, actor_id, action, name, since))
