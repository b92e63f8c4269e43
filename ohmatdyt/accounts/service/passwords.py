"""Setting passwords: by their owner, and by an administrator for somebody who has lost his."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import policy, queries
from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.errors import WrongCurrentPassword
from ohmatdyt.accounts.models import User
from ohmatdyt.accounts.schemas import ChangePasswordIn
from ohmatdyt.accounts.service import hashing, sessions, throttle
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, outbox, security
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import FieldError, InvalidFields
from ohmatdyt.core.settings import Settings


@dataclass(frozen=True, slots=True)
class FreshPassword:
    """A password ready to be stored; `temporary` is its text when it was generated, to be shown once."""

    hash: str
    temporary: str | None = None


def check(password: str, username: str, *, field: str = "password") -> None:
    """Raise InvalidFields (422) naming the field unless this user may have this password."""
    try:
        security.check_password(password, username)
    except security.PasswordError as error:
        raise InvalidFields([FieldError(field, *security.MESSAGES[error.code])]) from None


async def chosen(password: str, username: str) -> FreshPassword:
    """A password somebody chose, checked and hashed. Raises InvalidFields."""
    check(password, username)
    return FreshPassword(await hashing.hashed(password))


async def generated() -> FreshPassword:
    """A temporary password, to be read out to its owner."""
    password = security.generate_temporary_password()
    return FreshPassword(await hashing.hashed(password), password)


def give(user: User, settings: Settings, fresh: FreshPassword, now: datetime) -> None:
    """Put the password on the account; a generated one opens nothing but its own change, and only for a day."""
    user.password_hash = fresh.hash
    user.must_change_password = fresh.temporary is not None
    hours = timedelta(hours=settings.temp_password_hours)
    user.temporary_password_expires_at = now + hours if fresh.temporary else None
    user.last_password_change_at = now


async def prove(database: Database, settings: Settings, actor: Actor, password: str) -> datetime | None:
    """Check that the caller knows his own password; returns when that password was set.

    Raises WrongCurrentPassword (401), TooManyFailures (429) after too many: a computer left unlocked is no place to
    guess at leisure. The session stays.
    """
    key = f"owner:{actor.user_id}"
    async with database.unit_of_work() as session:
        await throttle.require_open(session, settings, key, clock.now())
        user = await queries.get(session, actor.user_id)
    right, _ = await hashing.matches(user.password_hash, password)
    now = clock.now()
    async with database.unit_of_work() as session:
        await throttle.require_open(session, settings, key, now)
        if right and not policy.temporary_password_expired(user, now):
            await throttle.forgive(session, key)
            return user.last_password_change_at
        await throttle.count(session, settings, key, now, limit=settings.login_max_failures)
        await audit.record(
            session, actor, "password.refused", object_type="user", object_id=actor.user_id, outcome="refused"
        )
    raise WrongCurrentPassword(field="current_password")


def _check_new(body: ChangePasswordIn, username: str) -> str:
    new = body.new_password.get_secret_value()
    if body.confirm_password.get_secret_value() != new:
        words = ("Паролі не збігаються.", "The passwords differ.")
        raise InvalidFields([FieldError("confirm_password", *words)])
    current = body.current_password.get_secret_value()
    if unicodedata.normalize("NFKC", new) == unicodedata.normalize("NFKC", current):
        words = ("Новий пароль такий самий, як поточний.", "The new password is the same as the current one.")
        raise InvalidFields([FieldError("new_password", *words)])
    check(new, username, field="new_password")
    return new


async def change(database: Database, settings: Settings, actor: Actor, body: ChangePasswordIn) -> datetime:
    """Replace one's own password; returns when. Every other session of the user ends, this one goes on.

    Raises InvalidFields (422) for one that is weak, the same or not repeated, and what `prove` raises.
    """
    new = _check_new(body, actor.username)
    seen = await prove(database, settings, actor, body.current_password.get_secret_value())
    fresh = FreshPassword(await hashing.hashed(new))
    now = clock.now()
    async with database.unit_of_work() as session:
        user = await session.scalar(
            sa.select(User)
            .where(
                User.id == actor.user_id,
                User.is_active,
                User.last_password_change_at.is_not_distinct_from(seen),
            )
            .with_for_update()
        )
        if user is None:  # somebody reset or changed it while we were hashing
            raise WrongCurrentPassword(field="current_password")
        give(user, settings, fresh, now)
        user.updated_at = now
        user.version += 1
        ended = await sessions.end_all(session, user.id, "password_changed", but=actor.session_id)
        await audit.record(
            session,
            actor,
            "password.changed",
            object_type="user",
            object_id=user.id,
            details={"sessions_ended": ended},
        )
    return now


async def reset(
    session: AsyncSession, settings: Settings, actor: Actor, user_id: UUID, fresh: FreshPassword
) -> None:
    """Give a user a temporary password, write to him and end all his sessions. Raises UserNotFound."""
    user = await queries.lock(session, user_id)
    now = clock.now()
    give(user, settings, fresh, now)
    user.token_version += 1
    user.updated_at = now
    user.version += 1
    await session.flush()
    await sessions.end_all(session, user.id, "password_reset")
    await audit.record(session, actor, "password.reset", object_type="user", object_id=user.id)
    await outbox.put_account_letter(
        session,
        outbox.Type.PASSWORD_RESET,
        user.id,
        actor_id=actor.user_id,
        secret_key=settings.secret_key.get_secret_value(),
        temporary_password=fresh.temporary,
    )
