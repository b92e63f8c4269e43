"""What comes in about patients and goes out; doctors' are in `doctors_schemas`."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ohmatdyt.core import clock
from ohmatdyt.core.paging import Page, Paging
from ohmatdyt.core.phones import Phone
from ohmatdyt.core.schemas import (
    Cursor,
    EmailAddress,
    In,
    Out,
    PlainDate,
    ShownE164,
    ShownEmail,
    ShownName,
    ShownPhone,
    Version,
)
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
Email = Annotated[EmailAddress, Field(examples=["mama@example.org"])]
Notes = Annotated[
    str,
    Text(2000),
    Field(
        description="How to reach the family and the like; no diagnosis belongs here.",
        examples=["Дзвонити після 18:00"],
    ),
]
ShownRecordNumber = Annotated[str, Field(max_length=50, examples=["12-345"])]
ShownNotes = Annotated[str, Field(max_length=2000, examples=["Дзвонити після 18:00"])]
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
        default=None,
        max_length=2000,
        description="`next_after` of the page before; instead of `page`.",
        examples=["WyJNQWtiIiwiM2Y4NWYifQ"],
    )


class GuardianOut(Out):
    """Somebody who speaks for the patient."""

    id: UUID
    full_name: ShownName
    relation: str = Field(max_length=100, examples=["мати"])
    phone: ShownPhone | None
    phone_e164: ShownE164 | None
    email: ShownEmail | None
    is_primary: bool


class PatientName(Out):
    """Whose card it is, and no more."""

    id: UUID
    full_name: ShownName


class PatientRow(Out):
    """A patient in a list."""

    id: UUID
    full_name: ShownName
    birth_date: date | None
    record_number: ShownRecordNumber | None
    phone: ShownPhone | None
    email: ShownEmail | None
    guardians: list[GuardianOut]
    created_at: datetime
    updated_at: datetime
    version: Version


class Patients(Page):
    """A page of patients."""

    patients: list[PatientRow]
    next_after: Cursor | None


class MergedOut(Out):
    """A duplicate that was merged into this card, as it was; undo it with its own id."""

    id: UUID
    full_name: ShownName
    birth_date: date | None
    record_number: ShownRecordNumber | None
    phone: ShownPhone | None
    email: ShownEmail | None
    notes: ShownNotes | None
    merged_at: datetime


class PatientOut(PatientRow):
    """A patient's card. Reading it is in the access journal."""

    phone_e164: ShownE164 | None
    notes: ShownNotes | None
    merged_into_id: UUID | None = Field(description="Where the card was merged to; null for a living one.")
    anonymised_at: datetime | None
    merged: list[MergedOut] = Field(description="Duplicates merged into this card.")


class MergeIn(In):
    """Which card stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"into_id": "3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"}]}
    )

    into_id: UUID
