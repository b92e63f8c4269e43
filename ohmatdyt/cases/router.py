"""HTTP of cases: register, list, read, edit."""

from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ohmatdyt.accounts.actor import Actor, CurrentActor, Driver, claims_of
from ohmatdyt.accounts.together import ask_as_caller, caller_of, read_as_caller
from ohmatdyt.cases import policy, service
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
from ohmatdyt.core.errors import DomainError
from ohmatdyt.core.forms import is_small
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
from ohmatdyt.core.idempotency import (
    IdempotencyKey,
    Keep,
    again,
    fingerprint,
    once,
    once_at_once,
    one_at_a_time,
)
from ohmatdyt.core.light import at_once

router = APIRouter(prefix="/api/cases", tags=["cases"])


def _stale_before(request: Request) -> datetime:
    return policy.overdue_before(clock.now(), request.app.state.settings.escalation_after_days)


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
        return await reading.page_of_cases(
            driver, actor, query, stale_before=_stale_before(request), zone=request.app.state.settings.zone
        )

    return Response(await read_as_caller(request, page), media_type="application/json")


@router.post(
    "",
    response_model=CaseCard,
    status_code=201,
    responses=failures(400, 401, 403, 404, 409, 429, 507),
    openapi_extra=hand_read_form(CaseForm),
)
async def register_case(request: Request, key: IdempotencyKey = None) -> Response:
    """Register a case with its files: all or nothing. A request sent again with its Idempotency-Key is one case."""
    state = request.app.state
    claims_of(request)
    if not is_small(request):
        await caller_of(request)  # before so much is read
    async with AsyncExitStack() as stack:
        try:
            read_query(request, NoQuery)
            receive = service.receiver(state.storage, state.settings, field="files")
            form = await stack.enter_async_context(read_form(request, CaseForm, receive))
        except (DomainError, RequestValidationError, HTTPException):
            await caller_of(request)
            raise
        if form.is_plain:
            return await _register_at_once(request, form, key)
        actor = await caller_of(request)
        # No connection is held while the files are looked at.
        files = await stack.enter_async_context(service.received(form.uploads, state.settings, field="files"))
        session = await stack.enter_async_context(state.database.unit_of_work())

        async def work() -> bytes:
            await service.require_quota(session, actor, files, state.settings)
            return await service.register_case(session, actor, form, files, state.storage)

        digests = [part for file in files for part in (file.name, file.incoming.sha256)]
        answer = await once(session, actor.user_id, key, work, request=_meaning(form, *digests))
    answer.headers["ETag"] = etag(1)
    return answer


async def _register_at_once(request: Request, form: CaseForm, key: str | None) -> Response:
    meaning = _meaning(form) if key else b""

    async def prepare(actor: Actor, driver: Driver) -> tuple[Actor, Any]:
        return actor, await service.prepare(driver, actor, form, key)

    async with one_at_a_time(claims_of(request).user_id, key), at_once(request.app.state.database) as light:
        actor, prepared = await ask_as_caller(request, light.driver, prepare)
        if prepared.fingerprint is not None:
            # Also when it could not be registered now: its category may have been closed since.
            answer = again(prepared, meaning)
        else:
            session = light.as_session()

            async def work(keep: Keep | None) -> bytes:
                return await service.register_at_once(session, actor, form, prepared, keep=keep)

            answer = await once_at_once(session, actor.user_id, key, work, request=meaning)
    answer.headers["ETag"] = etag(1)
    return answer


def _meaning(form: CaseForm, *files: str | bytes) -> bytes:
    return fingerprint("register case", form.model_dump_json(exclude={"files", "files_as_list"}), *files)


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


async def _card_answer(
    request: Request, connection: RequestConnection, actor: Actor, case: UUID | int
) -> Response:
    """The card as it is now, also within the transaction that has just changed it."""
    card = await reading.card(await raw(connection), actor, case, stale_before=_stale_before(request))
    return Response(card.body, media_type="application/json", headers={"ETag": etag(card.version)})


@router.get("/{case}", response_model=CaseCard, responses=failures(401, 403, 404), openapi_extra=SIGNED_IN)
async def read_case(request: Request, case: CaseReference) -> Response:
    """The card: everything the viewer may see of the case, and what he may do with it."""

    async def read(actor: Actor, driver: Driver) -> reading.Card:
        read_query(request, NoQuery)
        return await reading.card(driver, actor, case, stale_before=_stale_before(request))

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
    request: Request,
    session: UnitOfWork,
    connection: RequestConnection,
    actor: CurrentActor,
    case: CaseReference,
    patch: CasePatch,
    version: ExpectedVersion,
) -> Response:
    """Change fields: whoever registered it while it is NEW, an ADMIN while it is open. 412 carries the newer card."""
    await service.edit_case(session, actor, case, patch, version, stale_before=_stale_before(request))
    return await _card_answer(request, connection, actor, case)
