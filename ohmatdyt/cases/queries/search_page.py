"""A page of what a search found: the rows of the list, with what was found in each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases import policy
from ohmatdyt.cases.queries import search
from ohmatdyt.cases.queries.criteria import Criteria, build
from ohmatdyt.cases.queries.json_sql import SUMMARY_IN_LISTS, listed_summary
from ohmatdyt.cases.queries.listing import ListStatement, Wanted
from ohmatdyt.cases.queries.pages import BY_RANK, check_one_way, order_of, page_json, wanted_page
from ohmatdyt.cases.queries.parts import Way, search_condition
from ohmatdyt.cases.queries.search_words import Place, Slice
from ohmatdyt.cases.schemas import CaseListQuery
from ohmatdyt.core import public_ids
from ohmatdyt.core.errors import FieldError, InvalidFields
from ohmatdyt.core.finding import asking, marking, showing

Driver = Any
_PLACE = re.compile(r"([012])\.(\d{1,9})", re.ASCII)

_MOST_CASES = public_ids.CAPACITY

_WHOLE = "SELECT id, summary FROM cases WHERE id = ANY ($1::uuid[])"
_SAID = """
SELECT m.case_id, m.text FROM case_comments m
WHERE m.case_id = ANY($1::uuid[]) AND ($2::boolean OR NOT m.is_internal)
UNION ALL
SELECT e.case_id, e.data ->> 'comment' FROM case_events e
WHERE e.case_id = ANY($1::uuid[]) AND ($2::boolean OR NOT e.is_internal) AND e.data ->> 'comment' IS NOT NULL
"""


async def found_page(
    driver: Driver, actor: Actor, query: CaseListQuery, *, stale_before: datetime, zone: ZoneInfo
) -> bytes:
    """A `CasePage` of a query with `search`: an exact total and one page. Raises as the list does."""
    asked = asking.read(query.search or "")
    check_one_way(query)
    criteria = build(query.model_copy(update={"search": None}), actor, stale_before=stale_before, zone=zone)
    with_internal = policy.sees_internal(actor)
    if order_of(query) == BY_RANK:
        return await _ranked(driver, query, asked, criteria, with_internal=with_internal)
    async with driver.transaction(isolation="repeatable_read", readonly=True):
        return await _ordered(driver, query, asked, criteria, with_internal=with_internal)


async def _ranked(
    driver: Driver, query: CaseListQuery, asked: asking.Asked, criteria: Criteria, *, with_internal: bool
) -> bytes:
    page = await search.find(
        driver,
        asked,
        criteria,
        Slice(
            size=query.page_size,
            offset=(query.page - 1) * query.page_size,
            after=_read_place(query.after) if query.after is not None else None,
        ),
        with_internal=with_internal,
    )
    cases = [(case, case.pop("said")) for case in page.cases]
    cursor = None if page.last is None else f"{page.last.tier}.{page.last.doc}"
    return page_json(query, page.total, _highlighted(cases, asked), cursor)


def _read_place(text: str) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None or int(found.group(2)) >= 2**31:
        raise InvalidFields(
            [FieldError("after", "Це не вказівник цього переліку.", "This is not a cursor of this list.")]
        )
    return Place(int(found.group(1)), int(found.group(2)))


async def _ordered(
    driver: Driver,
    query: CaseListQuery,
    asked: asking.Asked,
    criteria: Criteria,
    *,
    with_internal: bool,
) -> bytes:
    wanted = wanted_page(query)
    if not criteria.branches:
        return page_json(query, 0, b"[]", None)
    total = await search.count(driver, asked, criteria, with_internal=with_internal)
    way = _way(asked, total, wanted)
    words = search_condition(asked, with_internal=with_internal, way=way)
    conditions = (*criteria.conditions, words)
    statement = ListStatement(replace(criteria, conditions=conditions, known_total=total), wanted)
    kept = "force_custom_plan" if way == "any" else "force_generic_plan"
    await driver.execute(f"SET LOCAL plan_cache_mode = {kept}")
    row = await driver.fetchrow(statement.sql, *statement.values)
    more = row["got"] > wanted.size if wanted.cursor else wanted.offset + wanted.size < row["n"]
    cases = orjson.loads(row["rows"])
    cut = {case["id"]: case for case in cases if len(case["summary"]) > SUMMARY_IN_LISTS}
    for whole in await driver.fetch(_WHOLE, list(cut)) if cut else ():
        cut[str(whole["id"])]["summary"] = whole["summary"]  # a match may stand beyond what lists show
    said: dict[str, list[str]] = {}
    for told in await driver.fetch(_SAID, [case["id"] for case in cases], with_internal):
        said.setdefault(str(told["case_id"]), []).append(told["text"])
    shown = _highlighted([(case, said.get(case["id"], [])) for case in cases], asked)
    return page_json(query, row["n"], shown, row["last"] if more else None)


def _way(asked: asking.Asked, total: int | None, wanted: Wanted) -> Way:
    """Walking in the wanted order passes the more cases the rarer the words are; gathering reads every case that has
    them. Where one of the two is sure to be short PostgreSQL is told so: planning anew for each question costs more
    than such a page, and it does not know how rare a number is. Else it has to look at the words."""
    if total is None:
        return "gather" if search.has_few(asked) else "any"
    return "walk" if total * total > (wanted.offset + wanted.size) * _MOST_CASES else "any"


def _highlighted(cases: list[tuple[dict[str, Any], Sequence[str]]], asked: asking.Asked) -> bytes:
    marker = marking.marker(asked)
    for case, said in cases:
        case["highlights"] = showing.highlights(case, said, marker)
        case["summary"] = listed_summary(case["summary"])
    return orjson.dumps([case for case, _ in cases])
