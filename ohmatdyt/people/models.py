"""Patients, those who speak for them, doctors, and merges of duplicates."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ohmatdyt.core.db import Model

Timestamp = sa.DateTime(timezone=True)
ByBytes = sa.Text(collation="C")

ANONYMOUS = "Знеособлено"
"""What stands where an anonymised person's name stood."""


class Patient(Model):
    """A child. A merged duplicate keeps its data and points to the survivor; it is listed and found no more."""

    __tablename__ = "patients"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    full_name: Mapped[str] = mapped_column(sa.Text)
    full_name_sort: Mapped[str] = mapped_column(ByBytes)
    birth_date: Mapped[date | None]
    record_number: Mapped[str | None] = mapped_column(sa.Text)
    record_key: Mapped[str | None] = mapped_column(ByBytes)
    phone: Mapped[str | None] = mapped_column(sa.Text)
    phone_e164: Mapped[str | None] = mapped_column(ByBytes)
    email: Mapped[str | None] = mapped_column(sa.Text)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    search_keys: Mapped[str] = mapped_column(TSVECTOR, deferred=True)
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("patients.id"))
    anonymised_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)


class Guardian(Model):
    """Somebody who speaks for a patient: a parent, a guardian, a relative."""

    __tablename__ = "guardians"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    full_name: Mapped[str] = mapped_column(sa.Text)
    relation: Mapped[str] = mapped_column(sa.Text)
    phone: Mapped[str | None] = mapped_column(sa.Text)
    phone_e164: Mapped[str | None] = mapped_column(ByBytes)
    email: Mapped[str | None] = mapped_column(sa.Text)
    is_primary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Timestamp)


class PatientMerge(Model):
    """One merge and what it moved, so that it can be undone."""

    __tablename__ = "patient_merges"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    into_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    case_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid))
    guardian_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid))
    primary_guardian_id: Mapped[uuid.UUID | None]
    adopted: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    merged_at: Mapped[datetime] = mapped_column(Timestamp)
    merged_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))


class Doctor(Model):
    """A doctor a case may concern. `user_id` links the doctor who also works with this system."""

    __tablename__ = "doctors"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    full_name: Mapped[str] = mapped_column(sa.Text)
    full_name_sort: Mapped[str] = mapped_column(ByBytes)
    name_key: Mapped[str] = mapped_column(ByBytes)
    specialty: Mapped[str] = mapped_column(sa.Text)
    specialty_key: Mapped[str] = mapped_column(ByBytes)
    department: Mapped[str] = mapped_column(sa.Text)
    department_key: Mapped[str] = mapped_column(ByBytes)
    phone: Mapped[str | None] = mapped_column(sa.Text)
    phone_e164: Mapped[str | None] = mapped_column(ByBytes)
    email: Mapped[str | None] = mapped_column(sa.Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
