"""The rows of an export: the list's own rights and filters, all pages at once, read a batch at a time."""

from collections.abc import AsyncGenerator
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.ordering import ORDERS, STATUS_RANK
from ohmatdyt.cases.queries.sql import Args, branch_conditions, row_conditions, where

_BATCH = 1000
STATEMENT_TIMEOUT_S = 60.0
_PATIENCE = f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S:.0f}s'"

_COLUMNS = """
SELECT c.public_id, c.created_at AT TIME ZONE {zone} AS created_at, c.status, k.name AS category, c.subcategory,
       h.name AS channel, c.applicant_name, c.applicant_phone, c.applicant_email, c.summary, a.full_name AS author,
       r.full_name AS responsible, d.full_name AS doctor, c.first_taken_at AT TIME ZONE {zone} AS first_taken_at,
       c.last_status_change_at AT TIME ZONE {zone} AS last_status_change_at,
       c.updated_at AT TIME ZONE {zone} AS updated_at,
       c.status = 'NEW' AND c.last_status_change_at < {stale_before} AS is_overdue
FROM ({matching}) AS c
JOIN categories k ON k.id = c.category_id JOIN channels h ON h.id = c.channel_id
JOIN users a ON a.id = c.author_id
LEFT JOIN users r ON r.id = c.responsible_id
LEFT JOIN doctors d ON d.id = c.doctor_id
ORDER BY {order}
"""


def _order(order_by: str) -> str:
    order, way = ORDERS[order_by.removeprefix("-")], "DESC" if order_by.startswith("-") else "ASC"
    ranks = " ".join(f"WHEN '{status}' THEN {rank}" for status, rank in STATUS_RANK.items())
    prefixes = {None: [], "status": [f"CASE c.status {ranks} END"], "category": ["k.name_sort"]}
    return ", ".join(f"{key} {way}" for key in [*prefixes[order.prefix], order.key, "c.id"])


def export_statement(criteria: Criteria, order_by: str, zone: str) -> tuple[str, list[Any]]:
    """Everything that fulfils the criteria, with times on the hospital's clock."""
    args = Args()
    matching = " UNION ALL ".join(
        f"SELECT c.* FROM cases c{where(branch_conditions(branch, args) + row_conditions(criteria, branch, args))}"  # noqa: S608
        for branch in criteria.branches
    )
    statement = _COLUMNS.format(
        zone=f"{args.add(zone)}::text",
        stale_before=f"{args.add(criteria.stale_before)}::timestamptz",
        matching=matching or "SELECT * FROM cases WHERE false",
        order=_order(order_by),
    )
    return statement, args.values


async def batches(driver: Any, statement: str, values: list[Any]) -> AsyncGenerator[list[Any]]:
    """The rows, up to a thousand at a time, through a cursor of the database. Close it (`aclosing`): the
    transaction is its own."""
    async with driver.transaction(isolation="repeatable_read", readonly=True):
        await driver.execute(_PATIENCE)
        cursor = await driver.cursor(statement, *values)
        while rows := await cursor.fetch(_BATCH):
            yield rows
