"""HTTP of the subcategories, which live under their category."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ohmatdyt.accounts.actor import CurrentActor, CurrentAdmin
from ohmatdyt.catalog import queries, service
from ohmatdyt.catalog.errors import InactiveForAdminsOnly
from ohmatdyt.catalog.models import Category, Subcategory
from ohmatdyt.catalog.schemas import (
    DeactivatedSubcategory,
    DirectoryQuery,
    EntryIn,
    Subcategories,
    SubcategoryOut,
)
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.core.idempotency import IdempotencyKey, once_model

router = APIRouter(prefix="/api/categories/{category_id}/subcategories", tags=["subcategories"])


@router.get("", responses=failures(401, 403, 404))
async def list_subcategories(
    session: UnitOfWork, actor: CurrentActor, category_id: UUID, query: Annotated[DirectoryQuery, Query()]
) -> Subcategories:
    """Subcategories of a category."""
    if query.include_inactive and not actor.is_admin:
        raise InactiveForAdminsOnly(field="include_inactive")
    await queries.entry(session, Category, category_id)
    found = await queries.entries(
        session,
        Subcategory,
        include_inactive=query.include_inactive,
        search=query.search,
        category_id=category_id,
    )
    shown = [SubcategoryOut.model_validate(one) for one in found]
    return Subcategories(subcategories=shown, total=len(shown))


@router.post("", response_model=SubcategoryOut, status_code=201, responses=failures(401, 403, 404, 409))
async def create_subcategory(
    session: UnitOfWork, actor: CurrentAdmin, category_id: UUID, body: EntryIn, key: IdempotencyKey = None
) -> Response:
    """Add a subcategory to a category."""

    async def work() -> SubcategoryOut:
        one = await service.create(session, actor, Subcategory, body.name, category_id=category_id)
        return SubcategoryOut.model_validate(one)

    return await once_model(
        session, actor.user_id, key, body, work, action=f"create subcategory of {category_id}"
    )


@router.get("/{subcategory_id}", responses=failures(401, 403, 404))
async def read_subcategory(
    session: UnitOfWork, _actor: CurrentActor, category_id: UUID, subcategory_id: UUID
) -> SubcategoryOut:
    """One subcategory, active or not."""
    one = await queries.entry(session, Subcategory, subcategory_id, category_id=category_id)
    return SubcategoryOut.model_validate(one)


@router.put("/{subcategory_id}", responses=failures(401, 403, 404, 409))
async def rename_subcategory(
    session: UnitOfWork, actor: CurrentAdmin, category_id: UUID, subcategory_id: UUID, body: EntryIn
) -> SubcategoryOut:
    """Rename a subcategory. Cases keep the words they were registered with."""
    one = await service.rename(
        session, actor, Subcategory, subcategory_id, body.name, category_id=category_id
    )
    return SubcategoryOut.model_validate(one)


@router.post("/{subcategory_id}/activate", responses=failures(401, 403, 404))
async def activate_subcategory(
    session: UnitOfWork, actor: CurrentAdmin, category_id: UUID, subcategory_id: UUID
) -> SubcategoryOut:
    """Offer a subcategory for new cases."""
    one = await service.set_active(
        session, actor, Subcategory, subcategory_id, active=True, category_id=category_id
    )
    return SubcategoryOut.model_validate(one)


@router.post("/{subcategory_id}/deactivate", responses=failures(401, 403, 404))
async def deactivate_subcategory(
    session: UnitOfWork, actor: CurrentAdmin, category_id: UUID, subcategory_id: UUID
) -> DeactivatedSubcategory:
    """Stop offering a subcategory for new cases."""
    one = await service.set_active(
        session, actor, Subcategory, subcategory_id, active=False, category_id=category_id
    )
    shown = SubcategoryOut.model_validate(one)
    return DeactivatedSubcategory(**dict(shown), open_cases=await queries.open_cases(session, one))
