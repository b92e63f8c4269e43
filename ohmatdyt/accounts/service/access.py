"""Which categories an executor serves, and what keeps somebody from being let go: cases he still has in work."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import queries
from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.errors import HasActiveCases, NotAnExecutor, UnknownCategory
from ohmatdyt.accounts.models import CategoryAccess, Role, User
from ohmatdyt.accounts.schemas import CategoryAccessOut
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock


async def require_no_active_cases(
    session: AsyncSession, user_id: UUID, *, within: Collection[UUID] | None = None
) -> None:
    """Raise HasActiveCases (409, with the list) while the user is responsible for cases in work, in these categories
    if given. The caller has locked the user."""
    found = await queries.active_cases(session, user_id, within=within)
    if found.total:
        cases = [case.model_dump(mode="json") for case in found.cases]
        raise HasActiveCases(total=found.total, extra={"cases": cases, "total_cases": found.total})


async def shown(session: AsyncSession, user_id: UUID) -> CategoryAccessOut:
    """The categories the user serves. Raises UserNotFound."""
    user = await queries.get(session, user_id)
    served = (await queries.categories_of(session, [user.id]))[user.id]
    return CategoryAccessOut(user_id=user.id, categories=served, total=len(served))


async def replace(session: AsyncSession, actor: Actor, user_id: UUID, wanted: Collection[UUID]) -> None:
    """Make these the user's categories. Raises NotAnExecutor, UnknownCategory (400), HasActiveCases (409)."""
    user = await queries.lock(session, user_id)
    await give(session, actor, user, set(wanted), await _current(session, user))


async def add(session: AsyncSession, actor: Actor, user_id: UUID, more: Collection[UUID]) -> None:
    """Let the user serve these categories too. Raises as `replace` does."""
    user = await queries.lock(session, user_id)
    current = await _current(session, user)
    await give(session, actor, user, current | set(more), current)


async def remove(session: AsyncSession, actor: Actor, user_id: UUID, category_id: UUID) -> None:
    """Take one category away; one he does not serve is no error. Raises HasActiveCases (409)."""
    user = await queries.lock(session, user_id)
    current = await _current(session, user)
    await give(session, actor, user, current - {category_id}, current)


async def _current(session: AsyncSession, user: User) -> set[UUID]:
    statement = sa.select(CategoryAccess.category_id).where(CategoryAccess.user_id == user.id)
    return set(await session.scalars(statement))


async def give(
    session: AsyncSession, actor: Actor | None, user: User, wanted: set[UUID], current: set[UUID]
) -> None:
    """Turn the categories the locked user has into those he shall have, and record the difference."""
    added, removed = wanted - current, current - wanted
    if added and user.role != Role.EXECUTOR:
        raise NotAnExecutor(field="category_ids")
    if added - await queries.known_categories(session, added):
        raise UnknownCategory(field="category_ids")
    if removed:
        await require_no_active_cases(session, user.id, within=removed)
        await session.execute(
            sa.delete(CategoryAccess).where(
                CategoryAccess.user_id == user.id, CategoryAccess.category_id.in_(removed)
            )
        )
    now = clock.now()
    session.add_all(CategoryAccess(user_id=user.id, category_id=new, granted_at=now) for new in sorted(added))
    if added or removed:
        user.version += 1
        user.updated_at = now
        await session.flush()
        details = {"added": sorted(map(str, added)), "removed": sorted(map(str, removed))}
        await audit.record(
            session, actor, "user.access_changed", object_type="user", object_id=user.id, details=details
        )
