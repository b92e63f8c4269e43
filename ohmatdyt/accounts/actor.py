"""Who is calling: read fresh on every request, in one statement, before anything else happens."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from ohmatdyt.accounts.errors import NoRight, PasswordChangeRequired
from ohmatdyt.accounts.models import Role
from ohmatdyt.core import clock, security
from ohmatdyt.core.db import RequestConnection, raw
from ohmatdyt.core.errors import NotSignedIn

# Only for OpenAPI: /docs shows the padlock and signs in with the password form.
_scheme = OAuth2PasswordBearer(tokenUrl="/auth/login", auto_error=False)

_LOAD = """
SELECT u.username, u.full_name, u.role, u.must_change_password,
       ARRAY(SELECT a.category_id FROM category_access a WHERE a.user_id = u.id) AS category_ids
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > now()
  AND u.is_active AND u.token_version = $3
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, with role and category access as they are in the database now.

    `category_ids` matter for an EXECUTOR only: the categories he serves.
    """

    user_id: UUID
    session_id: UUID
    username: str
    full_name: str
    role: Role
    must_change_password: bool
    category_ids: tuple[UUID, ...]
    request_id: str | None = None
    ip: str = ""

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_executor(self) -> bool:
        return self.role is Role.EXECUTOR

    @property
    def is_operator(self) -> bool:
        return self.role is Role.OPERATOR


async def signed_in_even_with_temporary_password(
    request: Request, connection: RequestConnection, _documented: Annotated[str | None, Depends(_scheme)]
) -> Actor:
    """The caller; for the few routes a person with a temporary password may use."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    secret: str = request.app.state.settings.secret_key.get_secret_value()
    try:
        claims = security.read_access(secret, token, now=clock.now())
    except security.InvalidToken:
        raise NotSignedIn from None
    driver = await raw(connection)
    row = await driver.fetchrow(_LOAD, claims.session_id, claims.user_id, claims.token_version)
    if row is None:
        raise NotSignedIn
    actor = Actor(
        user_id=claims.user_id,
        session_id=claims.session_id,
        username=row["username"],
        full_name=row["full_name"],
        role=Role(row["role"]),
        must_change_password=row["must_change_password"],
        category_ids=tuple(row["category_ids"]),
        request_id=request.state.request_id,
        ip=request.client.host if request.client else "",
    )
    request.state.actor = actor
    return actor


AnySignedIn = Annotated[Actor, Depends(signed_in_even_with_temporary_password, scope="function")]


async def signed_in(actor: AnySignedIn) -> Actor:
    """The caller, 401 without a live session, 403 while a temporary password waits to be changed."""
    if actor.must_change_password:
        raise PasswordChangeRequired
    return actor


CurrentActor = Annotated[Actor, Depends(signed_in, scope="function")]


async def admin(actor: CurrentActor) -> Actor:
    """The caller, when he is an ADMIN; 403 otherwise."""
    if not actor.is_admin:
        raise NoRight
    return actor


CurrentAdmin = Annotated[Actor, Depends(admin, scope="function")]
