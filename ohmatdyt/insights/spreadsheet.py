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
# What XML 1.0 cannot hold at all; nothing that came through our door has it, old data might.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Text that a spreadsheet would read as an escaped character (ECMA-376, part 1, 22.9.2.19, ST_Xstring).
_LIKE_AN_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 — serial dates of spreadsheets know no zone
_LONGEST_CELL: Final = 32_767
"""UTF-16 code units; a spreadsheet cuts what is longer, or puts it into the next row."""

# A formula begins so, in full width too, whatever stands before it that shows nothing.
_SIGNS: Final = "=+\\-@＝＋－＠"
_DANGEROUS: Final = re.compile(rf"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[{_SIGNS}]")
# Where the list separator of the system is another one, quotes do not hold a cell together. A hyphen and a space begin
# an item of a list and no formula.
_INNER: Final = re.compile(r"([;,\t\r\n][\"\s]{0,9})(?=[=@＝＠]|[+\-＋－](?! ))")
# Digits in groups are a phone number, and no number that Excel would turn into 3.8E+11.
_SHOWN_PHONE: Final = re.compile(r"\+?\d[\d ()]{2,40}\d(?: дод\. \d{1,7})?", re.ASCII)


def harmless(text: str) -> str:
    """Text of a CSV file that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if _SHOWN_PHONE.fullmatch(text) and " " in text:
        return text
    if _DANGEROUS.match(text):
        text = "'" + text
    return _INNER.sub(r"\1'", text)


def _fitting(text: str) -> str:
    """The text, or as much of it as a cell takes, with «…» where it was cut."""
    if len(text) <= _LONGEST_CELL // 2 or len(text.encode("utf-16-le", "replace")) // 2 <= _LONGEST_CELL:
        return text
    cut = text.encode("utf-16-le", "replace")[: 2 * (_LONGEST_CELL - 1)]
    return cut.decode("utf-16-le", "ignore") + "…"


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
    """RFC 4180 as a Ukrainian Excel reads it: «;» between cells, each of them quoted, and the mark of UTF-8.

    Dates are local, YYYY-MM-DD HH:MM:SS.
    """

    media_type = "text/csv; charset=utf-8"

    def begin(self, titles: Sequence[str]) -> bytes:
        return b"\xef\xbb\xbf" + self.rows([titles])

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
        return text.getvalue().encode(errors="replace")

    def end(self) -> bytes:
        return b""


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return harmless(_fitting(cell.replace("\r\n", "\n")))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else cell


class Xlsx:
    """A workbook with one sheet: bold titles that stay in view, dates as dates, filters over all columns.

    Texts are typed as texts, which no spreadsheet takes for formulas: they stay exactly as they are.
    """

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
        widths = "".join(
            f'<col min="{at}" max="{at}" width="{_WIDTHS.get(title, 20)}" customWidth="1"/>'
            for at, title in enumerate(titles, 1)
        )
        self._sheet.write(f"{_SHEET_BEGIN}<cols>{widths}</cols><sheetData><row>{cells}</row>".encode())
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
        text = _NOT_XML.sub("", _fitting(cell.replace("\r\n", "\n"))).replace("\r", "\n")
        text = escape(_LIKE_AN_ESCAPE.sub("_x005F_", text))
        return f'<c t="inlineStr" s="3"><is><t xml:space="preserve">{text}</t></is></c>'
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
)
_WIDTHS: Final = {"Номер": 10, "Суть звернення": 70, "Заявник": 30, "Електронна пошта": 28}
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
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    # Text that stays text when somebody edits the cell, in as many lines as it has.
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>',
}
