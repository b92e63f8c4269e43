"""Write down that people must be told something, in the transaction of the event that caused it.

This is the table-level insert and nothing more. It stands in `core` because every domain may have something to tell,
also the accounts, which stand below the notifications domain; lists, letters and delivery are built on these rows in
`ohmatdyt.notifications`. What holds for everybody is kept here, in the one statement all rows come from: nobody hears
of his own action, nobody inactive hears anything, nobody hears a thing twice, no operator hears of an internal comment.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.core import clock, sealing
from ohmatdyt.core.announce import announce
from ohmatdyt.core.log import whose
from ohmatdyt.core.together import Part

# Which process made a row: in a multi-process installation only that one hints to the workers.
ORIGIN = secrets.token_hex(6)

_ROWS_IN_ONE_HINT = 80

_mail = {"is_expected": True}


def expect_mail(*, is_configured: bool) -> None:
    """Whether this installation has a mail server. Without one rows do not queue for it: they are as the dispatcher
    would leave them, and are released like those when there is a mail server one day."""
    _mail["is_expected"] = is_configured


_ROWS = sa.text("""
    INSERT INTO notifications
        (id, recipient_id, type, case_id, public_id, actor_id, payload, created_at, mail_status, due_at, secret)
    SELECT gen_random_uuid(), u.id, :type, CAST(:case_id AS uuid), CAST(:public_id AS integer),
           CAST(:actor_id AS uuid), CAST(:payload AS jsonb), :told_at, CAST(:mail_status AS text),
           CAST(:due_at AS timestamptz), CAST(:secret AS bytea)
    FROM users u
    WHERE u.id = ANY(CAST(:recipients AS uuid[])) AND u.is_active
      AND u.id IS DISTINCT FROM CAST(:actor_id AS uuid)
      AND (:type <> 'COMMENT_INTERNAL' OR u.role <> 'OPERATOR')
    RETURNING id, recipient_id
""")
_SUPERSEDE = sa.text(
    "UPDATE notifications SET mail_status = 'SKIPPED', due_at = NULL, secret = NULL, last_error = 'newer password' "
    "WHERE recipient_id = :user AND secret IS NOT NULL AND mail_status IN ('PENDING', 'NOT_CONFIGURED')"
)


class Type(StrEnum):
    """What a notification is about (product.md §5)."""

    NEW_CASE = "NEW_CASE"
    CASE_TAKEN = "CASE_TAKEN"
    STATUS_CHANGED = "STATUS_CHANGED"
    COMMENT_PUBLIC = "COMMENT_PUBLIC"
    COMMENT_INTERNAL = "COMMENT_INTERNAL"
    REASSIGNED = "REASSIGNED"
    ESCALATION = "ESCALATION"
    ACCOUNT_CREATED = "ACCOUNT_CREATED"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 — a name, not a password
    ALARM = "ALARM"


async def put(
    session: AsyncSession,
    kind: Type,
    recipients: Iterable[UUID],
    *,
    actor_id: UUID | None,
    case_id: UUID | None = None,
    public_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    secret: bytes | None = None,
) -> list[UUID]:
    """Store one notification for each of the recipients who is to hear of it; returns who that is.

    `payload` holds ids and words of our own only. The rows count exactly if the caller's transaction commits.
    """
    wanted = list(set(recipients))
    if not wanted:
        return []
    values = _values(
        kind,
        wanted,
        actor_id=actor_id,
        case_id=case_id,
        public_id=public_id,
        payload=payload,
        secret=secret,
    )
    rows = (await session.execute(_ROWS, values)).all()
    hint(session, [(row.id, row.recipient_id) for row in rows])
    return [row.recipient_id for row in rows]


def part(
    kind: Type,
    recipients: Iterable[UUID],
    *,
    actor_id: UUID | None,
    case_id: UUID,
    public_id: int,
    payload: Mapping[str, Any],
) -> Part:
    """The same as `put`, to be stored together with the event; `hint` announces what it answers, `ids` and all."""
    values = _values(
        kind,
        list(set(recipients)),
        actor_id=actor_id,
        case_id=case_id,
        public_id=public_id,
        payload=payload,
        secret=None,
    )
    return Part(_ROWS, values, asked="array_agg(ARRAY[id, recipient_id])")


def _values(
    kind: Type,
    recipients: list[UUID],
    *,
    actor_id: UUID | None,
    case_id: UUID | None,
    public_id: int | None,
    payload: Mapping[str, Any] | None,
    secret: bytes | None,
) -> dict[str, Any]:
    now = clock.now()
    return {
        "type": kind.value,
        "case_id": case_id,
        "public_id": public_id,
        "actor_id": actor_id,
        "payload": orjson.dumps(_with_request(payload)).decode(),
        "told_at": now,
        "mail_status": "PENDING" if _mail["is_expected"] else "NOT_CONFIGURED",
        "due_at": now if _mail["is_expected"] else None,
        "secret": secret,
        "recipients": recipients,
    }


def _with_request(payload: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payload with the request that caused it, for the logs of whoever delivers it."""
    who = whose()
    return {**(payload or {}), **({"request_id": who} if who else {})}


def hint(session: AsyncSession, rows: Sequence[Sequence[UUID]], *, is_new: bool = True) -> None:
    """Announce rows (id, recipient) to whoever delivers them, new ones also to whoever shows them; very many as
    just «many»."""
    if not rows:
        return
    named = (
        [[str(one), str(recipient)] for one, recipient in rows] if len(rows) <= _ROWS_IN_ONE_HINT else None
    )
    announce(session, {"kind": "notifications", "origin": ORIGIN, "new": is_new, "rows": named})


async def put_account_letter(
    session: AsyncSession,
    kind: Type,
    user_id: UUID,
    *,
    actor_id: UUID | None,
    secret_key: str,
    temporary_password: str | None,
) -> None:
    """Tell somebody that his account exists (ACCOUNT_CREATED) or has a new password (PASSWORD_RESET).

    The temporary password, if there is one, waits in the row encrypted and is wiped as soon as the letter has left.
    """
    secret = None
    if temporary_password is not None:
        secret = sealing.seal(secret_key, temporary_password, context=secret_context(kind, user_id))
        await session.execute(_SUPERSEDE, {"user": user_id})
    payload = {"temporary_password": secret is not None}
    await put(session, kind, [user_id], actor_id=actor_id, payload=payload, secret=secret)


def secret_context(kind: str, user_id: UUID) -> str:
    """What a sealed password is bound to: it opens in no other person's row."""
    return f"{kind}:{user_id}"
