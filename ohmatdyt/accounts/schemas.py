"""What comes into accounts and what goes out. No answer has a field a hash or a token could slip into by accident."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from ohmatdyt.accounts.models import Role
from ohmatdyt.accounts.session_schemas import Tokens
from ohmatdyt.core.paging import Page, Paging
from ohmatdyt.core.schemas import In, Out, PublicId, Ref, Total, Version
from ohmatdyt.core.security import MAX_PASSWORD, MIN_PASSWORD
from ohmatdyt.core.text import Line

USERNAME = r"^[A-Za-z0-9_-]{3,50}$"


def _address(value: str) -> str:
    try:
        return validate_email(value.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise PydanticCustomError("email", "This is not a valid e-mail address.") from None


Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=50, pattern=USERNAME, to_lower=True),
    Field(
        description="Latin letters, digits, `_` and `-`; lower-cased, unique, never changes.",
        examples=["koval"],
    ),
]
Email = Annotated[
    str,
    Field(max_length=254, description="Unique, whatever its case.", examples=["koval@ohmatdyt.example"]),
    AfterValidator(_address),
]
FullName = Annotated[str, Line(200), Field(examples=["Олена Коваль"])]
GivenPassword = Annotated[
    SecretStr,
    Field(
        min_length=1,
        max_length=MAX_PASSWORD,
        examples=["Ромашка-2026"],
        json_schema_extra={"format": "password"},
    ),
]
NewPassword = Annotated[
    SecretStr,
    Field(
        min_length=MIN_PASSWORD,
        max_length=MAX_PASSWORD,
        description="A letter and a digit of any script; not the username, not one of the commonest passwords.",
        examples=["Ромашка-2026"],
        json_schema_extra={"format": "password"},
    ),
]
CategoryIds = Annotated[
    list[UUID], Field(max_length=200, examples=[["3fa85f64-5717-4562-b3fc-2c963f66afa6"]])
]


class LoginIn(In):
    """Who wants in."""

    username: str = Field(min_length=1, max_length=254, description="In any case.", examples=["koval"])
    password: GivenPassword


class ChangePasswordIn(In):
    """The old password proves who sits at the keyboard."""

    current_password: GivenPassword
    new_password: NewPassword
    confirm_password: GivenPassword = Field(description="The new password again.")


class RegisterIn(In):
    """A request for an account. The role is the approving admin's choice."""

    username: Username
    full_name: FullName
    email: Email
    password: NewPassword


class UserOut(Out):
    """A person who works here."""

    id: UUID
    username: str = Field(max_length=50, examples=["koval"])
    email: str = Field(max_length=254, examples=["koval@ohmatdyt.example"])
    full_name: str = Field(max_length=200, examples=["Олена Коваль"])
    role: Role
    is_active: bool
    is_pending: bool = Field(description="A self-registration that waits for an administrator.")
    must_change_password: bool = Field(
        description="Signed in with a temporary password: nothing else is open."
    )
    category_access: list[Ref] = Field(description="Categories an EXECUTOR serves, in alphabetical order.")
    created_at: datetime
    updated_at: datetime
    last_password_change_at: datetime | None
    last_login_at: datetime | None
    version: Version


class CreatedUser(UserOut):
    """The new account."""

    temp_password: str | None = Field(
        max_length=50,
        default=None,
        description="Only when the password was generated, and only once: a repeated request gets null.",
        examples=["hkmr-7tqv-w3np"],
    )


Permission = Literal[
    "cases.register",
    "cases.see_own",
    "cases.see_category",
    "cases.see_all",
    "users.manage",
    "directories.manage",
    "audit.read",
    "insights.read",
]


class Me(UserOut):
    """The caller and what is open to him."""

    permissions: list[Permission]


class SignedIn(Tokens):
    """Tokens and their owner."""

    user: Me


class PasswordChanged(Out):
    """The new password counts from now; other sessions have ended."""

    message: str = Field(max_length=500, examples=["Пароль змінено."])
    changed_at: datetime


class Message(Out):
    """A sentence for the person."""

    message: str = Field(max_length=500, examples=["Заявку надіслано. Її розгляне адміністратор."])


class UserCreate(In):
    """A new account. Without `password` a temporary one is generated and must be changed at the first login."""

    username: Username
    email: Email
    full_name: FullName
    role: Role
    password: NewPassword | None = None
    executor_category_ids: CategoryIds | None = Field(default=None, description="For an EXECUTOR only.")


class UserReplace(In):
    """The whole of what may change. `role` is an administrator's; leave it out to keep it."""

    email: Email
    full_name: FullName
    role: Role | None = None
    current_password: GivenPassword | None = Field(
        default=None, description="Required when you change your own e-mail."
    )


class UserPatch(In):
    """What is given changes, what is left out or null stays."""

    email: Email | None = None
    full_name: FullName | None = None
    role: Role | None = Field(default=None, description="An administrator's choice.")
    current_password: GivenPassword | None = Field(
        default=None, description="Required when you change your own e-mail."
    )


class ActivateIn(In):
    """Approving a registration may give it another role than OPERATOR."""

    role: Role | None = None


class PasswordReset(Out):
    """The temporary password."""

    message: str = Field(
        max_length=500, examples=["Пароль скинуто. Передайте користувачеві тимчасовий пароль."]
    )
    temp_password: str | None = Field(
        max_length=50,
        description="Shown only once: a request repeated with its Idempotency-Key gets null.",
        examples=["hkmr-7tqv-w3np"],
    )


UserOrder = Literal[
    "full_name", "-full_name", "username", "-username", "email", "-email", "role", "-role",
    "created_at", "-created_at", "updated_at", "-updated_at", "last_login_at", "-last_login_at",
]  # fmt: skip


class UserQuery(Paging):
    """Filters of the list of users, joined by AND."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    is_active: bool | None = None
    is_pending: bool | None = Field(default=None, description="Registrations that wait for an administrator.")
    search: Annotated[str, Line(200, 0)] = Field(
        default="",
        description="Part of the name, username or e-mail, in any case. `%` and `_` are letters.",
        examples=["ковал"],
    )
    order_by: UserOrder = "full_name"


class Users(Page):
    """One page of users."""

    users: list[UserOut]


class CategoryIdsIn(In):
    """Categories by id; a repeated id counts once."""

    category_ids: CategoryIds


class CategoryAccessOut(Out):
    """The categories an executor serves, in alphabetical order."""

    user_id: UUID
    categories: list[Ref]
    total: Total


class ActiveCase(Out):
    """A case somebody still has to finish; nothing about its applicant."""

    id: UUID
    public_id: PublicId
    status: str = Field(max_length=20, examples=["IN_PROGRESS"])
    category: Ref
    created_at: datetime


class ActiveCases(Out):
    """Cases in work the user is responsible for, the oldest first; at most 100 of `total`."""

    cases: list[ActiveCase]
    total: Total
