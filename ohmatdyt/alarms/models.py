"""What is wrong with the installation now, and what was: one row for each alarm there has ever been."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)
ByBytes = sa.Text(collation="C")


class Level(StrEnum):
    """How bad: WARNING leaves days, CRITICAL does not."""

    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


class Alarm(Model):
    """Raised at `since`; active until `cleared_at`. `told_at` is when administrators last got a letter about it."""

    __tablename__ = "alarms"

    kind: Mapped[str] = mapped_column(ByBytes, primary_key=True)
    subject: Mapped[str] = mapped_column(ByBytes, primary_key=True)
    level: Mapped[str] = mapped_column(ByBytes)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    since: Mapped[datetime] = mapped_column(Timestamp)
    told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    cleared_at: Mapped[datetime | None] = mapped_column(Timestamp)
