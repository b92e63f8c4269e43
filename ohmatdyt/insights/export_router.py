"""HTTP of exports. It stands before the cases' own routes, whose path would take `export` for a case."""

from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from ohmatdyt.accounts.actor import CurrentActorBriefly
from ohmatdyt.cases import policy
from ohmatdyt.cases.queries import criteria
from ohmatdyt.core import clock
from ohmatdyt.core.http import failures
from ohmatdyt.core.resources import AnswerResources
from ohmatdyt.insights import export_service as service
from ohmatdyt.insights.export_schemas import ExportQuery
from ohmatdyt.insights.spreadsheet import FORMATS

router = APIRouter(tags=["cases"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, streamed.",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in (
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    }
}


@router.get(
    "/api/cases/export", response_class=StreamingResponse, responses=failures(401, 403, 429, 507) | _FILE
)
async def export_cases(
    request: Request,
    held: AnswerResources,
    actor: CurrentActorBriefly,
    query: Annotated[ExportQuery, Query()],
) -> StreamingResponse:
    """The cases a list with these filters shows, all of them, as a file. One at a time for each person.

    Who exported what is in the journal.
    """
    state = request.app.state
    now = clock.now()
    wanted = criteria.build(
        query,
        actor,
        stale_before=policy.overdue_before(now, state.settings.escalation_after_days),
        zone=state.settings.zone,
    )
    exports: service.Exports = state.exports
    spool = await exports.open(held, actor)
    async with state.database.unit_of_work() as session:
        await service.note_export(session, actor, query)
    await exports.begin(held, spool, wanted, query, state.settings.time_zone)
    pieces = await held.enter_async_context(aclosing(spool.pieces()))
    name = f"zvernennia-{now.astimezone(state.settings.zone):%Y-%m-%d-%H%M}.{query.format}"
    return StreamingResponse(
        pieces,
        media_type=FORMATS[query.format].media_type,  # type: ignore[attr-defined]
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
