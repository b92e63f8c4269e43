"""HTTP habits every route shares: strict parameters, versions, documented failures."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from ohmatdyt.core.errors import Malformed, StaleVersion, VersionRequired
from ohmatdyt.core.schemas import Problem

PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_DESCRIPTIONS = {
    400: "A business rule is broken",
    401: "Not signed in",
    403: "Not allowed; the attempt is in the audit journal",
    404: "No such record, or not visible to the caller",
    409: "The state does not allow it",
    412: "Somebody changed it meanwhile",
    413: "Too large",
    415: "Unknown kind of body",
    422: "Malformed fields",
    428: "If-Match is missing",
    429: "Too many attempts",
    503: "Busy or restarting; try again after Retry-After",
    507: "No room for files",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: every failure it can answer with, 422 and 503 always among them."""
    every = sorted({*statuses, 422, 503})
    return {s: {"model": Problem, "description": _DESCRIPTIONS[s], "content": PROBLEM_CONTENT} for s in every}


def _query_names(dependant: Dependant) -> set[str]:
    names: set[str] = set()
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names |= {info.alias or name for name, info in annotation.model_fields.items()}
        else:
            names.add(field.alias)
    for below in dependant.dependencies:
        names |= _query_names(below)
    return names


def _repeatable(dependant: Dependant) -> set[str]:
    names: set[str] = set()
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names |= {n for n, info in annotation.model_fields.items() if "list[" in str(info.annotation)}
        elif "list[" in str(annotation):
            names.add(field.alias)
    for below in dependant.dependencies:
        names |= _repeatable(below)
    return names


_known: dict[Callable[..., object], tuple[set[str], set[str]]] = {}


async def strict_query(request: Request) -> None:
    """Refuse query parameters the route does not have and single ones given twice: a mistyped filter that is
    silently ignored shows the wrong cases."""
    if not request.url.query:
        return
    route = request.scope["route"]
    if not route.include_in_schema:
        return  # A page of the web interface: what stands behind its `?` is read by its script.
    if route.endpoint not in _known:
        _known[route.endpoint] = (_query_names(route.dependant), _repeatable(route.dependant))
    known, repeatable = _known[route.endpoint]
    seen: set[str] = set()
    errors = []
    for name, _ in request.query_params.multi_items():
        if name not in known:
            errors.append({"type": "unknown_parameter", "loc": ("query", name), "msg": "unknown"})
        elif name in seen and name not in repeatable:
            errors.append({"type": "doubled_parameter", "loc": ("query", name), "msg": "doubled"})
        seen.add(name)
    if errors:
        raise RequestValidationError(errors)


StrictQuery = Depends(strict_query)


def strict_form(*repeatable: str) -> Any:
    """A dependency that refuses form fields given twice, except the `repeatable` ones: which of the two was meant?"""

    async def refuse_doubled(request: Request) -> None:
        seen: set[str] = set()
        errors = []
        for name, _ in (await request.form()).multi_items():
            if name in seen and name not in repeatable:
                errors.append({"type": "doubled_parameter", "loc": ("body", name), "msg": "doubled"})
            seen.add(name)
        if errors:
            raise RequestValidationError(errors)

    return Depends(refuse_doubled)


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def _version_of(value: str) -> int:
    text = value.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Malformed(field="If-Match")
    return int(text)


async def expected_version(if_match: Annotated[str | None, Header(max_length=64)] = None) -> int:
    """The version the caller read, from If-Match. 428 when missing, 422 when it is no version of ours."""
    if if_match is None:
        raise VersionRequired
    return _version_of(if_match)


ExpectedVersion = Annotated[int, Depends(expected_version)]


def require_version(expected: int, current: int) -> None:
    """Raise StaleVersion (412), with the current version, unless the caller has read the newest."""
    if expected != current:
        raise StaleVersion(extra={"current_version": current})
