"""Which cases a search finds, best first, with an exact total: through the index of words or through bitmaps.

A word that few cases have leads straight to them. When every word asked for is in very many cases, their bitmaps are
joined instead (`search_bits`): a bit for each case, so the total is a count of bits (docs/adr/0016).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.list_bits import list_bits
from ohmatdyt.cases.queries.mask_sql import Looked, look_up
from ohmatdyt.cases.queries.masks import plan
from ohmatdyt.cases.queries.parts import search_weights
from ohmatdyt.cases.queries.search_bits import from_bits
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Place, Slice, known_words
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

# Up to so many cases with one of the words, looking at each of them is cheaper than joining bitmaps.
_FEW = 400


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
    known = await known_words(driver, asked)
    if min(known.cases) <= _FEW:
        return await _one_by_one(driver, asked, criteria, allowed, wanted, words_first=True)
    looked = await _looked(driver, criteria)
    if looked is None:
        return await _one_by_one(driver, asked, criteria, allowed, wanted, words_first=False)
    if plan(criteria, Args()).is_exact:
        bits = await from_bits(driver, asked, criteria, (known, looked), allowed=allowed, wanted=wanted)
        return Found(bits.total(), bits.page(wanted))
    others = await list_bits(driver, criteria, looked, near=(0, 0), descending=True)
    return await _one_by_one(
        driver, asked, criteria, allowed, wanted, words_first=False, docs=others.everything()
    )


async def count(driver: Driver, asked: Asked, criteria: Criteria, *, with_internal: bool) -> int | None:
    """How many cases a search finds, when bitmaps know it; None when counting them one by one is as good.

    Within a transaction, as `find` is.
    """
    if not asked.words or not criteria.branches:
        return None
    known = await known_words(driver, asked)
    if min(known.cases) <= _FEW:
        return None
    looked = await _looked(driver, criteria)
    if looked is None or not plan(criteria, Args()).is_exact:
        return None
    allowed = search_weights(with_internal=with_internal)
    bits = await from_bits(driver, asked, criteria, (known, looked), allowed=allowed, wanted=Slice(size=0))
    return bits.total()


async def _looked(driver: Driver, criteria: Criteria) -> Looked | None:
    """What is known of the words of the criteria; None when bitmaps do not know all that is asked besides the words."""
    return None if criteria.masks is None else await look_up(driver, plan(criteria, Args()))


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
