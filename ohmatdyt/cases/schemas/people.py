"""Patients and doctors as seen from their cases."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ohmatdyt.cases.models import Status
from ohmatdyt.cases.schemas.filters import OrderBy
from ohmatdyt.core.paging import Paging
from ohmatdyt.core.schemas import Out, PublicId, Ref, ShownEmail, ShownName, ShownPhone, Total
from ohmatdyt.core.text import Line
from ohmatdyt.people.schemas import GuardianOut, ShownRecordNumber


class PersonCasesQuery(Paging):
    """Which page of a person's cases."""

    order_by: OrderBy = "-created_at"


class LookupQuery(BaseModel):
    """What the caller has said so far; at least one."""

    model_config = ConfigDict(extra="forbid")

    phone: Annotated[str, Line(50, 0)] = Field(
        default="", description="Digits typed so far, from 4 on, in any spelling.", examples=["067 123"]
    )
    email: Annotated[str, Line(254, 0)] = Field(
        default="", description="Beginning of the address, from 3 letters on.", examples=["hanna@"]
    )
    name: Annotated[str, Line(200, 0)] = Field(
        default="", description="Beginnings of words of the name, from 3 letters on.", examples=["ковал оле"]
    )

    @model_validator(mode="after")
    def _something_is_asked(self) -> Self:
        if not (self.phone or self.email or self.name):
            raise PydanticCustomError("missing", "Give a phone, an e-mail or a name.")
        return self


class EarlierCase(Out):
    """A case the viewer may see."""

    id: UUID
    public_id: PublicId
    status: Status
    category: Ref
    created_at: datetime
    summary: str = Field(
        max_length=160,
        description="Its first 160 characters: enough to see whether it is this very matter.",
        examples=["Не можу додзвонитися до відділення третій день."],
    )


class PossiblePatient(Out):
    """A child whose own or whose guardian's name, phone or e-mail fits."""

    id: UUID
    full_name: ShownName
    birth_date: date | None
    record_number: ShownRecordNumber | None
    phone: ShownPhone | None
    email: ShownEmail | None
    guardians: list[GuardianOut]
    matched_by: list[Literal["phone", "email", "name"]]
    cases_total: int = Field(ge=0, description="Linked cases the viewer may see.", examples=[2])
    cases: list[EarlierCase] = Field(description="The latest three of them.")


class PossibleApplicant(Out):
    """Somebody who turned to the hospital before, in cases the viewer may see."""

    applicant_name: ShownName
    applicant_phone: ShownPhone | None
    applicant_email: ShownEmail | None
    cases_total: int = Field(ge=1, examples=[2])
    cases: list[EarlierCase] = Field(description="The latest three.")


class Lookup(Out):
    """Who may be calling, the best match first."""

    patients: list[PossiblePatient]
    applicants: list[PossibleApplicant]


class DoctorStatistics(Out):
    """Cases about the doctor that the viewer may see."""

    total: Total
    by_status: dict[Status, int] = Field(examples=[{"NEW": 1, "DONE": 4}])
    by_category: list["CategoryCount"]
    closed: int = Field(ge=0, description="DONE or REJECTED.", examples=[4])
    median_seconds_to_close: int | None = Field(
        ge=0, examples=[93_600], description="From registration to the standing closing (nearest rank)."
    )


class CategoryCount(Out):
    """How many cases of a category."""

    category: Ref
    count: int = Field(ge=1, examples=[3])
