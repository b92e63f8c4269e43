"""Every SELECT of the lists. Cases, categories and users are named by their tables: cases stand above this domain."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.models import Role
from ohmatdyt.notifications import words
from ohmatdyt.notifications.schemas import DeliveryLogQuery, NotificationsQuery

# An operator who was something else before sees no trace of internal comments either.
_MINE = "n.recipient_id = :user AND (:role <> 'OPERATOR' OR n.type <> 'COMMENT_INTERNAL')"

_LINES = """
SELECT n.id, n.recipient_id, n.type, n.case_id, n.public_id, n.payload, n.created_at, n.read_at,
       k.id AS category_id, k.name AS category_name, a.id AS actor_id, a.full_name AS actor_name
FROM notifications n
LEFT JOIN cases c ON c.id = n.case_id
LEFT JOIN categories k ON k.id = coalesce((n.payload ->> 'category_id')::uuid, c.category_id)
LEFT JOIN users a ON a.id = n.actor_id
"""

_DELIVERIES = """
SELECT n.id, n.type, n.case_id, n.public_id, u.id AS user_id, u.full_name, n.mail_status, n.attempts, n.due_at,
       n.last_error, n.message_id, n.created_at, n.sent_at, n.read_at,
       (n.secret IS NULL AND coalesce((n.payload ->> 'temporary_password')::boolean, false)) AS is_wiped
FROM notifications n JOIN users u ON u.id = n.recipient_id
"""


async def unread_count(session: AsyncSession, user_id: UUID, role: Role) -> int:
    """How many of this person's notifications are unread."""
    statement = sa.text(f"SELECT count(*) FROM notifications n WHERE {_MINE} AND n.read_at IS NULL")  # noqa: S608
    return int(await session.scalar(statement, {"user": user_id, "role": role.value}) or 0)


async def mine(
    session: AsyncSession, user_id: UUID, role: Role, query: NotificationsQuery
) -> tuple[list[dict[str, Any]], int]:
    """A page of this person's notifications, and how many there are in all."""
    where = _MINE
    if query.unread is not None:
        where += f" AND n.read_at IS {'' if query.unread else 'NOT '}NULL"
    given = {"user": user_id, "role": role.value, "offset": query.offset, "limit": query.page_size}
    total = await session.scalar(sa.text(f"SELECT count(*) FROM notifications n WHERE {where}"), given)  # noqa: S608
    page = f"{_LINES} WHERE {where} {_order(query.order_by)} OFFSET :offset LIMIT :limit"
    rows = (await session.execute(sa.text(page), given)).mappings()
    return [line(row) for row in rows], int(total or 0)


def _order(order_by: str) -> str:
    way = "DESC" if order_by.startswith("-") else "ASC"
    return f"ORDER BY n.created_at {way}, n.id {way}"


async def lines(session: AsyncSession, ids: Sequence[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
    """These notifications with their recipients, for showing them live."""
    statement = sa.text(f"{_LINES} WHERE n.id = ANY(:ids) ORDER BY n.created_at, n.id")
    rows = (await session.execute(statement, {"ids": list(ids)})).mappings()
    return [(row["recipient_id"], line(row)) for row in rows]


def line(row: sa.RowMapping) -> dict[str, Any]:
    """A row of `_LINES` as `NotificationOut` wants it."""
    payload = row["payload"]
    return {
        "id": row["id"],
        "type": row["type"],
        "title": words.title(
            row["type"], public_id=row["public_id"], category=row["category_name"], payload=payload
        ),
        "case_id": row["case_id"],
        "public_id": row["public_id"],
        "category": {"id": row["category_id"], "name": row["category_name"]} if row["category_id"] else None,
        "status": payload.get("status"),
        "part": payload.get("part"),
        "alarm": payload.get("alarm"),
        "subject": payload.get("subject"),
        "actor": {"id": row["actor_id"], "full_name": row["actor_name"]} if row["actor_name"] else None,
        "created_at": row["created_at"],
        "read_at": row["read_at"],
    }


async def log(session: AsyncSession, query: DeliveryLogQuery) -> tuple[list[dict[str, Any]], int]:
    """A page of the delivery log, and how many lines there are in all."""
    where, given = ["true"], {"offset": query.offset, "limit": query.page_size}
    filters: dict[str, Any] = {}
    case = query.case_id
    if query.status:
        where.append("n.mail_status = :status")
        filters["status"] = query.status
    if query.type:
        where.append("n.type = :kind")
        filters["kind"] = query.type
    if case and case.isdigit():
        where.append("n.public_id = :case AND n.case_id = (SELECT id FROM cases WHERE public_id = :case)")
        filters["case"] = int(case)
    elif case:
        where.append("n.case_id = :case")
        filters["case"] = UUID(case)
    condition = " AND ".join(where)
    total = await session.scalar(
        sa.text(f"SELECT count(*) FROM notifications n WHERE {condition}"),  # noqa: S608
        filters,
    )
    page = f"{_DELIVERIES} WHERE {condition} {_order(query.order_by)} OFFSET :offset LIMIT :limit"
    rows = (await session.execute(sa.text(page), {**filters, **given})).mappings()
    return [delivery(row) for row in rows], int(total or 0)


async def one_delivery(session: AsyncSession, notification_id: UUID) -> dict[str, Any] | None:
    """One line of the delivery log."""
    statement = sa.text(f"{_DELIVERIES} WHERE n.id = :id")
    row = (await session.execute(statement, {"id": notification_id})).mappings().one_or_none()
    return delivery(row) if row else None


RESENDABLE = ("FAILED", "NOT_CONFIGURED")


def delivery(row: sa.RowMapping) -> dict[str, Any]:
    """A row of `_DELIVERIES` as `Delivery` wants it."""
    return {
        "id": row["id"],
        "type": row["type"],
        "case_id": row["case_id"],
        "public_id": row["public_id"],
        "recipient": {"id": row["user_id"], "full_name": row["full_name"]},
        "status": row["mail_status"],
        "attempts": row["attempts"],
        "next_attempt_at": row["due_at"],
        "last_error": row["last_error"],
        "message_id": row["message_id"],
        "can_resend": row["mail_status"] in RESENDABLE and not row["is_wiped"],
        "created_at": row["created_at"],
        "sent_at": row["sent_at"],
        "read_at": row["read_at"],
    }


async def unsent_totals(session: AsyncSession) -> dict[str, int]:
    """Letters by status, the sent ones left out: they would be the whole history."""
    rows = await session.execute(
        sa.text(
            "SELECT mail_status, count(*) AS number FROM notifications "
            "WHERE mail_status <> 'SENT' GROUP BY 1 ORDER BY 1"
        )
    )
    return {row.mail_status: row.number for row in rows}
