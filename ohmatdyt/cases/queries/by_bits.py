"""A page of a list whose total no tally knows, from bitmaps (docs/adr/0018)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from ohmatdyt.cases.queries import counting
from ohmatdyt.cases.queries.criteria import EVERY_STATUS, Branch, Criteria
from ohmatdyt.cases.queries.far_pages import is_far
from ohmatdyt.cases.queries.found_cases import FoundCases, found_cases
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
from ohmatdyt.cases.queries.listing import INDEXED, ListStatement, Wanted, turned
from ohmatdyt.cases.queries.looking_up import look_up
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.ordering import cursor_sql
from ohmatdyt.cases.queries.pages import page_json, read_page
from ohmatdyt.cases.queries.parts import Condition
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.cases.schemas import CaseListQuery

Driver = Any

# So many cases are read one by one, and sorted, rather than found on a walk along an index.
FEW: Final = 1000
# Cases registered at the same time stand in another order than their numbers say: so many more are read around a page,
# and when these do not suffice many more.
_MARGINS: Final = (12, 400, 8000)
# Skipping so many cases where no index is in their order costs more than bitmaps do.
_GOING_FAR: Final = 100
# Beyond that, numbers say nothing of the order.
_WORST_DISORDER: Final = timedelta(days=1)


def are_wanted(criteria: Criteria, wanted: Wanted) -> bool:
    """Whether bitmaps know what is asked for, and nobody who is asked sooner."""
    if criteria.masks is None or not criteria.branches:
        return False
    if not counting.is_known(criteria):
        return True
    # Where the tally of days does not lead to a far page, bits are sooner counted than cases.
    return wanted.order.name == "created_at" and (
        is_far(criteria, wanted) or any(_is_a_gamble(branch, wanted) for branch in criteria.branches)
    )


def _is_a_gamble(branch: Branch, wanted: Wanted) -> bool:
    # Their number is known, but no index is in their order: a walk along one of the channel or the author passes three
    # cases of two such statuses, or three hundred thousand. And the more the farther it goes.
    statuses = branch.values.get("status", EVERY_STATUS)
    several = 1 < len(statuses) < len(EVERY_STATUS) - 1
    return (several and bool(branch.values.keys() & {"channel", "author"})) or (
        wanted.offset >= _GOING_FAR and branch.values.keys() not in INDEXED
    )


async def page_by_bits(
    driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery
) -> bytes | None:
    """A `CasePage`, within a transaction that sees one snapshot; None when bitmaps do not help."""
    made = plan(criteria)
    looked = await look_up(driver, made, criteria)
    if not looked.is_complete:
        return None
    found = await found_cases(driver, criteria, made, looked)
    if wanted.order.name == "created_at" and made.is_exact and looked.disorder < _WORST_DISORDER:
        for margin in _MARGINS:
            page = await _InOrder(criteria, looked.disorder, wanted, found, margin).read(driver, query)
            if page is not None:
                return page
    elif len(found.cases) <= FEW:
        docs = found.cases.between(0, FEW, descending=True)
        return await _of_few(driver, criteria, wanted, query, docs, is_exact=made.is_exact)
    if not made.is_exact:
        return None
    return await _walk(driver, replace(criteria, known_total=len(found.cases)), wanted, query)


class _InOrder:
    """A page in order of registration.

    Whatever has a higher number was registered later than the newest one read less `disorder`, and the other way round.
    Cases without bits may stand anywhere, so all of them are read.
    """

    def __init__(
        self, criteria: Criteria, disorder: timedelta, wanted: Wanted, found: FoundCases, margin: int
    ) -> None:
        self.criteria, self.disorder, self.wanted = criteria, disorder, wanted
        self.found, self.margin = found, margin

    async def read(self, driver: Driver, query: CaseListQuery) -> bytes | None:
        """A `CasePage`; None when cases beyond the margin might belong to it."""
        found, wanted = self.found, self.wanted
        cases, descending = found.cases, wanted.descending
        total, offset = len(cases), wanted.offset
        if wanted.cursor:
            doc = await driver.fetchval("SELECT doc FROM case_search WHERE case_id = $1", wanted.cursor.id)
            if doc is None:
                return None
            offset = cases.before(doc, descending=descending)
        elif offset >= total:
            return page_json(query, total, b"[]", None)
        begin, end = max(offset - self.margin, 0), min(offset + wanted.size + 1 + self.margin, total)
        around = cases.between(begin, end, descending=descending)
        first = around[0] if around else None
        new_before = sum(
            1 for doc in found.new if first is not None and doc != first and (doc > first) == descending
        )
        docs = [doc for doc in around if doc not in found.new]
        args = Args()
        row = await driver.fetchrow(
            self._statement(docs, wanted.offset - begin + new_before, args), *args.values
        )
        if not self._is_certain(row, some_before=begin > 0, some_behind=end < total):
            return None
        more = row["got"] > wanted.size if wanted.cursor else offset + wanted.size < total
        return page_json(query, total, row["rows"], row["last"] if more else None)

    def _is_certain(self, row: Any, *, some_before: bool, some_behind: bool) -> bool:
        wanted, disorder = self.wanted, self.disorder
        higher, lower = (some_before, some_behind) if wanted.descending else (some_behind, some_before)
        first = row["page_newest"]
        last = row["page_oldest"]
        if wanted.cursor:
            # What stands beyond the cursor must not be missed either.
            first = max(filter(None, (first, wanted.cursor.key)))
            last = min(filter(None, (last, wanted.cursor.key)))
            if row["got"] <= wanted.size and some_behind:
                return False
        if first is None or last is None:
            return not some_before and not some_behind
        newest, oldest = row["newest"], row["oldest"]
        return (not higher or (newest is not None and first < newest - disorder)) and (
            not lower or (oldest is not None and last > oldest + disorder)
        )

    def _statement(self, known: list[int], skip: int, args: Args) -> str:
        wanted, new = self.wanted, sorted(self.found.new)
        direction, beyond = ("DESC", "<") if wanted.descending else ("ASC", ">")
        read = wanted.size + (1 if wanted.cursor else 0)
        if wanted.cursor:
            key, last = args.add(wanted.cursor.key), args.add(wanted.cursor.id)
            which = f"WHERE (k2, id) {beyond} ({key}::timestamptz, {last}::uuid)"
        else:
            which = f"OFFSET {args.add(skip)}::int"
        before, behind = (which, "") if wanted.cursor else ("", which)
        order = f"k2 {direction}, id {direction}"
        shown = f"p.k2 {direction}, p.id {direction}"
        row = record(**case_members(f"{args.add(self.criteria.stale_before)}::timestamptz"))
        return (
            "WITH around AS MATERIALIZED (SELECT c.id, c.created_at AS k2, n.is_new FROM ("
            f"SELECT unnest({args.add(known)}::int[]), false UNION ALL SELECT unnest({args.add(new)}::int[]), true)"
            " AS n (doc, is_new) JOIN case_search s ON s.doc = n.doc JOIN cases c ON c.id = s.case_id),"
            f" page AS MATERIALIZED (SELECT id, k2 FROM around {before} ORDER BY {order}"
            f" LIMIT {args.add(read)}::int {behind}),"
            f" shown AS (SELECT * FROM page ORDER BY {order} LIMIT {args.add(wanted.size)}::int)"
            " SELECT (SELECT count(*) FROM page) AS got,"
            f" convert_to('[' || coalesce(string_agg({row}, ',' ORDER BY {shown}), '') || ']', 'UTF8') AS rows,"
            f" (array_agg({cursor_sql(wanted.order)} ORDER BY {shown}))[{args.add(wanted.size)}::int] AS last,"
            " (SELECT max(k2) FROM page) AS page_newest, (SELECT min(k2) FROM page) AS page_oldest,"
            " (SELECT max(k2) FROM around WHERE NOT is_new) AS newest,"
            " (SELECT min(k2) FROM around WHERE NOT is_new) AS oldest"
            f" FROM shown p JOIN cases c ON c.id = p.id {CASE_JOINS}"
        )


async def _of_few(
    driver: Driver,
    criteria: Criteria,
    wanted: Wanted,
    query: CaseListQuery,
    docs: list[int],
    *,
    is_exact: bool,
) -> bytes:
    these = Condition("c.id IN (SELECT case_id FROM case_search WHERE doc = ANY ({}::int[]))", docs)
    few = replace(
        criteria,
        branches=(Branch(),),
        created_from=None,
        created_before=None,
        conditions=(these,) if is_exact else (these, *criteria.conditions),
        known_total=len(docs) if is_exact else None,
    )
    return await read_page(driver, ListStatement(few, wanted), query)


async def _walk(driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery) -> bytes:
    total = criteria.known_total or 0
    if wanted.cursor is None:
        if wanted.offset >= total:
            return page_json(query, total, b"[]", None)
        wanted = turned(wanted, total)
    # How long the walk is depends on what is asked for.
    await driver.execute("SET LOCAL plan_cache_mode = auto")
    return await read_page(driver, ListStatement(criteria, wanted), query)
