"""Which cases a search finds, best first, with an exact total: through the index of words or through bitmaps.

A word that few cases have leads straight to them. When every word asked for is in very many cases, their bitmaps are
joined instead (`search_bits`): a bit for each case, so the total is a count of bits (docs/adr/0016).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.found_cases import found_cases
from ohmatdyt.cases.queries.looking_up import Looked, look_up
from ohmatdyt.cases.queries.masks import Plan, plan
from ohmatdyt.cases.queries.parts import search_weights
from ohmatdyt.cases.queries.search_bits import from_bits
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Known, Place, Slice, ask_for, known_words
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

# Up to so many cases with one of the words, looking at each of them is cheaper than joining bitmaps.
_FEW = 400
# Up to so many cases that the other filters leave are named to the statement that looks at them.
_MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """How many cases there are in all, and those of one page, best first."""

    total: int
    places: Sequence[Place]


async def find(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    wanted: Slice,
    *,
    with_internal: bool,
) -> Found:
    """A page of a ranked list, within a transaction that sees one snapshot.

    The rank: all words among number, name, phone and e-mail; all there or in subject and summary; all anywhere.
    Cases of one rank come newest first.
    """
    if not asked.words or not criteria.branches:
        return Found(0, ())
    allowed = search_weights(with_internal=with_internal)
    made, looked, known = await _look_up(driver, asked, criteria)
    if min(known.cases) <= _FEW:
        return await _one_by_one(driver, asked, criteria, allowed, wanted, words_first=True)
    if not _is_told(criteria, made, looked):
        return await _one_by_one(driver, asked, criteria, allowed, wanted, words_first=False)
    if made.is_exact:
        tiers = await from_bits(driver, asked, criteria, (made, looked, known), allowed=allowed)
        return Found(tiers.total(), tiers.page(wanted))
    others = (await found_cases(driver, criteria, made, looked)).cases
    docs = others.between(0, _MOST_LISTED + 1, descending=True)
    return await _one_by_one(
        driver,
        asked,
        criteria,
        allowed,
        wanted,
        words_first=False,
        docs=docs if len(docs) <= _MOST_LISTED else None,
    )


async def count(driver: Driver, asked: Asked, criteria: Criteria, *, with_internal: bool) -> int | None:
    """How many cases a search finds, when bitmaps know it; None when counting them one by one is as good.

    Within a transaction, as `find` is.
    """
    if not asked.words or not criteria.branches:
        return None
    made, looked, known = await _look_up(driver, asked, criteria)
    if min(known.cases) <= _FEW or not _is_told(criteria, made, looked) or not made.is_exact:
        return None
    allowed = search_weights(with_internal=with_internal)
    return (await from_bits(driver, asked, criteria, (made, looked, known), allowed=allowed)).total()


async def _look_up(driver: Driver, asked: Asked, criteria: Criteria) -> tuple[Plan, Looked, Known]:
    """How bitmaps tell the criteria, and what is known of their words and of those asked for."""
    made = Plan() if criteria.masks is None else plan(criteria)
    ask_for(made, asked)
    looked = await look_up(driver, made, criteria)
    return made, looked, known_words(asked, looked)


def _is_told(criteria: Criteria, made: Plan, looked: Looked) -> bool:
    """Whether bitmaps know all that is asked besides the words."""
    return criteria.masks is not None and (not made.groups or looked.is_complete)


async def _one_by_one(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    allowed: str,
    wanted: Slice,
    *,
    words_first: bool,
    docs: Sequence[int] | None = None,
) -> Found:
    """Look at each case that one of the two leads to: its words, or the other filters, which may be among `docs`."""
    args = Args()
    tier = tier_sql(asked, args)
    fits = f"s.words @@ {args.add(asked.tsquery(allowed))}::text::tsquery"
    branches = " OR ".join(branch_sql(branch, criteria, args) for branch in criteria.branches)
    among = "" if docs is None else f" AND s.doc = ANY ({args.add(list(docs))}::int[])"
    if not words_first:
        hits = (
            f"SELECT s.doc, {tier} AS tier FROM cases c JOIN case_search s ON s.case_id = c.id"
            f" WHERE ({branches}) AND {fits}{among}"
        )
    elif branches == "(true)":
        hits = f"SELECT s.doc, {tier} AS tier FROM case_search s WHERE {fits}"
    else:
        hits = (
            f"SELECT f.doc, f.tier FROM (SELECT s.case_id, s.doc, {tier} AS tier FROM case_search s"
            f" WHERE {fits} OFFSET 0) AS f JOIN cases c ON c.id = f.case_id WHERE {branches}"
        )
    behind = ""
    if wanted.after:
        behind = (
            f" WHERE (tier, -doc) > ({args.add(wanted.after.tier)}::int, -{args.add(wanted.after.doc)}::int)"
        )
    statement = (
        f"WITH hits AS MATERIALIZED ({hits}),"
        f" page AS (SELECT tier, doc FROM hits{behind} ORDER BY tier, doc DESC"
        f" LIMIT {args.add(wanted.size)}::int OFFSET {args.add(wanted.offset)}::int)"
        " SELECT (SELECT count(*) FROM hits) AS n, array_agg(tier ORDER BY tier, doc DESC) AS tiers,"
        " array_agg(doc ORDER BY tier, doc DESC) AS docs FROM page"
    )
    if words_first:
        row = await driver.fetchrow(statement, *args.values)
    else:
        # How many cases the other filters leave decides where to begin: a plan for any of them is a bad one.
        await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        row = await driver.fetchrow(statement, *args.values)
    places = zip(row["tiers"] or (), row["docs"] or (), strict=True)
    return Found(row["n"], [Place(tier, doc) for tier, doc in places])
