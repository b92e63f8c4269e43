"""Write the journal, chain it, verify it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.audit import queries
from ohmatdyt.core.together import Part

GENESIS = bytes(32)
_SEAL_LOCK = 731900002
_SEAL_BATCH = 1000


# Written out, because every write of the product has one: `core.light` runs it too. Number and time are given by the
# database, so that nobody can store an entry of the past.
_RECORD = sa.text("""
INSERT INTO audit_log (actor_id, action, object_type, object_id, outcome, details, request_id, ip)
VALUES (CAST(:actor_id AS uuid), CAST(:action AS text), CAST(:object_type AS text),
        CAST(:object_id AS text), CAST(:outcome AS text), CAST(:details AS jsonb), CAST(:request_id AS text),
        CAST(:ip AS text))
""")


class Who(Protocol):
    """Whoever acts: an Actor, or anything that can say who and in which request."""

    @property
    def user_id(self) -> UUID | None: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def ip(self) -> str: ...


def entry(
    who: Who | None,
    action: str,
    *,
    object_type: str | None = None,
    object_id: object = None,
    outcome: str = "done",
    details: Mapping[str, Any] | None = None,
) -> Part:
    """An entry to be stored together with the change it tells of; what the words mean says `record`."""
    return Part(
        _RECORD,
        {
            "actor_id": who.user_id if who else None,
            "action": action,
            "object_type": object_type,
            "object_id": None if object_id is None else str(object_id),
            "outcome": outcome,
            "details": orjson.dumps(dict(details or {})).decode(),
            "request_id": who.request_id if who else None,
            "ip": who.ip if who else None,
        },
    )


async def record(
    session: AsyncSession,
    who: Who | None,
    action: str,
    *,
    object_type: str | None = None,
    object_id: object = None,
    outcome: str = "done",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry in the caller's transaction: it is there exactly if the change is.

    `action` is "<object>.<past participle>"; `details` hold ids and field names, never an applicant's data.
    """
    made = entry(who, action, object_type=object_type, object_id=object_id, outcome=outcome, details=details)
    await session.execute(made.statement, made.values)


def entry_hash(previous: bytes, position: int, entry: Mapping[str, Any]) -> bytes:
    """SHA-256 over the previous link, the position and everything the entry says (canonical JSON)."""
    at: datetime = entry["at"]
    said = {**entry, "at": at.isoformat(), "actor_id": str(entry["actor_id"]) if entry["actor_id"] else None}
    body = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous + position.to_bytes(8, "big") + body).digest()


async def seal(session: AsyncSession) -> int:
    """Chain the committed entries that wait for it; returns how many. One node at a time: the others get 0."""
    if not await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_SEAL_LOCK))):
        return 0
    waiting = await queries.unsealed(session, _SEAL_BATCH)
    if not waiting:
        return 0
    position, previous = await queries.chain_end(session)
    hashes = []
    for entry in waiting:
        position += 1
        previous = entry_hash(previous, position, entry)
        hashes.append(previous)
    await queries.chain(session, [entry["id"] for entry in waiting], hashes)
    return len(hashes)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`checked` entries were read; `broken_at` is the first position that does not fit, None when all fit;
    `waiting` entries are not chained yet."""

    checked: int
    waiting: int
    broken_at: int | None


async def verify_chain(session: AsyncSession) -> ChainReport:
    """Recompute the whole chain. Reads in batches, so memory stays flat."""
    previous, position, checked = GENESIS, 0, 0
    while batch := await queries.chain_after(session, position, _SEAL_BATCH):
        for link in batch:
            entry = {name: link[name] for name in queries.ENTRY_FIELDS}
            fits = link["position"] == position + 1 and link["previous_hash"] == previous
            if not fits or link["hash"] != entry_hash(previous, position + 1, entry):
                return ChainReport(checked, await queries.count_pending(session), position + 1)
            previous, position, checked = link["hash"], position + 1, checked + 1
    unlinked = await queries.count_unlinked(session)
    waiting = await queries.count_pending(session)
    # An entry that is neither chained nor waiting was slipped in, or its link was cut off at the end.
    return ChainReport(checked, waiting, position + 1 if unlinked != waiting else None)
