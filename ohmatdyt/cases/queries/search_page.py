"""A page of what a search found: the rows of the list, with what was found in each."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.cases import policy
from ohmatdyt.cases.queries import search
from ohmatdyt.cases.queries.criteria import OVERDUE_AFTER, build
from ohmatdyt.cases.queries.json_sql import CASE_JOINS, case_members, record
from ohmatdyt.cases.queries.listing import ListStatement
from ohmatdyt.cases.queries.pages import BY_RANK, check_one_way, order_of, page_json, wanted_page
from ohmatdyt.cases.schemas import CaseListQuery
from ohmatdyt.core.errors import FieldError, InvalidFields
from ohmatdyt.core.finding import asking, showing

Driver = Any
_PLACE = re.compile(r"([012])\.(\d{1,9})", re.ASCII)

_ROWS = f"""
SELECT convert_to('[' || string_agg({record(**case_members("$2::timestamptz"))}, ',' ORDER BY p.place) || ']', 'UTF8')
FROM unnest($1::int[]) WITH ORDINALITY AS p (doc, place) JOIN case_search s ON s.doc = p.doc
JOIN cases c ON c.id = s.case_id {CASE_JOINS}
"""
_SAID = """
SELECT m.case_id, m.text FROM case_comments m
WHERE m.case_id = ANY($1::uuid[]) AND ($2::boolean OR NOT m.is_internal)
UNION ALL
SELECT e.case_id, e.data ->> 'comment' FROM case_events e
WHERE e.case_id = ANY($1::uuid[]) AND ($2::boolean OR NOT e.is_internal) AND e.data ->> 'comment' IS NOT NULL
"""


async def found_page(
    driver: Driver, actor: Actor, query: CaseListQuery, *, now: datetime, zone: ZoneInfo
) -> bytes:
    """A `CasePage` of a query with `search`: exact total and one page, from one snapshot. Raises as the list does."""
    asked = asking.read(query.search or "")
    with_internal = policy.sees_internal(actor)
    async with driver.transaction(isolation="repeatable_read", readonly=True):
        if order_of(query) == BY_RANK:
            total, rows, cursor = await _ranked(
                driver, actor, query, asked, with_internal=with_internal, now=now, zone=zone
            )
        else:
            total, rows, cursor = await _ordered(
                driver, actor, query, asked, with_internal=with_internal, now=now, zone=zone
            )
        shown = await _highlighted(driver, rows, asked, with_internal=with_internal)
    return page_json(query, total, shown, cursor)


async def _ranked(
    driver: Driver,
    actor: Actor,
    query: CaseListQuery,
    asked: asking.Asked,
    *,
    with_internal: bool,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[int, bytes, str | None]:
    check_one_way(query)
    criteria = build(query.model_copy(update={"search": None}), actor, now=now, zone=zone)
    found = await search.find(
        driver,
        asked,
        criteria,
        search.Slice(
            size=query.page_size + 1,
            offset=(query.page - 1) * query.page_size,
            after=_read_place(query.after) if query.after is not None else None,
        ),
        with_internal=with_internal,
    )
    places = found.places[: query.page_size]
    if not places:
        return found.total, b"[]", None
    rows = await driver.fetchval(_ROWS, [place.doc for place in places], now - OVERDUE_AFTER)
    is_last = len(found.places) <= query.page_size
    return found.total, rows, None if is_last else f"{places[-1].tier}.{places[-1].doc}"


def _read_place(text: str) -> search.Place:
    found = _PLACE.fullmatch(text)
    if found is None or int(found.group(2)) >= 2**31:
        raise InvalidFields(
            [FieldError("after", "Це не вказівник цього переліку.", "This is not a cursor of this list.")]
        )
    return search.Place(int(found.group(1)), int(found.group(2)))


async def _ordered(
    driver: Driver,
    actor: Actor,
    query: CaseListQuery,
    asked: asking.Asked,
    *,
    with_internal: bool,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[int, bytes, str | None]:
    wanted = wanted_page(query)
    plain = build(query.model_copy(update={"search": None}), actor, now=now, zone=zone)
    if not plain.branches:
        return 0, b"[]", None
    total = await search.count(driver, asked, plain, with_internal=with_internal)
    criteria = replace(build(query, actor, now=now, zone=zone), known_total=total)
    statement = ListStatement(criteria, wanted)
    await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    row = await driver.fetchrow(statement.sql, *statement.values)
    more = row["got"] > wanted.size if wanted.cursor else wanted.offset + wanted.size < row["n"]
    return row["n"], row["rows"], row["last"] if more else None


async def _highlighted(driver: Driver, rows: bytes, asked: asking.Asked, *, with_internal: bool) -> bytes:
    cases = orjson.loads(rows)
    if not cases:
        return rows
    said: dict[str, list[str]] = {}
    for row in await driver.fetch(_SAID, [case["id"] for case in cases], with_internal):
        said.setdefault(str(row["case_id"]), []).append(row["text"])
    for case in cases:
        case["highlights"] = showing.highlights(case, said.get(case["id"], ()), asked)
    return orjson.dumps(cases)
