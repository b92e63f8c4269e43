"""HTTP of what hangs on a user, for administrators: categories he serves, cases he has in work, his sessions."""

from uuid import UUID

from fastapi import APIRouter

from ohmatdyt.accounts import queries
from ohmatdyt.accounts.actor import AdminOnly, CurrentAdmin
from ohmatdyt.accounts.schemas import ActiveCases, CategoryAccessOut, CategoryIdsIn
from ohmatdyt.accounts.service import access, sessions
from ohmatdyt.accounts.session_schemas import Sessions
from ohmatdyt.core import clock
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures

router = APIRouter(prefix="/{user_id}")


@router.get(
    "/category-access",
    responses=failures(401, 403, 404),
    dependencies=[AdminOnly],
    summary="Categories a user serves",
)
async def read_access(session: UnitOfWork, user_id: UUID) -> CategoryAccessOut:
    """In Ukrainian alphabetical order; empty for everybody but executors."""
    return await access.shown(session, user_id)


@router.put(
    "/category-access",
    responses=failures(400, 401, 403, 404, 409),
    summary="Set the categories a user serves",
)
async def replace_access(
    session: UnitOfWork, actor: CurrentAdmin, user_id: UUID, body: CategoryIdsIn
) -> CategoryAccessOut:
    """Exactly these from now on. 409 `has_active_cases` with `cases` when one that is taken away holds cases
    the user is responsible for."""
    await access.replace(session, actor, user_id, body.category_ids)
    return await access.shown(session, user_id)


@router.post(
    "/category-access", responses=failures(400, 401, 403, 404), summary="Add to the categories a user serves"
)
async def add_access(
    session: UnitOfWork, actor: CurrentAdmin, user_id: UUID, body: CategoryIdsIn
) -> CategoryAccessOut:
    """These too; one he serves already is no error."""
    await access.add(session, actor, user_id, body.category_ids)
    return await access.shown(session, user_id)


@router.delete(
    "/category-access/{category_id}",
    status_code=204,
    responses=failures(401, 403, 404, 409),
    summary="Take a category away from a user",
)
async def remove_access(session: UnitOfWork, actor: CurrentAdmin, user_id: UUID, category_id: UUID) -> None:
    """409 `has_active_cases` with `cases` while he is responsible for cases in work there."""
    await access.remove(session, actor, user_id, category_id)


@router.get(
    "/active-cases",
    responses=failures(401, 403, 404),
    dependencies=[AdminOnly],
    summary="Cases a user has in work",
)
async def read_active_cases(session: UnitOfWork, user_id: UUID) -> ActiveCases:
    """What has to be reassigned before the user can be deactivated; the oldest 100."""
    user = await queries.get(session, user_id)
    return await queries.active_cases(session, user.id)


@router.get("/sessions", responses=failures(401, 403, 404), summary="Where a user is signed in")
async def read_sessions(session: UnitOfWork, actor: CurrentAdmin, user_id: UUID) -> Sessions:
    """Live sessions, the latest seen first."""
    user = await queries.get(session, user_id)
    return await queries.live_sessions(session, user.id, clock.now(), current=actor.session_id)


@router.delete(
    "/sessions/{session_id}", status_code=204, responses=failures(401, 403, 404), summary="Sign a user out"
)
async def end_session(session: UnitOfWork, actor: CurrentAdmin, user_id: UUID, session_id: UUID) -> None:
    """End one session of a user, at once."""
    await sessions.end(session, actor, user_id, session_id)
