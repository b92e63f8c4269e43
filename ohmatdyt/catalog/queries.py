"""Every SELECT of the directories."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.catalog.errors import EntryNotFound
from ohmatdyt.catalog.models import Category, Channel, Subcategory
from ohmatdyt.core.ukrainian import search_keys

Entry = TypeVar("Entry", bound=Category | Channel | Subcategory)

# The cases domain stands above this one, so its table is named here by hand rather than imported.
_cases = sa.table(
    "cases", sa.column("category_id"), sa.column("channel_id"), sa.column("subcategory"), sa.column("status")
)
_OPEN = ("NEW", "IN_PROGRESS", "NEEDS_INFO")


async def entries(
    session: AsyncSession,
    kind: type[Entry],
    *,
    include_inactive: bool,
    search: str = "",
    category_id: UUID | None = None,
) -> Sequence[Entry]:
    """Entries of one directory in Ukrainian alphabetical order; `search` is a literal part of the name."""
    statement = sa.select(kind).order_by(kind.name_sort, kind.id)
    if category_id is not None and issubclass(kind, Subcategory):
        statement = statement.where(kind.category_id == category_id)
    if not include_inactive:
        statement = statement.where(kind.is_active)
    if wanted := search_keys(search):
        statement = statement.where(sa.or_(*(sa.func.strpos(kind.name_key, key) > 0 for key in wanted)))
    return (await session.scalars(statement)).all()


async def entry(
    session: AsyncSession,
    kind: type[Entry],
    entry_id: UUID,
    *,
    category_id: UUID | None = None,
    lock: bool = False,
) -> Entry:
    """One entry, locked when it is about to change. Raises EntryNotFound, also for a subcategory of another one."""
    found = await session.get(kind, entry_id, with_for_update=lock, populate_existing=lock)
    if found is None or (isinstance(found, Subcategory) and found.category_id != category_id):
        raise EntryNotFound
    return found


async def open_cases(session: AsyncSession, one: Category | Channel | Subcategory) -> int:
    """How many cases with this entry are not closed."""
    statement = sa.select(sa.func.count()).select_from(_cases).where(_cases.c.status.in_(_OPEN))
    if isinstance(one, Category):
        statement = statement.where(_cases.c.category_id == one.id)
    elif isinstance(one, Channel):
        statement = statement.where(_cases.c.channel_id == one.id)
    else:
        statement = statement.where(_cases.c.category_id == one.category_id, _cases.c.subcategory == one.name)
    return await session.scalar(statement) or 0
