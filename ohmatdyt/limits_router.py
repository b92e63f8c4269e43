"""HTTP of the limits a person meets: the browser asks for them instead of having numbers of its own."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from ohmatdyt.accounts.actor import CurrentActor
from ohmatdyt.core.http import failures
from ohmatdyt.core.settings import Settings

router = APIRouter(tags=["operations"])


class Limits(BaseModel):
    """What this installation allows, by its settings."""

    max_file_bytes: int = Field(ge=1, description="MAX_UPLOAD_MB, in bytes.", examples=[10_485_760])
    max_files: int = Field(ge=1, description="Files in one request: MAX_FILES_PER_REQUEST.", examples=[20])
    overdue_after_days: int = Field(
        ge=1,
        description="Days of 24 hours after which a case is overdue: ESCALATION_AFTER_DAYS.",
        examples=[3],
    )


@router.get("/api/limits", responses=failures(401, 403))
async def read_limits(request: Request, _actor: CurrentActor) -> Limits:
    """The limits a form can judge by before it is sent; the server judges again."""
    settings: Settings = request.app.state.settings
    return Limits(
        max_file_bytes=settings.max_upload_bytes,
        max_files=settings.max_files_per_request,
        overdue_after_days=settings.escalation_after_days,
    )
