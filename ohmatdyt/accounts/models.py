"""People who work here, their sessions and what protects their passwords."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)


class Role(StrEnum):
    """What a person is here for (product.md §1)."""

    OPERATOR = "OPERATOR"
    EXECUTOR = "EXECUTOR"
    ADMIN = "ADMIN"


class User(Model):
    """A person who works here. `is_pending` marks a self-registration no admin has approved yet."""

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    username: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str] = mapped_column(sa.Text)
    full_name: Mapped[str] = mapped_column(sa.Text)
    full_name_sort: Mapped[str] = mapped_column(sa.Text(collation="C"))
    role: Mapped[str] = mapped_column(sa.Text)
    is_active: Mapped[bool]
    is_pending: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(sa.Text)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    temporary_password_expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    token_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    last_password_change_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_login_at: Mapped[datetime | None] = mapped_column(Timestamp)


class CategoryAccess(Model):
    """An executor serves a category: he sees its cases and may take them.

    It stands here and not in the catalog because it is a right of a person, read with him on every request; the
    catalog is above this domain, so the category is named by its table only.
    """

    __tablename__ = "category_access"

    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("categories.id"), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(Timestamp)


class Session(Model):
    """One sign-in on one device: the family of its refresh tokens."""

    __tablename__ = "sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    last_seen_at: Mapped[datetime] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    ended_reason: Mapped[str | None] = mapped_column(sa.Text)
    user_agent: Mapped[str] = mapped_column(sa.Text, default="")
    ip: Mapped[str] = mapped_column(sa.Text, default="")


class RefreshToken(Model):
    """A refresh token by its SHA-256; the token itself is nowhere."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"))
    parent_hash: Mapped[bytes | None]
    issued_at: Mapped[datetime] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class LoginFailures(Model):
    """How often a sign-in failed lately, per account and network."""

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(Timestamp)
    blocked_until: Mapped[datetime | None] = mapped_column(Timestamp)
