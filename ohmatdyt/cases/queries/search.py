"""Which cases a search finds, best first, with an exact total: through the index of words or through bitmaps.

A word that few cases have leads straight to them. When every word asked for is in very many cases, their bitmaps are
joined instead (`search_bits`): a bit for each case, so the total is a count of bits (docs/adr/0016).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.parts import search_weights
from ohmatdyt.cases.queries.search_bits import from_bits
from ohmatdyt.cases.queries.search_sql import branch_sql, tier_sql
from ohmatdyt.cases.queries.search_words import Place, Slice, known_words
from ohmatdyt.cases.queries.sql import Args
from ohmatdyt.core.finding.asking import Asked

Driver = Any

# Up to so many cases with one of the words, looking at each of them is cheaper than joining bitmaps.
_FEW = 400
# New words come every second at most, when changed cases are folded into the bitmaps.
_ATTEMPTS = 4


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
    """A page of a ranked list, from one snapshot.

    The rank: all words among number, name, phone and e-mail; all there or in subject and summary; all anywhere.
    Cases of one rank come newest first.
    """
    if not asked.words or not criteria.branches:
        return Found(0, ())
    allowed = search_weights(with_internal=with_internal)
    words_first = True
    for _ in range(_ATTEMPTS):
        known = await known_words(driver, asked)
        words_first = min(known.cases) <= _FEW
        if words_first or not _is_plain(criteria):
            break
        bits = await from_bits(driver, asked, criteria, known, allowed=allowed, wanted=wanted)
        if bits is not None:
            return Found(bits.total(), bits.page(wanted))
    return await _one_by_one(driver, asked, criteria, allowed, wanted, words_first=words_first)


async def count(driver: Driver, asked: Asked, criteria: Criteria, *, with_internal: bool) -> int | None:
    """How many cases a search finds, when bitmaps know it; None when counting them one by one is as good."""
    if not asked.words or not criteria.branches or not _is_plain(criteria):
        return None
    known = await known_words(driver, asked)
    if min(known.cases) <= _FEW:
        return None
    allowed = search_weights(with_internal=with_internal)
    bits = await from_bits(driver, asked, criteria, known, allowed=allowed, wanted=Slice(size=0))
    return bits.total() if bits else None


def _is_plain(criteria: Criteria) -> bool:
    """Whether bitmaps know all that is asked besides the words."""
    return not criteria.conditions and all(branch.age is None for branch in criteria.branches)


async def _one_by_one(
    driver: Driver,
    asked: Asked,
    criteria: Criteria,
    allowed: str,
    wanted: Slice,
    *,
    words_first: bool,
) -> Found:
    """Look at each case that one of the two leads to: its words, or the other filters."""
    args = Args()
    tier = tier_sql(asked, args)
    fits = f"s.words @@ {args.add(asked.tsquery(allowed))}::text::tsquery"
    branches = " OR ".join(branch_sql(branch, criteria, args) for branch in criteria.branches)
    if not words_first:
        hits = (
            f"SELECT s.doc, {tier} AS tier FROM cases c JOIN case_search s ON s.case_id = c.id"
            f" WHERE ({branches}) AND {fits}"
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
        async with driver.transaction(readonly=True):
            # How many cases the other filters leave decides where to begin: a plan for any of them is a bad one.
            await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            row = await driver.fetchrow(statement, *args.values)
    places = zip(row["tiers"] or (), row["docs"] or (), strict=True)
    return Found(row["n"], [Place(tier, doc) for tier, doc in places])
