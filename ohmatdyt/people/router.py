"""HTTP of patients' cards. What joins them with cases is in `cases.people_router`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from ohmatdyt.accounts.actor import CurrentActor
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import ExpectedVersion, etag, failures, tagged
from ohmatdyt.core.idempotency import IdempotencyKey, once_model
from ohmatdyt.people import queries, service
from ohmatdyt.people.looks import Looks
from ohmatdyt.people.schemas import (
    PatientIn,
    PatientName,
    PatientOut,
    PatientPatch,
    PatientQuery,
    PatientRow,
    Patients,
)

router = APIRouter(prefix="/api/patients", tags=["patients"])


@router.get("", responses=failures(401, 403, 429))
async def list_patients(
    request: Request, session: UnitOfWork, actor: CurrentActor, query: Annotated[PatientQuery, Query()]
) -> Patients:
    """Living cards found by a name, a phone number, an e-mail address or a record number in any spelling.

    Searches are written into the access journal, several of one person together; 429 for whoever looks through
    too many.
    """
    looks: Looks = request.app.state.looks
    await looks.require_left(actor)
    rows, total, next_after = await queries.page_of_patients(session, query)
    await looks.record(actor, "list", len(rows))
    return Patients(
        patients=[PatientRow.model_validate(row) for row in rows],
        total=total,
        page=query.page,
        page_size=query.page_size,
        next_after=next_after,
    )


@router.post("", response_model=PatientOut, status_code=201, responses=failures(400, 401, 403, 409))
async def create_patient(
    session: UnitOfWork, actor: CurrentActor, body: PatientIn, key: IdempotencyKey = None
) -> Response:
    """Add a card. 409 with `patient` when the record number is somebody's."""

    async def work() -> PatientOut:
        return await service.create_patient(session, actor, body)

    return tagged(await once_model(session, actor.user_id, key, body, work, action="create patient"))


@router.get("/{patient_id}", responses=failures(401, 403, 404))
async def read_patient(
    session: UnitOfWork, actor: CurrentActor, patient_id: UUID, response: Response
) -> PatientOut:
    """A card, also a merged or anonymised one. The look is written into the access journal."""
    return _tagged(response, await service.view_patient(session, actor, patient_id))


@router.get("/{patient_id}/name", responses=failures(401, 403, 404))
async def read_patient_name(session: UnitOfWork, _actor: CurrentActor, patient_id: UUID) -> PatientName:
    """Whose card this is: no more than lists of patients show, so no look at the card and not in the journal."""
    return await queries.patient_name(session, patient_id)


@router.patch("/{patient_id}", responses=failures(400, 401, 403, 404, 409, 412, 428))
async def edit_patient(
    *,
    session: UnitOfWork,
    actor: CurrentActor,
    patient_id: UUID,
    expected: ExpectedVersion,
    body: PatientPatch,
    response: Response,
) -> PatientOut:
    """Change the given fields of the version named in If-Match."""
    return _tagged(response, await service.edit_patient(session, actor, patient_id, expected, body))


def _tagged(response: Response, card: PatientOut) -> PatientOut:
    response.headers["ETag"] = etag(card.version)
    return card
