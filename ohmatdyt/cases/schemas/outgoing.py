"""The case as answered. The list and the card are built by PostgreSQL in exactly these shapes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from ohmatdyt.cases.models import EventKind, Status
from ohmatdyt.cases.schemas.attachments import AttachmentOut
from ohmatdyt.core.paging import Page
from ohmatdyt.core.schemas import Cursor, Out, PublicId, Ref, ShownE164, UserRef, Version

Action = Literal[
    "edit",
    "take",
    "assign",
    "change_status",
    "comment_public",
    "comment_internal",
    "attach",
    "delete_attachment",
]


class CaseRow(Out):
    """A case in a list."""

    id: UUID
    public_id: PublicId
    category: Ref
    subcategory: str | None = Field(max_length=200, examples=["Діагностика"])
    channel: Ref
    applicant_name: str = Field(max_length=200, examples=["Ганна Ткаченко"])
    applicant_phone: str | None = Field(max_length=50, examples=["067 123-45-67"])
    applicant_email: str | None = Field(max_length=254, examples=["hanna@example.org"])
    summary: str = Field(
        max_length=20_000,
        description="In lists the first 500 characters and «…»; on the card the whole.",
        examples=["Не можу додзвонитися до відділення."],
    )
    status: Status
    author: UserRef
    responsible: UserRef | None
    created_at: datetime
    updated_at: datetime
    last_status_change_at: datetime
    is_overdue: bool = Field(description="NEW for more than ESCALATION_AFTER_DAYS (3) × 24 h.")
    is_stale: bool = Field(
        description="Open, and no change of status for more than ESCALATION_AFTER_DAYS (3) × 24 h."
    )
    version: Version


class Fragment(Out):
    """A piece of plain text."""

    text: str = Field(max_length=20_000, examples=["додзвонитися"])
    is_match: bool = Field(description="Whether this is what was searched for.")


class Highlight(Out):
    """Where a search was found: a field, or a part of it around the match, in pieces that follow one another."""

    field: Literal[
        "public_id",
        "applicant_name",
        "applicant_phone",
        "applicant_email",
        "subcategory",
        "summary",
        "comment",
    ]
    fragments: list[Fragment]


class ListedCase(CaseRow):
    """A case in a list, with what was found in it."""

    highlights: list[Highlight] = Field(
        default=[], description="With `search` only. Several `comment`s may be there."
    )


class CasePage(Page):
    """A page of a case list."""

    cases: list[ListedCase]
    next_after: Cursor | None


class StatusHistoryEntry(Out):
    """One change of status, oldest first."""

    from_status: Status
    to_status: Status
    comment: str | None = Field(max_length=2000, examples=["Відповідь надано письмово."])
    changed_by: UserRef
    changed_at: datetime


class CommentOut(Out):
    """A word in the thread."""

    id: UUID
    author: UserRef
    text: str = Field(max_length=5000, examples=["Передзвонили, чекаємо на виписку."])
    is_internal: bool
    created_at: datetime


class Comments(Page):
    """A page of the thread as the viewer may see it."""

    comments: list[CommentOut]


class TimelineEntry(Out):
    """Something that happened to the case."""

    id: int = Field(ge=1, examples=[1181])
    kind: EventKind
    at: datetime
    actor: UserRef | None
    data: dict[str, Any] = Field(
        description=(
            "By kind. taken, status_changed: from_status, to_status, comment. assigned: also from, to (people). "
            "edited: changes, each field with old and new (patient and doctor by their ids). "
            "commented: comment_id, is_internal. file_added, file_deleted: attachment_id, original_name."
        ),
        examples=[{"from_status": "NEW", "to_status": "IN_PROGRESS"}],
    )


class CaseCard(CaseRow):
    """Everything about a case that the viewer may see, and what he may do with it."""

    applicant_phone_e164: ShownE164 | None
    patient: UserRef | None = Field(description="The child the case is about.")
    doctor: UserRef | None = Field(description="The doctor the case is about.")
    status_history: list[StatusHistoryEntry]
    comments: list[CommentOut] = Field(
        max_length=50, description="The newest 50, oldest first; those before them: /comments."
    )
    comments_total: int = Field(ge=0, description="All that the viewer may see.", examples=[3])
    attachments: list[AttachmentOut]
    timeline: list[TimelineEntry]
    allowed_actions: list[Action]
    allowed_statuses: list[Status]
