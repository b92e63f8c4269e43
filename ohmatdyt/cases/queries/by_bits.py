"""A page of a list whose total no tally knows, from bitmaps (docs/adr/0018)."""

from dataclasses import replace
from typing import Any, Final

from ohmatdyt.cases.queries import by_groups, by_time, counting
from ohmatdyt.cases.queries.criteria import EVERY_STATUS, Branch, Criteria
from ohmatdyt.cases.queries.far_pages import is_far
from ohmatdyt.cases.queries.found_cases import FEW, found_cases, only_these
from ohmatdyt.cases.queries.in_order import rows_in_order
from ohmatdyt.cases.queries.listing import INDEXED, ListStatement, Wanted, turned
from ohmatdyt.cases.queries.looking_up import look_up
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.pages import page_json, read_page
from ohmatdyt.cases.schemas import CaseListQuery

Driver = Any

# Skipping so many cases where no index is in their order costs more than bitmaps do.
_GOING_FAR: Final = 100


def are_wanted(criteria: Criteria, wanted: Wanted) -> bool:
    """Whether bitmaps know what is asked for, and nobody who is asked sooner."""
    if criteria.masks is None or not criteria.branches:
        return False
    if not counting.is_known(criteria) or by_time.is_a_gamble(criteria, wanted):
        return True
    gamble = any(_is_a_gamble(branch, wanted) for branch in criteria.branches)
    # Where the tally of days does not lead to a far page, bits are sooner counted than cases.
    return (wanted.order.name == "created_at" and (gamble or is_far(criteria, wanted))) or (
        by_groups.is_wanted(wanted) and wanted.offset >= _GOING_FAR and gamble
    )


def _is_a_gamble(branch: Branch, wanted: Wanted) -> bool:
    # Their number is known, but no index is in their order: a walk along one of the channel or the author passes three
    # cases of two such statuses, or three hundred thousand. And the more the farther it goes.
    statuses = branch.values.get("status", EVERY_STATUS)
    several = 1 < len(statuses) < len(EVERY_STATUS) - 1
    if several and bool(branch.values.keys() & {"channel", "author"}):
        return True
    group = {wanted.order.prefix} if wanted.order.prefix else set()
    is_in_order = branch.age is None and branch.values.keys() | group in INDEXED
    return wanted.offset >= _GOING_FAR and bool(branch.values) and not is_in_order


async def page_by_bits(
    driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery
) -> bytes | None:
    """A `CasePage`, within a transaction that sees one snapshot; None when bitmaps do not help."""
    made = plan(criteria)
    if made.tree is None:  # all cases, but far away in the order of changes
        criteria = by_time.changed_ever(criteria, wanted)
        made = plan(criteria)
    looked = await look_up(driver, made, criteria)
    if not looked.is_complete:
        return None
    found = await found_cases(driver, criteria, made, looked)
    total = len(found.cases)
    if wanted.order.name == "created_at" and made.is_exact:
        read = await rows_in_order(driver, criteria, looked, found, wanted)
        if read is not None:
            return page_json(query, total, read.rows, read.last if read.more else None)
    elif total <= FEW:
        docs = found.cases.between(0, FEW, descending=True)
        few = only_these(criteria, docs, is_exact=made.is_exact)
        return await read_page(driver, ListStatement(few, wanted), query)
    if not made.is_exact:
        return None
    page = None
    if by_time.is_wanted(criteria, wanted, total):
        page = await by_time.page_by_time(driver, criteria, wanted, query, total)
    elif by_groups.is_wanted(wanted):
        page = await by_groups.page_by_groups(driver, criteria, wanted, query, total)
    return page or await _walk(driver, replace(criteria, known_total=total), wanted, query)


async def _walk(driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery) -> bytes:
    total = criteria.known_total or 0
    if wanted.cursor is None:
        if wanted.offset >= total:
            return page_json(query, total, b"[]", None)
        wanted = turned(wanted, total)
    # How long the walk is depends on what is asked for.
    await driver.execute("SET LOCAL plan_cache_mode = auto")
    return await read_page(driver, ListStatement(criteria, wanted), query)
