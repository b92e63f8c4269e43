"""What comes in and goes out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ohmatdyt.core.outbox import Type
from ohmatdyt.core.paging import Page, Paging
from ohmatdyt.core.schemas import Out, PublicId, Ref, UserRef
from ohmatdyt.notifications.models import MailStatus

Unread = Annotated[int, Field(ge=0, description="The caller's unread notifications.", examples=[3])]


class NotificationOut(Out):
    """One line of a person's list. It names a case by its number only; who may see the case opens it."""

    id: UUID
    type: Type
    title: str = Field(
        max_length=1000,
        description="The line to show, in Ukrainian; the subject of the letter.",
        examples=["Звернення 123456: статус змінено на «Завершено»"],
    )
    case_id: UUID | None
    public_id: PublicId | None
    category: Ref | None = Field(description="The category of the case now.")
    status: str | None = Field(
        max_length=20,
        description="The status the case was given, for CASE_TAKEN and STATUS_CHANGED.",
        examples=["DONE"],
    )
    part: str | None = Field(
        max_length=20,
        description='For REASSIGNED: the reader is the "previous" or the "new" responsible.',
        examples=["new"],
    )
    alarm: str | None = Field(
        max_length=50, description="For ALARM: its kind, as in /api/alarms.", examples=["job_failed"]
    )
    subject: str | None = Field(
        max_length=100, description="For ALARM: which job or disk it is about.", examples=["back_up"]
    )
    actor: UserRef | None = Field(description="Who did it; null for a reminder and an alarm.")
    created_at: datetime
    read_at: datetime | None


class Notifications(Page):
    """A page of the caller's notifications, the newest first."""

    notifications: list[NotificationOut]
    unread: Unread


Order = Annotated[Literal["created_at", "-created_at"], Field(description="`-` first for the newest first.")]


class NotificationsQuery(Paging):
    """Which of the caller's notifications."""

    order_by: Order = "-created_at"

    unread: bool | None = Field(default=None, description="true: only unread ones; false: only read ones.")


class UnreadCount(BaseModel):
    """How many are left unread."""

    unread: Unread


class Delivery(Out):
    """A line of the delivery log."""

    id: UUID
    type: Type
    case_id: UUID | None
    public_id: PublicId | None
    recipient: UserRef
    status: MailStatus
    attempts: int = Field(
        ge=0, le=6, examples=[1], description="How often the letter was tried: once and up to 5 times again."
    )
    next_attempt_at: datetime | None
    last_error: str | None = Field(
        max_length=1000, description="The step and the mail server's code.", examples=["RCPT: 550 5.1.1"]
    )
    message_id: str | None = Field(
        max_length=500, examples=["<0b7c3a52-8f1e-4a59-9f0e-3a1d5c1f2b6d@ohmatdyt.example>"]
    )
    can_resend: bool
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


class DeliveryLog(Page):
    """A page of the delivery log, the newest first."""

    deliveries: list[Delivery]
    totals: dict[str, int] = Field(
        description="Letters by status, of those that were not sent.", examples=[{"FAILED": 2, "PENDING": 1}]
    )


class DeliveryLogQuery(Paging):
    """Filters of the delivery log, joined by AND."""

    status: MailStatus | None = None
    type: Type | None = None
    order_by: Order = "-created_at"
    case_id: str | None = Field(
        default=None,
        pattern=r"^([1-9][0-9]{5}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        description="The id or the 6-digit number of a case.",
        examples=["123456"],
    )
