"""HTTP of what joins people with cases; before the people's own routes, which would take «lookup» for an id."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response

from ohmatdyt.accounts.actor import Actor, CurrentActor, CurrentAdmin
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases import policy
from ohmatdyt.cases.queries import people as queries
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.schemas import CaseListQuery, CasePage, Scope
from ohmatdyt.cases.schemas.people import (
    DoctorStatistics,
    Lookup,
    LookupQuery,
    PersonCasesQuery,
    PossibleApplicant,
    PossiblePatient,
)
from ohmatdyt.cases.service import forgetting, relinking
from ohmatdyt.core import clock
from ohmatdyt.core.db import RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import etag, failures
from ohmatdyt.people.looks import Looks
from ohmatdyt.people.schemas import MergeIn, PatientOut

router = APIRouter()

_EVERYTHING_SEEN = {Role.OPERATOR: Scope.MINE, Role.EXECUTOR: Scope.CATEGORY, Role.ADMIN: Scope.ALL}
Asked = Annotated[PersonCasesQuery, Query()]


async def _cases(
    request: Request, connection: RequestConnection, actor: Actor, asked: PersonCasesQuery, **person: UUID
) -> Response:
    query = CaseListQuery(**asked.model_dump(), **person, scope=_EVERYTHING_SEEN[actor.role])
    settings = request.app.state.settings
    stale_before = policy.overdue_before(clock.now(), settings.escalation_after_days)
    body = await reading.page_of_cases(
        await raw(connection), actor, query, stale_before=stale_before, zone=settings.zone
    )
    return Response(body, media_type="application/json")


@router.get("/api/patients/lookup", tags=["patients"], responses=failures(401, 403, 429))
async def look_up_caller(
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    asked: Annotated[LookupQuery, Query()],
) -> Lookup:
    """Who may be calling: patients by their own or a guardian's contacts, and applicants of earlier cases.

    Written into the access journal and limited like the list of patients."""
    looks: Looks = request.app.state.looks
    await looks.require_left(actor)
    driver = await raw(connection)
    patients = await queries.possible_patients(driver, actor, asked)
    applicants = await queries.possible_applicants(driver, actor, asked)
    await looks.record(actor, "lookup", len(patients) + len(applicants))
    return Lookup(
        patients=[PossiblePatient.model_validate(one) for one in patients],
        applicants=[PossibleApplicant.model_validate(one) for one in applicants],
    )


@router.get(
    "/api/patients/{patient_id}/cases",
    tags=["patients"],
    response_model=CasePage,
    responses=failures(401, 403, 404),
)
async def list_patient_cases(
    *,
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    patient_id: UUID,
    asked: Asked,
) -> Response:
    """The patient's cases that the viewer may see."""
    await queries.require_patient(await raw(connection), patient_id)
    return await _cases(request, connection, actor, asked, patient_id=patient_id)


@router.get("/api/patients/{patient_id}/export", tags=["patients"], responses=failures(401, 403, 404))
async def export_patient(session: UnitOfWork, admin: CurrentAdmin, patient_id: UUID) -> Response:
    """Everything the system holds about one person, as a JSON file (GDPR, articles 15 and 20; Law of Ukraine «Про
    захист персональних даних», article 8). It is written into the journal."""
    body = await forgetting.export_patient(session, admin, patient_id)
    headers = {
        "Content-Disposition": f'attachment; filename="patient-{patient_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type="application/json", headers=headers)


@router.post(
    "/api/patients/{patient_id}/anonymise", tags=["patients"], responses=failures(401, 403, 404, 409)
)
async def anonymise_patient(
    request: Request, session: UnitOfWork, admin: CurrentAdmin, patient_id: UUID, after: BackgroundTasks
) -> PatientOut:
    """Forget a person for good: the card, guardians, merged duplicates and all linked cases keep dates, statuses and
    directories and lose every word and file about people. Cannot be undone. 409 while a linked case is open."""
    forgotten = await forgetting.anonymise_patient(session, admin, patient_id)
    # The bytes go once the rows are gone for good; what a crash leaves behind goes with the sweep.
    for key in forgotten.storage_keys:
        after.add_task(request.app.state.storage.delete, key)
    return forgotten.card


@router.post(
    "/api/patients/{patient_id}/merge", tags=["patients"], responses=failures(400, 401, 403, 404, 409)
)
async def merge_patient(
    session: UnitOfWork, admin: CurrentAdmin, patient_id: UUID, body: MergeIn, response: Response
) -> PatientOut:
    """Merge this duplicate into another card and answer with the one that stays. Nothing is lost; it can be undone.

    Cases move along, each with a new version and an entry in its timeline."""
    card = await relinking.merge_patients(session, admin, patient_id, body.into_id)
    response.headers["ETag"] = etag(card.version)
    return card


@router.post("/api/patients/{patient_id}/unmerge", tags=["patients"], responses=failures(401, 403, 404, 409))
async def unmerge_patient(
    session: UnitOfWork, admin: CurrentAdmin, patient_id: UUID, response: Response
) -> PatientOut:
    """Undo the merge of this duplicate and answer with its card, living again."""
    card = await relinking.unmerge_patient(session, admin, patient_id)
    response.headers["ETag"] = etag(card.version)
    return card


@router.get(
    "/api/doctors/{doctor_id}/cases",
    tags=["doctors"],
    response_model=CasePage,
    responses=failures(401, 403, 404),
)
async def list_doctor_cases(
    *,
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    doctor_id: UUID,
    asked: Asked,
) -> Response:
    """Cases about the doctor that the viewer may see; the doctor himself sees none of them."""
    await queries.require_doctor(await raw(connection), doctor_id)
    return await _cases(request, connection, actor, asked, doctor_id=doctor_id)


@router.get("/api/doctors/{doctor_id}/statistics", tags=["doctors"], responses=failures(401, 403, 404))
async def read_doctor_statistics(
    connection: RequestConnection, actor: CurrentActor, doctor_id: UUID
) -> DoctorStatistics:
    """How many cases are about the doctor, where they stand, how long they took."""
    driver = await raw(connection)
    await queries.require_doctor(driver, doctor_id)
    found: dict[str, Any] = await queries.doctor_statistics(driver, actor, doctor_id)
    return DoctorStatistics.model_validate(found)
