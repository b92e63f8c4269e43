"""Every failure as RFC 9457 `application/problem+json`, in the reader's language."""

import functools
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ohmatdyt.core import passing
from ohmatdyt.core.errors import DomainError, Forbidden, InvalidFields, Malformed, Unavailable
from ohmatdyt.core.validation_words import explain

log = structlog.get_logger(__name__)

TITLES_UK = {
    400: "Порушено правило",
    401: "Потрібен вхід",
    403: "Немає права",
    404: "Не знайдено",
    405: "Дія недоступна",
    408: "Запит не надійшов вчасно",
    409: "Стан змінився",
    412: "Застаріла версія",
    413: "Завеликий запит",
    415: "Невідомий вид вмісту",
    422: "Помилки у полях",
    428: "Потрібна версія",
    429: "Забагато спроб",
    431: "Завеликий заголовок",
    503: "Тимчасово недоступно",
    507: "Немає місця",
}
CODES = {
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
}

RefusalHook = Callable[[Request, DomainError], Awaitable[None]]


def language(request: Request) -> str:
    """ "en" when the client prefers English to Ukrainian, otherwise "uk"."""
    return preferred(request.headers.get("accept-language", "")[:200])


@functools.lru_cache(maxsize=256)
def preferred(accepted: str) -> str:
    """The same for the beginning of an Accept-Language header."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.lower().split(",")):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, place, name[:2]))
    return next((name for _, _, name in sorted(ranked) if name in ("uk", "en")), "uk")


def problem(  # the document's members are its parameters
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer in the form of RFC 9457; `extra` members never replace the standard ones."""
    lang = language(request)
    request_id = getattr(request.state, "request_id", None)
    document = as_document(status, code, detail, lang=lang, request_id=request_id, errors=errors, extra=extra)
    return Response(
        orjson.dumps(document),
        status_code=status,
        media_type="application/problem+json",
        headers={**(headers or {}), "Content-Language": lang},
    )


def as_document(
    status: int,
    code: str,
    detail: str,
    *,
    lang: str,
    request_id: str | None,
    errors: list[dict[str, str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The document of RFC 9457, its title in this language ("uk" or "en")."""
    phrase = HTTPStatus(status).phrase
    return {
        **(extra or {}),
        "type": f"/problems/{code}",
        "title": phrase if lang == "en" else TITLES_UK.get(status, phrase),
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors or [],
        "request_id": request_id,
    }


def _from_domain(request: Request, error: DomainError) -> Response:
    lang = language(request)
    detail = error.detail(lang)
    errors: list[dict[str, str]] = []
    if isinstance(error, InvalidFields):
        errors = [{"field": e.field, "message": e.en if lang == "en" else e.uk} for e in error.errors]
    elif error.field:
        errors = [{"field": error.field, "message": detail}]
    return problem(
        request, error.status, error.code, detail, errors=errors, extra=error.extra, headers=error.headers()
    )


def _from_validation(request: Request, error: RequestValidationError) -> Response:
    return _from_domain(request, InvalidFields([explain(one) for one in error.errors()]))


def _from_http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 400:
        # The framework could not read the body at all: that breaks no rule of ours, it is malformed.
        return _from_domain(request, Malformed())
    english = language(request) == "en"
    phrase = HTTPStatus(error.status_code).phrase
    detail = phrase if english else TITLES_UK.get(error.status_code, phrase)
    code = CODES.get(error.status_code, "malformed" if error.status_code < 500 else "internal_error")
    return problem(request, error.status_code, code, detail, headers=dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> Response:
    if passing.is_passing(error):
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        log.warning("database_unavailable", error=type(error).__name__, state=state)
        return _from_domain(request, Unavailable(retry_after=2))
    log.error("unexpected_error", exc_info=error)
    english = language(request) == "en"
    detail = (
        "Something went wrong on our side. Tell the administrator the request id."
        if english
        else "Сталася помилка на нашому боці. Повідомте адміністратору номер запиту."
    )
    return problem(request, 500, "internal_error", detail)


def install(app: FastAPI, on_refusal: RefusalHook) -> None:
    """Make `app` answer every failure as a problem document. `on_refusal` is told of each 403 before the answer."""

    async def domain(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)  # noqa: S101 — Starlette's handler type is wider than its promise
        if isinstance(error, Forbidden):
            await on_refusal(request, error)
        return _from_domain(request, error)

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return _from_validation(request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return _from_http(request, error)

    async def gone(request: Request, _error: Exception) -> Response:
        # Nobody hears it. But a telephone that lost its network in the middle of a form is no failure of ours.
        return _from_domain(request, Malformed())

    async def unexpected(request: Request, error: Exception) -> Response:
        return _unexpected(request, error)

    app.add_exception_handler(DomainError, domain)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, gone)
    for kind in passing.PASSING_ERRORS:
        app.add_exception_handler(kind, unexpected)
    app.add_exception_handler(Exception, unexpected)
