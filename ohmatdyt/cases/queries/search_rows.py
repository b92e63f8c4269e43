"""The rows of a ranked page, and what was said of each case whose own fields do not have every word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
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
    """Of a ranked list: how many cases there are in all, some rows with what was said, and after which more follow."""

    total: int = 0
    rows: Sequence[tuple[bytes, Sequence[str]]] = ()
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
    rows = await driver.fetch(
        f"SELECT {_row(criteria, args, with_internal=with_internal)}"
        f" FROM unnest({docs}::int[], {tiers}::int[]) WITH ORDINALITY AS p (doc, tier, place)"
        f" JOIN case_search s ON s.doc = p.doc JOIN cases c ON c.id = s.case_id {CASE_JOINS} ORDER BY p.place",
        *args.values,
    )
    return Page(total, _read(rows), shown[-1] if len(places) > wanted.size else None)


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
    rows = await driver.fetch(
        f"WITH hits AS MATERIALIZED ({hits}), page AS MATERIALIZED (SELECT tier, doc, case_id FROM hits{behind}"
        f" ORDER BY tier, doc DESC LIMIT (SELECT {size}::int + 1) OFFSET (SELECT {args.add(wanted.offset)}::int))"
        " SELECT t.*, p.* FROM (SELECT (SELECT count(*) FROM hits) AS n, (SELECT count(*) FROM page) AS got) AS t"
        f" LEFT JOIN (SELECT p.tier, p.doc, {_row(criteria, args, with_internal=with_internal)}"
        f" FROM (SELECT * FROM page ORDER BY tier, doc DESC LIMIT (SELECT {size}::int)) AS p"
        f" JOIN cases c ON c.id = p.case_id {CASE_JOINS}) AS p ON true ORDER BY p.tier, p.doc DESC",
        *args.values,
    )
    total, last = rows[0]["n"], rows[-1]
    if last["row"] is None:
        return Page(total)
    return Page(total, _read(rows), Place(last["tier"], last["doc"]) if last["got"] > wanted.size else None)


def _row(criteria: Criteria, args: Args, *, with_internal: bool) -> str:
    # The thread is read only of cases whose own fields do not have every word.
    said = _SAID_IN.format(internal="true" if with_internal else "false")
    members = case_members(f"{args.add(criteria.stale_before)}::timestamptz")
    return (
        f"convert_to({record(**members)}, 'UTF8') AS row, CASE WHEN p.tier = 2 THEN ARRAY({said}) END AS said"
    )


def _read(rows: Sequence[Any]) -> list[tuple[bytes, Sequence[str]]]:
    return [(row["row"], row["said"] or ()) for row in rows]
