"""Bases of everything that comes in and goes out."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


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
