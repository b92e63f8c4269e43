"""What `ohmatdyt doctor` looks at of cases."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ohmatdyt.cli.findings import Finding

if TYPE_CHECKING:
    from ohmatdyt.core.db import Database


async def of_numbers(database: "Database") -> Finding:
    """Whether enough case numbers are left."""
    from ohmatdyt.cases.queries import numbers
    from ohmatdyt.core import public_ids

    async with database.connection() as connection:
        used = int(await connection.scalar(sa.text(numbers.USED)) or 0)
    text = f"використано {used} із {public_ids.CAPACITY} ({used / public_ids.CAPACITY:.0%})"
    if used < public_ids.CAPACITY * public_ids.ALARM_FROM:
        return Finding("ok", "Номери звернень", text)
    is_over = used >= public_ids.CAPACITY
    advice = "docs/operations.md, «Номери звернень»"
    return Finding("failed" if is_over else "warning", "Номери звернень", text, advice)
