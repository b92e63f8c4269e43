"""What one asks an export."""

from typing import Literal

from pydantic import Field

from ohmatdyt.cases.schemas import CaseFilters
from ohmatdyt.cases.schemas.filters import OrderBy


class ExportQuery(CaseFilters):
    """The filters of the list, an order, a format."""

    format: Literal["xlsx", "csv"] = "xlsx"
    order_by: OrderBy = Field(default="-created_at", description="A field; `-` first for descending.")
