"""Exporting a list of cases."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.schemas import CaseFilters
from ohmatdyt.core import phones
from ohmatdyt.core.db import Database, raw
from ohmatdyt.insights import export_queries
from ohmatdyt.insights.export_schemas import ExportQuery
from ohmatdyt.insights.spreadsheet import FORMATS, Cell

TITLES = (
    "Номер", "Зареєстровано", "Статус", "Категорія", "Підкатегорія", "Канал", "Заявник", "Телефон",
    "Електронна пошта", "Суть звернення", "Автор", "Відповідальний", "Лікар", "Взято в роботу", "Статус змінено",
    "Оновлено", "Прострочене",
)  # fmt: skip
_PHONE = TITLES.index("Телефон")
STATUSES = {
    "NEW": "Нове",
    "IN_PROGRESS": "В роботі",
    "NEEDS_INFO": "Потребує уточнення",
    "REJECTED": "Відхилено",
    "DONE": "Завершено",
}


async def note_export(session: AsyncSession, actor: Actor, query: ExportQuery) -> None:
    """Write into the journal that a list leaves the system: which filters, never their values."""
    used = sorted(name for name in query.model_fields_set if name in CaseFilters.model_fields)
    details: dict[str, Any] = {"format": query.format, "filters": used}
    await audit.record(session, actor, "cases.exported", object_type="cases", details=details)


async def export(
    database: Database, criteria: Criteria, query: ExportQuery, zone: str, turn: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    """The file, piece by piece. `turn` bounds how many connections exports may hold at once."""
    sheet = FORMATS[query.format]()
    yield sheet.begin(TITLES)
    statement, values = export_queries.export_statement(criteria, query.order_by, zone)
    async with turn, database.connection() as connection:
        async for rows in export_queries.batches(await raw(connection), statement, values):
            # A thousand rows take some milliseconds: others are served meanwhile.
            yield await asyncio.to_thread(sheet.rows, [_cells(row) for row in rows])
    yield sheet.end()


def _cells(row: Any) -> list[Cell]:
    number, created, status, *rest, is_overdue = row
    cells = [number, created, STATUSES[status], *rest, "так" if is_overdue else None]
    cells[_PHONE] = phones.shown(cells[_PHONE]) if cells[_PHONE] else None
    return cells
