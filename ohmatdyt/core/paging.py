"""Pages of lists: what a client may ask for and what it gets back."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PageNumber = Annotated[int, Field(ge=1, le=100_000, description="Page, counted from 1.")]
PageSize = Annotated[int, Field(ge=1, le=100, description="Rows on a page.")]


class Paging(BaseModel):
    """`page` and `page_size`; a list's own query model inherits from this and adds its filters."""

    model_config = ConfigDict(extra="forbid")

    page: PageNumber = 1
    page_size: PageSize = 20

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.page_size


class Page(BaseModel):
    """The part every list answer has in common."""

    total: int = Field(ge=0, description="Rows in all pages together, exact.", examples=[128])
    page: int = Field(ge=1, examples=[1])
    page_size: int = Field(ge=1, le=100, examples=[20])
