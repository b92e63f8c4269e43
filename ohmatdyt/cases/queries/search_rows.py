"""The rows of a ranked page, and what was said of each case whose own fields do not have every word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, array, case_members, record, string
from ohmatdyt.cases.queries.search_words import Place, Slice
from ohmatdyt.cases.queries.sql import Args

Driver = Any

_SAID_IN = """
SELECT m.text FROM case_comments m WHERE m.case_id = c.id AND ({internal} OR NOT m.is_internal)
UNION ALL
SELECT e.data ->> 'comment' FROM case_events e
WHERE e.case_id = c.id AND ({internal} OR NOT e.is_internal) AND e.data ->> 'comment' IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Of a ranked list: how many cases there are in all, some of them, each with what was `said` in it as one more
    member, and the one after which more follow."""

    total: int = 0
    cases: Sequence[dict[str, Any]] = ()
    last: Place | None = None


async def page_of_places(
    driver: Driver,
    criteria: Criteria,
    wanted: Slice,
    total: int,
    places: Sequence[Place],
    *,
    with_internal: bool,
) -> Page:
    """The page of these cases, best first; one more than are wanted says that more follow."""
    shown = places[: wanted.size]
    if not shown:
        return Page(total)
    args = Args()
    docs, tiers = args.add([place.doc for place in shown]), args.add([place.tier for place in shown])
    row = await driver.fetchrow(
        f"SELECT {_rows(criteria, args, 'p.place', with_internal=with_internal)} AS rows"
        f" FROM unnest({docs}::int[], {tiers}::int[]) WITH ORDINALITY AS p (doc, tier, place)"
        f" JOIN case_search s ON s.doc = p.doc JOIN cases c ON c.id = s.case_id {CASE_JOINS}",
        *args.values,
    )
    return Page(total, orjson.loads(row["rows"]), shown[-1] if len(places) > wanted.size else None)


async def page_of_hits(
    driver: Driver, criteria: Criteria, wanted: Slice, hits: str, args: Args, *, with_internal: bool
) -> Page:
    """The page of a SELECT of (tier, doc, case_id), which is counted as well: one statement, so one snapshot.

    How many are wanted is kept from PostgreSQL, as `hits` should keep the words: it would plan anew for each number.
    """
    behind = ""
    if wanted.after:
        tier, doc = args.add(wanted.after.tier), args.add(wanted.after.doc)
        behind = f" WHERE (tier, -doc) > ((SELECT {tier}::int), (SELECT -{doc}::int))"
    size = args.add(wanted.size)
    row = await driver.fetchrow(
        f"WITH hits AS MATERIALIZED ({hits}), page AS MATERIALIZED (SELECT tier, doc, case_id FROM hits{behind}"
        f" ORDER BY tier, doc DESC LIMIT (SELECT {size}::int + 1) OFFSET (SELECT {args.add(wanted.offset)}::int)),"
        f" shown AS MATERIALIZED (SELECT * FROM page ORDER BY tier, doc DESC LIMIT (SELECT {size}::int))"
        " SELECT (SELECT count(*) FROM hits) AS n, (SELECT count(*) FROM page) AS got,"
        " (SELECT ARRAY[tier, doc] FROM shown ORDER BY tier DESC, doc LIMIT 1) AS last,"
        f" {_rows(criteria, args, 'p.tier, p.doc DESC', with_internal=with_internal)} AS rows"
        f" FROM shown p JOIN cases c ON c.id = p.case_id {CASE_JOINS}",
        *args.values,
    )
    last = Place(*row["last"]) if row["got"] > wanted.size else None
    return Page(row["n"], orjson.loads(row["rows"]), last)


def _rows(criteria: Criteria, args: Args, order: str, *, with_internal: bool) -> str:
    # The thread is read only of cases whose own fields do not have every word.
    said = _SAID_IN.format(internal="true" if with_internal else "false")
    members = case_members(f"{args.add(criteria.stale_before)}::timestamptz")
    # Whole, because a match may stand beyond what lists show; it is cut when that has been found.
    row = record(
        **{**members, "summary": string("c.summary")},
        said=f"CASE WHEN p.tier = 2 THEN array_to_json(ARRAY({said}))::text ELSE '[]' END",
    )
    return f"convert_to({array(row, order)}, 'UTF8')"
