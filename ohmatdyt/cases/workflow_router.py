"""HTTP of a case's life: take, assign, status, comments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from ohmatdyt.accounts.actor import CurrentActor
from ohmatdyt.cases import policy, service
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.schemas import (
    Assignment,
    CaseCard,
    CaseReference,
    CommentOut,
    Comments,
    CommentsQuery,
    NewComment,
    StatusChange,
)
from ohmatdyt.core import clock
from ohmatdyt.core.db import RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import failures, tagged
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once, once_model

router = APIRouter(prefix="/api/cases/{case}", tags=["cases"])


@dataclass(frozen=True, slots=True)
class _Step:
    """What every step in a case's life needs besides its body."""

    request: Request
    session: UnitOfWork
    connection: RequestConnection
    actor: CurrentActor
    case: CaseReference
    key: IdempotencyKey = None

    async def once(self, name: str, asked: BaseModel | None, step: Callable[[], Awaitable[UUID]]) -> Response:
        """The changed card; a step mails people, so the same request sent again is answered and not repeated."""

        async def work() -> bytes:
            await step()
            stale_before = policy.overdue_before(
                clock.now(), self.request.app.state.settings.escalation_after_days
            )
            driver = await raw(self.connection)
            return (await reading.card(driver, self.actor, self.case, stale_before=stale_before)).body

        meaning = fingerprint(f"{name} {self.case}", asked.model_dump_json() if asked else None)
        session, user_id = self.session, self.actor.user_id
        return tagged(await once(session, user_id, self.key, work, request=meaning, status_code=200))


CurrentStep = Annotated[_Step, Depends(scope="function")]


@router.post("/take", response_model=CaseCard, responses=failures(401, 403, 404, 409))
async def take_case(step: CurrentStep) -> Response:
    """Become responsible for a NEW case. Of several takers one wins; 409 names the winner."""
    return await step.once("take", None, lambda: service.take_case(step.session, step.actor, step.case))


@router.post("/status", response_model=CaseCard, responses=failures(401, 403, 404, 409))
async def change_status(step: CurrentStep, change: StatusChange) -> Response:
    """Change the status, with an explanation. 409 lists what is allowed."""
    return await step.once(
        "status", change, lambda: service.change_status(step.session, step.actor, step.case, change)
    )


@router.post("/assign", response_model=CaseCard, responses=failures(400, 401, 403, 404, 409))
async def assign_case(step: CurrentStep, asked: Assignment) -> Response:
    """ADMIN: make somebody responsible, or give the case back to the queue (with a comment)."""
    return await step.once(
        "assign", asked, lambda: service.assign_case(step.session, step.actor, step.case, asked)
    )


@router.get("/comments", response_model=Comments, responses=failures(401, 403, 404))
async def list_comments(
    connection: RequestConnection,
    actor: CurrentActor,
    case: CaseReference,
    query: Annotated[CommentsQuery, Query()],
) -> Response:
    """A page of the thread, oldest first unless asked otherwise; an operator never gets internal comments."""
    body = await reading.comments(await raw(connection), actor, case, query)
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
