"""Which cases, in which order: the query of the list."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ohmatdyt.cases.models import Status
from ohmatdyt.core.paging import PageNumber, PageSize, Paging
from ohmatdyt.core.text import Line


class Scope(StrEnum):
    """Which part of what the viewer may see."""

    MINE = "mine"
    QUEUE = "queue"
    CATEGORY = "category"
    ALL = "all"


OrderBy = Literal[
    "created_at",
    "-created_at",
    "updated_at",
    "-updated_at",
    "last_status_change_at",
    "-last_status_change_at",
    "public_id",
    "-public_id",
    "status",
    "-status",
    "applicant_name",
    "-applicant_name",
    "category",
    "-category",
]

_ISO = re.compile(r"(19|20|21)\d\d-\d\d-\d\d([Tt ].*)?", re.ASCII)


def _iso_only(value: Any) -> Any:
    # Pydantic would also take 20261122 for seconds since 1970, and years no calendar here reaches.
    if isinstance(value, str) and not _ISO.fullmatch(value):
        raise PydanticCustomError("date_parsing", "not a date")
    return value


Moment = Annotated[
    AwareDatetime | date,
    Field(union_mode="left_to_right"),
    BeforeValidator(_iso_only),
    Field(
        description="A date (a whole day in the hospital's time zone) or an RFC 3339 time with zone.",
        examples=["2026-11-22"],
    ),
]
Part = Annotated[str, Line(200)]


class CaseFilters(BaseModel):
    """Filters, joined by AND; each may be left out."""

    model_config = ConfigDict(extra="forbid")

    status: list[Status] = Field(default=[], max_length=5, description="Any of these; repeatable.")
    category_id: UUID | None = None
    channel_id: UUID | None = None
    responsible_id: list[UUID | Literal["me", "none"]] = Field(
        default=[],
        max_length=50,
        description="Any of these; `me`, `none`; repeatable.",
        examples=[["me", "none"]],
    )
    author_id: UUID | None = None
    patient_id: UUID | None = None
    doctor_id: UUID | None = None
    public_id: int | None = Field(default=None, ge=100_000, le=999_999, examples=[483920])
    search: Part | None = Field(
        default=None,
        description=(
            "All of these words, in any form, spelling or keyboard layout, the last one perhaps unfinished: in number, "
            "applicant, phone (also its last four digits or more), e-mail, subcategory, summary and visible comments."
        ),
        examples=["скарга на реєстратуру"],
    )
    subcategory: Part | None = Field(
        default=None, description="Exactly this subcategory.", examples=["Діагностика"]
    )
    applicant_name: Part | None = Field(
        default=None, description="Part of the name, in any case.", examples=["ткач"]
    )
    applicant_phone: Annotated[str, Line(50)] | None = Field(
        default=None,
        description="The number in any spelling, or some of its digits.",
        examples=["067 123-45-67"],
    )
    applicant_email: Annotated[str, Line(254)] | None = Field(
        default=None, description="The address, or part of it, in any case.", examples=["hanna@"]
    )
    date_from: Moment | None = Field(default=None, description="Registered then or later.")
    date_to: Moment | None = Field(default=None, description="Registered then (that day) or earlier.")
    updated_from: Moment | None = Field(default=None, description="Last changed then or later.")
    updated_to: Moment | None = Field(default=None, description="Last changed then (that day) or earlier.")
    closed_from: Moment | None = Field(
        default=None, description="Closed (DONE or REJECTED, and not reopened since) then or later."
    )
    closed_to: Moment | None = Field(default=None, description="Closed then (that day) or earlier.")
    overdue: bool | None = Field(
        default=None, description="NEW for more than ESCALATION_AFTER_DAYS (3) × 24 h."
    )
    stale: bool | None = Field(
        default=None,
        description="Open, and no change of status for more than ESCALATION_AFTER_DAYS (3) × 24 h.",
    )
    scope: Scope | None = Field(
        default=None,
        description=(
            "`mine`: registered by me (OPERATOR), my responsibility (others). `queue`: NEW in my categories, "
            "or my responsibility. `category`: everything in my categories. `all`: for ADMIN. "
            "Left out: `mine` for OPERATOR, `queue` for EXECUTOR, `all` for ADMIN."
        ),
    )


class CaseListQuery(CaseFilters):
    """Filters, order and page."""

    page: PageNumber = 1
    page_size: PageSize = 20
    order_by: OrderBy | Literal["-rank"] | None = Field(
        default=None,
        description=(
            "A field; `-` first for descending. `-rank`: best matches of `search` first, then the newest. "
            "Left out: `-rank` with `search`, else `-created_at`."
        ),
    )
    after: str | None = Field(
        default=None,
        max_length=8000,
        description="`next_after` of the page before, instead of `page`.",
        examples=["MjAyNi0xMS0yMlQxMDowMDowMFo"],
    )


class CommentsQuery(Paging):
    """Which part of a thread."""

    page_size: PageSize = 100
    order_by: Literal["created_at", "-created_at"] = "created_at"
