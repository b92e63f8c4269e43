"""What happens to an account in its life: edited, activated, deactivated, deleted."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import policy, queries
from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.errors import LastAdmin, UserReferenced, WrongCurrentPassword
from ohmatdyt.accounts.models import CategoryAccess, Role, User
from ohmatdyt.accounts.schemas import UserPatch, UserReplace
from ohmatdyt.accounts.service import access, sessions
from ohmatdyt.accounts.service.admission import flush_unique, welcome
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock
from ohmatdyt.core.http import require_version
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.ukrainian import sort_key


async def update(
    session: AsyncSession,
    actor: Actor,
    user_id: UUID,
    expected_version: int | None,
    body: UserReplace | UserPatch,
    *,
    proven: bool,
) -> User:
    """Change what is given. `proven` says that the caller has named his own password.

    Raises NoRight (403), StaleVersion (412), LastAdmin, HasActiveCases, EmailTaken (409), WrongCurrentPassword (401).
    """
    policy.require_admin_or_self(actor, user_id)
    user = await queries.lock_with_admins(session, user_id)
    require_version(expected_version, user.version)
    policy.require_may_set_role(actor, body.role, Role(user.role))
    email_changes = body.email is not None and body.email != user.email
    if policy.must_prove_himself(actor, user_id, email_changes=email_changes) and not proven:
        raise WrongCurrentPassword(field="current_password")
    changed: dict[str, Any] = {
        name: value
        for name, value in (("email", body.email), ("full_name", body.full_name))
        if value is not None and value != getattr(user, name)
    }
    for name, value in changed.items():
        setattr(user, name, value)
    user.full_name_sort = sort_key(user.full_name)
    if body.role is not None and body.role != user.role:
        await _change_role(session, actor, user, body.role)
        changed["role"] = body.role
    if changed:
        await _changed(session, actor, user, "user.updated", {"fields": sorted(changed)})
    return user


async def _changed(
    session: AsyncSession, actor: Actor, user: User, action: str, details: dict[str, Any] | None = None
) -> None:
    user.version += 1
    user.updated_at = clock.now()
    await flush_unique(session)
    await audit.record(session, actor, action, object_type="user", object_id=user.id, details=details)


async def _change_role(session: AsyncSession, actor: Actor, user: User, role: Role) -> None:
    """Another role for a locked user. Responsibility does not survive it: an OPERATOR cannot have any, and an EXECUTOR
    only in categories he is yet to be given; to become ADMIN takes nothing away."""
    if user.role == Role.ADMIN:
        await _require_another_admin(session, user)
    if role is not Role.ADMIN:
        await access.require_no_active_cases(session, user.id)
    if user.role == Role.EXECUTOR:
        await session.execute(sa.delete(CategoryAccess).where(CategoryAccess.user_id == user.id))
    details = {"from": user.role, "to": role.value}
    user.role = role.value
    await audit.record(
        session, actor, "user.role_changed", object_type="user", object_id=user.id, details=details
    )


async def _require_another_admin(session: AsyncSession, user: User) -> None:
    if user.role == Role.ADMIN and user.is_active and not await queries.other_active_admins(session, user.id):
        raise LastAdmin


async def activate(
    session: AsyncSession, settings: Settings, actor: Actor, user_id: UUID, role: Role | None
) -> User:
    """Let the person in, approving a registration, with another role if given. An active account stays as it is.

    Whoever waited for the approval gets a letter.
    """
    user = await queries.lock_with_admins(session, user_id)
    if role is not None and role != user.role:
        await _change_role(session, actor, user, role)
        await _changed(session, actor, user, "user.updated", {"fields": ["role"]})
    if not user.is_active:
        was_pending = user.is_pending
        user.is_active, user.is_pending = True, False
        await _changed(session, actor, user, "user.approved" if was_pending else "user.activated")
        if was_pending:
            await welcome(session, settings, actor, user)
    return user


async def deactivate(session: AsyncSession, actor: Actor, user_id: UUID) -> User:
    """Shut the person out at once. Raises LastAdmin, HasActiveCases (409). An inactive account stays as it is."""
    user = await queries.lock_with_admins(session, user_id)
    if user.is_active:
        await _require_another_admin(session, user)
        await access.require_no_active_cases(session, user.id)
        user.is_active = False
        user.token_version += 1
        await sessions.end_all(session, user.id, "deactivated")
        await _changed(session, actor, user, "user.deactivated")
    return user


async def delete(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Remove an account nothing refers to. Raises LastAdmin, UserReferenced (409)."""
    user = await queries.lock_with_admins(session, user_id)
    await _require_another_admin(session, user)
    if await queries.stands_in_journal(session, user.id):
        raise UserReferenced
    details = {"username": user.username}
    try:
        await session.delete(user)
        await session.flush()
    except IntegrityError:
        raise UserReferenced from None
    await audit.record(session, actor, "user.deleted", object_type="user", object_id=user_id, details=details)
