"""What one asks the journal and what it answers."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ohmatdyt.core.errors import FieldError, InvalidFields
from ohmatdyt.core.paging import PageSize
from ohmatdyt.core.schemas import Cursor, Day, Out, UserRef
from ohmatdyt.core.text import Line

Word = Annotated[str, Line(200)]


class AuditQuery(BaseModel):
    """Which entries; filters are joined by AND."""

    model_config = ConfigDict(extra="forbid")

    actor_id: UUID | None = None
    action: list[Word] = Field(
        default=[], max_length=50, description="Any of these; repeatable.", examples=[["patient.viewed"]]
    )
    object_type: Word | None = Field(default=None, examples=["patient"])
    object_id: Word | None = Field(default=None, examples=["3fa85f64-5717-4562-b3fc-2c963f66afa6"])
    outcome: Literal["done", "refused"] | None = None
    date_from: Day | None = Field(default=None, description="That day or later, in the hospital's time zone.")
    date_to: Day | None = Field(default=None, description="That day or earlier.")
    order_by: Literal["at", "-at"] = Field(default="-at", description="`-` first for the newest first.")
    page: int = Field(default=1, ge=1, le=500, description="Further pages: by `after`.")
    page_size: PageSize = 20
    after: str | None = Field(
        default=None,
        max_length=200,
        description="`next_after` of the page before.",
        examples=["WyIyMDI2LTExLTIyIiwiNSJd"],
    )

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            words = ("Кінець періоду раніше за його початок.", "The range ends before it begins.")
            raise InvalidFields([FieldError("date_to", *words)])
        return self


class AuditEntryOut(Out):
    """Who did or looked at what. `details` hold ids and field names, never an applicant's data."""

    id: int = Field(ge=1, examples=[358])
    at: datetime
    actor: UserRef | None
    action: str = Field(max_length=200, examples=["patient.viewed"])
    object_type: str | None = Field(max_length=200, examples=["patient"])
    object_id: str | None = Field(max_length=200, examples=["3fa85f64-5717-4562-b3fc-2c963f66afa6"])
    outcome: Literal["done", "refused"]
    details: dict[str, Any] = Field(examples=[{"fields": ["phone"]}])
    request_id: str | None = Field(max_length=64, examples=["0b6c1c0e6f1d4d5e"])
    ip: str | None = Field(max_length=100, examples=["10.0.3.17"])


class AuditPage(Out):
    """Entries, newest first."""

    entries: list[AuditEntryOut]
    total: int = Field(
        ge=0,
        examples=[128],
        description="Exact unless `total_is_exact` is false: then there are more than this.",
    )
    total_is_exact: bool
    page: int = Field(ge=1, examples=[1])
    page_size: int = Field(ge=1, le=100, examples=[20])
    next_after: Cursor | None


class AuditActions(Out):
    """Every action the journal knows, for a filter."""

    actions: list[str] = Field(examples=[["case.taken", "patient.viewed"]])


class ChainStatus(Out):
    """The hash chain over the journal. `broken_at` is the first position that does not fit; null when all fit or
    nobody has looked yet."""

    length: int = Field(ge=0, description="Entries chained.", examples=[12_000])
    waiting: int = Field(ge=0, description="Entries that will be chained within seconds.", examples=[2])
    head: str | None = Field(
        max_length=64,
        description="SHA-256 of the last link, in hex.",
        examples=["5e884898da28047151d0e56f8dc62927"],
    )
    verified_at: datetime | None = Field(description="When the chain was last checked.")
    is_intact: bool | None = Field(description="What the last check found; null before the first one.")
    broken_at: int | None = Field(default=None, ge=1, examples=[7])
