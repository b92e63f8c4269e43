"""What comes into the directories and what goes out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ohmatdyt.core.schemas import In, Out
from ohmatdyt.core.text import Line

Name = Annotated[
    str,
    Line(200),
    Field(
        description="Unique in its directory, whatever the case, spacing or form of apostrophes.",
        examples=["Медична допомога"],
    ),
]


class EntryIn(In):
    """A name for a new or renamed entry."""

    name: Name


class DirectoryQuery(BaseModel):
    """Which entries to list."""

    model_config = ConfigDict(extra="forbid")

    include_inactive: bool = Field(default=False, description="Inactive entries too; for ADMIN only.")
    search: Annotated[str, Line(200, 0)] = Field(
        default="", description="Part of the name, in any case. `%` and `_` are letters.", examples=["допом"]
    )


class EntryOut(Out):
    """An entry of a directory."""

    id: UUID
    name: str = Field(max_length=200, examples=["Медична допомога"])
    is_active: bool = Field(description="Inactive entries are not offered for new cases.", examples=[True])
    created_at: datetime
    updated_at: datetime


class SubcategoryOut(EntryOut):
    """A narrower subject within one category."""

    category_id: UUID


class WithOpenCases(Out):
    """How much work a deactivated entry still carries."""

    open_cases: int = Field(ge=0, description="Cases with this entry that are not closed.", examples=[4])


class DeactivatedEntry(EntryOut, WithOpenCases):
    """The entry, now inactive."""


class DeactivatedSubcategory(SubcategoryOut, WithOpenCases):
    """The subcategory, now inactive."""


class _Listing(Out):
    total: int = Field(ge=0, examples=[8])


class Categories(_Listing):
    """Categories in Ukrainian alphabetical order."""

    categories: list[EntryOut]


class Channels(_Listing):
    """Channels in Ukrainian alphabetical order."""

    channels: list[EntryOut]


class Subcategories(_Listing):
    """Subcategories of one category in Ukrainian alphabetical order."""

    subcategories: list[SubcategoryOut]
