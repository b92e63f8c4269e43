"""Is the process alive, and can it serve? For people, load balancers and container engines."""

import asyncio
import time
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import State

from ohmatdyt.core.db import Database
from ohmatdyt.core.http import StrictQuery, failures
from ohmatdyt.core.installation import NotOurFolderError
from ohmatdyt.core.passing import PASSING_ERRORS
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.core.version import PROGRAM

log = structlog.get_logger(__name__)

router = APIRouter(tags=["operations"], dependencies=[StrictQuery])

_REDIS_PATIENCE_S = 0.3
_DATABASE_PATIENCE_S = 2.0


class Health(BaseModel):
    """`status` is "ok", "degraded" (requests are served, but something waits: letters, with Redis away) or "down".

    Each part of `checks` is "ok" or "down"; `pools` are the process's own connections to the database; `redis` is there
    only when it is used. `installation` is "down" while MEDIA_ROOT is another installation's folder. No secrets.
    """

    status: Literal["ok", "degraded", "down"] = Field(examples=["ok"])
    version: str = Field(max_length=50, examples=["0.2.0"])
    checks: dict[str, Literal["ok", "down"]] = Field(
        examples=[{"database": "ok", "pools": "ok", "files": "ok"}]
    )
    database_ms: float | None = Field(default=None, ge=0, examples=[0.7])


async def ping_redis(url: str) -> None:
    """Raises RedisError, OSError or TimeoutError when Redis does not answer within a moment, or refuses us."""
    from redis.asyncio import Redis

    client = Redis.from_url(url, socket_connect_timeout=_REDIS_PATIENCE_S, socket_timeout=_REDIS_PATIENCE_S)
    try:
        async with asyncio.timeout(_REDIS_PATIENCE_S):
            await client.ping()
    finally:
        await client.aclose()


async def redis_answers(url: str) -> bool:
    """Whether Redis answers a ping within a moment. Never raises for one that is away or hangs."""
    from redis.exceptions import RedisError

    try:
        await ping_redis(url)
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("health_redis_down", error=type(error).__name__)
        return False
    return True


async def look_at(state: State) -> Health:
    """Ask the database and the file storage of this application, each within two seconds."""
    database: Database = state.database
    started = time.perf_counter()
    took: float | None = None
    checks: dict[str, Literal["ok", "down"]] = {}
    try:
        await database.answers(_DATABASE_PATIENCE_S)
        took = round((time.perf_counter() - started) * 1000, 1)
        checks["database"] = "ok"
    except PASSING_ERRORS as error:
        log.warning("health_database_down", error=type(error).__name__)
        checks["database"] = "down"
    # The server may answer, and yet no request be served: see `core.pool_watch`.
    checks["pools"] = "ok" if all(state.pool_watch.serves.values()) else "down"
    checks["files"] = "ok" if await state.storage.is_writable() else "down"
    checks["installation"] = "down" if await _has_foreign_files(state.storage) else "ok"
    if redis_url := state.settings.redis_url:
        checks["redis"] = "ok" if await redis_answers(redis_url) else "down"
    # Without files the desk still registers calls, so only the database decides whether it serves.
    serves = checks["database"] == checks["pools"] == "ok"
    status: Literal["ok", "degraded", "down"] = "ok" if serves else "down"
    if status == "ok" and "down" in (checks.get("redis"), checks["installation"]):
        status = "degraded"
    return Health(status=status, version=PROGRAM, checks=checks, database_ms=took)


async def _has_foreign_files(storage: LocalStorage) -> bool:
    try:
        return await storage.belongs() == "foreign"
    except (OSError, NotOurFolderError):
        return False


async def look(request: Request) -> Health:
    """The health of the application that answers this request."""
    return await look_at(request.app.state)


Look = Annotated[Health, Depends(look)]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", responses={**failures(), 503: {"model": Health, "description": "Cannot serve"}})
async def healthz(health: Look, response: Response) -> Health:
    """The process and what it depends on; 503 when it cannot serve."""
    response.status_code = 503 if health.status == "down" else 200
    return health


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz", responses={**failures(), 503: {"model": Health, "description": "Not ready for requests"}}
)
async def readyz(health: Look, response: Response) -> Health:
    """Whether requests should be sent here: never while the folder of files is another installation's."""
    is_ready = health.status != "down" and health.checks["installation"] == "ok"
    response.status_code = 200 if is_ready else 503
    return health
