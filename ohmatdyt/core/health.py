"""Is the process alive, and can it serve? For people, load balancers and container engines."""

import time
from importlib.metadata import version
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from ohmatdyt.core.db import PASSING_ERRORS, Database, raw

log = structlog.get_logger(__name__)

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """`status` is "ok" or "down"; each part of `checks` says the same of what it depends on. No secrets."""

    status: Literal["ok", "down"] = Field(examples=["ok"])
    version: str = Field(examples=["0.1.0"])
    checks: dict[str, Literal["ok", "down"]] = Field(examples=[{"database": "ok", "files": "ok"}])
    database_ms: float | None = Field(default=None, ge=0, examples=[0.7])


async def look(request: Request) -> Health:
    """Ask the database and the file storage, each within a second."""
    database: Database = request.app.state.database
    started = time.perf_counter()
    took: float | None = None
    checks: dict[str, Literal["ok", "down"]] = {}
    try:
        async with database.connection() as connection:
            await (await raw(connection)).fetchval("SELECT 1", timeout=1)
        took = round((time.perf_counter() - started) * 1000, 1)
        checks["database"] = "ok"
    except PASSING_ERRORS as error:
        log.warning("health_database_down", error=type(error).__name__)
        checks["database"] = "down"
    checks["files"] = "ok" if await request.app.state.storage.is_writable() else "down"
    # Without files the desk still registers calls, so only the database decides.
    status: Literal["ok", "down"] = checks["database"]
    return Health(status=status, version=version("ohmatdyt"), checks=checks, database_ms=took)


Look = Annotated[Health, Depends(look)]


@router.get("/healthz", responses={503: {"model": Health, "description": "Cannot serve"}})
async def healthz(health: Look, response: Response) -> Health:
    """The process and what it depends on; 503 when it cannot serve."""
    response.status_code = 200 if health.status == "ok" else 503
    return health


@router.get("/readyz", responses={503: {"model": Health, "description": "Not ready for requests"}})
async def readyz(health: Look, response: Response) -> Health:
    """Whether requests should be sent here."""
    response.status_code = 200 if health.status == "ok" else 503
    return health
