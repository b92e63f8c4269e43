"""Pauses after failed attempts, kept in the database so that they hold for every process and survive a restart.

A pause doubles with each further failure up to a maximum and always ends by itself; attempts during a pause are
refused without being counted, so nobody can keep the real user out by going on. Three counters:

* a browser in which the account has signed in before (`devices`): nobody else's guesses pause it;
* otherwise account and network together: a stranger elsewhere cannot pause anybody in the hospital. During such a pause
  one attempt every few seconds is judged all the same, for whoever has signed in from this network before;
* the network alone, with a high limit, against one password tried on many accounts. Behind one address there may be
  a whole hospital, so a person who has signed in from there before is let in during such a pause all the same.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.errors import TooManyFailures
from ohmatdyt.accounts.models import LoginFailures
from ohmatdyt.core import clock
from ohmatdyt.core.batches import in_batches
from ohmatdyt.core.settings import Settings

# Ten free guesses a day are no danger; a network of typing people gets a clean sheet sooner.
FORGOTTEN_AFTER = timedelta(hours=24)
NETWORK_FORGOTTEN_AFTER = timedelta(hours=1)
_TURN_EVERY = timedelta(seconds=10)

_COUNT = sa.text(
    "INSERT INTO login_failures AS f (key, failures, last_failed_at) VALUES (:key, 1, :now) "
    "ON CONFLICT (key) DO UPDATE SET last_failed_at = :now, "
    "failures = CASE WHEN f.last_failed_at < :forget OR f.last_failed_at > :future THEN 1 ELSE f.failures + 1 END "
    "WHERE f.blocked_until IS NULL OR f.blocked_until <= :now OR f.blocked_until > :longest RETURNING failures"
)
_TURN = sa.text(
    "UPDATE login_failures SET last_failed_at = :now "
    "WHERE key = :key AND blocked_until > :now AND last_failed_at <= :before RETURNING true"
)
_PAUSE = sa.text("UPDATE login_failures SET blocked_until = :until WHERE key = :key")


def network(ip: str) -> str:
    """The network an address stands for: itself, or the /64 that one IPv6 host may choose from freely."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def account_key(username: str, ip: str) -> str:
    """Whose attempts count together. Hashed: people type passwords into the field of the username."""
    return "account:" + hashlib.sha256(f"{username}\0{network(ip)}".encode(errors="replace")).hexdigest()


def network_key(ip: str) -> str:
    """The counter of everybody behind this address."""
    return "network:" + network(ip)


async def pause_left(session: AsyncSession, settings: Settings, key: str, now: datetime) -> int:
    """Seconds until attempts are heard again; 0 when they are heard now. A pause longer than the longest is none."""
    until = await session.scalar(sa.select(LoginFailures.blocked_until).where(LoginFailures.key == key))
    if until is None or not now < until <= clock.horizon(_longest(settings)):
        return 0
    return min(max(1, round((until - now).total_seconds())), settings.login_pause_max_seconds)


async def require_open(session: AsyncSession, settings: Settings, key: str, now: datetime) -> None:
    """Raise TooManyFailures (429) during a pause."""
    if wait := await pause_left(session, settings, key, now):
        raise TooManyFailures(retry_after=wait)


async def take_turn(session: AsyncSession, key: str, now: datetime) -> bool:
    """Whether this attempt is the one that is judged although a pause lasts."""
    return bool(await session.scalar(_TURN, {"key": key, "now": now, "before": now - _TURN_EVERY}))


def _longest(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.login_pause_max_seconds)


async def count(
    session: AsyncSession,
    settings: Settings,
    key: str,
    now: datetime,
    *,
    limit: int,
    forgotten_after: timedelta = FORGOTTEN_AFTER,
) -> int:
    """Count one failure; from the `limit`-th on a pause begins. During a pause nothing is counted.

    Returns the seconds left of a pause that had begun before, else 0. Must be committed though the attempt failed.
    """
    given = {
        "key": key,
        "now": now,
        "forget": now - forgotten_after,
        "future": clock.horizon(),
        "longest": clock.horizon(_longest(settings)),
    }
    failures = await session.scalar(_COUNT, given)
    if failures is None:
        return await pause_left(session, settings, key, now)
    if failures >= limit:
        doublings = min(failures - limit, 30)
        seconds = min(settings.login_pause_seconds * 2**doublings, settings.login_pause_max_seconds)
        await session.execute(_PAUSE, {"key": key, "until": now + timedelta(seconds=seconds)})
    return 0


async def forgive(session: AsyncSession, key: str) -> None:
    """The right password came: the counter starts anew."""
    await session.execute(sa.delete(LoginFailures).where(LoginFailures.key == key))


_FORGET = sa.text("""
DELETE FROM login_failures WHERE key IN (
    SELECT key FROM login_failures WHERE last_failed_at < :before OR last_failed_at > :future LIMIT :batch
)
RETURNING key
""")


async def forget_old(session: AsyncSession) -> None:
    """Delete counters that no longer count."""
    given = {"before": clock.now() - FORGOTTEN_AFTER, "future": clock.horizon()}
    await in_batches(session, _FORGET, given)
