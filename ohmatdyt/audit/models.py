"""The journal of who did and looked at what. The database refuses to change or delete an entry."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)


class AuditEntry(Model):
    """One action or look, or the refusal of one. `details` hold ids and field names, never applicants' data."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Timestamp)
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(sa.Text)
    object_type: Mapped[str | None] = mapped_column(sa.Text)
    object_id: Mapped[str | None] = mapped_column(sa.Text)
    outcome: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    request_id: Mapped[str | None] = mapped_column(sa.Text)
    ip: Mapped[str | None] = mapped_column(sa.Text)


class AuditLink(Model):
    """An entry's place in the hash chain."""

    __tablename__ = "audit_chain"

    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_log.id"))
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
