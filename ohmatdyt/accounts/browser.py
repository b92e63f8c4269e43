"""What a browser brings and keeps: the refresh cookie, the page a request comes from, the two forms of a sign-in."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from ohmatdyt.accounts.errors import ForeignOrigin
from ohmatdyt.accounts.schemas import LoginIn
from ohmatdyt.accounts.service import devices
from ohmatdyt.core import forms
from ohmatdyt.core.settings import Settings

_FORMS = (forms.URLENCODED, forms.MULTIPART)
# What an OAuth2 password form may carry besides; our answer does not depend on it.
_OAUTH2_FIELDS = {"grant_type", "scope", "client_id", "client_secret"}

_json_schema = LoginIn.model_json_schema()
LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _json_schema},
            "application/x-www-form-urlencoded": {
                "schema": {
                    **_json_schema,
                    "title": "OAuth2 password form",
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["password"]},
                        **_json_schema["properties"],
                        **{
                            name: {"type": "string", "maxLength": 1000, "examples": [""]}
                            for name in sorted(_OAUTH2_FIELDS - {"grant_type"})
                        },
                    },
                }
            },
        },
    }
}
"""For OpenAPI: the content type of a sign-in decides how its body is read."""


async def login_body(request: Request) -> LoginIn:
    """The body of a sign-in, JSON or form. Anything else is 415: a foreign page can send plain text unasked."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if content_type == "application/json":
            return LoginIn.model_validate_json(await request.body())
        if content_type in _FORMS:
            return await _form(request)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None
    if not content_type and not await request.body():
        raise RequestValidationError(
            [{"type": "missing", "loc": ("body", name), "msg": ""} for name in LoginIn.model_fields]
        )
    raise HTTPException(415)


async def _form(request: Request) -> LoginIn:
    async with forms.opened(request) as fields:
        pass
    doubled = {name for name, _ in fields if sum(other == name for other, _ in fields) > 1}
    if doubled:
        raise RequestValidationError(
            [{"type": "doubled_parameter", "loc": ("body", n), "msg": ""} for n in doubled]
        )
    given = dict(fields)
    if given.get("grant_type", "password") != "password":
        wrong = {
            "type": "literal_error",
            "loc": ("body", "grant_type"),
            "msg": "",
            "ctx": {"expected": "password"},
        }
        raise RequestValidationError([wrong])
    return LoginIn.model_validate(
        {name: value for name, value in given.items() if name not in _OAUTH2_FIELDS}
    )


def _cookie_name(settings: Settings) -> str:
    # The prefix makes browsers insist on Secure, this host and the whole site; on http://localhost they would refuse.
    return "__Host-refresh" if settings.secure else "refresh"


def keep_refresh_token(response: Response, settings: Settings, token: str) -> None:
    """Give the browser the refresh token where no script can read it."""
    response.set_cookie(
        _cookie_name(settings),
        token,
        max_age=settings.refresh_token_days * 86_400,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def forget_refresh_token(response: Response, settings: Settings) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        _cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="strict"
    )


def kept_refresh_token(request: Request, settings: Settings) -> str | None:
    """The refresh token in the browser's cookie, for a request of our own page. Raises ForeignOrigin (403)."""
    token = request.cookies.get(_cookie_name(settings))
    if token and not _from_our_page(request, settings, unknown=False):
        raise ForeignOrigin
    return token


def _device_cookie_name(settings: Settings) -> str:
    return "__Host-device" if settings.secure else "device"


def known_devices(request: Request, settings: Settings) -> list[devices.Device]:
    """Who has signed in in this browser before."""
    return devices.read(settings, request.cookies.get(_device_cookie_name(settings)))


def remember_device(request: Request, response: Response, settings: Settings, user_id: UUID) -> None:
    """Let this browser's failures be counted apart from those of its network from now on."""
    name = _device_cookie_name(settings)
    response.set_cookie(
        name,
        devices.with_user(settings, request.cookies.get(name), user_id),
        max_age=int(devices.KEPT_FOR.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def refuse_foreign_page(request: Request, settings: Settings) -> None:
    """Keep a foreign page from signing a browser in as somebody else. Raises ForeignOrigin (403)."""
    if not _from_our_page(request, settings, unknown=True):
        raise ForeignOrigin


def _from_our_page(request: Request, settings: Settings, *, unknown: bool) -> bool:
    """Whether the browser says it is our page; `unknown` is the answer when nothing is said (no browser)."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if site == "same-origin" or (origin and origin in (settings.public_url, *settings.cors_origins)):
        return True
    if origin is not None:
        return site is None and origin != "null" and urlsplit(origin).netloc == request.headers.get("host")
    return unknown and site in (None, "none")
