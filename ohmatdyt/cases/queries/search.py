"""Which cases a search finds, best first, with an exact total: through the index of words or through bitmaps.

A word that few cases have leads straight to them. When every word asked for is in very many cases, their bitmaps are
joined instead (`search_bits`): a bit for each case, so the total is a count of bits (docs/adr/0016).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.found_cases import found_cases
from ohmatdyt.cases.queries.looking_up import CASE_OF_DOC, Looked, branches_sql, look_up
from ohmatdyt.cases.queries.masks import Plan, plan
from ohmatdyt.cases.queries.parts import search_weights
from ohmatdyt.cases.queries.search_bits import from_bits
from ohmatdyt.cases.queries.search_rows import Page, page_of_hits, page_of_places
from ohmatdyt.cases.queries.search_sql import tier_sql
from ohmatdyt.cases.queries.search_words import Known, Place, Slice, are_in_few, ask_for, known_words
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

# Up to so many cases with one of the words, looking at each of them is cheaper than joining bitmaps.
_FEW = 400
# Up to so many cases that the other filters leave are named to the statement that looks at them.
_MOST_LISTED = 1000


async def find(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    wanted: Slice,
    *,
    with_internal: bool,
) -> Page:
    """A page of a ranked list, as one snapshot sees it.

    The rank: all words among number, name, phone and e-mail; all there or in subject and summary; all anywhere.
    Cases of one rank come newest first.
    """
    if not asked.words or not criteria.branches:
        return Page()
    if are_in_few(asked, _FEW):
        return await _by_words(driver, asked, criteria, wanted, with_internal=with_internal)
    async with driver.transaction(isolation="repeatable_read", readonly=True):
        made, looked, known = await _look_up(driver, asked, criteria)
        if min(known.cases) <= _FEW:
            return await _by_words(driver, asked, criteria, wanted, with_internal=with_internal)
        allowed = search_weights(with_internal=with_internal)
        one_more = replace(wanted, size=wanted.size + 1)
        if made.is_exact and _is_told(criteria, made, looked):
            tiers = await from_bits(driver, asked, criteria, (made, looked, known), allowed=allowed)
            total, places = len(tiers.cases), tiers.page(one_more)
        else:
            docs = None
            if _is_told(criteria, made, looked):
                others = (await found_cases(driver, criteria, made, looked)).cases
                docs = others.between(0, _MOST_LISTED + 1, descending=True)
            total, places = await _by_filters(driver, asked, criteria, one_more, allowed=allowed, docs=docs)
        return await page_of_places(driver, criteria, wanted, total, places, with_internal=with_internal)


def has_few(asked: Asked) -> bool:
    """Whether so few cases can have what is asked for (a number, a phone, an address) that nothing is looked up."""
    return are_in_few(asked, _FEW)


async def count(driver: Driver, asked: Asked, criteria: Criteria, *, with_internal: bool) -> int | None:
    """How many cases a search finds, when bitmaps know it; None when counting them one by one is as good.

    Within a transaction that sees one snapshot.
    """
    if not asked.words or not criteria.branches or has_few(asked):
        return None
    made, looked, known = await _look_up(driver, asked, criteria)
    if min(known.cases) <= _FEW or not _is_told(criteria, made, looked) or not made.is_exact:
        return None
    allowed = search_weights(with_internal=with_internal)
    return len((await from_bits(driver, asked, criteria, (made, looked, known), allowed=allowed)).cases)


async def _look_up(driver: Driver, asked: Asked, criteria: Criteria) -> tuple[Plan, Looked, Known]:
    """How bitmaps tell the criteria, and what is known of their words and of those asked for."""
    made = Plan() if criteria.masks is None else plan(criteria)
    ask_for(made, asked)
    looked = await look_up(driver, made, criteria)
    return made, looked, known_words(asked, looked)


def _is_told(criteria: Criteria, made: Plan, looked: Looked) -> bool:
    """Whether bitmaps know all that is asked besides the words."""
    return criteria.masks is not None and (not made.groups or looked.is_complete)


async def _by_words(
    driver: Driver, asked: Asked, criteria: Criteria, wanted: Slice, *, with_internal: bool
) -> Page:
    """Look at each case to which the words lead: in one statement, which needs no transaction."""
    args = Args()
    tier = tier_sql(asked, args)
    query = args.add(asked.tsquery(search_weights(with_internal=with_internal)))
    # PostgreSQL must not see which words these are: it would plan anew for each of them.
    fits = f"s.words @@ (SELECT {query}::text::tsquery)"
    hits = f"SELECT {tier} AS tier, s.doc, s.case_id FROM case_search s WHERE {fits}"
    branches = branches_sql(criteria, args)
    if branches != "(true)":
        hits = f"SELECT s.* FROM ({hits} OFFSET 0) AS s JOIN cases c ON c.id = s.case_id WHERE {branches}"
    return await page_of_hits(driver, criteria, wanted, hits, args, with_internal=with_internal)


async def _by_filters(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    wanted: Slice,
    *,
    allowed: str,
    docs: Sequence[int] | None,
) -> tuple[int, list[Place]]:
    """Look at each case to which the other filters lead, all of them among `docs` if given: how many fit, and some."""
    args = Args()
    tier = tier_sql(asked, args)
    fits = f"s.words @@ {args.add(asked.tsquery(allowed))}::text::tsquery"
    among = ""
    if docs is not None and len(docs) <= _MOST_LISTED:
        among = f" AND s.doc = ANY ({args.add(list(docs))}::int[])"
    behind = ""
    if wanted.after:
        behind = (
            f" WHERE (tier, -doc) > ({args.add(wanted.after.tier)}::int, -{args.add(wanted.after.doc)}::int)"
        )
    statement = (
        f"WITH hits AS MATERIALIZED (SELECT s.doc, {tier} AS tier FROM {CASE_OF_DOC}"
        f" WHERE ({branches_sql(criteria, args)}) AND {fits}{among}),"
        f" page AS (SELECT tier, doc FROM hits{behind} ORDER BY tier, doc DESC"
        f" LIMIT {args.add(wanted.size)}::int OFFSET {args.add(wanted.offset)}::int)"
        " SELECT (SELECT count(*) FROM hits) AS n, array_agg(tier ORDER BY tier, doc DESC) AS tiers,"
        " array_agg(doc ORDER BY tier, doc DESC) AS docs FROM page"
    )
    # How many cases the other filters leave decides where to begin: a plan for any of them is a bad one.
    await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    row = await driver.fetchrow(statement, *args.values)
    await driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    places = zip(row["tiers"] or (), row["docs"] or (), strict=True)
    return row["n"], [Place(tier, doc) for tier, doc in places]
