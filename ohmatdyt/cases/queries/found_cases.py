"""Which cases fulfil the criteria of a list, from bitmaps and a look at those that these do not know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ohmatdyt.cases.queries.case_set import CaseSet, of_docs
from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.looking_up import Looked, branches_sql, cases_of_groups
from ohmatdyt.cases.queries.masks import Plan
from ohmatdyt.cases.queries.parts import Condition
from ohmatdyt.cases.queries.sql import Args

Driver = Any

# So many cases are read one by one, and sorted, rather than found on a walk along an index.
FEW: Final = 1000


@dataclass(frozen=True, slots=True)
class FoundCases:
    """The cases found. `new` are those of them that have no bits yet."""

    cases: CaseSet
    new: frozenset[int] = frozenset()


async def found_cases(driver: Driver, criteria: Criteria, plan: Plan, looked: Looked) -> FoundCases:
    """The cases that fulfil the criteria, when the plan is exact; otherwise some more."""
    cases = plan.cases(await cases_of_groups(driver, plan, looked))
    if cases is None:
        raise ValueError("Criteria that want all cases are not asked of bitmaps.")
    if not looked.unsure:
        return FoundCases(cases)
    args = Args()
    rows = await driver.fetch(
        f"SELECT d.doc, NOT EXISTS (SELECT FROM search_folded f WHERE f.doc = d.doc) AS is_new"
        f" FROM unnest({args.add(list(looked.unsure))}::int[]) AS d (doc)"
        " JOIN case_search s ON s.doc = d.doc JOIN cases c ON c.id = s.case_id"
        f" WHERE {branches_sql(criteria, args)}",
        *args.values,
    )
    fitting = of_docs([row["doc"] for row in rows])
    return FoundCases(
        cases - of_docs(list(looked.unsure)) | fitting, frozenset(row["doc"] for row in rows if row["is_new"])
    )


def only_these(criteria: Criteria, docs: Sequence[int], *, is_exact: bool) -> Criteria:
    """The criteria as those of a list of these cases; all of them fulfil the criteria if they are exact."""
    these = Condition("c.id IN (SELECT case_id FROM case_search WHERE doc = ANY ({}::int[]))", list(docs))
    return replace(
        criteria,
        branches=(Branch(),),
        created_from=None,
        created_before=None,
        conditions=(these,) if is_exact else (these, *criteria.conditions),
        known_total=len(docs) if is_exact else None,
    )
