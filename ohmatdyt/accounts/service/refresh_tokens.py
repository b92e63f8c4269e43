"""Refresh tokens: a session is a family of them, each used once (RFC 9700, 4.14.2).

Only the newest token and the one before it are stored. An older one names its family by itself, under our signature, so
that its use still ends the session. The successor of a token follows from it and our secret: requests sent at once with
one token all get the same next one.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts import policy
from ohmatdyt.accounts.actor import Visitor
from ohmatdyt.accounts.models import RefreshToken, Session, User
from ohmatdyt.accounts.session_schemas import Tokens
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, security
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import NotSignedIn
from ohmatdyt.core.settings import Settings

# Two tabs may send the same token at once; later than this it is somebody who should not have it.
GRACE = timedelta(seconds=10)
_SIGNATURE = 16


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
    return security.read_access(_secret(settings), tokens.access_token, now=clock.now()).user_id


async def issue(
    session: AsyncSession, settings: Settings, user: User, session_id: UUID, now: datetime
) -> Tokens:
    """The first tokens of a session."""
    token = _made(settings, session_id, secrets.token_bytes(32))
    await _store(session, settings, session_id, token, parent=None, now=now)
    return _tokens(settings, user, session_id, token, now)


async def _rotate(session: AsyncSession, settings: Settings, visitor: Visitor, token: str) -> Tokens | None:
    now = clock.now()
    mine = security.refresh_hash(token)
    session_id: UUID | None = await session.scalar(
        sa.update(RefreshToken)
        .where(
            RefreshToken.token_hash == mine,
            RefreshToken.used_at.is_(None),
            RefreshToken.expires_at > now,
            RefreshToken.issued_at <= clock.horizon(),
        )
        .values(used_at=now)
        .returning(RefreshToken.session_id)
    )
    if session_id is not None:
        successor = _successor(settings, session_id, token)
        user = await _continue(session, settings, session_id, now)
        if user is None:
            return None
        await _store(session, settings, session_id, successor, parent=mine, now=now)
        kept = (mine, security.refresh_hash(successor))
        await session.execute(
            sa.delete(RefreshToken).where(
                RefreshToken.session_id == session_id, RefreshToken.token_hash.not_in(kept)
            )
        )
        return _tokens(settings, user, session_id, successor, now)
    return await _again(session, settings, visitor, token, now)


async def _again(
    session: AsyncSession, settings: Settings, visitor: Visitor, token: str, now: datetime
) -> Tokens | None:
    """What a token gets that cannot be used up any more: its successor within the grace, or the end of its session."""
    known = await session.get(RefreshToken, security.refresh_hash(token))
    if known is None:
        family = _family(settings, token)
        if family is not None:
            await _revoke_family(session, visitor, family, now)
        return None
    if known.used_at is None:
        return None
    successor = _successor(settings, known.session_id, token)
    if timedelta() <= now - known.used_at <= GRACE and await _is_unused(session, successor):
        user = await _continue(session, settings, known.session_id, now)
        return _tokens(settings, user, known.session_id, successor, now) if user else None
    await _revoke_family(session, visitor, known.session_id, now)
    return None


async def _is_unused(session: AsyncSession, token: str) -> bool:
    """Whether this token is the newest of its family. Locks it, so that it is not being used."""
    statement = (
        sa.select(RefreshToken.token_hash)
        .where(RefreshToken.token_hash == security.refresh_hash(token), RefreshToken.used_at.is_(None))
        .with_for_update()
    )
    return await session.scalar(statement) is not None


async def _continue(
    session: AsyncSession, settings: Settings, session_id: UUID, now: datetime
) -> User | None:
    """Let the session live on; its owner, None when it is over."""
    user_id = await session.scalar(
        sa.update(Session)
        .where(
            Session.id == session_id,
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.last_seen_at <= clock.horizon(),
        )
        .values(last_seen_at=now, expires_at=now + timedelta(days=settings.refresh_token_days))
        .returning(Session.user_id)
    )
    user = await session.get(User, user_id) if user_id else None
    if user is None or not user.is_active or policy.temporary_password_expired(user, now):
        return None
    return user


async def _store(
    session: AsyncSession,
    settings: Settings,
    session_id: UUID,
    token: str,
    *,
    parent: bytes | None,
    now: datetime,
) -> None:
    session.add(
        RefreshToken(
            token_hash=security.refresh_hash(token),
            session_id=session_id,
            parent_hash=parent,
            issued_at=now,
            expires_at=now + timedelta(days=settings.refresh_token_days),
        )
    )
    await session.flush()


def _tokens(settings: Settings, user: User, session_id: UUID, refresh_token: str, now: datetime) -> Tokens:
    lifetime = timedelta(minutes=settings.access_token_minutes)
    access_token = security.issue_access(
        _secret(settings),
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


def _secret(settings: Settings) -> str:
    return settings.secret_key.get_secret_value()


def _digest(settings: Settings, what: bytes, of: bytes) -> bytes:
    return hmac.digest(_secret(settings).encode(), what + b"\0" + of, hashlib.sha256)


def _made(settings: Settings, session_id: UUID, bits: bytes) -> str:
    body = session_id.bytes + bits
    return (
        base64.urlsafe_b64encode(body + _digest(settings, b"family", body)[:_SIGNATURE]).rstrip(b"=").decode()
    )


def _successor(settings: Settings, session_id: UUID, token: str) -> str:
    return _made(settings, session_id, _digest(settings, b"successor", token.encode(errors="replace")))


def _family(settings: Settings, token: str) -> UUID | None:
    """The session a token of ours belongs to, also when the token is not stored any more."""
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if len(body) != 48 or not hmac.compare_digest(_digest(settings, b"family", body)[:_SIGNATURE], signature):
        return None
    return UUID(bytes=body[:16])
