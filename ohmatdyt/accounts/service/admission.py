"""How accounts come to be: by asking for one, by an administrator, by the command line."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID, uuid4

from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor, Visitor
from ohmatdyt.accounts.errors import EmailTaken, RegistrationClosed, UsernameTaken
from ohmatdyt.accounts.models import Role, User
from ohmatdyt.accounts.schemas import RegisterIn, UserCreate
from ohmatdyt.accounts.service import access, passwords, throttle
from ohmatdyt.accounts.service.passwords import FreshPassword
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, outbox
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import Conflict, FieldError, InvalidFields
from ohmatdyt.core.idempotency import fingerprint, once
from ohmatdyt.core.settings import Settings
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.core.validation_words import explain

_NOBODY = UUID(int=0)
_REGISTRATIONS_FORGOTTEN_AFTER = timedelta(hours=1)


async def flush_unique(session: AsyncSession) -> None:
    """Let the database judge what must be unique: two people may choose the same at the same moment."""
    try:
        await session.flush()
    except IntegrityError as error:
        if "users_username_key" in str(error.orig):
            raise UsernameTaken(field="username") from None
        if "users_email_key" in str(error.orig):
            raise EmailTaken(field="email") from None
        raise


def request_fingerprint(
    settings: Settings, action: str, asked: BaseModel, password: SecretStr | None
) -> bytes:
    """The meaning of a request with a password in it, for its Idempotency-Key: keyed, because a plain digest kept for
    two days would let a thief of the table guess the password fast."""
    key = settings.secret_key.get_secret_value().encode()
    text = password.get_secret_value() if password else ""
    return fingerprint(
        action, asked.model_dump_json(), hmac.digest(key, text.encode(errors="replace"), hashlib.sha256)
    )


async def _add(
    session: AsyncSession,
    settings: Settings | None,
    fresh: FreshPassword,
    *,
    username: str,
    email: str,
    full_name: str,
    role: Role,
    is_pending: bool = False,
) -> User:
    now = clock.now()
    user = User(
        id=uuid4(),
        username=username,
        email=email,
        full_name=full_name,
        full_name_sort=sort_key(full_name),
        role=role.value,
        is_active=not is_pending,
        is_pending=is_pending,
        token_version=1,
        version=1,
        created_at=now,
        updated_at=now,
    )
    if settings is None:
        user.password_hash, user.must_change_password, user.last_password_change_at = fresh.hash, False, now
    else:
        passwords.give(user, settings, fresh, now)
    session.add(user)
    await flush_unique(session)
    return user


async def register(
    database: Database, settings: Settings, visitor: Visitor, body: RegisterIn, key: str | None
) -> None:
    """Leave a request for an account: an inactive OPERATOR nobody can sign in as until an admin approves.

    Raises RegistrationClosed (403), UsernameTaken, EmailTaken (409), InvalidFields (422), TooManyFailures (429).
    """
    if not settings.registration_open:
        raise RegistrationClosed
    passwords.check(body.password.get_secret_value(), body.username)
    network = "register:" + throttle.network(visitor.ip)
    async with database.unit_of_work() as session:
        await throttle.require_open(session, settings, network, clock.now())
    fresh = await passwords.chosen(body.password.get_secret_value(), body.username)
    meaning = request_fingerprint(settings, "register", body, body.password)
    try:
        async with database.unit_of_work() as session:

            async def work() -> bytes:
                user = await _add(
                    session,
                    settings,
                    fresh,
                    username=body.username,
                    email=body.email,
                    full_name=body.full_name,
                    role=Role.OPERATOR,
                    is_pending=True,
                )
                await audit.record(session, visitor, "user.registered", object_type="user", object_id=user.id)
                return b""

            await once(session, _NOBODY, key, work, request=meaning, status_code=202)
            await _count_registration(session, settings, network, settings.login_network_max_failures)
    except Conflict:
        # Finding out which names are taken is what is slowed down here.
        async with database.unit_of_work() as session:
            await _count_registration(session, settings, network, settings.login_max_failures)
        raise


async def _count_registration(session: AsyncSession, settings: Settings, key: str, limit: int) -> None:
    await throttle.count(
        session, settings, key, clock.now(), limit=limit, forgotten_after=_REGISTRATIONS_FORGOTTEN_AFTER
    )


async def create(
    session: AsyncSession, settings: Settings, actor: Actor, body: UserCreate, fresh: FreshPassword
) -> User:
    """Add an account. Raises UsernameTaken, EmailTaken (409), UnknownCategory (400), InvalidFields (422)."""
    categories = set(body.executor_category_ids or [])
    if categories and body.role is not Role.EXECUTOR:
        words = ("Категорії призначають лише виконавцям.", "Only executors serve categories.")
        raise InvalidFields([FieldError("executor_category_ids", *words)])
    user = await _add(
        session,
        settings,
        fresh,
        username=body.username,
        email=body.email,
        full_name=body.full_name,
        role=body.role,
    )
    details = {"username": user.username, "role": user.role}
    await audit.record(session, actor, "user.created", object_type="user", object_id=user.id, details=details)
    if categories:
        await access.give(session, actor, user, categories, set())
    await welcome(session, settings, actor, user, fresh.temporary)
    return user


async def welcome(
    session: AsyncSession, settings: Settings, actor: Actor, user: User, temporary: str | None = None
) -> None:
    """Write to a person that he may sign in now, with his temporary password if he has one."""
    await outbox.put_account_letter(
        session,
        outbox.Type.ACCOUNT_CREATED,
        user.id,
        actor_id=actor.user_id,
        secret_key=settings.secret_key.get_secret_value(),
        temporary_password=temporary,
    )


async def create_admin(
    session: AsyncSession, username: str, email: str, full_name: str, password: str
) -> User:
    """Add an ADMIN from the command line, under the same rules as over HTTP.

    Raises InvalidFields with a reason for each wrong value, UsernameTaken, EmailTaken.
    """
    try:
        body = UserCreate.model_validate(
            {
                "username": username,
                "email": email,
                "full_name": full_name,
                "password": password,
                "role": Role.ADMIN,
            }
        )
    except ValidationError as error:
        raise InvalidFields([explain(one) for one in error.errors(include_url=False)]) from None
    fresh = await passwords.chosen(password, body.username)
    user = await _add(
        session,
        None,
        fresh,
        username=body.username,
        email=body.email,
        full_name=body.full_name,
        role=Role.ADMIN,
    )
    details = {"username": user.username, "role": user.role, "by": "command line"}
    await audit.record(session, None, "user.created", object_type="user", object_id=user.id, details=details)
    return user
