"""HTTP of the journal, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from ohmatdyt.accounts.actor import CurrentAdmin
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.http import failures
from ohmatdyt.core.schemas import UserRef
from ohmatdyt.insights import audit_queries as queries
from ohmatdyt.insights.audit_schemas import AuditActions, AuditEntryOut, AuditPage, AuditQuery, ChainStatus

router = APIRouter(prefix="/api/audit", tags=["audit"])


@router.get("", responses=failures(401, 403))
async def read_journal(
    request: Request, session: UnitOfWork, _admin: CurrentAdmin, query: Annotated[AuditQuery, Query()]
) -> AuditPage:
    """Who did and looked at what, newest first."""
    rows, total, exact, next_after = await queries.page_of_entries(
        session, query, request.app.state.settings.zone
    )
    plain = [name for name in AuditEntryOut.model_fields if name != "actor"]
    return AuditPage(
        entries=[
            AuditEntryOut(
                **{name: getattr(entry, name) for name in plain},
                actor=UserRef(id=entry.actor_id, full_name=name_of or "") if entry.actor_id else None,
            )
            for entry, name_of in rows
        ],
        total=total,
        total_is_exact=exact,
        page=query.page,
        page_size=query.page_size,
        next_after=next_after,
    )


@router.get("/actions", responses=failures(401, 403))
async def list_actions(session: UnitOfWork, _admin: CurrentAdmin) -> AuditActions:
    """Every action the journal knows."""
    return AuditActions(actions=await queries.actions(session))


@router.get("/chain", responses=failures(401, 403))
async def read_chain(
    session: UnitOfWork,
    _admin: CurrentAdmin,
    verify: Annotated[
        bool, Query(description="Recompute the whole chain now; takes a second per 50 000.")
    ] = False,
) -> ChainStatus:
    """The state of the hash chain: what the last nightly check said, or a check made now."""
    status = await queries.chain_status(session)
    known = {"length": status.length or 0, "waiting": status.waiting, "head": status.head}
    if verify:
        report = await audit.verify_chain(session)
        intact = report.broken_at is None
        return ChainStatus(**known, verified_at=clock.now(), is_intact=intact, broken_at=report.broken_at)
    intact_then = None if status.last_outcome is None else status.last_outcome == "done"
    return ChainStatus(**known, verified_at=status.last_finished_at, is_intact=intact_then)
