"""A page in order of registration, from the numbers of all cases that belong to the list (docs/adr/0018)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.found_cases import FoundCases
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
from ohmatdyt.cases.queries.listing import Wanted
from ohmatdyt.cases.queries.looking_up import Looked
from ohmatdyt.cases.queries.ordering import cursor_sql
from ohmatdyt.cases.queries.sql import Args

Driver = Any

# Cases registered at the same time stand in another order than their numbers say: so many more are read around a page,
# and when these do not suffice many more.
_MARGINS: Final = (12, 400, 8000)
# Beyond that, numbers say nothing of the order.
_WORST_DISORDER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a page as a JSON array, the cursor of the last one of a full page, and whether more follow."""

    rows: bytes
    last: str | None
    more: bool


async def rows_in_order(
    driver: Driver, criteria: Criteria, looked: Looked, found: FoundCases, wanted: Wanted
) -> Read | None:
    """The page of the cases found, which are exact; None when their numbers say too little of their order."""
    if looked.disorder >= _WORST_DISORDER:
        return None
    for margin in _MARGINS:
        read = await _InOrder(criteria, looked.disorder, wanted, found, margin).read(driver)
        if read is not None:
            return read
    return None


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

    async def read(self, driver: Driver) -> Read | None:
        """None when cases beyond the margin might belong to the page."""
        found, wanted = self.found, self.wanted
        cases, descending = found.cases, wanted.descending
        total, offset = len(cases), wanted.offset
        if wanted.cursor:
            doc = await driver.fetchval("SELECT doc FROM case_search WHERE case_id = $1", wanted.cursor.id)
            if doc is None:
                return None
            offset = cases.before(doc, descending=descending)
        elif offset >= total:
            return Read(b"[]", None, more=False)
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
        return Read(row["rows"], row["last"], more=more)

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
