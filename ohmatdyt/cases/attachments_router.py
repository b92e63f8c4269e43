"""HTTP of attachments."""

from contextlib import aclosing
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import StreamingResponse

from ohmatdyt.accounts.actor import CurrentActor, CurrentActorBriefly
from ohmatdyt.cases import service
from ohmatdyt.cases.queries import reading
from ohmatdyt.cases.schemas import AttachmentForm, AttachmentOut, Attachments, CaseReference
from ohmatdyt.core import filetypes
from ohmatdyt.core.db import RequestConnection, UnitOfWork, raw
from ohmatdyt.core.http import failures, hand_read_form, read_form
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once
from ohmatdyt.core.resources import AnswerResources

router = APIRouter(prefix="/api/attachments", tags=["attachments"])

_PREVIEWABLE = frozenset(kind.mime for kind in filetypes.ALLOWED.values() if kind.previewable)
_FILE_CONTENT = {
    kind.mime: {"schema": {"type": "string", "format": "binary"}} for kind in filetypes.ALLOWED.values()
}


@router.post(
    "/cases/{case}/upload",
    response_model=AttachmentOut,
    status_code=201,
    responses=failures(400, 401, 403, 404, 409, 429, 507),
    openapi_extra=hand_read_form(AttachmentForm),
)
async def upload_attachment(
    *,
    request: Request,
    actor: CurrentActorBriefly,
    case: CaseReference,
    key: IdempotencyKey = None,
) -> Response:
    """Add a file to an open case. The content decides what it is, not its name."""
    state = request.app.state
    receive = service.receiver(state.storage, state.settings, field="file")
    # No connection is held while the file comes and is looked at.
    async with (
        read_form(request, AttachmentForm, receive) as form,
        service.received([form.file], state.settings, field="file") as (file,),
        state.database.unit_of_work() as session,
    ):

        async def work() -> bytes:
            await service.require_quota(session, actor, [file], state.settings)
            done = await service.attach_file(session, actor, case, file, state.storage)
            return done.model_dump_json().encode()

        asked = fingerprint(f"attach to {case}", file.name, file.incoming.sha256)
        return await once(session, actor.user_id, key, work, request=asked)


@router.get("/cases/{case}", response_model=Attachments, responses=failures(401, 403, 404))
async def list_attachments(
    connection: RequestConnection, actor: CurrentActor, case: CaseReference
) -> Response:
    """The files of a case, oldest first."""
    body = await reading.attachments(await raw(connection), actor, case)
    return Response(body, media_type="application/json")


@router.get(
    "/{attachment_id}",
    response_class=StreamingResponse,
    responses={
        200: {"content": _FILE_CONTENT, "description": "The file"},
        **failures(400, 401, 403, 404, 409),
    },
)
async def download_attachment(
    *,
    request: Request,
    held: AnswerResources,
    session: UnitOfWork,
    actor: CurrentActor,
    attachment_id: UUID,
    inline: Annotated[bool, Query(description="Show PDFs and images instead of saving them.")] = False,
) -> StreamingResponse:
    """A file, compared with its checksum before the first byte leaves. An altered or lost file is 409.

    What would run something in a browser is not shown in one (400 with `inline`), and can still be saved.
    """
    found, stored = await service.open_attachment(session, actor, attachment_id, request.app.state.storage)
    held.callback(stored.close)
    pieces = await held.enter_async_context(aclosing(stored.pieces()))
    shown = inline and found.mime_type in _PREVIEWABLE
    if shown:
        await service.ensure_harmless(found, request.app.state.storage)
    headers = {
        "Content-Length": str(found.size_bytes),
        "Content-Disposition": _disposition("inline" if shown else "attachment", found.original_name),
        # Whatever a file holds, opened by itself it runs nothing and belongs to no origin.
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(pieces, media_type=found.mime_type, headers=headers)


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: `filename*` for everybody who reads RFC 8187, a plain ASCII name for the rest."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@router.delete("/{attachment_id}", status_code=204, responses=failures(401, 403, 404, 409))
async def delete_attachment(
    request: Request,
    session: UnitOfWork,
    actor: CurrentActor,
    attachment_id: UUID,
    after: BackgroundTasks,
) -> None:
    """Delete a file of an open case. The bytes go once the row is gone for good."""
    key = await service.delete_attachment(session, actor, attachment_id)
    after.add_task(request.app.state.storage.delete, key)
