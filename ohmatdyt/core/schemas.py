"""Bases of everything that comes in and goes out."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, EmailStr, Field
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

_LONGEST_EMAIL = 254


def _not_immense(value: Any) -> Any:
    # Pydantic itself looks at up to 2048 characters, with a pattern whose time grows with their square.
    if isinstance(value, str) and len(value) > 2 * _LONGEST_EMAIL:
        raise PydanticCustomError("string_too_long", "too long", {"max_length": _LONGEST_EMAIL})
    return value


EmailAddress = Annotated[EmailStr, BeforeValidator(_not_immense), Field(max_length=_LONGEST_EMAIL)]
"""An e-mail address that somebody gives."""


# What answers show of people; the limits are those of the fields it came in by.
ShownName = Annotated[str, Field(max_length=200, examples=["Коваленко Софія Андріївна"])]
ShownPhone = Annotated[str, Field(max_length=50, examples=["067 123-45-67"])]
ShownE164 = Annotated[str, Field(max_length=20, examples=["+380671234567"])]
ShownEmail = Annotated[str, Field(max_length=254, examples=["hanna@example.org"])]
PublicId = Annotated[int, Field(ge=100_000, le=999_999, examples=[483920])]
Version = Annotated[
    int, Field(ge=1, description="Goes into If-Match of a change; also the ETag.", examples=[3])
]
Total = Annotated[int, Field(ge=0, description="How many there are in all.", examples=[3])]
Cursor = Annotated[
    str,
    Field(
        max_length=8000,
        description="Cursor of the next page: send it as `after` instead of `page`. null on the last page.",
        examples=["MjAyNi0xMS0yMlQxMDowMDowMFo"],
    ),
]


class In(BaseModel):
    """A request body: a field it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Out(BaseModel):
    """An answer; readable from a table row's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Ref(Out):
    """A pointer to a directory entry, with its name for display."""

    id: UUID
    name: str = Field(max_length=200, examples=["Медична допомога"])


class UserRef(Out):
    """A pointer to a person who works here."""

    id: UUID
    full_name: str = Field(max_length=200, examples=["Олена Коваль"])


class ProblemField(BaseModel):
    """What is wrong with one field."""

    field: str = Field(
        max_length=1000,
        description="As it was sent, dotted when nested; `body` for the whole body.",
        examples=["applicant_name"],
    )
    message: str = Field(max_length=1000, examples=["Заповніть це поле."])


class Problem(BaseModel):
    """RFC 9457 problem document; further members depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(max_length=100, examples=["/problems/forbidden"])
    title: str = Field(max_length=100, description="The status in words.", examples=["Немає права"])
    status: int = Field(ge=400, le=599, examples=[403])
    detail: str = Field(
        max_length=2000,
        description="A sentence for the person, in the language of Accept-Language (uk or en).",
        examples=["У вас немає права на цю дію. Права надає адміністратор."],
    )
    code: str = Field(max_length=60, description="Stable, for programs.", examples=["forbidden"])
    errors: list[ProblemField] = Field(
        default_factory=list, description="Which fields are wrong and why; empty when none is at fault."
    )
    request_id: str | None = Field(
        default=None,
        max_length=64,
        description="Also in X-Request-ID and in every line of the log.",
        examples=["0b6c1c0e6f1d4d5e"],
    )
