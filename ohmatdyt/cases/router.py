"""HTTP of cases: register, list, read, edit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response

from ohmatdyt.accounts.actor import CurrentActor
from ohmatdyt.cases import service
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.schemas import (
    CaseCard,
    CaseForm,
    CaseListQuery,
    CasePage,
    CasePatch,
    CaseReference,
    Scope,
)
from ohmatdyt.core import clock
from ohmatdyt.core.db import RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import ExpectedVersion, etag, failures, strict_form
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once

router = APIRouter(prefix="/api/cases", tags=["cases"])


async def _list(
    request: Request, connection: RequestConnection, actor: CurrentActor, query: CaseListQuery
) -> Response:
    body = await reading.page_of_cases(
        await raw(connection), actor, query, now=clock.now(), zone=request.app.state.settings.zone
    )
    return Response(body, media_type="application/json")


@router.post(
    "",
    response_model=CaseCard,
    status_code=201,
    responses=failures(400, 401, 409, 413, 507),
    dependencies=[strict_form("files")],
)
async def register_case(
    request: Request,
    session: UnitOfWork,
    actor: CurrentActor,
    form: Annotated[CaseForm, Form(media_type="multipart/form-data")],
    key: IdempotencyKey = None,
) -> Response:
    """Register a case with its files: all or nothing. A request sent again with its Idempotency-Key is one case."""
    state = request.app.state
    async with service.received(form.files, state.storage, state.settings, field="files") as files:

        async def work() -> bytes:
            return await service.register_case(session, actor, form, files, state.storage)

        fields = form.model_dump_json(exclude={"files"})
        digests = [part for file in files for part in (file.name, file.incoming.sha256)]
        asked = fingerprint("register case", fields, *digests)
        answer = await once(session, actor.user_id, key, work, request=asked)
    answer.headers["ETag"] = etag(1)
    return answer


@router.get("", response_model=CasePage, responses=failures(401, 403))
async def list_cases(
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    query: Annotated[CaseListQuery, Query()],
) -> Response:
    """Cases the viewer may see that fulfil all the filters, with an exact total."""
    return await _list(request, connection, actor, query)


@router.get("/my", response_model=CasePage, responses=failures(401, 403))
async def list_my_cases(
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    query: Annotated[CaseListQuery, Query()],
) -> Response:
    """The list with the scope `mine`."""
    return await _list(request, connection, actor, query.model_copy(update={"scope": Scope.MINE}))


@router.get("/assigned", response_model=CasePage, responses=failures(401, 403))
async def list_assigned_cases(
    request: Request,
    connection: RequestConnection,
    actor: CurrentActor,
    query: Annotated[CaseListQuery, Query()],
) -> Response:
    """The list with the scope `queue`: NEW in my categories, and those I am responsible for."""
    return await _list(request, connection, actor, query.model_copy(update={"scope": Scope.QUEUE}))


async def card_answer(connection: RequestConnection, actor: CurrentActor, case: UUID | int) -> Response:
    """The card as it is now, also within the transaction that has just changed it."""
    card = await reading.card(await raw(connection), actor, case, now=clock.now())
    return Response(card.body, media_type="application/json", headers={"ETag": etag(card.version)})


@router.get("/{case}", response_model=CaseCard, responses=failures(401, 403, 404))
async def read_case(connection: RequestConnection, actor: CurrentActor, case: CaseReference) -> Response:
    """The card: everything the viewer may see of the case, and what he may do with it."""
    return await card_answer(connection, actor, case)


@router.patch("/{case}", response_model=CaseCard, responses=failures(400, 401, 403, 404, 409, 412, 428))
async def edit_case(
    *,
    session: UnitOfWork,
    connection: RequestConnection,
    actor: CurrentActor,
    case: CaseReference,
    patch: CasePatch,
    version: ExpectedVersion,
) -> Response:
    """Change fields: whoever registered it while it is NEW, an ADMIN while it is open. 412 carries the newer card."""
    await service.edit_case(session, actor, case, patch, version)
    return await card_answer(connection, actor, case)
