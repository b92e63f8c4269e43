"""What people do with patients' cards."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, phones
from ohmatdyt.core.http import require_version
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.people import keys, queries
from ohmatdyt.people.errors import DuplicateRecordNumber, SecondPrimaryGuardian, UnknownGuardian
from ohmatdyt.people.models import Guardian, Patient
from ohmatdyt.people.schemas import GuardianIn, GuardianOut, MergedOut, PatientIn, PatientOut, PatientPatch

_PLAIN = ("full_name", "birth_date", "record_number", "phone", "email", "notes")


async def create_patient(session: AsyncSession, actor: Actor, body: PatientIn) -> PatientOut:
    """Add a card. Raises DuplicateRecordNumber."""
    now = clock.now()
    one = Patient(id=uuid4(), search_keys=_vector([]), version=1, created_at=now, updated_at=now)
    _fill(one, {name: getattr(body, name) for name in _PLAIN})
    await _require_free_record(session, one)
    session.add(one)
    await _flush(session, one)
    await _replace_guardians(session, one, body.guardians)
    await refresh_keys(session, one)
    await _record(session, actor, "created", one)
    return await card(session, one)


async def view_patient(session: AsyncSession, actor: Actor, patient_id: UUID) -> PatientOut:
    """A card, also a merged or anonymised one; the look goes to the journal. Raises PatientNotFound."""
    one = await queries.patient(session, patient_id)
    await _record(session, actor, "viewed", one)
    return await card(session, one)


async def edit_patient(
    session: AsyncSession, actor: Actor, patient_id: UUID, expected: int, body: PatientPatch
) -> PatientOut:
    """Change the given fields. Raises PatientNotFound, PatientMerged, PatientAnonymised, StaleVersion (412),
    DuplicateRecordNumber, UnknownGuardian, SecondPrimaryGuardian."""
    one = await queries.patient_to_change(session, patient_id)
    require_version(expected, one.version)
    changes = {
        name: getattr(body, name)
        for name in _PLAIN
        if name in body.model_fields_set and getattr(body, name) != getattr(one, name)
    }
    with_guardians = "guardians" in body.model_fields_set
    if not changes and not with_guardians:
        return await card(session, one)
    _fill(one, changes)
    if "record_number" in changes:
        await _require_free_record(session, one)
    one.version, one.updated_at = one.version + 1, clock.now()
    await _flush(session, one)
    if with_guardians:
        await _replace_guardians(session, one, body.guardians)
    await refresh_keys(session, one)
    await _record(session, actor, "edited", one, fields=sorted([*changes, *["guardians"] * with_guardians]))
    return await card(session, one)


async def card(session: AsyncSession, one: Patient) -> PatientOut:
    """The card as it goes out."""
    duplicates = await queries.duplicates(session, one.id)
    merges = await queries.merges_into(session, [duplicate.id for duplicate in duplicates])
    fields: dict[str, Any] = {
        name: getattr(one, name) for name in PatientOut.model_fields if name not in {"guardians", "merged"}
    }
    return PatientOut(
        **fields,
        guardians=[GuardianOut.model_validate(g) for g in await queries.guardians(session, one.id)],
        merged=[
            MergedOut(
                **{name: getattr(duplicate, name) for name in MergedOut.model_fields if name != "merged_at"},
                merged_at=merges[duplicate.id].merged_at,
            )
            for duplicate in duplicates
        ],
    )


async def refresh_keys(session: AsyncSession, one: Patient) -> None:
    """Let the card be found by what it, its guardians and its merged duplicates say now."""
    cards = [one, *await queries.duplicates(session, one.id)]
    everybody: list[Patient | Guardian] = [*cards, *await queries.guardians(session, one.id)]
    found_by = keys.keys_of(
        names=[person.full_name for person in everybody],
        phones_e164=[person.phone_e164 for person in everybody],
        emails=[person.email for person in everybody],
        records=[each.record_number for each in cards],
    )
    await session.execute(
        sa.update(Patient).where(Patient.id == one.id).values(search_keys=_vector(found_by)),
        execution_options={"synchronize_session": False},
    )


def set_field(one: Patient, name: str, value: Any) -> None:
    """Set one plain field together with what is derived from it."""
    setattr(one, name, value)
    if name == "full_name":
        one.full_name_sort = sort_key(value)
    elif name == "phone":
        one.phone_e164 = phones.normalise(value)
    elif name == "record_number":
        one.record_key = keys.record_key(value)


def _fill(one: Patient, values: dict[str, Any]) -> None:
    for name, value in values.items():
        set_field(one, name, value)


def _vector(found_by: list[str]) -> Any:
    return sa.func.array_to_tsvector(sa.cast(found_by, ARRAY(sa.Text)))


async def _require_free_record(session: AsyncSession, one: Patient) -> None:
    with session.no_autoflush:  # the question is for what is there, not for what is about to be written
        owner = await queries.owner_of_record(session, one.record_key) if one.record_key else None
    if owner is not None and owner != one.id:
        raise DuplicateRecordNumber(
            field="record_number", record_number=one.record_number, extra={"patient": {"id": str(owner)}}
        )


async def _flush(session: AsyncSession, one: Patient) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        # Two people gave the same number at the same moment.
        if "patients_record_key" in str(error.orig):
            raise DuplicateRecordNumber(field="record_number", record_number=one.record_number) from None
        raise


async def _replace_guardians(session: AsyncSession, one: Patient, wanted: list[GuardianIn]) -> None:
    if sum(guardian.is_primary for guardian in wanted) > 1:
        raise SecondPrimaryGuardian(field="guardians")
    present = {guardian.id: guardian for guardian in await queries.guardians(session, one.id)}
    kept = {guardian.id for guardian in wanted if guardian.id is not None}
    if kept - present.keys() or len(kept) != sum(guardian.id is not None for guardian in wanted):
        raise UnknownGuardian(field="guardians")
    for guardian_id, guardian in present.items():
        if guardian_id not in kept:
            await session.delete(guardian)
    now = clock.now()
    for place, given in enumerate(wanted):
        guardian = present[given.id] if given.id else Guardian(id=uuid4(), patient_id=one.id)
        if given.id is None:
            guardian.created_at = now + timedelta(microseconds=place)  # they stay in the order given
        guardian.full_name, guardian.relation = given.full_name, given.relation
        guardian.phone, guardian.phone_e164 = given.phone, phones.normalise(given.phone)
        guardian.email, guardian.is_primary = given.email, given.is_primary
        session.add(guardian)
    await session.flush()


async def _record(session: AsyncSession, actor: Actor, done: str, one: Patient, **details: Any) -> None:
    await audit.record(
        session, actor, f"patient.{done}", object_type="patient", object_id=one.id, details=details
    )
