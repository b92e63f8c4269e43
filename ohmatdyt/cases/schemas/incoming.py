"""What people type into a case."""

import re
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import UploadFile
from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ohmatdyt.cases.models import Status
from ohmatdyt.core.phones import Phone
from ohmatdyt.core.schemas import EmailAddress, In
from ohmatdyt.core.text import Line, Text, is_blank

# As many as MAX_FILES_PER_REQUEST may be set to; how many it is (20 unless set otherwise) is judged with the files.
MOST_FILES = 100


# No optional field takes so much; what is longer is for the field's own limit to refuse.
_LONGEST_BLANK = 1000


def _blank_is_nothing(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_BLANK:
        return value
    return None if isinstance(value, str) and is_blank(value) else value


_Optional = BeforeValidator(_blank_is_nothing)

ApplicantName = Annotated[
    str,
    Line(200),
    Field(description="«Відмова назвати» is a normal value.", examples=["Ганна Ткаченко"]),
]
Summary = Annotated[str, Text(20_000), Field(examples=["Не можу додзвонитися до відділення третій день."])]
OptionalPhone = Annotated[Phone | None, _Optional]
OptionalEmail = Annotated[
    EmailAddress | None,
    _Optional,
    Field(examples=["hanna@example.org"]),
]
OptionalSubcategory = Annotated[
    Annotated[str, Line(200)] | None,
    _Optional,
    Field(description="From the category's list, or free text.", examples=["Діагностика"]),
]
OptionalId = Annotated[UUID | None, _Optional]


class CaseForm(In):
    """A new case, as a multipart form."""

    category_id: UUID = Field(description="An active category.")
    channel_id: UUID = Field(description="An active channel.")
    applicant_name: ApplicantName
    summary: Summary
    subcategory: OptionalSubcategory = None
    applicant_phone: OptionalPhone = None
    applicant_email: OptionalEmail = None
    patient_id: OptionalId = Field(default=None, description="The child the case is about.")
    doctor_id: OptionalId = Field(default=None, description="The active doctor it is about.")
    files: list[UploadFile] = Field(
        default=[],
        max_length=MOST_FILES,
        examples=[["(binary)"]],
        description="pdf, doc, docx, xls, xlsx, jpg, jpeg, png; how many and how large: /api/limits.",
    )
    files_as_list: list[UploadFile] = Field(
        default=[],
        max_length=MOST_FILES,
        alias="files[]",
        examples=[["(binary)"]],
        description="The same under the name many clients give to a list; counted together.",
    )

    @field_validator("files_as_list")
    @classmethod
    def _together_not_too_many(cls, value: list[UploadFile], info: ValidationInfo) -> list[UploadFile]:
        if len(info.data.get("files", [])) + len(value) > MOST_FILES:
            words = "At most {max_length} files."
            raise PydanticCustomError("too_long", words, {"max_length": MOST_FILES})
        return value

    @property
    def uploads(self) -> list[UploadFile]:
        """All the files, under whichever name they came."""
        return [*self.files, *self.files_as_list]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to it but its own fields: no files, no links to people."""
        return (
            not self.files and not self.files_as_list and self.patient_id is None and self.doctor_id is None
        )


class AttachmentForm(In):
    """One more file, as a multipart form."""

    file: UploadFile = Field(
        examples=["(binary)"],
        description="pdf, doc, docx, xls, xlsx, jpg, jpeg or png; how large: /api/limits.",
    )


class CasePatch(In):
    """Fields to change; those left out stay. null clears an optional one."""

    category_id: UUID | None = None
    channel_id: UUID | None = None
    applicant_name: ApplicantName | None = None
    summary: Summary | None = None
    subcategory: OptionalSubcategory = None
    applicant_phone: OptionalPhone = None
    applicant_email: OptionalEmail = None
    patient_id: OptionalId = None
    doctor_id: OptionalId = None

    @model_validator(mode="after")
    def _required_stay_filled(self) -> Self:
        for name in ("category_id", "channel_id", "applicant_name", "summary"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("missing", "Fill in {name}.", {"name": name})
        return self


class StatusChange(In):
    """A change of status by hand; every one is explained."""

    to_status: Status
    comment: Annotated[str, Text(2000, 10), Field(examples=["Відповідь надано письмово."])]


class Assignment(In):
    """Who is to be responsible; null gives the case back to the queue, which needs a comment."""

    responsible_id: UUID | None
    comment: Annotated[
        Annotated[str, Text(2000, 10)] | None, _Optional, Field(examples=["Передаю колезі на час відпустки."])
    ] = None


class NewComment(In):
    """A word for the thread."""

    text: Annotated[str, Text(5000), Field(examples=["Передзвонили, чекаємо на виписку."])]
    is_internal: bool = Field(default=False, description="Seen by executors of the category and admins only.")


_PUBLIC_ID = re.compile(r"[1-9]\d{5}", re.ASCII)


def _reference(value: Any) -> Any:
    text = str(value)
    if _PUBLIC_ID.fullmatch(text):
        return int(text)
    try:
        if len(text) == 36:
            return UUID(text)
    except ValueError:
        pass
    raise PydanticCustomError("uuid_parsing", "neither a UUID nor a public_id")


CaseReference = Annotated[
    UUID | int,
    BeforeValidator(_reference),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "uuid"},
                {"type": "integer", "minimum": 100_000, "maximum": 999_999},
            ],
            "title": "Case",
            "examples": ["483920"],
        }
    ),
    Field(description="UUID or the 6-digit public_id.", examples=["483920"]),
]
"""A case in a path. Anything else is 422."""
