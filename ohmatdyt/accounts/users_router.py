"""HTTP of the people who work here: for administrators, and one's own account."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from ohmatdyt.accounts import policy, queries
from ohmatdyt.accounts.access_router import router as access_router
from ohmatdyt.accounts.actor import (
    Actor,
    AdminOnly,
    CurrentActor,
    CurrentActorBriefly,
    CurrentAdmin,
    CurrentAdminBriefly,
)
from ohmatdyt.accounts.gate import CurrentGate, Gate
from ohmatdyt.accounts.models import User
from ohmatdyt.accounts.schemas import (
    ActivateIn,
    CreatedUser,
    PasswordReset,
    UserCreate,
    UserOut,
    UserPatch,
    UserQuery,
    UserReplace,
    Users,
)
from ohmatdyt.accounts.service import admission, passwords, users
from ohmatdyt.core.db import UnitOfWork
from ohmatdyt.core.errors import VersionRequired
from ohmatdyt.core.http import VersionIfGiven, etag, failures, tagged
from ohmatdyt.core.idempotency import IdempotencyKey, fingerprint, once

router = APIRouter(prefix="/api/users", tags=["users"])


async def _answer(session: UnitOfWork, response: Response, user: User) -> UserOut:
    response.headers["ETag"] = etag(user.version)
    return await queries.outgoing(session, user)


@router.get("", responses=failures(401, 403), dependencies=[AdminOnly], summary="List users")
async def list_users(session: UnitOfWork, query: Annotated[UserQuery, Query()]) -> Users:
    """A page of users; by default in Ukrainian alphabetical order of their names."""
    found, total = await queries.page(session, query)
    return Users(users=found, total=total, page=query.page, page_size=query.page_size)


@router.post(
    "",
    response_model=CreatedUser,
    status_code=201,
    responses=failures(400, 401, 403, 409),
    summary="Add a user",
)
async def create_user(
    gate: CurrentGate, actor: CurrentAdminBriefly, body: UserCreate, key: IdempotencyKey = None
) -> Response:
    """A new, active account. Without `password` a temporary one is made and shown this once: a request repeated with
    the same Idempotency-Key gets the same user without it, because it is stored nowhere; reset it then."""
    if body.password is None:
        fresh = await passwords.generated()
    else:
        fresh = await passwords.chosen(body.password.get_secret_value(), body.username)
    made: CreatedUser | None = None

    async with gate.database.unit_of_work() as session:

        async def work() -> bytes:
            nonlocal made
            user = await admission.create(session, gate.settings, actor, body, fresh)
            made = CreatedUser(**dict(await queries.outgoing(session, user)))
            return made.model_dump_json().encode()

        meaning = admission.request_fingerprint(gate.settings, "create user", body, body.password)
        response = tagged(await once(session, actor.user_id, key, work, request=meaning))
    if made is not None:  # only now and here, not in what is kept for a repeated request
        response.body = made.model_copy(update={"temp_password": fresh.temporary}).model_dump_json().encode()
        response.headers["Content-Length"] = str(len(response.body))
    return response


@router.get("/{user_id}", responses=failures(401, 403, 404), summary="One user")
async def read_user(session: UnitOfWork, actor: CurrentActor, user_id: UUID, response: Response) -> UserOut:
    """For administrators, and for the user himself."""
    policy.require_admin_or_self(actor, user_id)
    return await _answer(session, response, await queries.get(session, user_id))


@dataclass(frozen=True, slots=True)
class _Edit:
    """What every change of a user needs besides its body; without a version any is changed."""

    gate: Gate
    actor: Actor
    user_id: UUID
    version: int | None
    response: Response


async def _edit(
    gate: CurrentGate, actor: CurrentActorBriefly, user_id: UUID, version: VersionIfGiven, response: Response
) -> _Edit:
    policy.require_admin_or_self(actor, user_id)
    return _Edit(gate, actor, user_id, version, response)


async def _edit_of_version(edit: Annotated[_Edit, Depends(_edit)]) -> _Edit:
    if edit.version is None:
        raise VersionRequired
    return edit


CurrentEdit = Annotated[_Edit, Depends(_edit)]
CurrentEditOfVersion = Annotated[_Edit, Depends(_edit_of_version)]


async def _change(edit: _Edit, body: UserReplace | UserPatch) -> UserOut:
    gate, actor, proven = edit.gate, edit.actor, False
    if body.current_password is not None and body.email is not None and actor.user_id == edit.user_id:
        await passwords.prove(gate.database, gate.settings, actor, body.current_password.get_secret_value())
        proven = True
    async with gate.database.unit_of_work() as session:
        user = await users.update(session, actor, edit.user_id, edit.version, body, proven=proven)
        return await _answer(session, edit.response, user)


_CHANGE_FAILURES = failures(401, 403, 404, 409, 412, 429)


@router.put("/{user_id}", responses=_CHANGE_FAILURES, summary="Replace a user's data")
async def replace_user(edit: CurrentEdit, body: UserReplace) -> UserOut:
    """An administrator changes e-mail, name and role of anybody; everybody his own name and, naming his password, his
    own e-mail. With `If-Match` only the version that was read is replaced, without it any."""
    return await _change(edit, body)


@router.patch(
    "/{user_id}", responses=_CHANGE_FAILURES | failures(428), summary="Change some of a user's data"
)
async def patch_user(edit: CurrentEditOfVersion, body: UserPatch) -> UserOut:
    """As PUT, for the fields that are given. `If-Match` carries the `version` that was read."""
    return await _change(edit, body)


@router.delete(
    "/{user_id}", status_code=204, responses=failures(401, 403, 404, 409), summary="Delete an unused account"
)
async def delete_user(session: UnitOfWork, actor: CurrentAdmin, user_id: UUID) -> None:
    """Only somebody who stands in no case and in no journal entry of his own can be deleted; others are deactivated."""
    await users.delete(session, actor, user_id)


@router.post(
    "/{user_id}/activate",
    response_model=UserOut,
    responses=failures(401, 403, 404, 409),
    summary="Let a user in",
)
async def activate_user(
    session: UnitOfWork,
    actor: CurrentAdmin,
    *,
    gate: CurrentGate,
    user_id: UUID,
    body: Annotated[ActivateIn | None, Body()] = None,
    key: IdempotencyKey = None,
) -> Response:
    """Activate an account; a self-registration is approved by this, with another role if one is given."""

    async def work() -> bytes:
        user = await users.activate(session, gate.settings, actor, user_id, body.role if body else None)
        return (await queries.outgoing(session, user)).model_dump_json().encode()

    meaning = fingerprint(f"activate {user_id}", body.model_dump_json() if body else None)
    return tagged(await once(session, actor.user_id, key, work, request=meaning, status_code=200))


@router.post("/{user_id}/deactivate", responses=failures(401, 403, 404, 409), summary="Shut a user out")
async def deactivate_user(
    session: UnitOfWork, actor: CurrentAdmin, response: Response, user_id: UUID
) -> UserOut:
    """All his sessions end at once. 409 `has_active_cases` with the member `cases` while he is responsible for cases
    in work, 409 `last_admin` for the last active administrator."""
    return await _answer(session, response, await users.deactivate(session, actor, user_id))


@router.post(
    "/{user_id}/reset-password",
    response_model=PasswordReset,
    responses=failures(401, 403, 404),
    summary="Give a temporary password",
)
async def reset_password(
    gate: CurrentGate, actor: CurrentAdminBriefly, user_id: UUID, key: IdempotencyKey = None
) -> Response:
    """All sessions of the user end; the temporary password works for a day and opens nothing but its own change.

    It is shown this once and mailed. A request repeated with its Idempotency-Key changes and shows nothing more.
    """
    fresh = await passwords.generated()
    words = gate.say(
        "Пароль скинуто. Передайте користувачеві тимчасовий пароль: його показано лише раз.",
        "The password has been reset. Hand over the temporary one: it is shown only once.",
    )
    done = False
    async with gate.database.unit_of_work() as session:

        async def work() -> bytes:
            nonlocal done
            await passwords.reset(session, gate.settings, actor, user_id, fresh)
            done = True
            return PasswordReset(message=words, temp_password=None).model_dump_json().encode()

        meaning = fingerprint("reset password", str(user_id))
        response = await once(session, actor.user_id, key, work, request=meaning, status_code=200)
    if done:
        response.body = PasswordReset(message=words, temp_password=fresh.temporary).model_dump_json().encode()
        response.headers["Content-Length"] = str(len(response.body))
    return response


router.include_router(access_router)
