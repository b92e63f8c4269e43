"""A page in the order of changes, where a walk in that order would pass too many cases.

Bitmaps count the cases changed since any day, so the days between which the page lies are found by halves; then only
the cases of these days are read (docs/adr/0021).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

from ohmatdyt.cases.queries.case_set import CaseSet
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.found_cases import FEW, found_cases, only_these
from ohmatdyt.cases.queries.listing import ListStatement, Wanted
from ohmatdyt.cases.queries.looking_up import look_up
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.pages import page_json
from ohmatdyt.cases.queries.parts import Condition, Span
from ohmatdyt.cases.schemas import CaseListQuery
from ohmatdyt.core import public_ids

Driver = Any

_KINDS: Final[dict[str, Literal["upd", "chg"]]] = {"updated_at": "upd", "last_status_change_at": "chg"}
# Walking over fewer cases than this costs less than asking some ten times how many there are since a day.
_FAR: Final = 5000
_LONG_AGO: Final = date(1970, 1, 1).toordinal()


def is_a_gamble(criteria: Criteria, wanted: Wanted) -> bool:
    """Whether a walk in the order of changes may pass very many cases although the total is known."""
    if wanted.order.name not in _KINDS or wanted.cursor is not None:
        return False
    return _stand_at_its_end(criteria, wanted) or wanted.offset >= _FAR


def is_wanted(criteria: Criteria, wanted: Wanted, total: int) -> bool:
    """Whether such a page of so many cases is found sooner by days."""
    if wanted.order.name not in _KINDS or wanted.cursor is not None or total <= FEW:
        return False
    passed = (wanted.offset + wanted.size) * public_ids.CAPACITY
    return _stand_at_its_end(criteria, wanted) or passed > total * _FAR


def _stand_at_its_end(criteria: Criteria, wanted: Wanted) -> bool:
    """Whether what is asked of other times leads to the end of a walk: what is old was changed long ago, mostly, and
    what has waited long is neither the newest nor the oldest."""
    if any(branch.age == "old" for branch in criteria.branches):
        return True
    own = _KINDS[wanted.order.name]  # a walk begins there
    spans = [mask for mask in criteria.masks or () if isinstance(mask, Span) and mask.kind != own]
    if wanted.descending:
        return criteria.created_before is not None or any(span.before is not None for span in spans)
    return criteria.created_from is not None or any(span.since is not None for span in spans)


def changed_ever(criteria: Criteria, wanted: Wanted) -> Criteria:
    """The same cases in words that bitmaps know."""
    return _within(criteria, wanted, _LONG_AGO, None)


async def page_by_time(
    driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery, total: int
) -> bytes:
    """A `CasePage` of so many cases, within a transaction that sees one snapshot; the plan of bitmaps is exact."""
    if wanted.offset >= total:
        return page_json(query, total, b"[]", None)
    size = min(wanted.size, total - wanted.offset)
    # How many cases stand before the page and its end, counted from those changed last.
    begin = wanted.offset if wanted.descending else total - wanted.offset - size
    bounds = await driver.fetchrow(
        f"SELECT min({wanted.order.key})::timestamptz AS oldest, max({wanted.order.key})::timestamptz AS newest"
        " FROM cases c"
    )

    async def since(day: int) -> int:
        return len(await _changed(driver, criteria, wanted, day, None))

    days = await _days_of(
        since, _Days({_day(bounds["oldest"]): total, _day(bounds["newest"]) + 1: 0}), begin, begin + size
    )
    early, late = days.early(begin + size), days.late(begin)
    here = days.counts[early] - days.counts[late]
    passed = begin - days.counts[late]
    if here <= FEW:
        docs = (await _changed(driver, criteria, wanted, early, late)).between(0, here, descending=True)
        few = only_these(criteria, docs, is_exact=True)
    else:
        few = replace(_within(criteria, wanted, early, late), known_total=here)
        # Two days among what else is asked for: only who sees them knows that they are the fewest.
        await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    offset = passed if wanted.descending else here - passed - size
    statement = ListStatement(few, replace(wanted, size=size, offset=offset))
    row = await driver.fetchrow(statement.sql, *statement.values)
    return page_json(query, total, row["rows"], row["last"] if wanted.offset + size < total else None)


@dataclass(slots=True)
class _Days:
    """How many cases were changed since the beginning of a day, for some days, by their ordinals."""

    counts: dict[int, int]

    def early(self, end: int) -> int:
        """The last day known since which the page's end was changed."""
        return max(day for day, count in self.counts.items() if count >= end)

    def late(self, begin: int) -> int:
        """The first day known since which nothing but what stands before the page was changed."""
        return min(day for day, count in self.counts.items() if count <= begin)

    def between(self, begin: int, end: int) -> int | None:
        """The day to be asked about next; None when no day says more."""
        early, late = self.early(end), self.late(begin)
        above = min(day for day, count in self.counts.items() if count < end)
        below = max(day for day, count in self.counts.items() if count > begin)
        if late - below <= 1 and above - early <= 1:
            return None
        return (
            self._guess(below, late, begin)
            if late - below >= above - early
            else self._guess(early, above, end)
        )

    def _guess(self, low: int, high: int, count: int) -> int:
        """Where between two days so many cases would be, were there equally many each day; two times of three the
        middle, as they never are."""
        middle = (low + high) // 2
        if len(self.counts) % 3 == 2:
            share = (self.counts[low] - count) / (self.counts[low] - self.counts[high])
            middle = low + round(share * (high - low))
        return min(max(middle, low + 1), high - 1)


async def _days_of(since: Callable[[int], Awaitable[int]], days: _Days, begin: int, end: int) -> _Days:
    while days.counts[days.early(end)] - days.counts[days.late(begin)] > FEW:
        day = days.between(begin, end)
        if day is None:
            break
        days.counts[day] = await since(day)
    return days


async def _changed(
    driver: Driver, criteria: Criteria, wanted: Wanted, early: int, late: int | None
) -> CaseSet:
    narrowed = _within(criteria, wanted, early, late)
    made = plan(narrowed)
    return (await found_cases(driver, narrowed, made, await look_up(driver, made, narrowed))).cases


def _within(criteria: Criteria, wanted: Wanted, early: int, late: int | None) -> Criteria:
    since, before = _midnight(early), None if late is None else _midnight(late)
    conditions = [Condition(f"{wanted.order.key} >= {{}}::timestamptz", since)]
    if before is not None:
        conditions.append(Condition(f"{wanted.order.key} < {{}}::timestamptz", before))
    return replace(
        criteria,
        conditions=(*criteria.conditions, *conditions),
        masks=(*(criteria.masks or ()), Span(_KINDS[wanted.order.name], since, before)),
    )


def _day(moment: datetime) -> int:
    return moment.astimezone(UTC).date().toordinal()


def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(), UTC)
