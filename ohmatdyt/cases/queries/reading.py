"""The hot reads: one statement each, bytes passed through. They run on the driver, outside a transaction."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.models import Role
from ohmatdyt.cases import policy
from ohmatdyt.cases.errors import CaseNotFound, CaseNotVisible
from ohmatdyt.cases.queries import by_bits
from ohmatdyt.cases.queries.card import (
    attachments_sql,
    by_reference,
    card_statement,
    comments_sql,
    comments_total_sql,
    seen,
)
from ohmatdyt.cases.queries.criteria import build
from ohmatdyt.cases.queries.far_pages import far_page, is_far
from ohmatdyt.cases.queries.pages import listed_page, page_json, wanted_page
from ohmatdyt.cases.queries.search_page import found_page
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.schemas import CaseListQuery, CommentsQuery

_BEFORE_ALL_CASES = datetime(2000, 1, 1, tzinfo=UTC)  # nothing is overdue that was registered just now

Driver = Any  # an asyncpg connection, whose stubs are stricter than its answers


async def page_of_cases(
    driver: Driver, actor: Actor, query: CaseListQuery, *, stale_before: datetime, zone: ZoneInfo
) -> bytes:
    """A `CasePage` as JSON: exact total and one page, from one snapshot.

    With `search` the rows carry highlights. Raises ScopeNotAllowed (403), InvalidFields (422) for a backward range, a
    foreign cursor, or a rank where nothing is searched.
    """
    if query.search is not None:
        await driver.keep_plans(keep=True)
        return await found_page(driver, actor, query, stale_before=stale_before, zone=zone)
    wanted = wanted_page(query)
    criteria = build(query, actor, stale_before=stale_before, zone=zone)
    if not criteria.branches:
        return page_json(query, 0, b"[]", None)
    if by_bits.are_wanted(criteria, wanted):
        await driver.keep_plans(keep=True)
        async with driver.transaction(isolation="repeatable_read", readonly=True):
            page = await by_bits.page_by_bits(driver, criteria, wanted, query)
        if page is not None:
            return page
    if is_far(criteria, wanted):
        await driver.keep_plans(keep=False)
        async with driver.transaction(isolation="repeatable_read", readonly=True):
            return await far_page(driver, criteria, wanted, query)
    return await listed_page(driver, criteria, wanted, query)


@dataclass(frozen=True, slots=True)
class Card:
    """A `CaseCard` as JSON and the version it shows."""

    body: bytes
    version: int


async def card(driver: Driver, actor: Actor, reference: Any, *, stale_before: datetime) -> Card:
    """Everything the viewer may see of a case. Raises CaseNotFound (404), CaseNotVisible (403)."""
    statement, values = card_statement(actor, reference, stale_before)
    row = await driver.fetchrow(statement, *values)
    if row is None:
        raise CaseNotFound
    if not row["visible"]:
        raise CaseNotVisible
    return Card(_with_allowed(row["card"], actor, _facts(row)), row["version"])


async def new_card(driver: Driver, actor: Actor, case_id: UUID) -> bytes:
    """The card of a case just registered by the viewer, who sees it now even if it is not in his categories."""
    author = replace(actor, role=actor.role if actor.is_admin else Role.OPERATOR, doctor_id=None)
    statement, values = card_statement(author, case_id, _BEFORE_ALL_CASES)
    row = await driver.fetchrow(statement, *values)
    return _with_allowed(row["card"], actor, _facts(row))


def _facts(row: Any) -> policy.Facts:
    """What the policy judges by, from a row of `card_statement`."""
    return policy.Facts(
        **{name: row[name] for name in ("category_id", "author_id", "responsible_id", "status", "doctor_id")}
    )


def _with_allowed(card: bytes, actor: Actor, facts: policy.Facts) -> bytes:
    allowed = {
        "allowed_actions": policy.allowed_actions(actor, facts),
        "allowed_statuses": policy.allowed_statuses(actor, facts),
    }
    return card + b"," + orjson.dumps(allowed)[1:]


async def _child(driver: Driver, actor: Actor, reference: Any, *, items: str, total: str, args: Args) -> Any:
    """`items` and `total` of a case, when the viewer sees it. Raises as the card does."""
    found, visible = by_reference(reference, args), seen(actor, args)
    row = await driver.fetchrow(
        f"SELECT {visible} AS visible, CASE WHEN {visible} THEN {items} END AS items,"
        f" CASE WHEN {visible} THEN {total} END AS total FROM cases c WHERE {found}",
        *args.values,
    )
    if row is None:
        raise CaseNotFound
    if not row["visible"]:
        raise CaseNotVisible
    return row


async def attachments(driver: Driver, actor: Actor, reference: Any) -> bytes:
    """`Attachments` of a case as JSON. Raises as the card does."""
    total = "(SELECT count(*) FROM attachments WHERE case_id = c.id)"
    row = await _child(driver, actor, reference, items=attachments_sql(), total=total, args=Args())
    return b'{"attachments":%s,"total":%d}' % (row["items"].encode(), row["total"])


async def comments(driver: Driver, actor: Actor, reference: Any, query: CommentsQuery) -> bytes:
    """A page of the `Comments` of a case as the viewer may see them, as JSON. Raises as the card does."""
    args, internal = Args(), policy.sees_internal(actor)
    way = "DESC" if query.order_by.startswith("-") else "ASC"
    limit, offset = f"{args.add(query.page_size)}::int", f"{args.add(query.offset)}::int"
    items = comments_sql(with_internal=internal, way=way, limit=limit, offset=offset, shown=way)
    row = await _child(
        driver, actor, reference, items=items, total=comments_total_sql(with_internal=internal), args=args
    )
    page = b'{"comments":%s,"total":%d,"page":%d,"page_size":%d}'
    return page % (row["items"].encode(), row["total"], query.page, query.page_size)
