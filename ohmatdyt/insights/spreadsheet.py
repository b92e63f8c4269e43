"""Tables as XLSX and CSV, row by row: memory stays the same for ten rows and for a million.

XLSX is written by hand because a library that streams to the client, and not to a file first, is not to be had: five
fixed parts and one sheet (ECMA-376, part 1, 18.3), zipped by the standard library as they come.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import IO, Any, Final, Protocol
from xml.sax.saxutils import escape

Cell = str | int | datetime | None
_DANGEROUS: Final = re.compile(r"^[=+\-@\x00-\x1f]")
# What XML 1.0 cannot hold at all; nothing that came through our door has it, old data might.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 — serial dates of spreadsheets know no zone
_LONGEST_CELL: Final = 32_767


def harmless(text: str) -> str:
    """Text no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return "'" + text if _DANGEROUS.match(text) else text


class Sheet(Protocol):
    """A table being written. Each call gives the bytes that are ready to be sent."""

    def begin(self, titles: Sequence[str]) -> bytes: ...
    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes: ...
    def end(self) -> bytes: ...


class _Outlet(io.RawIOBase):
    """Takes what is written and hands it out; `zipfile` sees a stream it cannot seek in."""

    def __init__(self) -> None:
        super().__init__()
        self._ready = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._ready += data
        return len(data)

    def taken(self) -> bytes:
        """Everything written since the last time."""
        ready, self._ready = bytes(self._ready), bytearray()
        return ready


class Csv:
    """RFC 4180, in UTF-8 with the mark by which Excel recognises it. Dates are local, YYYY-MM-DD HH:MM:SS."""

    media_type = "text/csv; charset=utf-8"

    def begin(self, titles: Sequence[str]) -> bytes:
        return b"\xef\xbb\xbf" + self.rows([titles])

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
        return text.getvalue().encode()

    def end(self) -> bytes:
        return b""


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else cell


class Xlsx:
    """A workbook with one sheet: bold titles that stay in view, dates as dates, filters over all columns."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._sheet: IO[bytes] | None = None
        self._columns = 0
        self._count = 0

    def begin(self, titles: Sequence[str]) -> bytes:
        for name, part in _PARTS.items():
            self._zip.writestr(name, part)
        self._columns = len(titles)
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        cells = "".join(f'<c t="inlineStr" s="2"><is><t>{escape(title)}</t></is></c>' for title in titles)
        self._sheet.write((_SHEET_BEGIN + f"<row>{cells}</row>").encode())
        self._count = 1
        return self._outlet.taken()

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        written = ["<row>" + "".join([_xlsx_cell(cell) for cell in row]) + "</row>" for row in rows]
        self._count += len(written)
        self._open.write("".join(written).encode())
        return self._outlet.taken()

    def end(self) -> bytes:
        last = f"{_letter(self._columns)}{self._count}"
        self._open.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
        self._open.close()
        self._zip.close()
        return self._outlet.taken()

    @property
    def _open(self) -> IO[bytes]:
        if self._sheet is None:
            raise ValueError("begin comes first")
        return self._sheet


def _xlsx_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        text = escape(_NOT_XML.sub("", harmless(cell)[:_LONGEST_CELL]))
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(cell, datetime):
        passed = cell.replace(tzinfo=None) - _EPOCH
        return (
            f'<c s="1"><v>{passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400:.10f}</v></c>'
        )
    return f"<c><v>{cell}</v></c>"


def _letter(column: int) -> str:
    return chr(ord("A") + column - 1)  # 26 columns are more than we have


FORMATS: Final[dict[str, Callable[[], Csv | Xlsx]]] = {"csv": Csv, "xlsx": Xlsx}

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_BEGIN: Final = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="26" width="20" customWidth="1"/></cols><sheetData>'
)
_PARTS: Final = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Звернення" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>',
}
