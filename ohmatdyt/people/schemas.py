"""What comes in about patients and goes out; doctors' are in `doctors_schemas`."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, EmailStr, Field
from pydantic_core import PydanticCustomError

from ohmatdyt.core import clock
from ohmatdyt.core.paging import Page, Paging
from ohmatdyt.core.phones import Phone
from ohmatdyt.core.schemas import In, Out, PlainDate
from ohmatdyt.core.text import Line, Text

_EARLIEST_BIRTH_YEAR = 1900


def _plausible(value: date) -> date:
    # A day of grace: in Kyiv it is already tomorrow while UTC still says today.
    if value > clock.now().date() + timedelta(days=1):
        raise PydanticCustomError("date_in_future", "A date in the future.")
    if value.year < _EARLIEST_BIRTH_YEAR:
        raise PydanticCustomError("date_too_early", "Too long ago.")
    return value


FullName = Annotated[str, Line(200), Field(examples=["Коваленко Софія Андріївна"])]
BirthDate = Annotated[PlainDate, AfterValidator(_plausible), Field(examples=["2019-04-12"])]
RecordNumber = Annotated[
    str, Line(50), Field(description="Unique, whatever the case and spacing.", examples=["12-345"])
]
Email = Annotated[EmailStr, Field(max_length=254, examples=["mama@example.org"])]
Notes = Annotated[
    str, Text(2000), Field(description="How to reach the family and the like; no diagnosis belongs here.")
]
Relation = Annotated[str, Line(100), Field(examples=["мати"])]


class GuardianIn(In):
    """Somebody who speaks for the patient; `id` keeps an existing one, without it a new one is made."""

    id: UUID | None = None
    full_name: FullName
    relation: Relation
    phone: Phone | None = None
    email: Email | None = None
    is_primary: bool = Field(default=False, description="The main contact; at most one.")


class PatientIn(In):
    """A new patient: a name is enough."""

    full_name: FullName
    birth_date: BirthDate | None = None
    record_number: RecordNumber | None = None
    phone: Phone | None = None
    email: Email | None = None
    notes: Notes | None = None
    guardians: list[GuardianIn] = Field(default_factory=list, max_length=10)


class PatientPatch(In):
    """Fields to change; what is left out stays. `guardians` is the whole new list."""

    full_name: FullName = ""
    birth_date: BirthDate | None = None
    record_number: RecordNumber | None = None
    phone: Phone | None = None
    email: Email | None = None
    notes: Notes | None = None
    guardians: list[GuardianIn] = Field(default_factory=list, max_length=10)


class PatientQuery(Paging):
    """Which patients to list."""

    search: Annotated[str, Line(200, 0)] = Field(
        default="",
        description="Beginnings of words of a name (the patient's or a guardian's) in any case and order; or a phone "
        "number in any spelling, its beginning or its last digits; or the beginning of an e-mail or a record number.",
        examples=["ковал соф"],
    )
    order_by: Literal["full_name", "-full_name", "created_at", "-created_at"] = "full_name"
    after: str | None = Field(
        default=None, max_length=2000, description="`next_after` of the page before; instead of `page`."
    )


class GuardianOut(Out):
    """Somebody who speaks for the patient."""

    id: UUID
    full_name: str
    relation: str
    phone: str | None
    phone_e164: str | None = Field(examples=["+380671234567"])
    email: str | None
    is_primary: bool


class PatientRow(Out):
    """A patient in a list."""

    id: UUID
    full_name: str
    birth_date: date | None
    record_number: str | None
    phone: str | None
    email: str | None
    guardians: list[GuardianOut]
    created_at: datetime
    updated_at: datetime
    version: int


class Patients(Page):
    """A page of patients."""

    patients: list[PatientRow]
    next_after: str | None


class MergedOut(Out):
    """A duplicate that was merged into this card, as it was; undo it with its own id."""

    id: UUID
    full_name: str
    birth_date: date | None
    record_number: str | None
    phone: str | None
    email: str | None
    notes: str | None
    merged_at: datetime


class PatientOut(PatientRow):
    """A patient's card. Reading it is in the access journal."""

    phone_e164: str | None
    notes: str | None
    merged_into_id: UUID | None = Field(description="Where the card was merged to; null for a living one.")
    anonymised_at: datetime | None
    merged: list[MergedOut] = Field(description="Duplicates merged into this card.")


class MergeIn(In):
    """Which card stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"into_id": "3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"}]}
    )

    into_id: UUID
