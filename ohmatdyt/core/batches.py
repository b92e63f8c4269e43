"""Deleting much without holding locks for long."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession


async def in_batches(
    session: AsyncSession, statement: sa.TextClause, values: Mapping[str, Any], *, most: int = 5000
) -> int:
    """Run a DELETE … RETURNING that takes at most `:batch` rows until it finds fewer, committing each time; returns how
    many rows went."""
    gone = 0
    while True:
        rows = len((await session.execute(statement, {**values, "batch": most})).all())
        await session.commit()
        gone += rows
        if rows < most:
            return gone
