"""The outbox, which is at once everybody's list of notifications."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)
ByBytes = sa.Text(collation="C")


class MailStatus(StrEnum):
    """Where the letter stands.

    NOT_CONFIGURED: there was no mail server to give it to. SKIPPED: its reader may not have it any more.
    """

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    NOT_CONFIGURED = "NOT_CONFIGURED"
    SKIPPED = "SKIPPED"


class Notification(Model):
    """One event for one person. `due_at`: when the letter is to be tried next; while SENDING, until when its
    sender has it to himself. Users and cases take their notifications along when they are deleted (by triggers: foreign
    keys would lock a dozen users for every new case)."""

    __tablename__ = "notifications"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    recipient_id: Mapped[uuid.UUID]
    type: Mapped[str] = mapped_column(ByBytes)
    case_id: Mapped[uuid.UUID | None]
    public_id: Mapped[int | None]
    actor_id: Mapped[uuid.UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    read_at: Mapped[datetime | None] = mapped_column(Timestamp)
    mail_status: Mapped[str] = mapped_column(ByBytes, default=MailStatus.PENDING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    message_id: Mapped[str | None] = mapped_column(sa.Text)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    secret: Mapped[bytes | None]


class CaseReminder(Model):
    """A reminder about a waiting case has left on this local day."""

    __tablename__ = "case_reminders"

    case_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
