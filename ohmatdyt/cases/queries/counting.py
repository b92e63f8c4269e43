"""Exact totals without counting rows, wherever the tally knows them (docs/adr/0006).

Folded totals and the not yet folded changes are added up in the statement that also reads the page, so in one
snapshot. What the tally does not cover is counted from the rows, in the same statement.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from ohmatdyt.cases.models import Status
from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.parts import Condition
from ohmatdyt.cases.queries.sql import (
    Args,
    branch_conditions,
    facet,
    facet_size,
    facet_values,
    row_conditions,
    where,
)

_DAILY = frozenset(
    {"all", "status", "category", "channel", "responsible", "author"}
    | {"status,category", "category,responsible", "status,author"}
)
_MOST_DIMENSIONS = 3
_MOST_KEYS = 400
NEW = frozenset({Status.NEW.value})
_DAY = timedelta(days=1)


class Days(NamedTuple):
    """A half-open range of moments as whole UTC days and the pieces of days around them."""

    first: datetime | None
    end: datetime | None
    edges: tuple[tuple[datetime, datetime], ...]


def is_tallied(branch: Branch) -> bool:
    """Whether the tally knows how many cases the branch has, leaving its age aside."""
    return len(branch.values) <= _MOST_DIMENSIONS and facet_size(branch) <= _MOST_KEYS


def is_tallied_daily(branch: Branch) -> bool:
    """Whether the tally knows it for each day."""
    return facet(branch) in _DAILY and facet_size(branch) <= _MOST_KEYS


def is_known(criteria: Criteria) -> bool:
    """Whether the total needs no reading of more than a few rows."""
    if criteria.conditions or not all(is_tallied(branch) for branch in criteria.branches):
        return False
    if any(_is_read_for_its_age(branch) for branch in criteria.branches):
        return False
    if criteria.created_from is None and criteria.created_before is None:
        return True
    days = split_days(criteria.created_from, criteria.created_before)
    return days is None or all(is_tallied_daily(branch) for branch in criteria.branches)


def _is_read_for_its_age(branch: Branch) -> bool:
    # An index has the open cases in order of the time of their status. Whose they are is told by the rows, which are
    # few only of NEW ones.
    return branch.age is not None and set(branch.values) != {"status"} and branch.values.get("status") != NEW


def total(criteria: Criteria, args: Args) -> str:
    """An SQL expression: how many cases fulfil the criteria."""
    if criteria.known_total is not None:
        return f"{args.add(criteria.known_total)}::bigint"
    return " + ".join(_branch_total(criteria, branch, args) for branch in criteria.branches) or "0"


def _branch_total(criteria: Criteria, branch: Branch, args: Args) -> str:
    if criteria.conditions or branch.age == "recent" or not is_tallied(branch):
        return _scan(criteria, branch, args)
    if branch.not_about is not None:
        # Few cases are about one doctor: everything less those.
        everything = replace(branch, not_about=None)
        about_him = replace(criteria, conditions=(Condition("c.doctor_id = {}::uuid", branch.not_about),))
        return f"({_branch_total(criteria, everything, args)} - {_scan(about_him, everything, args)})"
    if branch.age == "old":
        # Few cases changed their status in the last days: all of them less those is the cheaper way round.
        whole = _branch_total(criteria, replace(branch, age=None), args)
        return f"({whole} - {_scan(criteria, replace(branch, age='recent'), args)})"
    if criteria.created_from is None and criteria.created_before is None:
        return f"{_folded(branch, args)} + {_unfolded(branch, args)}"
    days = split_days(criteria.created_from, criteria.created_before)
    if days is None or not is_tallied_daily(branch):
        return _scan(criteria, branch, args)
    folded = f"{_keys(branch, args)}{_day_range(days, args, 't')}"
    parts = [
        f"(SELECT coalesce(sum(n), 0) FROM case_tally_daily t WHERE {folded})",
        _unfolded(branch, args, _day_range(days, args, "d")),
    ]
    for begin, before in days.edges:
        edge = replace(criteria, created_from=begin, created_before=before)
        parts.append(_scan(edge, branch, args))
    return " + ".join(parts)


def _keys(branch: Branch, args: Args) -> str:
    values = facet_values(branch)
    name = facet(branch)
    if len(values) == 1:
        return f"t.facet = '{name}' AND t.value = {args.add(values[0])}::text"
    return f"t.facet = '{name}' AND t.value = ANY({args.add(values)}::text[])"


def _folded(branch: Branch, args: Args) -> str:
    return f"(SELECT coalesce(sum(n), 0) FROM case_tally t WHERE {_keys(branch, args)})"


def _unfolded(branch: Branch, args: Args, more: str = "") -> str:
    conditions = " AND ".join(branch_conditions(branch, args, "d")) or "true"
    return f"(SELECT coalesce(sum(n), 0) FROM case_tally_delta d WHERE {conditions}{more})"


def _scan(criteria: Criteria, branch: Branch, args: Args) -> str:
    conditions = branch_conditions(branch, args) + row_conditions(criteria, branch, args)
    return f"(SELECT count(*) FROM cases c{where(conditions)})"


def split_days(begin: datetime | None, before: datetime | None) -> Days | None:
    """The range as whole days and edges; None when there is no whole day in it."""
    first = end = None
    edges: list[tuple[datetime, datetime]] = []
    if begin is not None:
        midnight = datetime.combine(begin.date(), time(), UTC)
        first = midnight if midnight == begin else midnight + _DAY
        if first != begin:
            edges.append((begin, first))
    if before is not None:
        end = datetime.combine(before.date(), time(), UTC)
        if end != before:
            edges.append((end, before))
    if first is not None and end is not None and first >= end:
        return None
    return Days(first, end, tuple(edges))


def _day_range(days: Days, args: Args, alias: str) -> str:
    low = f" AND {alias}.day >= {args.add(days.first.date())}::date" if days.first else ""
    high = f" AND {alias}.day < {args.add(days.end.date())}::date" if days.end else ""
    return low + high


def per_day(criteria: Criteria, args: Args) -> str | None:
    """A SELECT of (day, n): how many cases each day has; None when the tally does not know."""
    if criteria.conditions or not all(
        b.age is None and b.not_about is None and is_tallied_daily(b) for b in criteria.branches
    ):
        return None
    days = split_days(criteria.created_from, criteria.created_before)
    if days is None:
        return None
    selects = []
    for branch in criteria.branches:
        conditions = " AND ".join(branch_conditions(branch, args, "d")) or "true"
        selects += [
            f"SELECT day, n FROM case_tally_daily t WHERE {_keys(branch, args)}{_day_range(days, args, 't')}",
            f"SELECT day, n FROM case_tally_delta d WHERE {conditions}{_day_range(days, args, 'd')}",
        ]
        for begin, before in days.edges:
            edge = replace(criteria, created_from=begin, created_before=before)
            selects.append(f"SELECT {args.add(begin.date())}::date, {_scan(edge, branch, args)}")
    # As integers: PostgreSQL adds bigints up as numerics, which takes three times as long.
    return f"SELECT day, sum(n::int)::int AS n FROM ({' UNION ALL '.join(selects)}) AS counted GROUP BY day"
