"""Who delivers which letter: rows are taken with `FOR UPDATE SKIP LOCKED` and belong to their taker for a while.

`attempts` is counted when a letter is taken, so it also tells two takers of the same letter apart: what an earlier one
finds out about a failure after its time is up changes nothing.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import clock
from ohmatdyt.core.batches import in_batches

MOST_ATTEMPTS = 6  # once, and up to five times again
_LEASE = timedelta(hours=1)  # longer than anybody has a letter to himself
_LATE_SERVER = timedelta(hours=24)

# One statement, so one round trip and one commit: the rows taken, with everything their letters are written from.
_CLAIM = """
WITH due AS (
    SELECT id FROM notifications
    WHERE due_at <= :now AND attempts < :most AND id <> ALL(CAST(:but AS uuid[])) {only}
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
), n AS (
    UPDATE notifications AS t
    SET mail_status = 'SENDING', attempts = t.attempts + 1, due_at = :until,
        message_id = coalesce(t.message_id, '<' || t.id || '@' || :domain || '>')
    FROM due WHERE t.id = due.id
    RETURNING t.*
)
SELECT n.id, n.type, n.case_id, n.public_id, n.payload, n.created_at, n.attempts, n.message_id, n.secret,
       n.recipient_id, u.email, u.full_name, u.username, u.role, u.is_active, u.must_change_password,
       a.full_name AS actor_name, k.name AS category_name, h.name AS channel_name,
       c.status AS case_status, c.created_at AS case_created_at
FROM n
JOIN users u ON u.id = n.recipient_id
LEFT JOIN users a ON a.id = n.actor_id
LEFT JOIN cases c ON c.id = n.case_id
LEFT JOIN categories k ON k.id = coalesce((n.payload ->> 'category_id')::uuid, c.category_id)
LEFT JOIN channels h ON h.id = c.channel_id
"""
_ANY = sa.text(_CLAIM.format(only=""))
_ONE = sa.text(_CLAIM.format(only="AND id = :only"))

_SENT = sa.text(
    "UPDATE notifications SET mail_status = 'SENT', sent_at = :now, due_at = NULL, last_error = NULL, secret = NULL "
    "WHERE id = :id"
)
_RETRY = sa.text(
    "UPDATE notifications SET mail_status = 'PENDING', due_at = :next, last_error = :reason "
    "WHERE id = :id AND attempts = :attempts AND mail_status = 'SENDING'"
)
_END = sa.text(
    "UPDATE notifications SET mail_status = :status, due_at = NULL, last_error = :reason, secret = NULL "
    "WHERE id = :id AND attempts = :attempts AND mail_status = 'SENDING'"
)
_BROKEN_OFF = sa.text(
    "UPDATE notifications SET mail_status = 'FAILED', due_at = NULL, secret = NULL, "
    "last_error = coalesce(last_error, 'broken off') WHERE due_at <= :now AND attempts >= :most"
)
_HOLD = sa.text(
    "UPDATE notifications SET mail_status = 'NOT_CONFIGURED', due_at = NULL WHERE due_at <= :now AND id IN "
    "(SELECT id FROM notifications WHERE due_at <= :now ORDER BY due_at LIMIT 1000 FOR UPDATE SKIP LOCKED)"
)
_RELEASE = sa.text(
    "UPDATE notifications SET mail_status = 'PENDING', due_at = :now, attempts = 0 "
    "WHERE mail_status = 'NOT_CONFIGURED' AND created_at > :since"
)
# From recipient to recipient through the index: there are few of them and many rows.
_FORGET_NOBODYS = sa.text("""
WITH RECURSIVE told AS (
    (SELECT recipient_id AS id FROM notifications ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (SELECT n.recipient_id FROM notifications n WHERE n.recipient_id > told.id ORDER BY 1 LIMIT 1)
    FROM told WHERE told.id IS NOT NULL
)
DELETE FROM notifications n USING told
WHERE n.recipient_id = told.id AND NOT EXISTS (SELECT FROM users u WHERE u.id = told.id)
""")
_WIPE = sa.text(
    "UPDATE notifications SET secret = NULL "
    "WHERE secret IS NOT NULL AND (created_at < :before OR created_at > :future)"
)
_PULL_BACK = sa.text("UPDATE notifications SET due_at = :now WHERE due_at > :longest")
_KEPT_READ = timedelta(days=90)
_KEPT_UNREAD = timedelta(days=365)
_FORGET_OLD = sa.text("""
DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications
    WHERE created_at < :read AND due_at IS NULL AND (read_at < :read OR created_at < :unread)
    ORDER BY created_at, id LIMIT :batch
)
RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that is ours until `until`, with everything it is written from."""

    id: UUID
    attempts: int
    until: datetime
    facts: sa.RowMapping


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    until: datetime,
    domain: str,
    limit: int = 1,
    but: Collection[UUID] = (),
    only: UUID | None = None,
) -> list[Taken]:
    """Take up to `limit` due letters (or the one named, if it is due); nobody else gets them before `until`."""
    given: dict[str, Any] = {
        "now": now,
        "until": until,
        "most": MOST_ATTEMPTS,
        "domain": domain,
        "limit": limit,
        "but": list(but),
    }
    if only is None:
        rows = (await session.execute(_ANY, given)).mappings()
    else:
        rows = (await session.execute(_ONE, {**given, "only": only})).mappings()
    return [Taken(row["id"], row["attempts"], until, row) for row in rows]


async def mark_sent(session: AsyncSession, taken: Taken, now: datetime) -> None:
    """The mail server has it. True whoever else may have taken it since: so it is not sent once more."""
    await session.execute(_SENT, {"id": taken.id, "now": now})


async def mark_failed(
    session: AsyncSession, taken: Taken, reason: str, *, now: datetime, first_pause_s: float
) -> None:
    """Try again later, or give up after the last attempt."""
    given = {"id": taken.id, "attempts": taken.attempts, "reason": reason[:200]}
    if taken.attempts >= MOST_ATTEMPTS:
        await session.execute(_END, {**given, "status": "FAILED"})
    else:
        await session.execute(_RETRY, {**given, "next": now + pause(taken.attempts, first_pause_s)})


async def mark_ended(session: AsyncSession, taken: Taken, status: str, reason: str) -> None:
    """No further attempt makes sense."""
    given = {"id": taken.id, "attempts": taken.attempts, "reason": reason, "status": status}
    await session.execute(_END, given)


def pause(attempts: int, first_s: float) -> timedelta:
    """How long to wait after this many attempts: doubling, ± 15%, so that letters do not come back in step.

    With the usual first pause of 150 s the fifth repetition is 66 to 89 minutes after the first attempt: a mail server
    may be away for an hour.
    """
    return timedelta(seconds=first_s * 2 ** (attempts - 1) * random.uniform(0.85, 1.15))  # noqa: S311


async def give_up_broken_off(session: AsyncSession, now: datetime) -> None:
    """Letters whose takers died at every attempt."""
    await session.execute(_BROKEN_OFF, {"now": now, "most": MOST_ATTEMPTS})


async def hold(session: AsyncSession, now: datetime) -> None:
    """There is no mail server in the settings: say so on the rows instead of trying for ever."""
    await session.execute(_HOLD, {"now": now})


async def release(session: AsyncSession, now: datetime) -> None:
    """There is a mail server now: what waited for it no longer than a day leaves, older news is for nobody."""
    await session.execute(_RELEASE, {"now": now, "since": now - _LATE_SERVER})


async def wipe_secrets(session: AsyncSession, before: datetime) -> None:
    """Forget temporary passwords in rows older than this, whatever became of their letters."""
    await session.execute(_WIPE, {"before": before, "future": clock.horizon()})


async def pull_back(session: AsyncSession, first_pause_s: float) -> None:
    """Try letters at once whose next attempt lies further ahead than any pause is long: a clock ran ahead."""
    longest = timedelta(seconds=first_pause_s * 2 ** (MOST_ATTEMPTS - 1) * 1.15) + _LEASE
    await session.execute(_PULL_BACK, {"now": clock.now(), "longest": clock.horizon(longest)})


async def forget_old(session: AsyncSession) -> None:
    """Delete what was read a quarter of a year ago, and what nobody read within a year; a letter that may still leave
    stays. A periodic job calls this."""
    now = clock.now()
    await in_batches(session, _FORGET_OLD, {"read": now - _KEPT_READ, "unread": now - _KEPT_UNREAD})


async def forget_nobodys(session: AsyncSession) -> None:
    """Delete what was stored for an account in the very moment in which that was deleted."""
    await session.execute(_FORGET_NOBODYS)
