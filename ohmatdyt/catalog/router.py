"""HTTP of the directories. Categories and channels are one thing under two names: one builder makes both."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ohmatdyt.accounts.actor import CurrentActor, CurrentAdmin
from ohmatdyt.catalog import queries, service
from ohmatdyt.catalog.errors import InactiveForAdminsOnly
from ohmatdyt.catalog.models import Category, Channel
from ohmatdyt.catalog.schemas import (
    Categories,
    Channels,
    DeactivatedEntry,
    DirectoryQuery,
    EntryIn,
    EntryOut,
)
from ohmatdyt.catalog.subcategories_router import router as subcategories_router
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.core.idempotency import IdempotencyKey, once_model


def _directory(kind: type[Category] | type[Channel], plural: str, listing: type[Any]) -> APIRouter:
    routes = APIRouter(prefix=f"/api/{plural}", tags=[plural])
    noun = service.NOUNS[kind]

    @routes.get(
        "",
        response_model=listing,
        responses=failures(401, 403),
        summary=f"List {plural}",
        name=f"list_{plural}",
    )
    async def list_entries(
        session: UnitOfWork, actor: CurrentActor, query: Annotated[DirectoryQuery, Query()]
    ) -> Any:
        if query.include_inactive and not actor.is_admin:
            raise InactiveForAdminsOnly(field="include_inactive")
        found = await queries.entries(
            session, kind, include_inactive=query.include_inactive, search=query.search
        )
        entries = [EntryOut.model_validate(one) for one in found]
        return listing(**{plural: entries}, total=len(entries))

    @routes.post(
        "",
        response_model=EntryOut,
        status_code=201,
        responses=failures(401, 403, 409),
        summary=f"Add a {noun}",
        name=f"create_{noun}",
    )
    async def create(
        session: UnitOfWork, actor: CurrentAdmin, body: EntryIn, key: IdempotencyKey = None
    ) -> Response:
        async def work() -> EntryOut:
            return EntryOut.model_validate(await service.create(session, actor, kind, body.name))

        return await once_model(session, actor.user_id, key, body, work, action=f"create {noun}")

    @routes.get(
        "/{entry_id}",
        responses=failures(401, 403, 404),
        summary=f"One {noun}, active or not",
        name=f"read_{noun}",
    )
    async def read(session: UnitOfWork, _actor: CurrentActor, entry_id: UUID) -> EntryOut:
        return EntryOut.model_validate(await queries.entry(session, kind, entry_id))

    @routes.put(
        "/{entry_id}",
        responses=failures(401, 403, 404, 409),
        summary=f"Rename a {noun}",
        name=f"rename_{noun}",
    )
    async def rename(session: UnitOfWork, actor: CurrentAdmin, entry_id: UUID, body: EntryIn) -> EntryOut:
        return EntryOut.model_validate(await service.rename(session, actor, kind, entry_id, body.name))

    @routes.post(
        "/{entry_id}/activate",
        responses=failures(401, 403, 404),
        summary=f"Offer a {noun} for new cases",
        name=f"activate_{noun}",
    )
    async def activate(session: UnitOfWork, actor: CurrentAdmin, entry_id: UUID) -> EntryOut:
        return EntryOut.model_validate(await service.set_active(session, actor, kind, entry_id, active=True))

    @routes.post(
        "/{entry_id}/deactivate",
        responses=failures(401, 403, 404),
        summary=f"Stop offering a {noun} for new cases",
        name=f"deactivate_{noun}",
    )
    async def deactivate(session: UnitOfWork, actor: CurrentAdmin, entry_id: UUID) -> DeactivatedEntry:
        one = await service.set_active(session, actor, kind, entry_id, active=False)
        shown = EntryOut.model_validate(one)
        return DeactivatedEntry(**dict(shown), open_cases=await queries.open_cases(session, one))

    return routes


router = APIRouter()
router.include_router(_directory(Category, "categories", Categories))
router.include_router(_directory(Channel, "channels", Channels))
router.include_router(subcategories_router)
