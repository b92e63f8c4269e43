"""Sessions: one per sign-in and device, a family of refresh tokens of which each is used once (RFC 9700, 4.14.2)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor, Visitor
from ohmatdyt.accounts.errors import SessionNotFound
from ohmatdyt.accounts.models import RefreshToken, Session, User
from ohmatdyt.accounts.service import throttle
from ohmatdyt.accounts.session_schemas import Tokens
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, security
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import NotSignedIn
from ohmatdyt.core.settings import Settings

# Two tabs may send the same token at once; later than this it is somebody who should not have it.
GRACE = timedelta(seconds=10)
_KEPT_FOR = timedelta(days=30)


async def start(session: AsyncSession, settings: Settings, visitor: Visitor, user: User) -> Tokens:
    """Begin a session on this device; its tokens are answered once and stored nowhere."""
    now = clock.now()
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
    return await _issue(session, settings, user, row.id, parent=None, now=now)


async def refresh(database: Database, settings: Settings, visitor: Visitor, token: str) -> Tokens:
    """New tokens for a refresh token, which is used up by it. Raises NotSignedIn.

    A token used before ends its whole session, because one of its two owners is a thief; that is committed although
    the answer is a refusal, hence the transaction of its own.
    """
    async with database.unit_of_work() as session:
        tokens = await _rotate(session, settings, visitor, token)
    if tokens is None:
        raise NotSignedIn
    return tokens


def owner(settings: Settings, tokens: Tokens) -> UUID:
    """Whose tokens we have just issued."""
    secret = settings.secret_key.get_secret_value()
    return security.read_access(secret, tokens.access_token, now=clock.now()).user_id


async def _rotate(session: AsyncSession, settings: Settings, visitor: Visitor, token: str) -> Tokens | None:
    now = clock.now()
    mine = security.refresh_hash(token)
    used = (
        await session.execute(
            sa.update(RefreshToken)
            .where(
                RefreshToken.token_hash == mine, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now
            )
            .values(used_at=now)
            .returning(RefreshToken.session_id, RefreshToken.parent_hash)
        )
    ).one_or_none()
    if used is not None:
        if used.parent_hash is not None:
            await _use_up_twins(session, used.parent_hash, now)
        return await _continue(session, settings, used.session_id, parent=mine, now=now)
    known = (
        await session.execute(
            sa.select(RefreshToken.session_id, RefreshToken.used_at).where(RefreshToken.token_hash == mine)
        )
    ).one_or_none()
    if known is None or known.used_at is None:
        return None
    if now - known.used_at <= GRACE and await _hold_unused_child(session, mine):
        return await _continue(session, settings, known.session_id, parent=mine, now=now)
    await _revoke_family(session, visitor, known.session_id, now)
    return None


async def _use_up_twins(session: AsyncSession, parent: bytes, now: datetime) -> None:
    """Within the grace one parent may have got two children. Only one of them goes on: if the other one is used
    later, two hold this session, and it ends."""
    await session.execute(
        sa.update(RefreshToken)
        .where(RefreshToken.parent_hash == parent, RefreshToken.used_at.is_(None))
        .values(used_at=now)
    )


async def _hold_unused_child(session: AsyncSession, parent: bytes) -> bool:
    """Whether this token is the one immediately before the newest. Locks the newest, so that it is not being used."""
    statement = (
        sa.select(RefreshToken.token_hash)
        .where(RefreshToken.parent_hash == parent, RefreshToken.used_at.is_(None))
        .limit(1)
        .with_for_update()
    )
    return await session.scalar(statement) is not None


async def _continue(
    session: AsyncSession, settings: Settings, session_id: UUID, *, parent: bytes, now: datetime
) -> Tokens | None:
    expires_at = now + timedelta(days=settings.refresh_token_days)
    user_id = await session.scalar(
        sa.update(Session)
        .where(Session.id == session_id, Session.ended_at.is_(None), Session.expires_at > now)
        .values(last_seen_at=now, expires_at=expires_at)
        .returning(Session.user_id)
    )
    user = await session.get(User, user_id) if user_id else None
    if user is None or not user.is_active or temporary_password_expired(user, now):
        return None
    return await _issue(session, settings, user, session_id, parent=parent, now=now)


def temporary_password_expired(user: User, now: datetime) -> bool:
    """Whether the password that was given out for a day has outlived it."""
    ends = user.temporary_password_expires_at
    return user.must_change_password and ends is not None and ends <= now


async def _issue(
    session: AsyncSession,
    settings: Settings,
    user: User,
    session_id: UUID,
    *,
    parent: bytes | None,
    now: datetime,
) -> Tokens:
    refresh_token = security.new_refresh_token()
    session.add(
        RefreshToken(
            token_hash=security.refresh_hash(refresh_token),
            session_id=session_id,
            parent_hash=parent,
            issued_at=now,
            expires_at=now + timedelta(days=settings.refresh_token_days),
        )
    )
    await session.flush()
    lifetime = timedelta(minutes=settings.access_token_minutes)
    access_token = security.issue_access(
        settings.secret_key.get_secret_value(),
        user_id=user.id,
        session_id=session_id,
        token_version=user.token_version,
        now=now,
        lifetime=lifetime,
    )
    return Tokens(
        access_token=access_token, refresh_token=refresh_token, expires_in=int(lifetime.total_seconds())
    )


async def _revoke_family(session: AsyncSession, visitor: Visitor, session_id: UUID, now: datetime) -> None:
    user_id = await session.scalar(
        sa.update(Session)
        .where(Session.id == session_id, Session.ended_at.is_(None))
        .values(ended_at=now, ended_reason="refresh_token_reused")
        .returning(Session.user_id)
    )
    if user_id is not None:
        await audit.record(
            session,
            visitor,
            "session.revoked",
            object_type="session",
            object_id=session_id,
            details={"reason": "refresh_token_reused", "user_id": str(user_id)},
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
    return len(ended.all())


async def forget_old(session: AsyncSession) -> None:
    """Delete sessions over for a month, their tokens with them, and failure counters that no longer count.

    Ended sessions are kept that long because reuse of their tokens must still be noticed and because they tell from
    where a person has signed in before. A periodic job calls this.
    """
    now = clock.now()
    await session.execute(sa.delete(Session).where(Session.expires_at < now - _KEPT_FOR))
    await throttle.forget_old(session, now)
