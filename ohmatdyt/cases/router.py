"""HTTP of cases: register, list, read, edit."""

from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from ohmatdyt.accounts.actor import Actor, CurrentActor, Driver, light_unit_of_work, reader
from ohmatdyt.accounts.together import read_as_caller
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
from ohmatdyt.core.db import Database, RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import (
    SIGNED_IN,
    ExpectedVersion,
    NoQuery,
    StrictQuery,
    etag,
    failures,
    hand_read_form,
    hand_read_query,
    read_form,
    read_query,
)
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once

router = APIRouter(prefix="/api/cases", tags=["cases"])


_LIST: dict[str, Any] = {
    "response_model": CasePage,
    "responses": failures(401, 403),
    "openapi_extra": hand_read_query(CaseListQuery),
}


async def _list(request: Request, scope: Scope | None = None) -> Response:
    async def page(actor: Actor, driver: Driver) -> bytes:
        query = read_query(request, CaseListQuery)
        if scope is not None:
            query = query.model_copy(update={"scope": scope})
        zone = request.app.state.settings.zone
        return await reading.page_of_cases(driver, actor, query, now=clock.now(), zone=zone)

    return Response(await read_as_caller(request, page), media_type="application/json")


@router.post(
    "",
    response_model=CaseCard,
    status_code=201,
    responses=failures(400, 401, 403, 404, 409, 507),
    openapi_extra=hand_read_form(CaseForm),
)
async def register_case(request: Request, key: IdempotencyKey = None) -> Response:
    """Register a case with its files: all or nothing. A request sent again with its Idempotency-Key is one case."""
    state = request.app.state
    database: Database = state.database
    # No connection is held while the form is read and its files are looked at.
    async with reader(request) as (actor, _):
        read_query(request, NoQuery)
    async with AsyncExitStack() as stack:
        form = await stack.enter_async_context(read_form(request, CaseForm))
        files = await stack.enter_async_context(
            service.received(form.uploads, state.storage, state.settings, field="files")
        )
        # Linking people loads them as objects, which a light transaction does not know.
        is_light = form.patient_id is None and form.doctor_id is None
        session = await stack.enter_async_context(
            light_unit_of_work(database) if is_light else database.unit_of_work()
        )

        async def work() -> bytes:
            return await service.register_case(session, actor, form, files, state.storage)

        fields = form.model_dump_json(exclude={"files", "files_as_list"})
        digests = [part for file in files for part in (file.name, file.incoming.sha256)]
        asked = fingerprint("register case", fields, *digests)
        answer = await once(session, actor.user_id, key, work, request=asked)
    answer.headers["ETag"] = etag(1)
    return answer


@router.get("", **_LIST)
async def list_cases(request: Request) -> Response:
    """Cases the viewer may see that fulfil all the filters, with an exact total."""
    return await _list(request)


@router.get("/my", **_LIST)
async def list_my_cases(request: Request) -> Response:
    """The list with the scope `mine`."""
    return await _list(request, Scope.MINE)


@router.get("/assigned", **_LIST)
async def list_assigned_cases(request: Request) -> Response:
    """The list with the scope `queue`: NEW in my categories, and those I am responsible for."""
    return await _list(request, Scope.QUEUE)


async def card_answer(connection: RequestConnection, actor: CurrentActor, case: UUID | int) -> Response:
    """The card as it is now, also within the transaction that has just changed it."""
    card = await reading.card(await raw(connection), actor, case, now=clock.now())
    return Response(card.body, media_type="application/json", headers={"ETag": etag(card.version)})


@router.get("/{case}", response_model=CaseCard, responses=failures(401, 403, 404), openapi_extra=SIGNED_IN)
async def read_case(request: Request, case: CaseReference) -> Response:
    """The card: everything the viewer may see of the case, and what he may do with it."""

    async def read(actor: Actor, driver: Driver) -> reading.Card:
        read_query(request, NoQuery)
        return await reading.card(driver, actor, case, now=clock.now())

    card = await read_as_caller(request, read)
    return Response(card.body, media_type="application/json", headers={"ETag": etag(card.version)})


@router.patch(
    "/{case}",
    response_model=CaseCard,
    responses=failures(400, 401, 403, 404, 409, 412, 428),
    dependencies=[StrictQuery],
)
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
