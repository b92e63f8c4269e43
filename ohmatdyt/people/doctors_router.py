"""HTTP of the directory of doctors. Their cases and figures are in `cases.people_router`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ohmatdyt.accounts.actor import CurrentActor, CurrentAdmin
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import VersionIfGiven, etag, failures, tagged
from ohmatdyt.core.idempotency import IdempotencyKey, once_model
from ohmatdyt.people import doctors_queries as queries
from ohmatdyt.people import doctors_service as service
from ohmatdyt.people.doctors_schemas import (
    Departments,
    DoctorIn,
    DoctorOut,
    DoctorPatch,
    DoctorQuery,
    Doctors,
)

router = APIRouter(prefix="/api/doctors", tags=["doctors"])


@router.get("", responses=failures(401, 403))
async def list_doctors(
    session: UnitOfWork, _actor: CurrentActor, query: Annotated[DoctorQuery, Query()]
) -> Doctors:
    """Doctors in Ukrainian alphabetical order."""
    found, total = await queries.page_of_doctors(session, query)
    shown = await service.all_shown(session, found)
    return Doctors(doctors=shown, total=total, page=query.page, page_size=query.page_size)


@router.post("", response_model=DoctorOut, status_code=201, responses=failures(400, 401, 403, 409))
async def create_doctor(
    session: UnitOfWork, actor: CurrentAdmin, body: DoctorIn, key: IdempotencyKey = None
) -> Response:
    """Add a doctor."""

    async def work() -> DoctorOut:
        return await service.create_doctor(session, actor, body)

    return tagged(await once_model(session, actor.user_id, key, body, work, action="create doctor"))


@router.get("/departments", responses=failures(401, 403))
async def list_departments(session: UnitOfWork, _actor: CurrentActor) -> Departments:
    """Departments and specialties to choose from."""
    return await service.departments(session)


@router.get("/{doctor_id}", responses=failures(401, 403, 404))
async def read_doctor(
    session: UnitOfWork, _actor: CurrentActor, doctor_id: UUID, response: Response
) -> DoctorOut:
    """One doctor, active or not."""
    return _tagged(response, await service.shown(session, await queries.doctor(session, doctor_id)))


@router.patch("/{doctor_id}", responses=failures(400, 401, 403, 404, 409, 412))
async def edit_doctor(
    *,
    session: UnitOfWork,
    actor: CurrentAdmin,
    doctor_id: UUID,
    expected: VersionIfGiven,
    body: DoctorPatch,
    response: Response,
) -> DoctorOut:
    """Change the given fields, of the version named in If-Match if it is named."""
    return _tagged(response, await service.edit_doctor(session, actor, doctor_id, expected, body))


@router.post("/{doctor_id}/activate", responses=failures(401, 403, 404))
async def activate_doctor(
    session: UnitOfWork, actor: CurrentAdmin, doctor_id: UUID, response: Response
) -> DoctorOut:
    """Offer a doctor for new cases."""
    return _tagged(response, await service.set_active(session, actor, doctor_id, active=True))


@router.post("/{doctor_id}/deactivate", responses=failures(401, 403, 404))
async def deactivate_doctor(
    session: UnitOfWork, actor: CurrentAdmin, doctor_id: UUID, response: Response
) -> DoctorOut:
    """Stop offering a doctor for new cases; old ones still show him."""
    return _tagged(response, await service.set_active(session, actor, doctor_id, active=False))


def _tagged(response: Response, one: DoctorOut) -> DoctorOut:
    response.headers["ETag"] = etag(one.version)
    return one
