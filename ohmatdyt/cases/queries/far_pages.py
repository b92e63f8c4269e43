"""Pages so deep that walking there costs more than asking first where they lie."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from ohmatdyt.cases.queries import counting
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.listing import ListStatement, Wanted, turned
from ohmatdyt.cases.queries.ordering import ORDERS, STATUS_RANK
from ohmatdyt.cases.queries.pages import page_json
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.schemas import CaseListQuery

Driver = Any

# Walking over fewer rows than this is cheaper than asking first how far the end is.
_FAR_FROM: Final = 2000
_CATEGORIES: Final = "SELECT id, name_sort FROM categories ORDER BY name_sort, id"


def is_far(criteria: Criteria, wanted: Wanted) -> bool:
    """Whether a page is better read by `far_page`; in order of registration the tally of days leads straight to it."""
    if wanted.offset >= _FAR_FROM:
        return wanted.order.name != "created_at" or counting.per_day(criteria, Args()) is None
    return _is_divided(criteria, wanted) and counting.is_known(criteria)


def _is_divided(criteria: Criteria, wanted: Wanted) -> bool:
    # Executors have few categories and statuses: a walk through a group in which they have none passes all of it.
    return (
        wanted.order.prefix is not None
        and wanted.cursor is None
        and any("responsible" in branch.values for branch in criteria.branches)
    )


async def far_page(driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery) -> bytes:
    """A `CasePage`, within a transaction that sees one snapshot."""
    if wanted.order.prefix is not None:
        groups = await groups_of(driver, criteria, wanted.order.prefix, descending=wanted.descending)
        if all(counting.is_known(one) for _, one in groups):
            return await _grouped_page(driver, groups, wanted, query)
    (total,) = await _totals(driver, [criteria])
    if wanted.offset >= total:
        return page_json(query, total, b"[]", None)
    statement = ListStatement(criteria, turned(wanted, total))
    row = await driver.fetchrow(statement.sql, *statement.values)
    return page_json(
        query, total, row["rows"], row["last"] if wanted.offset + query.page_size < total else None
    )


async def _totals(driver: Driver, each: Sequence[Criteria]) -> list[int]:
    args = Args()
    totals = ", ".join(f"({counting.total(one, args)})::bigint" for one in each)
    found: list[int] = await driver.fetchval(f"SELECT ARRAY[{totals}]::bigint[]", *args.values)
    return found


async def groups_of(
    driver: Driver, criteria: Criteria, dimension: str, *, descending: bool
) -> list[tuple[str, Criteria]]:
    """What an order by status or category groups the list by, in its order, and how a cursor names it."""
    if dimension == "status":
        named = [(str(rank), status) for status, rank in STATUS_RANK.items()]
    else:
        rows = await driver.fetch(_CATEGORIES)
        named = [(row["name_sort"].encode().hex(), str(row["id"])) for row in rows]
    groups = []
    for name, value in reversed(named) if descending else named:
        branches = [branch.narrowed(dimension, [value]) for branch in criteria.branches]
        kept = tuple(branch for branch in branches if branch is not None)
        if kept:
            groups.append((name, replace(criteria, branches=kept)))
    return groups


async def _grouped_page(
    driver: Driver, groups: list[tuple[str, Criteria]], wanted: Wanted, query: CaseListQuery
) -> bytes:
    """Within a group cases stand in order of registration: each group is a list of its own that can be entered deep."""
    order = ORDERS["created_at"]
    totals = await _totals(driver, [one for _, one in groups]) if groups else []
    total, passed, end = sum(totals), 0, wanted.offset + wanted.size
    rows: list[bytes] = []
    last = None
    for (name, one), count in zip(groups, totals, strict=True):
        begin = max(wanted.offset - passed, 0)
        size = min(end - passed, count) - begin
        passed += count
        if size <= 0:
            continue
        here = Wanted(order=order, descending=wanted.descending, size=size, offset=begin)
        statement = ListStatement(replace(one, known_total=count), here)
        row = await driver.fetchrow(statement.sql, *statement.values)
        rows.append(row["rows"][1:-1])
        last = f"{name}.{row['last']}"
    return page_json(query, total, b"[" + b",".join(rows) + b"]", last if end < total else None)
