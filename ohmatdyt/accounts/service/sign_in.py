"""Signing in. Three steps, so that nobody holds one of the few connections while a password is being hashed:
read, hash, write. Whatever is wrong, the same steps run and the same answer comes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import policy, queries
from ohmatdyt.accounts.actor import Visitor
from ohmatdyt.accounts.errors import TooManyFailures, WrongCredentials
from ohmatdyt.accounts.models import Role, User
from ohmatdyt.accounts.schemas import USERNAME, Me, SignedIn, UserOut
from ohmatdyt.accounts.service import hashing, sessions, throttle
from ohmatdyt.accounts.service.devices import Device
from ohmatdyt.audit.coalescing import Coalescer
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings

_REMEMBERED_FOR = timedelta(days=30)
_NOTED_TOGETHER = timedelta(hours=1)
_NOTED_EACH = 30  # failures an hour that stand in the journal by themselves


class Entrance(Protocol):
    """Where somebody signs in, and what is needed for it."""

    @property
    def database(self) -> Database: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def visitor(self) -> Visitor: ...
    @property
    def coalescer(self) -> Coalescer: ...


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What is known before the password has been looked at.

    `counter` is where a failure counts. `network_pause` is in seconds, 0 when there is none or when this person has
    signed in from there before. `in_turn`: `counter` is paused, but this attempt is judged (see `throttle`).
    """

    username: str
    user: User | None
    counter: str
    network_pause: int
    is_regular: bool
    in_turn: bool


async def sign_in(at: Entrance, username: str, password: str, known: Collection[Device] = ()) -> SignedIn:
    """Check the password and begin a session. `known` is what the browser's cookie says of itself.

    Raises WrongCredentials (401) alike for an unknown name, a wrong password, an account that is deactivated or not
    approved, an outlived temporary password; TooManyFailures (429) during a pause.
    """
    attempt = await _read(at, username.strip().lower(), known)
    known_hash = attempt.user.password_hash if attempt.user else None
    right, new_hash = await hashing.matches(known_hash, password)
    now = clock.now()
    problem = _problem(attempt.user, now, right=right)
    wait, signed_in, is_failure = attempt.network_pause, None, False
    async with at.database.unit_of_work() as session:
        if not wait and problem is None and attempt.user is not None:
            if not (attempt.in_turn and attempt.is_regular):
                wait = await throttle.pause_left(session, at.settings, attempt.counter, now)
            if not wait:
                signed_in = await _enter(session, at, attempt, new_hash)
        elif not wait:
            wait = await _count(session, at, attempt, now)
            is_failure = attempt.in_turn or not wait
    if signed_in is not None:
        return signed_in
    if is_failure:
        await _note(at, attempt, problem or "")
    if wait:
        raise TooManyFailures(retry_after=wait)
    raise WrongCredentials


async def _read(at: Entrance, username: str, known: Collection[Device]) -> _Attempt:
    now = clock.now()
    ip = at.visitor.ip
    async with at.database.unit_of_work() as session:
        # What cannot be a username is asked for all the same, as an empty one: the answer takes as long.
        user = await queries.by_username(session, username if re.fullmatch(USERNAME, username) else "")
        device = next((one for one in known if user is not None and one.user_id == user.id), None)
        counter = device.counter if device else throttle.account_key(username, ip)
        wait = await throttle.pause_left(session, at.settings, counter, now)
        # Anybody's attempt may be the one: a name nobody has takes as long then.
        in_turn = bool(wait) and device is None and await throttle.take_turn(session, counter, now)
        pause = await throttle.pause_left(session, at.settings, throttle.network_key(ip), now)
        is_regular = device is not None
        if (pause or in_turn) and user is not None and not is_regular:
            is_regular = await queries.signed_in_from(session, user.id, ip, now - _REMEMBERED_FOR)
    if wait and not in_turn:
        raise TooManyFailures(retry_after=wait)
    return _Attempt(username, user, counter, 0 if is_regular else pause, is_regular, in_turn)


def _problem(user: User | None, now: datetime, *, right: bool) -> str | None:
    """Why this person does not get in, for the journal only."""
    if user is None:
        return "unknown"
    if not right:
        return "wrong_password"
    if not user.is_active:
        return "not_approved" if user.is_pending else "deactivated"
    return "temporary_password_expired" if policy.temporary_password_expired(user, now) else None


async def _count(session: AsyncSession, at: Entrance, attempt: _Attempt, now: datetime) -> int:
    """Count the failure; returns the seconds of a pause that has begun before."""
    settings = at.settings
    wait = await throttle.count(session, settings, attempt.counter, now, limit=settings.login_max_failures)
    if not wait or attempt.in_turn:
        await throttle.count(
            session,
            settings,
            throttle.network_key(at.visitor.ip),
            now,
            limit=settings.login_network_max_failures,
            forgotten_after=throttle.NETWORK_FORGOTTEN_AFTER,
        )
    return wait


async def _note(at: Entrance, attempt: _Attempt, problem: str) -> None:
    """Write the failure into the journal, or count it there when there are many."""
    user, visitor = attempt.user, at.visitor
    # The name is kept only when it is somebody's: what else stands in that field may well be a password.
    details = {"reason": problem, **({"username": user.username} if user else {})}
    await at.coalescer.record(
        visitor,
        "session.refused",
        key=("session.refused", user.id if user else throttle.network(visitor.ip)),
        span=_NOTED_TOGETHER,
        each=_NOTED_EACH,
        object_type="user" if user else None,
        object_id=user.id if user else None,
        outcome="refused",
        details=details,
    )


async def _enter(
    session: AsyncSession, at: Entrance, attempt: _Attempt, new_hash: str | None
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
    if not attempt.in_turn:  # else the pause is for the guesses of others, who go on
        await throttle.forgive(session, attempt.counter)
    tokens = await sessions.start(session, at.settings, at.visitor, user)
    return SignedIn(**tokens.model_dump(), user=me(await queries.outgoing(session, user)))


def me(user: UserOut) -> Me:
    """The user with what is open to him."""
    open_now = policy.permissions(Role(user.role), must_change_password=user.must_change_password)
    return Me(**dict(user), permissions=open_now)
