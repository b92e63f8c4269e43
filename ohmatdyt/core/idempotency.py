"""A creation sent twice happens once: `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header).

The key is written in the same transaction as what it guards. Whoever comes second with it waits in the
database for the first to commit and then gets the first one's answer, byte for byte.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
import sqlalchemy as sa
from fastapi import Header, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import clock
from ohmatdyt.core.batches import in_batches
from ohmatdyt.core.errors import Malformed, Unavailable
from ohmatdyt.core.together import Part

KEPT_FOR = timedelta(hours=48)
_PATIENCE_S = 5.0
_turns: WeakValueDictionary[tuple[UUID, str], asyncio.Lock] = WeakValueDictionary()

Keep = Callable[[bytes], Part]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x20-\x7e]+$",
        description="Any unique text; the same request sent again with it is answered, not repeated.",
        examples=["0b7c3a52-8f1e-4a59-9f0e-3a1d5c1f2b6d"],
    ),
]

_CLAIM = sa.text(
    "INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at) "
    "VALUES (:user_id, :key, :fingerprint, :now) ON CONFLICT DO NOTHING RETURNING true"
)
KEPT = (
    "SELECT fingerprint, status_code, body FROM idempotency_keys "
    "WHERE user_id = CAST(:user_id AS uuid) AND key = CAST(:key AS text)"
)
"""For a statement that has to know, before it takes anything, whether the request was answered before. See `again`."""
_READ = sa.text(KEPT)
_KEEP = sa.text(
    "UPDATE idempotency_keys SET status_code = :status, body = :body WHERE user_id = :user_id AND key = :key"
)
_CLAIM_AND_KEEP = sa.text("""
INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at, status_code, body)
VALUES (CAST(:key_of AS uuid), CAST(:key AS text), CAST(:key_for AS bytea), CAST(:key_at AS timestamptz),
        CAST(:answer_status AS integer), CAST(:answer AS bytea))
""")
_SWEEP = sa.text("""
DELETE FROM idempotency_keys WHERE (user_id, key) IN (
    SELECT user_id, key FROM idempotency_keys WHERE created_at < :before OR created_at > :future LIMIT :batch
)
RETURNING user_id
""")


class KeyReused(Malformed):
    """The key came before with another request."""

    code = "idempotency_key_reused"
    uk = "Цей Idempotency-Key уже використано з іншим запитом."
    en = "This Idempotency-Key was used with another request."


def fingerprint(*parts: str | bytes | None) -> bytes:
    """A digest of a request's meaning: give it the action and every value that matters, in a fixed order."""
    digest = hashlib.sha256()
    for part in parts:
        piece = part.encode() if isinstance(part, str) else part
        digest.update(b"-" if piece is None else b"%d:" % len(piece))
        digest.update(piece or b"")
    return digest.digest()


async def once(
    session: AsyncSession,
    user_id: UUID,
    key: str | None,
    work: Callable[[], Awaitable[bytes]],
    *,
    request: bytes,
    status_code: int = 201,
) -> Response:
    """Do `work` and answer with the JSON it returns, or with the answer it gave when this key came first.

    `request` is the `fingerprint` of the request. Raises KeyReused when it is not the one the key came with.
    """
    if key is None:
        return _answer(await work(), status_code)
    mine = {"user_id": user_id, "key": key}
    claimed = await session.scalar(_CLAIM, {**mine, "fingerprint": request, "now": clock.now()})
    if not claimed:
        return again((await session.execute(_READ, mine)).one(), request)
    body = await work()
    await session.execute(_KEEP, {**mine, "status": status_code, "body": body})
    return _answer(body, status_code)


async def once_model(
    session: AsyncSession,
    user_id: UUID,
    key: str | None,
    asked: BaseModel,
    work: Callable[[], Awaitable[BaseModel]],
    *,
    action: str,
) -> Response:
    """`once` for a JSON body: `asked` is what came in, `work` returns the 201 answer's model."""

    async def as_json() -> bytes:
        return (await work()).model_dump_json().encode()

    request = fingerprint(action, asked.model_dump_json())
    return await once(session, user_id, key, as_json, request=request)


async def once_at_once(
    session: AsyncSession,
    user_id: UUID,
    key: str | None,
    work: Callable[[Keep | None], Awaitable[bytes]],
    *,
    request: bytes,
    status_code: int = 201,
) -> Response:
    """`once` for work that is a single statement: what it is given makes of its answer the row to be stored with it.

    There the key is written last. Whoever comes second with it waits for the first to commit, fails with all he
    stored, and gets the first one's answer.
    """

    def keep(answer: bytes) -> Part:
        values = {"key_of": user_id, "key": key, "key_for": request, "key_at": clock.now()}
        return Part(_CLAIM_AND_KEEP, {**values, "answer_status": status_code, "answer": answer})

    try:
        return _answer(await work(keep if key else None), status_code)
    except asyncpg.UniqueViolationError as error:
        if key is None or error.constraint_name != "idempotency_keys_pkey":
            raise
        kept = (await session.execute(_READ, {"user_id": user_id, "key": key})).one_or_none()
        if kept is None:
            raise
        return again(kept, request)


@asynccontextmanager
async def one_at_a_time(user_id: UUID, key: str | None) -> AsyncIterator[None]:
    """Let requests with one key follow each other in this process: the second finds the answer of the first before it
    takes anything that is finite. Raises Unavailable (503) for whoever waits too long.
    """
    if key is None:
        yield
        return
    turn = _turns.setdefault((user_id, key), asyncio.Lock())
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await turn.acquire()
    except TimeoutError:
        raise Unavailable(retry_after=2) from None
    try:
        yield
    finally:
        turn.release()


def again(kept: Any, request: bytes) -> Response:
    """The answer a key got when it came first, from the row `KEPT` gives. Raises KeyReused for another request."""
    if kept.fingerprint != request:
        raise KeyReused(field="Idempotency-Key")
    return _answer(kept.body, kept.status_code)


def _answer(body: bytes, status_code: int) -> Response:
    return Response(body, status_code=status_code, media_type="application/json")


async def forget_old_keys(session: AsyncSession) -> None:
    """Delete the keys nobody will send again; a periodic job calls it. One made further ahead than it is kept for is of
    a clock that was set right since, and would be kept until that comes true."""
    await in_batches(session, _SWEEP, {"before": clock.now() - KEPT_FOR, "future": clock.horizon(KEPT_FOR)})
