"""Whom a backup must not bring back: people anonymised, and people let go, after it was made.

What happened is read from the journal every minute and added to a small file beside the backups, ids only, never
rewritten. A restore then repeats what the restored journal does not know of (docs/adr/0013-anonymise.md).
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import Role, User
from ohmatdyt.accounts.service import sessions
from ohmatdyt.audit import service as audit
from ohmatdyt.backup import census
from ohmatdyt.backup.manifest import Manifest
from ohmatdyt.cases.service import forgetting
from ohmatdyt.core.disk import claim, fsync_directory

FILE = "removals.jsonl"

_ANONYMISED, _LET_GO, _BACK, _DELETED, _ROLE = (
    "patient.anonymised",
    "user.deactivated",
    "user.activated",
    "user.deleted",
    "user.role_changed",
)
# Entries of transactions that were still open at the last look may be older than what was seen then.
_LOOK_BACK = timedelta(hours=1)
_NEWS = """
SELECT l.id, l.at, l.action, l.object_id, l.details->>'to' AS role,
    ARRAY(SELECT p.id::text FROM patients p WHERE l.action = 'patient.anonymised'
          AND p.merged_into_id = l.object_id::uuid) AS cards,
    ARRAY(SELECT c.id::text FROM cases c WHERE l.action = 'patient.anonymised'
          AND c.patient_id = l.object_id::uuid) AS cases
FROM audit_log l WHERE l.action = ANY ($1) AND l.at >= $2 AND l.outcome = 'done' ORDER BY l.at, l.id
"""
_KNOWN = sa.text("SELECT 1 FROM audit_log WHERE id = :id AND at = CAST(:at AS timestamptz)")


@dataclass(frozen=True, slots=True)
class Removal:
    """One entry of the journal; `key` tells installations apart, `cards` and `cases` went with the patient's card."""

    key: str
    audit_id: int
    at: str
    action: str
    object_id: str
    role: str | None = None
    cards: list[str] | None = None
    cases: list[str] | None = None


def read(target: Path) -> Iterator[Removal]:
    """Everything noted in a folder of backups, in order; a line cut off by a crash is passed over."""
    try:
        lines = (target / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Removal(**orjson.loads(line))
        except (ValueError, TypeError):
            continue


async def note(connection: census.Connection, target: Path) -> int:
    """Add what has happened since the last look; returns how many entries that was."""
    key = await census.key_digest(connection)
    await asyncio.to_thread(target.mkdir, 0o700, parents=True, exist_ok=True)
    with (target / FILE).open("ab") as file:
        if not claim(file.fileno()):
            return 0  # somebody else is at it
        noted = {(one.audit_id, one.at) for one in read(target) if one.key == key}
        latest = max((datetime.fromisoformat(at) for _, at in noted), default=None)
        since = latest - _LOOK_BACK if latest else datetime(1970, 1, 1, tzinfo=UTC)
        rows = await connection.fetch(_NEWS, [_ANONYMISED, _LET_GO, _BACK, _DELETED, _ROLE], since)
        news = [_of(key, row) for row in rows if (row["id"], row["at"].isoformat()) not in noted]
        if file.tell() and news and not (target / FILE).read_bytes().endswith(b"\n"):
            file.write(b"\n")
        for one in news:
            file.write(orjson.dumps(asdict(one)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fsync_directory(target)
    return len(news)


def _of(key: str, row: Any) -> Removal:
    return Removal(
        key=key,
        audit_id=row["id"],
        at=row["at"].isoformat(),
        action=row["action"],
        object_id=row["object_id"],
        role=row["role"] if row["action"] == _ROLE else None,
        cards=list(row["cards"]) or None,
        cases=list(row["cases"]) or None,
    )


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was repeated after a restore; `storage_keys` are files to delete once it is committed."""

    sessions: int
    patients: int
    users: int
    storage_keys: list[str]


async def repeat(session: AsyncSession, target: Path, manifest: Manifest) -> Repeated:
    """In a database just restored: end all sessions, forget again, shut out again; all of it journalled."""
    ended = await sessions.end_everybodys(session, "restored")
    news = [
        one
        for one in read(target)
        if one.key == manifest.public_id_key_sha256
        and not await session.scalar(_KNOWN, {"id": one.audit_id, "at": datetime.fromisoformat(one.at)})
    ]
    storage_keys: list[str] = []
    patients = [one for one in news if one.action == _ANONYMISED]
    for one in patients:
        cards, cases = ([UUID(each) for each in ids or ()] for ids in (one.cards, one.cases))
        storage_keys += await forgetting.anonymise_again(session, UUID(one.object_id), cards, cases)
    users = 0
    for user_id in {one.object_id for one in news if one.action != _ANONYMISED}:
        users += await _user_again(session, user_id, [one for one in news if one.object_id == user_id])
    found = Repeated(ended, len(patients), users, storage_keys)
    details = {"made_at": manifest.created_at, "sessions": ended, "patients": len(patients), "users": users}
    await audit.record(session, None, "backup.restored", object_type="backup", details=details)
    return found


async def _user_again(session: AsyncSession, user_id: str, news: list[Removal]) -> bool:
    """Take from an account what was taken from it since; nothing is ever given. True when something was taken."""
    user = await session.get(User, UUID(user_id), with_for_update=True)
    if user is None:
        return False
    states = [one.action for one in news if one.action != _ROLE]
    out = bool(states) and states[-1] != _BACK and user.is_active
    roles = [one.role for one in news if one.action == _ROLE]
    less = roles[-1] if roles and user.role == Role.ADMIN and roles[-1] != Role.ADMIN else None
    if not (out or less):
        return False
    if out:
        user.is_active = False
        await audit.record(
            session, None, _LET_GO, object_type="user", object_id=user.id, details={"repeated": True}
        )
    if less:
        details = {"from": user.role, "to": less, "repeated": True}
        user.role = less
        await audit.record(session, None, _ROLE, object_type="user", object_id=user.id, details=details)
    user.token_version += 1
    user.version += 1
    await session.flush()
    return True
