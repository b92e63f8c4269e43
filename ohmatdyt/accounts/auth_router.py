"""HTTP of signing in and out, of one's own password and sessions, and of asking for an account."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request, Response

from ohmatdyt.accounts import browser, queries
from ohmatdyt.accounts.actor import (
    Actor,
    AnySignedIn,
    AnySignedInBriefly,
    Documented,
    signed_in_even_with_temporary_password,
)
from ohmatdyt.accounts.errors import SessionNotFound
from ohmatdyt.accounts.gate import CurrentGate
from ohmatdyt.accounts.schemas import (
    ChangePasswordIn,
    LoginIn,
    Me,
    Message,
    PasswordChanged,
    RegisterIn,
    SignedIn,
)
from ohmatdyt.accounts.service import admission, passwords, refresh_tokens, sessions, sign_in
from ohmatdyt.accounts.session_schemas import RefreshIn, Sessions, Tokens
from ohmatdyt.core import clock
from ohmatdyt.core.db import RequestConnection, UnitOfWork
from ohmatdyt.core.errors import NotSignedIn
from ohmatdyt.core.http import failures
from ohmatdyt.core.idempotency import IdempotencyKey

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/login",
    responses=failures(401, 403, 429),
    openapi_extra=browser.LOGIN_BODY,
    summary="Sign in",
)
async def login(response: Response, gate: CurrentGate) -> SignedIn:
    """Begin a session. The body is JSON or an OAuth2 password form, by its content type.

    401 alike for an unknown name, a wrong password, a deactivated or not yet approved account. After too many
    failures 429 with Retry-After. The refresh token comes in the body and, for browsers, in an HttpOnly cookie.
    """
    browser.refuse_foreign_page(gate.request, gate.settings)
    body: LoginIn = await browser.login_body(gate.request)
    password = body.password.get_secret_value()
    known = browser.known_devices(gate.request, gate.settings)
    signed_in = await sign_in.sign_in(gate, body.username, password, known)
    browser.keep_refresh_token(response, gate.settings, signed_in.refresh_token)
    browser.remember_device(gate.request, response, gate.settings, signed_in.user.id)
    return signed_in


@router.post("/refresh", responses=failures(401, 403), summary="Exchange a refresh token")
async def refresh(
    response: Response, gate: CurrentGate, body: Annotated[RefreshIn | None, Body()] = None
) -> Tokens:
    """New tokens for the refresh token in the body or, without one, in the browser's cookie.

    Each token is good for one use (two tabs have 10 seconds to send the same); one used again ends the session.
    The cookie counts only with an `Origin` or `Sec-Fetch-Site` that names our own page.
    """
    token = gate.refresh_token(body.refresh_token if body else None)
    if not token:
        raise NotSignedIn
    tokens = await refresh_tokens.refresh(gate.database, gate.settings, gate.visitor, token)
    browser.keep_refresh_token(response, gate.settings, tokens.refresh_token)
    if not (body and body.refresh_token):
        browser.remember_device(
            gate.request, response, gate.settings, refresh_tokens.owner(gate.settings, tokens)
        )
    return tokens


async def _maybe_signed_in(
    request: Request, connection: RequestConnection, documented: Documented
) -> Actor | None:
    try:
        return await signed_in_even_with_temporary_password(request, connection, documented)
    except NotSignedIn:
        return None


@router.post("/logout", status_code=204, responses=failures(401, 403), summary="Sign out")
async def logout(
    response: Response,
    session: UnitOfWork,
    actor: Annotated[Actor | None, Depends(_maybe_signed_in, scope="function")],
    gate: CurrentGate,
    body: Annotated[RefreshIn | None, Body()] = None,
) -> None:
    """End the session on the server. Who has let his access token run out names it by the refresh token, in the body
    or in the cookie."""
    if actor is not None:
        with suppress(SessionNotFound):  # another tab was a moment faster: over is what it was to be
            await sessions.end(session, actor, actor.user_id, actor.session_id)
    else:
        token = gate.refresh_token(body.refresh_token if body else None)
        if not token:
            raise NotSignedIn
        await sessions.end_by_token(session, gate.visitor, token)
    browser.forget_refresh_token(response, gate.settings)


@router.get("/me", responses=failures(401), summary="Who am I")
async def me(session: UnitOfWork, actor: AnySignedIn) -> Me:
    """The caller with his role, categories and what is open to him, as they are now."""
    user = await queries.get(session, actor.user_id)
    return sign_in.me(await queries.outgoing(session, user))


@router.post("/change-password", responses=failures(401, 429), summary="Change one's password")
async def change_password(
    gate: CurrentGate, actor: AnySignedInBriefly, body: ChangePasswordIn
) -> PasswordChanged:
    """401 for a wrong current password (this session stays), 422 for a new one that is weak or the same.

    All other sessions of the user end.
    """
    changed_at = await passwords.change(gate.database, gate.settings, actor, body)
    words = gate.say("Пароль змінено.", "The password has been changed.")
    return PasswordChanged(message=words, changed_at=changed_at)


@router.post("/register", status_code=202, responses=failures(403, 409, 429), summary="Ask for an account")
async def register(gate: CurrentGate, body: RegisterIn, key: IdempotencyKey = None) -> Message:
    """An account that an administrator must approve before it opens anything; 403 when registration is off.

    A taken username or e-mail is told (409): the person has to choose another one, and silence would leave him
    waiting for an approval that cannot come. Enumerating names that way is slowed down per network.
    """
    await admission.register(gate.database, gate.settings, gate.visitor, body, key)
    words = gate.say(
        "Заявку надіслано. Її розгляне адміністратор.",
        "Your request has been sent. An administrator will review it.",
    )
    return Message(message=words)


@router.get("/sessions", responses=failures(401), summary="One's own sessions")
async def list_sessions(session: UnitOfWork, actor: AnySignedIn) -> Sessions:
    """Where the caller is signed in now."""
    return await queries.live_sessions(session, actor.user_id, clock.now(), current=actor.session_id)


@router.delete(
    "/sessions/{session_id}", status_code=204, responses=failures(401, 404), summary="End one's own session"
)
async def end_session(session: UnitOfWork, actor: AnySignedIn, session_id: UUID) -> None:
    """Sign out another device, or this one. 404 for somebody else's session."""
    await sessions.end(session, actor, actor.user_id, session_id)
