"""The timeline is written here, and nowhere rewritten."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases.models import Case, CaseEvent, EventKind


async def tell(
    session: AsyncSession,
    actor: Actor,
    case: Case,
    kind: EventKind,
    *,
    at: datetime,
    data: dict[str, Any] | None = None,
    from_status: str | None = None,
    is_internal: bool = False,
) -> None:
    """Add to the timeline; with `from_status`, the step from it to the case's status."""
    await session.execute(
        sa.insert(CaseEvent).values(
            case_id=case.id,
            at=at,
            actor_id=actor.user_id,
            kind=kind.value,
            from_status=from_status,
            to_status=case.status if from_status else None,
            is_internal=is_internal,
            data=data or {},
        )
    )
