"""SELECTs about people at work and about what waits now."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ohmatdyt.insights.own_cases import BUT_HIS, but_his

_STAFF = """
SELECT u.id, u.full_name, u.role, u.is_active, coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) ORDER BY c.name_sort, c.id)
    FROM category_access a JOIN categories c ON c.id = a.category_id WHERE a.user_id = u.id), '[]')::text AS categories
FROM users u
WHERE ($1::uuid IS NULL OR u.id = $1)
ORDER BY u.full_name_sort, u.id
"""


async def staff(driver: Any, only: UUID | None) -> list[Any]:
    """Everybody, or one person, with the categories each serves, in alphabetical order."""
    return list(await driver.fetch(_STAFF, only))


_AT_WORK = f"""
SELECT responsible_id, count(*) FILTER (WHERE status = 'IN_PROGRESS') AS in_progress,
       count(*) FILTER (WHERE status = 'NEEDS_INFO') AS needs_info,
       count(*) FILTER (WHERE last_status_change_at < $1) AS stale
FROM cases c
WHERE status IN ('IN_PROGRESS', 'NEEDS_INFO') AND ($2::uuid IS NULL OR responsible_id = $2) {BUT_HIS}
GROUP BY 1
"""  # noqa: S608 — made of a constant


async def at_work(
    driver: Any, stale_before: datetime, only: UUID | None, not_about: UUID | None
) -> dict[UUID, Any]:
    """What each person is working on now; nothing about the doctor `not_about`."""
    rows = await driver.fetch(*but_his(not_about, _AT_WORK, stale_before, only))
    return {row["responsible_id"]: row for row in rows}


_OVERDUE_BY_CATEGORY = f"""
SELECT category_id, count(*) AS n FROM cases c
WHERE status = 'NEW' AND last_status_change_at < $1 {BUT_HIS} GROUP BY 1
"""  # noqa: S608


async def overdue_by_category(
    driver: Any, overdue_before: datetime, not_about: UUID | None
) -> dict[str, int]:
    """How many cases are overdue in each category, by its id; none about the doctor `not_about`."""
    rows = await driver.fetch(*but_his(not_about, _OVERDUE_BY_CATEGORY, overdue_before))
    return {str(row["category_id"]): row["n"] for row in rows}


_LATE = f"""
c.status = 'NEW' AND c.last_status_change_at < $1
  AND ($2::date IS NULL OR c.created_at >= ($2::date::timestamp AT TIME ZONE $4))
  AND ($3::date IS NULL OR c.created_at < (($3::date + 1)::timestamp AT TIME ZONE $4)) {BUT_HIS}
"""
_OVERDUE = f"""
SELECT c.id, c.public_id, c.category_id, k.name AS category_name, c.applicant_name, c.created_at,
       c.last_status_change_at
FROM cases c JOIN categories k ON k.id = c.category_id
WHERE {_LATE} ORDER BY c.last_status_change_at, c.id LIMIT $5 OFFSET $6
"""  # noqa: S608
_OVERDUE_COUNT = f"SELECT count(*) FROM cases c WHERE {_LATE}"  # noqa: S608


async def overdue_page(
    driver: Any,
    overdue_before: datetime,
    zone: str,
    registered: tuple[date | None, date | None],
    page: tuple[int, int],
    *,
    not_about: UUID | None,
) -> tuple[list[Any], int]:
    """Overdue cases, the longest waiting first, and how many there are; none about the doctor `not_about`.
    `page` is limit and offset."""
    which = (overdue_before, *registered, zone)
    rows = await driver.fetch(*but_his(not_about, _OVERDUE, *which, *page))
    return list(rows), await driver.fetchval(*but_his(not_about, _OVERDUE_COUNT, *which))
