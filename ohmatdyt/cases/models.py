"""The case, its thread, its files and its timeline."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)
ByBytes = sa.Text(collation="C")


class Status(StrEnum):
    """Where a case stands (product.md §3)."""

    NEW = "NEW"
    IN_PROGRESS = "IN_PROGRESS"
    NEEDS_INFO = "NEEDS_INFO"
    REJECTED = "REJECTED"
    DONE = "DONE"


class Case(Model):
    """A citizen's request. NEW means nobody is responsible yet; the database holds the two together."""

    __tablename__ = "cases"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    public_id: Mapped[int]
    category_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("categories.id"))
    channel_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("channels.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    responsible_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    status: Mapped[str] = mapped_column(ByBytes)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    last_status_change_at: Mapped[datetime] = mapped_column(Timestamp)
    subcategory: Mapped[str | None] = mapped_column(sa.Text)
    applicant_name: Mapped[str] = mapped_column(sa.Text)
    applicant_name_sort: Mapped[str] = mapped_column(ByBytes)
    applicant_phone: Mapped[str | None] = mapped_column(sa.Text)
    applicant_phone_e164: Mapped[str | None] = mapped_column(ByBytes)
    applicant_email: Mapped[str | None] = mapped_column(sa.Text)
    summary: Mapped[str] = mapped_column(sa.Text)
    patient_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("patients.id"))
    doctor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("doctors.id"))
    # The database writes it when the case leaves NEW for the first time.
    first_taken_at: Mapped[datetime | None] = mapped_column(Timestamp, server_default=sa.FetchedValue())


class Comment(Model):
    """A word in the thread; an internal one is for executors of the category and admins only."""

    __tablename__ = "case_comments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    is_internal: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Timestamp)


class Attachment(Model):
    """A file of a case; the bytes lie in the storage under `storage_key`."""

    __tablename__ = "attachments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"))
    original_name: Mapped[str] = mapped_column(sa.Text)
    storage_key: Mapped[str] = mapped_column(sa.Text)
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    mime_type: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[bytes]
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp)


class EventKind(StrEnum):
    """What happened to a case."""

    CREATED = "created"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    STATUS_CHANGED = "status_changed"
    EDITED = "edited"
    COMMENTED = "commented"
    FILE_ADDED = "file_added"
    FILE_DELETED = "file_deleted"


class CaseEvent(Model):
    """One entry of the timeline; the database refuses to change or delete it."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Timestamp)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    from_status: Mapped[str | None] = mapped_column(ByBytes)
    to_status: Mapped[str | None] = mapped_column(ByBytes)
    is_internal: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
