"""Files of a case, as answered."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from ohmatdyt.core.schemas import Out, UserRef


class AttachmentOut(Out):
    """A file of a case; its bytes come from `GET /api/attachments/{id}`."""

    id: UUID
    case_id: UUID
    original_name: str = Field(max_length=250, examples=["Виписка з історії хвороби.pdf"])
    size_bytes: int = Field(gt=0, examples=[184320])
    mime_type: str = Field(max_length=100, examples=["application/pdf"])
    sha256: str = Field(
        pattern="^[0-9a-f]{64}$",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    uploaded_by: UserRef
    created_at: datetime


class Attachments(Out):
    """The files of a case, oldest first."""

    attachments: list[AttachmentOut]
    total: int = Field(ge=0, examples=[2])
