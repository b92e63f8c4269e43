"""The list of cases: exact total and one page in one statement, the rows as JSON made by PostgreSQL."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from ohmatdyt.cases.queries import counting
from ohmatdyt.cases.queries.counting import NEW
from ohmatdyt.cases.queries.criteria import EVERY_STATUS, Branch, Criteria
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
from ohmatdyt.cases.queries.ordering import STATUS_RANK, Cursor, Order, cursor_sql
from ohmatdyt.cases.queries.sql import Args, branch_conditions, row_conditions, where

# Skipping fewer rows than this costs less than finding the day to start from.
_JUMP_FROM = 400

# Each of these sets of dimensions has an index that is in order of registration.
INDEXED = (
    *({"category"}, {"status"}, {"channel"}, {"responsible"}, {"author"}),
    *({"category", "status"}, set[str]()),
)
_FURTHEST_ID = {"ASC": "00000000-0000-0000-0000-000000000000", "DESC": "ffffffff-ffff-ffff-ffff-ffffffffffff"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page: `offset` rows are skipped, or everything up to `cursor`.

    `backwards`: the page lies nearer to the end, so `offset` is counted from there; rows still come in order.
    """

    order: Order
    descending: bool
    size: int
    offset: int = 0
    cursor: Cursor | None = None
    backwards: bool = False


def turned(wanted: Wanted, total: int) -> Wanted:
    """The same page of a list with so many rows, counted from the nearer end; the page is within the list."""
    size = min(wanted.size, total - wanted.offset)
    from_end = total - wanted.offset - size
    backwards = from_end < wanted.offset
    return replace(wanted, size=size, offset=from_end if backwards else wanted.offset, backwards=backwards)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One ordered walk along an index. `categories`: one walk for each category with this condition on `g`."""

    conditions: list[str]
    ordered_by_index: bool
    rank: int | None = None
    categories: str | None = None


class ListStatement:
    """The statement for one page, and its arguments.

    Its columns: n (the exact total), rows (a JSON array as bytes), last (the cursor of the page's last row, NULL on
    a page that is not full), got (rows read; with a cursor one more than the page has when there is a next page).
    """

    def __init__(self, criteria: Criteria, wanted: Wanted) -> None:
        """`criteria` has at least one branch; without any there is nothing to ask the database."""
        self.criteria = criteria
        self.wanted = wanted
        self.args = Args()
        self.shown_direction = "DESC" if wanted.descending else "ASC"
        self.direction = "DESC" if wanted.descending != wanted.backwards else "ASC"
        self.read = wanted.size + (1 if wanted.cursor else 0)
        self.skip = str(wanted.offset)
        self.start: list[str] = []
        # Whether one plan is right for all values: until a walk is met that may be long or short, or what is counted.
        self.has_one_plan = criteria.known_total is not None or counting.is_known(criteria)
        self.sql = self._statement()

    @property
    def values(self) -> list[Any]:
        """The values of the placeholders."""
        return self.args.values

    def _statement(self) -> str:
        total = counting.total(self.criteria, self.args)
        stale_before = f"{self.args.add(self.criteria.stale_before)}::timestamptz"
        jump = self._jump()
        page = self._page()
        shown = self._order_by("p.", self.shown_direction)
        source = "page p"
        if self.wanted.cursor:
            source = f"(SELECT * FROM page p ORDER BY {shown} LIMIT {self.wanted.size}) AS p"
        row = record(**case_members(stale_before))
        return (
            f"WITH total AS MATERIALIZED (SELECT ({total})::bigint AS n){jump}, page AS MATERIALIZED ({page})"
            " SELECT (SELECT n FROM total) AS n, (SELECT count(*) FROM page) AS got,"
            f" convert_to('[' || coalesce(string_agg({row}, ',' ORDER BY {shown}), '') || ']', 'UTF8') AS rows,"
            f" (array_agg({cursor_sql(self.wanted.order)} ORDER BY {shown}))[{self.wanted.size}] AS last"
            f" FROM {source} JOIN cases c ON c.id = p.id {CASE_JOINS}"
        )

    def _order_by(self, alias: str, direction: str) -> str:
        keys = ["k1", "k2", "id"] if self.wanted.order.prefix else ["k2", "id"]
        return ", ".join(f"{alias}{key} {direction}" for key in keys)

    def _jump(self) -> str:
        """For deep pages in order of registration: begin at the day the page begins in."""
        if self.wanted.offset < _JUMP_FROM or self.wanted.order.name != "created_at":
            return ""
        per_day = counting.per_day(self.criteria, self.args)
        if per_day is None:
            return ""
        offset = f"{self.args.add(self.wanted.offset)}::bigint"
        self.skip = f"(SELECT {offset} - before FROM first_day)"
        comparison, bound = ("<", "day + 1") if self.direction == "DESC" else (">=", "day")
        self.start = [
            f"c.created_at {comparison} (SELECT ({bound})::timestamp AT TIME ZONE 'UTC' FROM first_day)"
        ]
        return (
            f", days AS ({per_day})"
            f", running AS (SELECT day, n, sum(n) OVER (ORDER BY day {self.direction} ROWS UNBOUNDED PRECEDING) AS upto"
            " FROM days)"
            ", first_day AS MATERIALIZED (SELECT day, upto - n AS before FROM running"
            f" WHERE upto > {offset} ORDER BY day {self.direction} LIMIT 1)"
        )

    def _page(self) -> str:
        leaves = [leaf for branch in self.criteria.branches for leaf in self._leaves(branch)]
        if not leaves:  # a cursor behind the last status
            return "SELECT NULL::uuid AS id, 0 AS k1, NULL::timestamptz AS k2 WHERE false"
        if len(leaves) == 1 and leaves[0].categories is None:
            walk = self._walk(leaves[0], f"LIMIT {self._limit(leaves[0])} OFFSET {self.skip}")
            # Once more for the planner: of a limit it does not see it expects a tenth of all cases.
            return f"SELECT * FROM ({walk}) AS walk LIMIT {self.read}"
        deepest = (
            f"LIMIT {self.read} + {self.skip}" if self.start else f"LIMIT {self.read + self.wanted.offset}"
        )
        walks = " UNION ALL ".join(f"({self._walk(leaf, deepest)})" for leaf in leaves)
        order = self._order_by("", self.direction)
        return f"SELECT * FROM ({walks}) AS walks ORDER BY {order} LIMIT {self.read} OFFSET {self.skip}"

    def _limit(self, leaf: _Leaf) -> str:
        if leaf.ordered_by_index or self.wanted.cursor:
            return str(self.read)
        # Looking for a row too many would read all the rest of the index in vain.
        if self.criteria.known_total is not None:
            return str(max(min(self.read, self.criteria.known_total - self.wanted.offset), 0))
        return f"(SELECT greatest(least({self.read}, n - {self.wanted.offset}), 0) FROM total)"

    def _leaves(self, branch: Branch) -> list[_Leaf]:
        order = self.wanted.order
        anchored = bool(branch.values.keys() & {"responsible", "author", "channel"})
        among = branch.values.get("status", frozenset(STATUS_RANK))
        one_by_one = order.prefix == "status" or (not anchored and 1 < len(among) < len(STATUS_RANK))
        statuses = sorted(among, key=STATUS_RANK.__getitem__) if one_by_one else [None]
        by_category = order.prefix == "category" or (
            not anchored and len(branch.values.get("category", ())) > 1
        )
        leaves = (self._leaf(branch, status, by_category=by_category) for status in statuses)
        return [leaf for leaf in leaves if leaf is not None]

    def _leaf(self, branch: Branch, status: str | None, *, by_category: bool) -> _Leaf | None:
        rank = STATUS_RANK[status] if status is not None and self.wanted.order.prefix == "status" else None
        if rank is not None and self._is_passed(rank):
            return None
        if status is not None:
            narrowed = branch.narrowed("status", [status])
            if narrowed is None:
                return None
            branch = narrowed
        categories = None
        own = branch
        if by_category:
            wanted = branch.values.get("category")
            categories = f"g.id = ANY({self.args.add(sorted(wanted))}::uuid[])" if wanted else "true"
            own = replace(branch, values={k: v for k, v in branch.values.items() if k != "category"})
        conditions = (
            branch_conditions(own, self.args) + row_conditions(self.criteria, own, self.args) + self.start
        )
        if by_category:
            conditions.append("c.category_id = g.id")
        single = all(len(values) == 1 for values in own.values.values())
        used = own.values.keys() | ({"category"} if by_category else set())
        is_plain = own.age is None and not self.criteria.conditions and single and used in INDEXED
        by_index = is_plain and self.wanted.order.key == "c.created_at"
        if not by_index:
            conditions.append(f"(SELECT n FROM total) > {self.wanted.offset}")
        self.has_one_plan = self.has_one_plan and (by_index or self._is_short(own, used, is_plain=is_plain))
        leaf = _Leaf(conditions, by_index or (not own.values and is_plain), rank, categories)
        self._begin_after_cursor(leaf)
        return leaf

    def _is_short(self, branch: Branch, used: AbstractSet[str], *, is_plain: bool) -> bool:
        """Whether a walk that is not along one of the indexes in order of registration is short all the same."""
        if is_plain:  # all cases, in an order that has an index
            return not used and self.criteria.created_from is None and self.criteria.created_before is None
        if self.criteria.conditions or self.wanted.order.key != "c.created_at":
            return False
        statuses = branch.values.get("status")
        # An index leads to the few open ones of an age, and NEW are few whosever they are.
        if branch.age is not None:
            return statuses == NEW or used == {"status"}
        # Nearly all cases of a channel, an author: the index in their order serves, whatever else there is.
        return statuses == EVERY_STATUS - NEW and used - {"status"} in INDEXED

    def _is_passed(self, rank: int) -> bool:
        """Whether the cursor lies behind all cases of this status."""
        cursor = self.wanted.cursor
        return cursor is not None and (
            rank < cursor.prefix if self.direction == "ASC" else rank > cursor.prefix
        )

    def _begin_after_cursor(self, leaf: _Leaf) -> None:
        cursor, order = self.wanted.cursor, self.wanted.order
        if cursor is None or (leaf.rank is not None and leaf.rank != cursor.prefix):
            return
        beyond = ">" if self.direction == "ASC" else "<"
        key = f"{self.args.add(cursor.key)}::{order.type}"
        last = f"{self.args.add(cursor.id)}::uuid"
        if order.prefix == "category":
            at = f"g.name_sort = {self.args.add(cursor.prefix)}::text"
            leaf.conditions.append(f"g.name_sort {beyond}= {self.args.add(cursor.prefix)}::text")
            furthest = "-infinity" if beyond == ">" else "infinity"
            key = f"CASE WHEN {at} THEN {key} ELSE '{furthest}'::timestamptz END"
            last = f"CASE WHEN {at} THEN {last} ELSE '{_FURTHEST_ID[self.direction]}'::uuid END"
        leaf.conditions.append(f"({order.key}, c.id) {beyond} ({key}, {last})")

    def _walk(self, leaf: _Leaf, limit: str) -> str:
        order = self.wanted.order
        rank = f"{leaf.rank} AS k1, " if leaf.rank is not None else ""
        walk = (
            f"SELECT c.id, {rank}{order.key} AS k2 FROM cases c{where(leaf.conditions)}"
            f" ORDER BY {order.key} {self.direction}, c.id {self.direction} {limit}"
        )
        if leaf.categories is None:
            return walk
        name = "g.name_sort AS k1, " if order.prefix == "category" else ""
        name = "w.k1, " if leaf.rank is not None else name
        return f"SELECT w.id, {name}w.k2 FROM categories g CROSS JOIN LATERAL ({walk}) AS w WHERE {leaf.categories}"
