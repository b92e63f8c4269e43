"""HTTP of a case's life: take, assign, status, comments."""

from fastapi import APIRouter, Response

from ohmatdyt.accounts.actor import CurrentActor
from ohmatdyt.cases import service
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.router import card_answer
from ohmatdyt.cases.schemas import (
    Assignment,
    CaseCard,
    CaseReference,
    CommentOut,
    Comments,
    NewComment,
    StatusChange,
)
from ohmatdyt.core.db import RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import failures
from ohmatdyt.core.idempotency import IdempotencyKey, once_model

router = APIRouter(prefix="/api/cases/{case}", tags=["cases"])


@router.post("/take", response_model=CaseCard, responses=failures(401, 403, 404, 409))
async def take_case(
    session: UnitOfWork, connection: RequestConnection, actor: CurrentActor, case: CaseReference
) -> Response:
    """Become responsible for a NEW case. Of several takers one wins; 409 names the winner."""
    await service.take_case(session, actor, case)
    return await card_answer(connection, actor, case)


@router.post("/status", response_model=CaseCard, responses=failures(401, 403, 404, 409))
async def change_status(
    session: UnitOfWork,
    connection: RequestConnection,
    actor: CurrentActor,
    case: CaseReference,
    change: StatusChange,
) -> Response:
    """Change the status, with an explanation. 409 lists what is allowed."""
    await service.change_status(session, actor, case, change)
    return await card_answer(connection, actor, case)


@router.post("/assign", response_model=CaseCard, responses=failures(400, 401, 403, 404, 409))
async def assign_case(
    session: UnitOfWork,
    connection: RequestConnection,
    actor: CurrentActor,
    case: CaseReference,
    asked: Assignment,
) -> Response:
    """ADMIN: make somebody responsible, or give the case back to the queue (with a comment)."""
    await service.assign_case(session, actor, case, asked)
    return await card_answer(connection, actor, case)


@router.get("/comments", response_model=Comments, responses=failures(401, 403, 404))
async def list_comments(connection: RequestConnection, actor: CurrentActor, case: CaseReference) -> Response:
    """The thread, oldest first; an operator never gets internal comments."""
    body = await reading.comments(await raw(connection), actor, case)
    return Response(body, media_type="application/json")


@router.post("/comments", response_model=CommentOut, status_code=201, responses=failures(401, 403, 404))
async def add_comment(
    session: UnitOfWork,
    actor: CurrentActor,
    case: CaseReference,
    asked: NewComment,
    key: IdempotencyKey = None,
) -> Response:
    """Say something in the thread, also of a closed case."""

    async def work() -> CommentOut:
        return await service.add_comment(session, actor, case, asked)

    return await once_model(session, actor.user_id, key, asked, work, action=f"comment on {case}")
