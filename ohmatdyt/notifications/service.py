"""What people do with notifications, and the door through which the domains above tell somebody something."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.core import clock, outbox
from ohmatdyt.core.announce import announce
from ohmatdyt.core.outbox import Type
from ohmatdyt.notifications import queries
from ohmatdyt.notifications.errors import NotificationNotFound, NotResendable, PasswordWiped

_READ_ONE = sa.text(
    "UPDATE notifications SET read_at = coalesce(read_at, :now) WHERE id = :id AND recipient_id = :user RETURNING id"
)
_READ_ALL = sa.text("UPDATE notifications SET read_at = :now WHERE recipient_id = :user AND read_at IS NULL")
_RESEND = sa.text(
    "UPDATE notifications SET mail_status = 'PENDING', attempts = 0, due_at = :now, last_error = NULL "
    "WHERE id = :id AND mail_status = ANY(:resendable) RETURNING recipient_id"
)


async def tell(
    session: AsyncSession,
    kind: Type,
    recipients: Iterable[UUID],
    *,
    actor_id: UUID | None,
    case_id: UUID,
    public_id: int,
    payload: Mapping[str, Any] | None = None,
) -> list[UUID]:
    """Store a notification about a case for each recipient who is to hear of it; returns who that is."""
    return await outbox.put(
        session,
        kind,
        recipients,
        actor_id=actor_id,
        case_id=case_id,
        public_id=public_id,
        payload=payload,
    )


async def case_changed(session: AsyncSession, case_id: UUID, *, is_internal: bool = False) -> None:
    """Let open windows know, when the transaction commits, that what they show of this case is old.

    Operators' windows hear nothing of an internal change.
    """
    announce(session, {"kind": "case", "id": str(case_id), "internal": is_internal})


async def mark_read(session: AsyncSession, actor: Actor, notification_id: UUID) -> int:
    """Mark one of the caller's notifications as read; how many stay unread. Raises NotificationNotFound."""
    given = {"now": clock.now(), "id": notification_id, "user": actor.user_id}
    if await session.scalar(_READ_ONE, given) is None:
        raise NotificationNotFound
    await _count_again(session, actor)
    return await queries.unread_count(session, actor.user_id, actor.role)


async def mark_all_read(session: AsyncSession, actor: Actor) -> int:
    """Mark all of the caller's notifications as read; how many stay unread (those that came meanwhile)."""
    await session.execute(_READ_ALL, {"now": clock.now(), "user": actor.user_id})
    await _count_again(session, actor)
    return await queries.unread_count(session, actor.user_id, actor.role)


async def _count_again(session: AsyncSession, actor: Actor) -> None:
    announce(session, {"kind": "read", "user": str(actor.user_id)})


async def resend(session: AsyncSession, actor: Actor, notification_id: UUID) -> dict[str, Any]:
    """Try a letter that was given up again, from the beginning, under the same Message-ID.

    Raises NotificationNotFound, NotResendable while it is on its way or has arrived, PasswordWiped when it carried a
    temporary password, which is gone.
    """
    found = await queries.one_delivery(session, notification_id)
    if found is None:
        raise NotificationNotFound
    if found["status"] in queries.RESENDABLE and not found["can_resend"]:
        raise PasswordWiped
    given = {"now": clock.now(), "id": notification_id, "resendable": list(queries.RESENDABLE)}
    recipient = await session.scalar(_RESEND, given)
    if recipient is None:
        raise NotResendable(extra={"mail_status": found["status"]})
    await audit.record(
        session, actor, "notification.resent", object_type="notification", object_id=notification_id
    )
    outbox.hint(session, [(notification_id, recipient)], is_new=False)
    return await queries.one_delivery(session, notification_id) or found
