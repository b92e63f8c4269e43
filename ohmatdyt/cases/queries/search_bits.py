"""Which cases have all the words of a search, each of them in very many cases: from bitmaps, by how well they fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Final

from ohmatdyt.cases.queries.case_set import CaseSet, of_docs
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.looking_up import Looked, branches_sql, cases_of_groups
from ohmatdyt.cases.queries.masks import Plan
from ohmatdyt.cases.queries.search_sql import tier_sql
from ohmatdyt.cases.queries.search_words import FIRST_WORD, Known, Place, Slice
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

_TIERS: Final = 3


@dataclass(frozen=True, slots=True)
class Tiers:
    """All cases found, and the same by how well they fit, the best first."""

    cases: CaseSet
    tiers: Sequence[CaseSet]

    def page(self, wanted: Slice) -> list[Place]:
        """The best tier first, and the newest case first within it."""
        page: list[Place] = []
        skip = wanted.offset
        for tier, cases in enumerate(self.tiers):
            if wanted.after and tier < wanted.after.tier:
                continue
            if wanted.after and tier == wanted.after.tier:
                after = wanted.after.doc
                skip = cases.before(after, descending=True) + (after in cases)
            docs = cases.between(skip, skip + wanted.size - len(page), descending=True)
            page += [Place(tier, doc) for doc in docs]
            if len(page) == wanted.size:
                break
            skip = max(skip - len(cases), 0)
        return page


async def from_bits(
    driver: Driver, asked: Asked, criteria: Criteria, read: tuple[Plan, Looked, Known], *, allowed: str
) -> Tiers:
    """All cases that have all the words, each of which has bitmaps, and fulfil the criteria.

    `read` is how bitmaps tell the criteria, and what the same snapshot says of their words and of those asked for.
    """
    plan, looked, known = read
    levels = {
        FIRST_WORD + place * _TIERS + level: one
        for place in range(len(asked.words))
        for level, weights in enumerate(_weights(allowed))
        if (one := looked.joined(FIRST_WORD + place, weights)) is not None
    }
    groups = await cases_of_groups(driver, plan, looked, levels)
    fulfilling = plan.cases(groups)
    tiers: list[CaseSet] = []
    better = CaseSet()  # with the words at a better level; at last all of them
    reached = [CaseSet()] * len(asked.words)
    for level in range(_TIERS):
        here = [groups.get(FIRST_WORD + place * _TIERS + level) for place in range(len(asked.words))]
        if not any(here):
            tiers.append(CaseSet())
            continue
        reached = [cases | more if more else cases for cases, more in zip(reached, here, strict=True)]
        every = reduce(and_, reached)
        if fulfilling is not None:
            every = every & fulfilling
        tiers.append(every - better)
        better = every
    return await _judged(driver, asked, criteria, (looked, known), Tiers(better, tiers), allowed=allowed)


def _weights(allowed: str) -> list[tuple[int, ...]]:
    """For each tier the weights that lift a word to it: who, what about, and all that was said."""
    return [(0,), (1,), tuple(range(2, len(allowed)))]


async def _judged(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    read: tuple[Looked, Known],
    found: Tiers,
    *,
    allowed: str,
) -> Tiers:
    """Look at cases one by one: changed since their bits were set, about the viewer, with a rare form of a word."""
    looked, known = read
    rare = [word.tsquery(allowed) for word in known.others if word.exact or word.prefixes]
    if not looked.unsure and not rare:
        return found
    args = Args()
    query = f"{args.add(asked.tsquery(allowed))}::text::tsquery"
    docs = [f"SELECT unnest({args.add(list(looked.unsure))}::int[])"]
    if rare:
        docs.append(f"SELECT doc FROM case_search WHERE words @@ {args.add(' | '.join(rare))}::text::tsquery")
    branches = branches_sql(criteria, args)
    tier = tier_sql(asked, args)
    rows = await driver.fetch(
        f"SELECT {tier} AS tier, array_agg(s.doc) AS docs FROM ({' UNION '.join(docs)}) AS d (doc)"
        " JOIN case_search s ON s.doc = d.doc JOIN cases c ON c.id = s.case_id"
        f" WHERE s.words @@ {query} AND ({branches}) GROUP BY 1",
        *args.values,
    )
    fitting = {row["tier"]: of_docs(row["docs"]) for row in rows}
    all_fitting = reduce(CaseSet.__or__, fitting.values(), CaseSet())
    out = of_docs(list(looked.unsure)) | all_fitting
    tiers = [(cases - out) | fitting.get(tier, CaseSet()) for tier, cases in enumerate(found.tiers)]
    return Tiers((found.cases - out) | all_fitting, tiers)
