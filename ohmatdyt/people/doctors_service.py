"""What administrators do with the directory of doctors."""

from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import User
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, phones
from ohmatdyt.core.http import require_version
from ohmatdyt.core.schemas import UserRef
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.people import doctors_queries as queries
from ohmatdyt.people.doctors_schemas import Departments, DoctorIn, DoctorOut, DoctorPatch
from ohmatdyt.people.errors import UnknownUser, UserIsAnotherDoctor, WorksOnOwnCases
from ohmatdyt.people.models import Doctor

_FIELDS = ("full_name", "specialty", "department", "phone", "email", "user_id")


async def create_doctor(session: AsyncSession, actor: Actor, body: DoctorIn) -> DoctorOut:
    """Add a doctor. Raises UnknownUser, UserIsAnotherDoctor."""
    now = clock.now()
    one = Doctor(id=uuid4(), is_active=True, version=1, created_at=now, updated_at=now)
    await _fill(session, one, {name: getattr(body, name) for name in _FIELDS})
    session.add(one)
    await _flush(session)
    await _record(session, actor, "created", one)
    return await shown(session, one)


async def edit_doctor(
    session: AsyncSession, actor: Actor, doctor_id: UUID, expected: int | None, body: DoctorPatch
) -> DoctorOut:
    """Change the given fields. Raises DoctorNotFound, StaleVersion (412), UnknownUser, UserIsAnotherDoctor,
    WorksOnOwnCases."""
    one = await queries.doctor(session, doctor_id, lock=True)
    require_version(expected, one.version)
    changes = {
        name: getattr(body, name)
        for name in _FIELDS
        if name in body.model_fields_set and getattr(body, name) != getattr(one, name)
    }
    if changes:
        await _fill(session, one, changes)
        one.version, one.updated_at = one.version + 1, clock.now()
        await _flush(session)
        await _record(session, actor, "edited", one, fields=sorted(changes))
    return await shown(session, one)


async def set_active(session: AsyncSession, actor: Actor, doctor_id: UUID, *, active: bool) -> DoctorOut:
    """Offer a doctor for new cases, or stop offering. Twice changes nothing. Raises DoctorNotFound."""
    one = await queries.doctor(session, doctor_id, lock=True)
    if one.is_active != active:
        one.is_active, one.version, one.updated_at = active, one.version + 1, clock.now()
        await session.flush()
        await _record(session, actor, "activated" if active else "deactivated", one)
    return await shown(session, one)


async def shown(session: AsyncSession, one: Doctor) -> DoctorOut:
    """The doctor as he goes out."""
    return (await all_shown(session, [one]))[0]


async def all_shown(session: AsyncSession, doctors: list[Doctor]) -> list[DoctorOut]:
    """Doctors as they go out, with the names of their accounts."""
    users = await queries.accounts_of(session, doctors)
    plain = [name for name in DoctorOut.model_fields if name != "user"]
    return [
        DoctorOut(
            **{name: getattr(one, name) for name in plain},
            user=UserRef.model_validate(users[one.user_id]) if one.user_id in users else None,
        )
        for one in doctors
    ]


async def departments(session: AsyncSession) -> Departments:
    """What a form offers for department and specialty, in alphabetical order."""
    used, specialties = await queries.used_words(session)
    return Departments(
        departments=sorted({*_hospital_departments(), *used}, key=sort_key),
        specialties=sorted(specialties, key=sort_key),
    )


@cache
def _hospital_departments() -> tuple[str, ...]:
    shipped = orjson.loads((files("ohmatdyt") / "data" / "directories.json").read_bytes())
    return tuple(shipped["departments"])


async def _fill(session: AsyncSession, one: Doctor, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(one, name, value)
    if (user_id := values.get("user_id")) is not None:
        await _require_linkable(session, one, user_id)
    one.full_name_sort = sort_key(one.full_name)
    one.name_key = queries.searchable(one.full_name)
    one.specialty_key = queries.searchable(one.specialty)
    one.department_key = queries.searchable(one.department)
    one.phone_e164 = phones.normalise(one.phone)


async def _require_linkable(session: AsyncSession, one: Doctor, user_id: UUID) -> None:
    with session.no_autoflush:
        if await session.get(User, user_id) is None:
            raise UnknownUser(field="user_id")
        if total := await queries.open_cases_of_his_own(session, one.id, user_id):
            raise WorksOnOwnCases(field="user_id", total=total)


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        if "doctors_user_id_key" in str(error.orig):
            raise UserIsAnotherDoctor(field="user_id") from None
        raise


async def _record(session: AsyncSession, actor: Actor, done: str, one: Doctor, **details: Any) -> None:
    await audit.record(
        session, actor, f"doctor.{done}", object_type="doctor", object_id=one.id, details=details
    )
