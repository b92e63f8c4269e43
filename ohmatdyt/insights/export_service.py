"""Exporting a list of cases."""

import asyncio
from contextlib import AsyncExitStack, aclosing
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.audit import service as audit
from ohmatdyt.cases.queries.criteria import Criteria
from ohmatdyt.cases.schemas import CaseFilters
from ohmatdyt.core import phones
from ohmatdyt.core.connection_budget import EXPORTS_AT_ONCE
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import Unavailable
from ohmatdyt.core.jobs import end
from ohmatdyt.core.spool import Spool, SpoolTakenError
from ohmatdyt.core.storage import LocalStorage
from ohmatdyt.insights import export_queries
from ohmatdyt.insights.errors import ExportRunning
from ohmatdyt.insights.export_schemas import ExportQuery
from ohmatdyt.insights.spreadsheet import FORMATS, Cell

log = structlog.get_logger(__name__)

_PATIENCE_S = 20.0
_LONGEST_S = 600.0
_AGAIN_S = 10

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


class Exports:
    """The exports of one process. As many as may hold a connection are made at once; sending one holds none."""

    def __init__(self, database: Database, storage: LocalStorage) -> None:
        self._database, self._storage = database, storage
        self._turns = asyncio.Semaphore(EXPORTS_AT_ONCE)

    async def open(self, held: AsyncExitStack, actor: Actor) -> Spool:
        """The actor's file, which `held` removes. Raises ExportRunning (429) while he has another, and
        StorageUnavailable (503, 507)."""
        try:
            spool = await Spool.open(self._storage.incoming, str(actor.user_id))
        except SpoolTakenError:
            raise ExportRunning(retry_after=_AGAIN_S) from None
        held.push_async_callback(spool.close)
        return spool

    async def begin(
        self, held: AsyncExitStack, spool: Spool, criteria: Criteria, query: ExportQuery, zone: str
    ) -> None:
        """Fill the file from now on, until `held` is closed; returns when the first rows are in it.

        Raises Unavailable (503) when others' exports take too long, and what the database or the disk raise.
        """
        statement, values = export_queries.export_statement(criteria, query.order_by, zone)
        task = asyncio.create_task(self._fill(spool, query.format, statement, values), name="export")
        held.push_async_callback(end, task)
        await spool.begun()

    async def _fill(self, spool: Spool, kind: str, statement: str, values: list[Any]) -> None:
        try:
            async with asyncio.timeout(_LONGEST_S):
                await self._write(spool, kind, statement, values)
        except Exception as error:  # noqa: BLE001 — whoever reads the file is told
            log.warning("export_failed", error=type(error).__name__)
            spool.finish(error)
        else:
            spool.finish()

    async def _write(self, spool: Spool, kind: str, statement: str, values: list[Any]) -> None:
        sheet = FORMATS[kind]()
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await stack.enter_async_context(self._turns)
            except TimeoutError:
                raise Unavailable(retry_after=_AGAIN_S) from None
            limit = export_queries.STATEMENT_TIMEOUT_S + 2
            own = await stack.enter_async_context(self._database.dedicated(command_timeout_s=limit))
            batches = await stack.enter_async_context(
                aclosing(export_queries.batches(own, statement, values))
            )
            piece = sheet.begin(TITLES)
            async for rows in batches:
                # A thousand rows take some milliseconds: others are served meanwhile.
                piece += await asyncio.to_thread(sheet.rows, [_cells(row) for row in rows])
                await spool.write(piece)
                piece = b""
        await spool.write(piece + sheet.end())


def _cells(row: Any) -> list[Cell]:
    number, created, status, *rest, is_overdue = row
    cells = [number, created, STATUSES[status], *rest, "так" if is_overdue else None]
    cells[_PHONE] = phones.shown(cells[_PHONE]) if cells[_PHONE] else None
    return cells
