"""Pieces of SQL about a row `s` of case_search and its case `c`."""

from ohmatdyt.cases.queries.criteria import Branch, Criteria
from ohmatdyt.cases.queries.sql import Args, branch_conditions, row_conditions
from ohmatdyt.core.finding.asking import Asked

# Of a better tier: all words among number, name, phone and address; there or in subject and summary.
_BETTER = ("A", "AB")


def branch_sql(branch: Branch, criteria: Criteria, args: Args) -> str:
    """The conditions of a branch on a case `c`."""
    both = branch_conditions(branch, args) + row_conditions(criteria, branch, args)
    return f"({' AND '.join(both) or 'true'})"


def tier_sql(asked: Asked, args: Args) -> str:
    """The tier of a row `s` of case_search that fits the query."""
    whens = []
    for tier, own in enumerate(_BETTER):
        # Within a SELECT the query is read once and not for every row.
        whens.append(f"WHEN s.words @@ (SELECT {args.add(asked.tsquery(own))}::text::tsquery) THEN {tier}")
    return f"CASE {' '.join(whens)} ELSE 2 END"
