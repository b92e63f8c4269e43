"""A page of a list that its order divides into groups, from bitmaps: each group is a list in order of registration.

Walking along one group after the other passes every case that is not wanted (docs/adr/0021).
"""

from dataclasses import replace
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.far_pages import groups_of
from ohmatdyt.cases.queries.found_cases import found_cases
from ohmatdyt.cases.queries.in_order import rows_in_order
from ohmatdyt.cases.queries.listing import Wanted
from ohmatdyt.cases.queries.looking_up import look_up
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.ordering import ORDERS
from ohmatdyt.cases.queries.pages import page_json
from ohmatdyt.cases.schemas import CaseListQuery

Driver = Any


def is_wanted(wanted: Wanted) -> bool:
    """Whether the order has groups, and the page a place in the list; a cursor leads to its place by itself."""
    return wanted.order.prefix is not None and wanted.cursor is None


async def page_by_groups(
    driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery, total: int
) -> bytes | None:
    """A `CasePage` of so many cases, within a transaction that sees one snapshot; the plan of bitmaps is exact.
    None when numbers say too little of the order."""
    passed, end = 0, min(wanted.offset + wanted.size, total)
    rows: list[bytes] = []
    last = None
    for name, one in await groups_of(
        driver, criteria, wanted.order.prefix or "", descending=wanted.descending
    ):
        if passed >= end:
            break
        made = plan(one)
        looked = await look_up(driver, made, one)
        found = await found_cases(driver, one, made, looked)
        begin = max(wanted.offset - passed, 0)
        size = min(end - passed, len(found.cases)) - begin
        passed += len(found.cases)
        if size <= 0:
            continue
        here = replace(wanted, order=ORDERS["created_at"], size=size, offset=begin)
        read = await rows_in_order(driver, one, looked, found, here)
        if read is None:
            return None
        rows.append(read.rows[1:-1])
        last = f"{name}.{read.last}"
    return page_json(query, total, b"[" + b",".join(rows) + b"]", last if end < total else None)
