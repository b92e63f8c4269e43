"""What comes in about doctors and goes out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ohmatdyt.core.paging import Page, Paging
from ohmatdyt.core.phones import Phone
from ohmatdyt.core.schemas import In, Out, ShownEmail, ShownPhone, UserRef, Version
from ohmatdyt.core.text import Line
from ohmatdyt.people.schemas import Email, FullName

Specialty = Annotated[str, Line(100), Field(examples=["дитячий хірург"])]
Department = Annotated[str, Line(100), Field(examples=["Хірургія"])]


class DoctorIn(In):
    """A new doctor."""

    full_name: FullName
    specialty: Specialty
    department: Department
    phone: Phone | None = None
    email: Email | None = None
    user_id: UUID | None = Field(default=None, description="The account of a doctor who works here too.")


class DoctorPatch(In):
    """Fields to change; what is left out stays."""

    full_name: FullName = ""
    specialty: Specialty = ""
    department: Department = ""
    phone: Phone | None = None
    email: Email | None = None
    user_id: UUID | None = None


class DoctorQuery(Paging):
    """Which doctors to list."""

    search: Annotated[str, Line(200, 0)] = Field(
        default="", description="Parts of the name, specialty or department.", examples=["шевч хірур"]
    )
    specialty: Annotated[str, Line(100, 0)] = Field(
        default="", description="Exactly this specialty, in any case.", examples=["хірург"]
    )
    department: Annotated[str, Line(100, 0)] = Field(
        default="", description="Exactly this department, in any case.", examples=["Хірургія"]
    )
    is_active: bool | None = None
    order_by: Literal["full_name", "-full_name"] = "full_name"


class DoctorOut(Out):
    """A doctor."""

    id: UUID
    full_name: str = Field(max_length=200, examples=["Шевченко Олег Іванович"])
    specialty: str = Field(max_length=100, examples=["дитячий хірург"])
    department: str = Field(max_length=100, examples=["Хірургія"])
    phone: ShownPhone | None
    email: ShownEmail | None
    is_active: bool = Field(description="Inactive doctors are not offered for new cases.")
    user: UserRef | None
    created_at: datetime
    updated_at: datetime
    version: Version


class Doctors(Page):
    """A page of doctors in Ukrainian alphabetical order."""

    doctors: list[DoctorOut]


class Departments(Out):
    """Departments and specialties to choose from: the hospital's list and whatever doctors have besides it."""

    departments: list[str] = Field(examples=[["Хірургія", "Кардіологія"]])
    specialties: list[str] = Field(examples=[["дитячий хірург", "кардіолог"]])
