"""Signing in. Three steps, so that nobody holds one of the few connections while a password is being hashed:
read, hash, write. Whatever is wrong, the same steps run and the same answer comes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import policy, queries
from ohmatdyt.accounts.actor import Visitor
from ohmatdyt.accounts.errors import TooManyFailures, WrongCredentials
from ohmatdyt.accounts.models import Role, User
from ohmatdyt.accounts.schemas import USERNAME, Me, SignedIn, UserOut
from ohmatdyt.accounts.service import hashing, sessions, throttle
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings

_REMEMBERED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What is known before the password has been looked at. `network_pause` is in seconds, 0 when there is none or
    when this person has signed in from there before."""

    username: str
    user: User | None
    network_pause: int


async def sign_in(
    database: Database, settings: Settings, visitor: Visitor, username: str, password: str
) -> SignedIn:
    """Check the password and begin a session.

    Raises WrongCredentials (401) alike for an unknown name, a wrong password, an account that is deactivated or not
    approved, an outlived temporary password; TooManyFailures (429) during a pause.
    """
    attempt = await _read(database, visitor, username.strip().lower())
    known_hash = attempt.user.password_hash if attempt.user else None
    right, new_hash = await hashing.matches(known_hash, password)
    now = clock.now()
    problem = _problem(attempt.user, now, right=right)
    async with database.unit_of_work() as session:
        signed_in: SignedIn | None = None
        wait = attempt.network_pause
        if not wait and problem is None and attempt.user is not None:
            wait = await throttle.pause_left(session, throttle.account_key(attempt.username, visitor.ip), now)
            if not wait:
                signed_in = await _enter(session, settings, visitor, attempt, new_hash)
        elif not wait:
            wait = await _refuse(session, settings, visitor, attempt, problem or "", now=now)
    if signed_in is not None:
        return signed_in
    if wait:
        raise TooManyFailures(retry_after=wait)
    raise WrongCredentials


async def _read(database: Database, visitor: Visitor, username: str) -> _Attempt:
    now = clock.now()
    async with database.unit_of_work() as session:
        await throttle.require_open(session, throttle.account_key(username, visitor.ip), now)
        # What cannot be a username is asked for all the same, as an empty one: the answer takes as long.
        user = await queries.by_username(session, username if re.fullmatch(USERNAME, username) else "")
        pause = await throttle.pause_left(session, throttle.network_key(visitor.ip), now)
        if pause and user is not None:
            since = now - _REMEMBERED_FOR
            pause = 0 if await queries.signed_in_from(session, user.id, visitor.ip, since) else pause
    return _Attempt(username, user, pause)


def _problem(user: User | None, now: datetime, *, right: bool) -> str | None:
    """Why this person does not get in, for the journal only."""
    if user is None:
        return "unknown"
    if not right:
        return "wrong_password"
    if not user.is_active:
        return "not_approved" if user.is_pending else "deactivated"
    return "temporary_password_expired" if sessions.temporary_password_expired(user, now) else None


async def _refuse(
    session: AsyncSession,
    settings: Settings,
    visitor: Visitor,
    attempt: _Attempt,
    problem: str,
    *,
    now: datetime,
) -> int:
    """Count and record the failure; returns the seconds of a pause that others have caused meanwhile."""
    account = throttle.account_key(attempt.username, visitor.ip)
    wait = await throttle.count(session, settings, account, now, limit=settings.login_max_failures)
    if wait:
        return wait
    await throttle.count(
        session,
        settings,
        throttle.network_key(visitor.ip),
        now,
        limit=settings.login_network_max_failures,
        forgotten_after=throttle.NETWORK_FORGOTTEN_AFTER,
    )
    user = attempt.user
    # The name is kept only when it is somebody's: what else stands in that field may well be a password.
    details = {"reason": problem, **({"username": user.username} if user else {})}
    await audit.record(
        session,
        visitor,
        "session.refused",
        object_type="user" if user else None,
        object_id=user.id if user else None,
        outcome="refused",
        details=details,
    )
    return 0


async def _enter(
    session: AsyncSession, settings: Settings, visitor: Visitor, attempt: _Attempt, new_hash: str | None
) -> SignedIn | None:
    """Begin the session, unless the account has changed while the password was being hashed."""
    seen = attempt.user
    if seen is None:
        return None
    user = await session.scalar(
        sa.update(User)
        .where(
            User.id == seen.id,
            User.is_active,
            User.last_password_change_at.is_not_distinct_from(seen.last_password_change_at),
        )
        .values(last_login_at=clock.now(), password_hash=new_hash or User.password_hash)
        .returning(User)
    )
    if user is None:
        return None
    await throttle.forgive(session, throttle.account_key(attempt.username, visitor.ip))
    tokens = await sessions.start(session, settings, visitor, user)
    return SignedIn(**tokens.model_dump(), user=me(await queries.outgoing(session, user)))


def me(user: UserOut) -> Me:
    """The user with what is open to him."""
    open_now = policy.permissions(Role(user.role), must_change_password=user.must_change_password)
    return Me(**dict(user), permissions=open_now)
