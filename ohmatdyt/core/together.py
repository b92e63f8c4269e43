"""Several statements in one round trip: each becomes a WITH clause of one statement, run by PostgreSQL at once.

A write that stores rows of several domains (the case, its journal entry, its notifications) spends most of its time
on the way to the database and back. Whoever owns a table still writes its statement; whoever writes only joins them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Part:
    """One statement (a constant: it is remembered) and its values.

    `asked`: an aggregate over what the statement gives, when somebody wants to know; a SELECT that is to happen
    although nobody does, such as an announcement, is asked for its `count(*)`.
    A name that two parts of one whole use must mean the same value in both.
    """

    statement: sa.TextClause
    values: Mapping[str, Any] = field(default_factory=dict)
    asked: str | None = None


async def run_together(session: AsyncSession, parts: Mapping[str, Part]) -> Any:
    """Run all parts as one statement; a part may read the RETURNING of another by its name.

    Parts do not see each other's rows in the tables (they share one snapshot); foreign keys are checked at the end.
    Returns a row with the answer of each part that was asked, by the part's name.
    """
    return (await session.execute(*joined(parts))).one()


def joined(parts: Mapping[str, Part]) -> tuple[sa.TextClause, dict[str, Any]]:
    """All parts as one statement, and its values."""
    values: dict[str, Any] = {}
    for part in parts.values():
        for name, value in part.values.items():
            if values.setdefault(name, value) != value:
                raise ValueError(f"Two parts mean different things by {name}.")
    return _joined(tuple((name, part.statement, part.asked) for name, part in parts.items())), values


@lru_cache(maxsize=64)
def _joined(parts: tuple[tuple[str, sa.TextClause, str | None], ...]) -> sa.TextClause:
    clauses = ", ".join(f"{name} AS ({statement.text})" for name, statement, _ in parts)
    answers = [f"(SELECT {asked} FROM {name}) AS {name}" for name, _, asked in parts if asked]  # noqa: S608 — constants
    return sa.text(f"WITH {clauses} SELECT {', '.join(answers) or '1'}")
