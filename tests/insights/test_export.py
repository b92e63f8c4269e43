"""Exports: the list's own rows, rights and filters; dates as dates; nothing a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.core.db import Database
from ohmatdyt.insights.export_service import TITLES
from ohmatdyt.insights.spreadsheet import Csv, Xlsx
from tests.cases.makers import Desk, desk
from tests.factories import Catalog, People

_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 — spreadsheets know no zone
KYIV = ZoneInfo("Europe/Kyiv")


def read_xlsx(data: bytes) -> list[list[Any]]:
    """Rows of the only sheet, read by the letter of the standard; cells styled as dates come as datetimes."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ET.fromstring(book.read(name))
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iterfind(".//m:row", _NS):
        cells: list[Any] = []
        for cell in row.iterfind("m:c", _NS):
            text, value = cell.find("m:is/m:t", _NS), cell.find("m:v", _NS)
            assert cell.find("m:f", _NS) is None, "no formulas"
            if text is not None:
                cells.append(text.text or "")
            elif value is None or value.text is None:
                cells.append(None)
            elif cell.get("s") == "1":
                cells.append((_EPOCH + timedelta(days=float(value.text))).replace(microsecond=0))
            else:
                cells.append(int(value.text))
        rows.append(cells)
    return rows


async def exported(client: httpx.AsyncClient, kind: str, **query: Any) -> list[list[Any]]:
    answer = await client.get("/api/cases/export", params={"format": kind, **query})
    assert answer.status_code == 200, answer.text
    assert f".{kind}" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    if kind == "xlsx":
        return read_xlsx(answer.content)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


async def filled(d: Desk) -> None:
    for number in range(5):
        await d.case(applicant_name=f"Заявник {number}", applicant_email=f"a{number}@example.org")
    await d.case(
        d.admin,
        category_id=str(d.other_category),
        applicant_name="=1+1",
        summary="@SUM(A1)\nдругий <рядок> & «цитата»",
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_it_is_exactly_what_the_list_shows(people: People, catalog: Catalog, kind: str) -> None:
    d = await desk(people, catalog)
    await filled(d)
    case = (await d.admin.client.get("/api/cases?page_size=1&order_by=created_at")).json()["cases"][0]
    await d.executor.client.post(f"/api/cases/{case['id']}/take")
    for person in (d.operator, d.executor, d.stranger, d.admin):
        for query in (
            {},
            {"status": "NEW"},
            {"category_id": str(d.category), "order_by": "-applicant_name"},
            {"applicant_email": "a3@example.org"},
            {"responsible_id": "me"},
            {"order_by": "status"},
            {"order_by": "-category"},
        ):
            listed = await person.client.get("/api/cases", params={**query, "page_size": 100})
            rows = await exported(person.client, kind, **query)
            assert tuple(rows[0]) == TITLES
            assert [int(row[0]) for row in rows[1:]] == [c["public_id"] for c in listed.json()["cases"]], (
                query
            )
    operator_all = await d.operator.client.get("/api/cases/export?scope=all")
    assert operator_all.status_code == 403
    assert (await d.operator.client.get("/api/cases/export?format=pdf")).status_code == 422
    assert (await d.operator.client.get("/api/cases/export?page=2")).status_code == 422


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_cells_are_dates_and_harmless(people: People, catalog: Catalog, kind: str) -> None:
    d = await desk(people, catalog)
    await filled(d)
    titles, row = (await exported(d.admin.client, kind, category_id=str(d.other_category)))[:2]
    cell = dict(zip(titles, row, strict=True))
    mark = "'" if kind == "csv" else ""  # texts of a workbook are typed as texts
    assert cell["Заявник"] == mark + "=1+1"
    assert cell["Суть звернення"] == mark + "@SUM(A1)\nдругий <рядок> & «цитата»"
    assert cell["Статус"] == "Нове"
    created = cell["Зареєстровано"]
    if kind == "csv":
        created = datetime.fromisoformat(created)
    listed = (await d.admin.client.get(f"/api/cases?category_id={d.other_category}")).json()["cases"][0]
    shown = datetime.fromisoformat(listed["created_at"]).astimezone(KYIV)
    assert abs(created - shown.replace(tzinfo=None)) <= timedelta(seconds=1)


async def test_every_export_is_in_the_journal_without_values(
    people: People, catalog: Catalog, database: Database
) -> None:
    d = await desk(people, catalog)
    await exported(d.operator.client, "csv", applicant_phone="0671234567", status="NEW")
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.text("SELECT actor_id, details FROM audit_log WHERE action = 'cases.exported'")
        )
        ((actor_id, details),) = rows.all()
    assert actor_id == d.operator.id
    assert details == {"format": "csv", "filters": ["applicant_phone", "status"]}


def test_a_sheet_of_any_length_takes_the_same_memory() -> None:
    for sheet in (Xlsx(), Csv()):
        sheet.begin(TITLES)
        largest = 0
        for _ in range(200):
            largest = max(largest, len(sheet.rows([[1, _EPOCH, "текст" * 20] for _ in range(100)])))
        assert largest < 300_000
        sheet.end()
