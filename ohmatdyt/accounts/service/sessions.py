"""Sessions: one per sign-in and device."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor, Visitor
from ohmatdyt.accounts.errors import SessionNotFound
from ohmatdyt.accounts.models import RefreshToken, Session, User
from ohmatdyt.accounts.service import refresh_tokens, throttle
from ohmatdyt.accounts.session_schemas import Tokens
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, security
from ohmatdyt.core.announce import announce
from ohmatdyt.core.batches import in_batches
from ohmatdyt.core.errors import NotSignedIn
from ohmatdyt.core.settings import Settings

MOST_SESSIONS = 20  # of one person; nobody works in more windows
_KEPT_FOR = timedelta(days=30)
_MOST_KEPT = 200  # of one person, with those that have ended


async def start(session: AsyncSession, settings: Settings, visitor: Visitor, user: User) -> Tokens:
    """Begin a session on this device; its tokens are answered once and stored nowhere."""
    now = clock.now()
    await _end_oldest(session, user.id, now)
    row = Session(
        id=uuid4(),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=settings.refresh_token_days),
        user_agent=visitor.user_agent,
        ip=visitor.ip,
    )
    session.add(row)
    await session.flush()
    await audit.record(
        session, visitor.as_user(user.id), "session.started", object_type="session", object_id=row.id
    )
    return await refresh_tokens.issue(session, settings, user, row.id, now)


async def _end_oldest(session: AsyncSession, user_id: UUID, now: datetime) -> None:
    """Leave room for one more: the session not used for longest gives way. Whoever signs in holds the user's row, so
    two of them do not count at the same time."""
    live = (
        sa.select(Session.id)
        .where(Session.user_id == user_id, Session.ended_at.is_(None))
        .order_by(Session.last_seen_at.desc(), Session.id)
        .offset(MOST_SESSIONS - 1)
    )
    await session.execute(
        sa.update(Session).where(Session.id.in_(live)).values(ended_at=now, ended_reason="too_many")
    )


async def end(session: AsyncSession, actor: Actor, user_id: UUID, session_id: UUID) -> None:
    """End one live session of this user. Raises SessionNotFound, for anybody else's too."""
    ended = await session.scalar(
        sa.update(Session)
        .where(Session.id == session_id, Session.user_id == user_id, Session.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_reason="ended_by_user")
        .returning(Session.id)
    )
    if ended is None:
        raise SessionNotFound
    await audit.record(session, actor, "session.ended", object_type="session", object_id=session_id)


async def end_by_token(session: AsyncSession, visitor: Visitor, token: str) -> None:
    """Sign out a browser whose access token has run out: its refresh token names the session. Raises NotSignedIn."""
    row = (
        await session.execute(
            sa.update(Session)
            .where(
                Session.id == RefreshToken.session_id,
                RefreshToken.token_hash == security.refresh_hash(token),
                Session.ended_at.is_(None),
            )
            .values(ended_at=clock.now(), ended_reason="ended_by_user")
            .returning(Session.id, Session.user_id)
        )
    ).one_or_none()
    if row is None:
        raise NotSignedIn
    await audit.record(
        session, visitor.as_user(row.user_id), "session.ended", object_type="session", object_id=row.id
    )


async def end_all(session: AsyncSession, user_id: UUID, reason: str, *, but: UUID | None = None) -> int:
    """End every live session of a user, but one if given; returns how many ended. The caller writes the journal."""
    ended = await session.scalars(
        sa.update(Session)
        .where(Session.user_id == user_id, Session.ended_at.is_(None), Session.id != (but or UUID(int=0)))
        .values(ended_at=clock.now(), ended_reason=reason)
        .returning(Session.id)
    )
    announce(
        session, {"kind": "sessions", "user": str(user_id)}
    )  # open windows of these sessions close at once
    return len(ended.all())


async def end_everybodys(session: AsyncSession, reason: str) -> int:
    """End every live session there is; returns how many. The caller writes the journal."""
    ended = await session.scalars(
        sa.update(Session)
        .where(Session.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_reason=reason)
        .returning(Session.id)
    )
    return len(ended.all())


_FORGET = sa.text("""
DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE expires_at < :before OR last_seen_at > :future
    UNION ALL
    (SELECT id FROM (
        SELECT id, ended_at, row_number() OVER (PARTITION BY user_id ORDER BY created_at DESC, id) AS n FROM sessions
    ) AS numbered WHERE n > :most AND ended_at IS NOT NULL)
    LIMIT :batch
)
RETURNING id
""")


async def forget_old(session: AsyncSession) -> None:
    """Delete sessions over for a month, their tokens with them, and failure counters that no longer count.

    Ended sessions are kept that long because reuse of their tokens must still be noticed and because they tell from
    where a person has signed in before; of one person no more than a few hundred. One whose clock was ahead opens
    nothing (see `actor`) and goes too. A periodic job calls this.
    """
    now = clock.now()
    given = {"before": now - _KEPT_FOR, "future": clock.horizon(), "most": _MOST_KEPT}
    await in_batches(session, _FORGET, given)
    await throttle.forget_old(session)
