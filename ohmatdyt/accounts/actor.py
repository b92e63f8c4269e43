"""Who is calling: read fresh on every request, in one statement, before anything else happens."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection

from ohmatdyt.accounts.errors import NoRight, PasswordChangeRequired
from ohmatdyt.accounts.models import Role
from ohmatdyt.core import clock, security
from ohmatdyt.core.db import Database, RequestConnection, raw
from ohmatdyt.core.errors import NotSignedIn

Driver = Any  # an asyncpg connection, whose stubs are stricter than its answers

# Only for OpenAPI: /docs shows the padlock and signs in with the password form.
_scheme = OAuth2PasswordBearer(tokenUrl="/auth/login", auto_error=False)

# One last seen later than now is of a clock that ran ahead: it would live until that comes true.
_FROM = f"""
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > $4
  AND s.last_seen_at <= $4 + interval '{clock.LEEWAY.seconds} seconds'
  AND u.is_active AND u.token_version = $3
"""
_FACTS = """
u.username, u.full_name, u.role, u.must_change_password,
ARRAY(SELECT a.category_id FROM category_access a WHERE a.user_id = u.id ORDER BY 1) AS category_ids,
(SELECT d.id FROM doctors d WHERE d.user_id = u.id) AS doctor_id
"""
# All that is known of a caller as one text: it differs as soon as anything of it does.
WORDS = f"SELECT who::text FROM (SELECT {_FACTS} {_FROM}) AS who"  # noqa: S608 — constants
_LOAD = f"SELECT who.*, who::text AS words FROM (SELECT {_FACTS} {_FROM}) AS who"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, with role and category access as they are in the database now.

    `category_ids` matter for an EXECUTOR only: the categories he serves. `doctor_id` is whom he is in the directory of
    doctors, if he is: a case about himself he neither sees nor works on.
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
    doctor_id: UUID | None = None

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_executor(self) -> bool:
        return self.role is Role.EXECUTOR

    @property
    def is_operator(self) -> bool:
        return self.role is Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Visitor:
    """A request before anybody is known to stand behind it; `user_id` is set once somebody is."""

    request_id: str | None
    ip: str
    user_agent: str = ""
    user_id: UUID | None = None

    def as_user(self, user_id: UUID) -> "Visitor":
        """The same request, with the person who turned out to send it."""
        return replace(self, user_id=user_id)


async def visitor(request: Request) -> Visitor:
    """Who knocks: for the few routes that ask before anybody has signed in."""
    return Visitor(
        request_id=request.state.request_id,
        ip=_address(request),
        user_agent=request.headers.get("user-agent", "")[:300],
    )


CurrentVisitor = Annotated[Visitor, Depends(visitor)]


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def claims_of(request: Request) -> security.AccessToken:
    """What the access token of a request says. Raises NotSignedIn without one, or with a wrong or old one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    secret: str = request.app.state.settings.secret_key.get_secret_value()
    try:
        return security.read_access(secret, token, now=clock.now())
    except security.InvalidToken:
        raise NotSignedIn from None


def asked(claims: security.AccessToken) -> tuple[UUID, UUID, int, datetime]:
    """The values `WORDS` is asked with."""
    return claims.session_id, claims.user_id, claims.token_version, clock.now()


async def load(request: Request, driver: Driver, claims: security.AccessToken) -> tuple[Actor, str]:
    """The caller as he is now, and the `WORDS` of it. Raises NotSignedIn when his session has ended."""
    row = await driver.fetchrow(_LOAD, *asked(claims))
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
        doctor_id=row["doctor_id"],
    )
    return behind(request, actor), row["words"]


def behind(request: Request, actor: Actor) -> Actor:
    """The caller as the one behind this request; what is refused or fails from now on is put down to him."""
    actor = replace(actor, request_id=request.state.request_id, ip=_address(request))
    request.state.actor = actor
    return actor


async def _load(request: Request, driver: Driver, claims: security.AccessToken) -> Actor:
    return (await load(request, driver, claims))[0]


Documented = Annotated[str | None, Depends(_scheme)]


async def signed_in_even_with_temporary_password(
    request: Request, connection: RequestConnection, _documented: Documented
) -> Actor:
    """The caller; for the few routes a person with a temporary password may use."""
    claims = claims_of(request)
    return await _load(request, await raw(connection), claims)


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


async def admin_on(request: Request, connection: AsyncConnection) -> Actor:
    """The same for a route that takes its connections by itself, more than once."""
    return await admin(await signed_in(await _load(request, await raw(connection), claims_of(request))))


CurrentAdmin = Annotated[Actor, Depends(admin, scope="function")]
AdminOnly = Depends(admin, scope="function")  # for routes that need not know which one


# The same three for routes that hash a password: the connection goes back to the pool before the hash, so that a
# queue of hashes (67 ms each) never holds the connections everybody else needs. Such a route opens its own
# transaction afterwards.
async def _briefly(request: Request, _documented: Documented) -> Actor:
    database: Database = request.app.state.database
    claims = claims_of(request)
    async with database.connection() as connection:
        return await _load(request, await raw(connection), claims)


AnySignedInBriefly = Annotated[Actor, Depends(_briefly, scope="function")]


async def _signed_in_briefly(actor: AnySignedInBriefly) -> Actor:
    return await signed_in(actor)


CurrentActorBriefly = Annotated[Actor, Depends(_signed_in_briefly, scope="function")]


async def _admin_briefly(actor: CurrentActorBriefly) -> Actor:
    return await admin(actor)


CurrentAdminBriefly = Annotated[Actor, Depends(_admin_briefly, scope="function")]
