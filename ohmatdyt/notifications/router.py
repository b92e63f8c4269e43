"""HTTP of notifications: everybody's own list, the live stream, the administrators' delivery log."""

from contextlib import aclosing
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from ohmatdyt.accounts.actor import CurrentActor, CurrentActorBriefly, CurrentAdmin
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once
from ohmatdyt.core.resources import AnswerResources
from ohmatdyt.notifications import queries, service
from ohmatdyt.notifications.schemas import (
    Delivery,
    DeliveryLog,
    DeliveryLogQuery,
    NotificationOut,
    Notifications,
    NotificationsQuery,
    UnreadCount,
)
from ohmatdyt.notifications.stream import Hub

router = APIRouter(tags=["notifications"])

_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/api/notifications", responses=failures(401, 403))
async def list_notifications(
    session: UnitOfWork, actor: CurrentActor, query: Annotated[NotificationsQuery, Query()]
) -> Notifications:
    """The caller's notifications, the newest first, with the number of unread ones."""
    rows, total = await queries.mine(session, actor.user_id, actor.role, query)
    return Notifications(
        notifications=[NotificationOut.model_validate(row) for row in rows],
        total=total,
        page=query.page,
        page_size=query.page_size,
        unread=await queries.unread_count(session, actor.user_id, actor.role),
    )


@router.post("/api/notifications/read-all", responses=failures(401, 403))
async def read_all(session: UnitOfWork, actor: CurrentActor) -> UnreadCount:
    """Mark all of the caller's notifications as read."""
    return UnreadCount(unread=await service.mark_all_read(session, actor))


@router.get("/api/notifications/log", responses=failures(401, 403))
async def delivery_log(
    session: UnitOfWork, _actor: CurrentAdmin, query: Annotated[DeliveryLogQuery, Query()]
) -> DeliveryLog:
    """What became of every letter; for administrators."""
    rows, total = await queries.log(session, query)
    return DeliveryLog(
        deliveries=[Delivery.model_validate(row) for row in rows],
        total=total,
        page=query.page,
        page_size=query.page_size,
        totals=await queries.unsent_totals(session),
    )


@router.post("/api/notifications/{notification_id}/read", responses=failures(401, 403, 404))
async def read_one(session: UnitOfWork, actor: CurrentActor, notification_id: UUID) -> UnreadCount:
    """Mark one of the caller's notifications as read; doing it twice changes nothing."""
    return UnreadCount(unread=await service.mark_read(session, actor, notification_id))


@router.post(
    "/api/notifications/{notification_id}/resend",
    response_model=Delivery,
    responses=failures(401, 403, 404, 409),
)
async def resend(
    session: UnitOfWork, actor: CurrentAdmin, notification_id: UUID, key: IdempotencyKey = None
) -> Response:
    """Send a letter again that was given up (`can_resend`); for administrators."""

    async def work() -> bytes:
        row = await service.resend(session, actor, notification_id)
        return Delivery.model_validate(row).model_dump_json().encode()

    asked = fingerprint("resend notification", str(notification_id))
    return await once(session, actor.user_id, key, work, request=asked, status_code=200)


@router.get(
    "/api/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `hello` and `counters` {unread}, `notification` (a line of the list), "
            "`case` {id, public_id} of a case that has changed, `resync` {} when something may have been missed.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **failures(401, 403, 429),
    },
)
async def events(request: Request, held: AnswerResources, actor: CurrentActorBriefly) -> StreamingResponse:
    """What changes, live, for as long as the session lives. Only ids, only of what the caller may see."""
    hub: Hub = request.app.state.live
    window = await hub.open(actor)
    held.callback(hub.forget, window)
    frames = await held.enter_async_context(aclosing(window.stream()))
    return StreamingResponse(frames, media_type="text/event-stream", headers=_STREAM_HEADERS)
