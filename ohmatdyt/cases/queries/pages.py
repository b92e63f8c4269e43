"""What page a query asks for, and how a page is answered."""

from typing import Any

import orjson

from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.queries.listing import ListStatement, Wanted
from ohmatdyt.cases.queries.ordering import ORDERS, read_cursor
from ohmatdyt.cases.schemas import CaseListQuery
from ohmatdyt.core.errors import FieldError, InvalidFields

Driver = Any

BY_RANK = "-rank"


def order_of(query: CaseListQuery) -> str:
    """The order asked for, or the usual one. Raises InvalidFields (422) for a rank where nothing is searched."""
    if query.order_by is None:
        return "-created_at" if query.search is None else BY_RANK
    if query.order_by == BY_RANK and query.search is None:
        raise InvalidFields(
            [FieldError("order_by", "Такий порядок є лише в пошуку.", "Only a search has this order.")]
        )
    return query.order_by


def check_one_way(query: CaseListQuery) -> None:
    """Raises InvalidFields (422) when a page is asked for both by number and by cursor."""
    if query.after is not None and query.page != 1:
        raise InvalidFields(
            [FieldError("after", "Вкажіть або after, або page.", "Give either after or page.")]
        )


def wanted_page(query: CaseListQuery) -> Wanted:
    """The page of a list in any order but that of rank. Raises InvalidFields (422)."""
    order_by = order_of(query)
    order = ORDERS[order_by.removeprefix("-")]
    check_one_way(query)
    return Wanted(
        order=order,
        descending=order_by.startswith("-"),
        size=query.page_size,
        offset=(query.page - 1) * query.page_size,
        cursor=read_cursor(order, query.after) if query.after is not None else None,
    )


def page_json(query: CaseListQuery, total: int, rows: bytes, cursor: str | None) -> bytes:
    """A `CasePage` from its rows."""
    rest = {"total": total, "page": query.page, "page_size": query.page_size, "next_after": cursor}
    return b'{"cases":' + rows + b"," + orjson.dumps(rest)[1:]


async def listed_page(driver: Driver, criteria: Criteria, wanted: Wanted, query: CaseListQuery) -> bytes:
    """A `CasePage` by the one statement of the list, outside a transaction."""
    statement = ListStatement(criteria, wanted)
    await driver.keep_plans(keep=statement.has_one_plan)
    return await read_page(driver, statement, query)


async def read_page(driver: Driver, statement: ListStatement, query: CaseListQuery) -> bytes:
    """The `CasePage` of a statement, which may count the query's page from the other end."""
    wanted = statement.wanted
    row = await driver.fetchrow(statement.sql, *statement.values)
    more = row["got"] > wanted.size if wanted.cursor else query.page * query.page_size < row["n"]
    return page_json(query, row["n"], row["rows"], row["last"] if more else None)
