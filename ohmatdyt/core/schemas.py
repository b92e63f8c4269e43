"""Bases of everything that comes in and goes out."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY_OF_OUR_TIME = re.compile(r"(19|20|21)\d\d-\d\d-\d\d", re.ASCII)


def _written_out(value: Any) -> Any:
    # Pydantic would also take a number for seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "not a date")


def _of_our_time(value: Any) -> Any:
    # The last day of the calendar has no day after it, and no zone fits around the first.
    if isinstance(value, str) and not _DAY_OF_OUR_TIME.fullmatch(value):
        raise PydanticCustomError("date_parsing", "not a date")
    return value


PlainDate = Annotated[date, BeforeValidator(_written_out)]
"""A date as YYYY-MM-DD and in no other way."""
Day = Annotated[PlainDate, BeforeValidator(_of_our_time), Field(examples=["2026-11-22"])]
"""A day of 1900-2199, for filters: sums with it stay dates."""


class In(BaseModel):
    """A request body: a field it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Out(BaseModel):
    """An answer; readable from a table row's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Ref(Out):
    """A pointer to a directory entry, with its name for display."""

    id: UUID
    name: str = Field(examples=["Медична допомога"])


class UserRef(Out):
    """A pointer to a person who works here."""

    id: UUID
    full_name: str = Field(examples=["Олена Коваль"])


class ProblemField(BaseModel):
    """What is wrong with one field."""

    field: str = Field(examples=["applicant_name"])
    message: str = Field(examples=["Заповніть це поле."])


class Problem(BaseModel):
    """RFC 9457 problem document; further members depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/forbidden"])
    title: str = Field(examples=["Немає права"])
    status: int = Field(examples=[403])
    detail: str = Field(examples=["У вас немає права на цю дію. Права надає адміністратор."])
    code: str = Field(examples=["forbidden"])
    errors: list[ProblemField] = Field(default_factory=list)
    request_id: str | None = Field(default=None, examples=["0b6c1c0e6f1d4d5e"])
