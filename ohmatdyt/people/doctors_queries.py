"""Every SELECT over doctors. There are hundreds, not hundreds of thousands: plain conditions do."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import User
from ohmatdyt.people.doctors_schemas import DoctorQuery
from ohmatdyt.people.errors import DoctorInactive, DoctorNotFound
from ohmatdyt.people.keys import name_words, spellings
from ohmatdyt.people.models import Doctor


def searchable(text: str) -> str:
    """The form in which doctors' names, specialties and departments are compared."""
    return " ".join(name_words(text))


async def page_of_doctors(session: AsyncSession, query: DoctorQuery) -> tuple[list[Doctor], int]:
    """A page in alphabetical order and the exact total."""
    conditions: list[sa.ColumnElement[bool]] = []
    everything = sa.func.concat_ws(" ", Doctor.name_key, Doctor.specialty_key, Doctor.department_key)
    words = name_words(query.search)
    if query.search and not words:
        return [], 0
    conditions += [
        sa.or_(*(sa.func.strpos(everything, spelling) > 0 for spelling in spellings(word))) for word in words
    ]
    if query.specialty:
        conditions.append(Doctor.specialty_key == searchable(query.specialty))
    if query.department:
        conditions.append(Doctor.department_key == searchable(query.department))
    if query.is_active is not None:
        conditions.append(Doctor.is_active.is_(query.is_active))
    matching = sa.select(Doctor).where(*conditions)
    order: tuple[sa.ColumnElement[str] | sa.ColumnElement[UUID], ...] = (
        (Doctor.full_name_sort.desc(), Doctor.id.desc())
        if query.order_by.startswith("-")
        else (Doctor.full_name_sort.asc(), Doctor.id.asc())
    )
    total = await session.scalar(sa.select(sa.func.count()).select_from(matching.subquery())) or 0
    rows = await session.scalars(matching.order_by(*order).limit(query.page_size).offset(query.offset))
    return list(rows.all()), total


async def doctor(session: AsyncSession, doctor_id: UUID, *, lock: bool = False) -> Doctor:
    """One doctor, active or not. Raises DoctorNotFound."""
    found = await session.get(Doctor, doctor_id, with_for_update=lock, populate_existing=True)
    if found is None:
        raise DoctorNotFound
    return found


async def doctor_to_link(session: AsyncSession, doctor_id: UUID) -> Doctor:
    """An active doctor for a new case to point to. Raises DoctorNotFound, DoctorInactive."""
    found = await session.get(Doctor, doctor_id, populate_existing=True)
    if found is None:
        raise DoctorNotFound(field="doctor_id")
    if not found.is_active:
        raise DoctorInactive(field="doctor_id")
    return found


async def accounts_of(session: AsyncSession, doctors: Sequence[Doctor]) -> dict[UUID, User]:
    """The users these doctors are, by user id."""
    ids = [one.user_id for one in doctors if one.user_id is not None]
    if not ids:
        return {}
    return {user.id: user for user in (await session.scalars(sa.select(User).where(User.id.in_(ids)))).all()}


# The cases domain stands above this one, so its table is named here by hand rather than imported.
_OWN_CASES = sa.text(
    "SELECT count(*) FROM cases WHERE doctor_id = :doctor AND responsible_id = :account"
    " AND status IN ('IN_PROGRESS', 'NEEDS_INFO')"
)


async def open_cases_of_his_own(session: AsyncSession, doctor_id: UUID, user_id: UUID) -> int:
    """How many open cases about the doctor this user is responsible for."""
    return await session.scalar(_OWN_CASES, {"doctor": doctor_id, "account": user_id}) or 0


async def used_words(session: AsyncSession) -> tuple[list[str], list[str]]:
    """Departments and specialties doctors have now."""
    departments = (await session.scalars(sa.select(Doctor.department).distinct())).all()
    specialties = (await session.scalars(sa.select(Doctor.specialty).distinct())).all()
    return list(departments), list(specialties)
