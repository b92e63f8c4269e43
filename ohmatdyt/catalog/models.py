"""Categories, subcategories and channels. Who serves which category stands with the people: `accounts.models`."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)
ByBytes = sa.Text(collation="C")


class _Entry:
    """What every directory entry has. `name_key` makes names that only look different the same name;
    `name_sort` puts them into Ukrainian alphabetical order on every server."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(sa.Text)
    name_key: Mapped[str] = mapped_column(ByBytes)
    name_sort: Mapped[str] = mapped_column(ByBytes)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)


class Category(_Entry, Model):
    """What a case is about; executors serve categories."""

    __tablename__ = "categories"


class Channel(_Entry, Model):
    """How a case reached the hospital."""

    __tablename__ = "channels"


class Subcategory(_Entry, Model):
    """A narrower subject within one category."""

    __tablename__ = "subcategories"

    category_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("categories.id"))
