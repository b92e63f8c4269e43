"""Small pieces of SQL that counting and listing share."""

from itertools import product
from typing import Any

from ohmatdyt.cases.queries.criteria import DIMENSIONS, Branch, Criteria


class Args:
    """The values behind the placeholders of one statement."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Any, str] = {}

    def add(self, value: Any) -> str:
        """The placeholder of a value; the same scalar value has one placeholder."""
        if isinstance(value, list):
            self.values.append(value)
            return f"${len(self.values)}"
        if value not in self._places:
            self.values.append(value)
            self._places[value] = f"${len(self.values)}"
        return self._places[value]


def branch_conditions(branch: Branch, args: Args, alias: str = "c") -> list[str]:
    """The branch's dimensions as conditions on `alias`, which may be `cases` or `case_tally_delta`.

    Statuses stand in the text itself: they come from the table of five, and the planner must see which one it is,
    because few cases are NEW and most are DONE. The tally knows no doctors: `counting` sees to `not_about` there.
    """
    conditions = []
    for dimension in DIMENSIONS:
        values = branch.values.get(dimension)
        if values is None:
            continue
        listed = sorted(values)
        if dimension == "status":
            words = ", ".join(f"'{word}'" for word in listed)
            conditions.append(
                f"{alias}.status = {words}" if len(listed) == 1 else f"{alias}.status IN ({words})"
            )
        elif len(listed) == 1:
            conditions.append(f"{alias}.{dimension}_id = {args.add(listed[0])}::uuid")
        else:
            conditions.append(f"{alias}.{dimension}_id = ANY({args.add(listed)}::uuid[])")
    if branch.not_about is not None and alias == "c":
        conditions.append(f"c.doctor_id IS DISTINCT FROM {args.add(branch.not_about)}::uuid")
    return conditions


def row_conditions(criteria: Criteria, branch: Branch, args: Args) -> list[str]:
    """Everything besides the dimensions: age, times, what the applicant said."""
    conditions = []
    if branch.age is not None:
        moment = args.add(criteria.stale_before)
        comparison = "<" if branch.age == "old" else ">="
        conditions.append(f"c.last_status_change_at {comparison} {moment}::timestamptz")
        if branch.age == "old":  # implied, and lets an index by registration skip the young ones
            conditions.append(f"c.created_at < {moment}::timestamptz")
    if criteria.created_from is not None:
        conditions.append(f"c.created_at >= {args.add(criteria.created_from)}::timestamptz")
    if criteria.created_before is not None:
        conditions.append(f"c.created_at < {args.add(criteria.created_before)}::timestamptz")
    conditions += [one.sql.replace("{}", args.add(one.value)) for one in criteria.conditions]
    return conditions


def where(conditions: list[str]) -> str:
    """A WHERE clause, or nothing."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def facet(branch: Branch) -> str:
    """The tally's name for the branch's dimensions."""
    return ",".join(name for name in DIMENSIONS if name in branch.values) or "all"


def facet_values(branch: Branch) -> list[str]:
    """The tally's keys for the branch."""
    sets = [sorted(branch.values[name]) for name in DIMENSIONS if name in branch.values]
    return [",".join(combination) for combination in product(*sets)]


def facet_size(branch: Branch) -> int:
    """How many keys `facet_values` would give."""
    size = 1
    for values in branch.values.values():
        size *= len(values)
    return size
