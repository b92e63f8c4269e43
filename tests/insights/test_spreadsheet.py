"""What leaves for a spreadsheet opens there as it was, and nothing of it runs, as a Ukrainian Excel reads it."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest

from ohmatdyt.core import phones
from ohmatdyt.insights.spreadsheet import Csv, Xlsx, harmless
from tests.insights.test_export import read_xlsx

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HOSTILE = [
    *(f"{sign}cmd|' /C calc'!A0" for sign in SIGNS),
    *(f"{before}=1+1" for before in ("\t", "\r", "\n", " ", "\u00a0", "\u200b", "\ufeff")),
    *(f"Коваль{between}=1+1" for between in (";", ",", "\t", "\n", '";"', '","', "; ", ";;")),
    *("a;=cmd|' /C calc'!A0;x", "a,@SUM(A1),x", 'a"",=1+1', "a;＝1+1", "a\n+cmd|x!A0"),
]


def written(kind: Any, *texts: str) -> bytes:
    sheet = kind()
    return bytes(sheet.begin(["Текст", "Поруч"]) + sheet.rows([[text, "x"] for text in texts]) + sheet.end())


def is_formula(cell: str) -> bool:
    return cell.strip(" \t\r\n\u00a0\u200b\ufeff").startswith(SIGNS)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_no_cell_is_a_formula_whatever_separates_the_cells(text: str, separator: str) -> None:
    data = written(Csv, text).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(data, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if is_formula(cell)]
    if separator == ";":
        assert len(cells) == 4, "a cell stays one cell"


def test_a_csv_file_is_one_that_a_ukrainian_excel_opens() -> None:
    data = written(Csv, "так; ні", 'Він сказав: "так"', "рядок\r\nдругий", "- пункт\n- другий пункт", "")
    assert data.startswith(b'\xef\xbb\xbf"\xd0')
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    # Only what begins with a sign is marked; an item of a list further down is left alone.
    assert [row[0] for row in rows[1:]] == [
        "так; ні", 'Він сказав: "так"', "рядок\nдругий", "'- пункт\n- другий пункт", "",
    ]  # fmt: skip
    assert b"\xe2\x80\xa6" not in data
    assert all(
        line.startswith(b'"') for line in written(Csv, "a", "b").removeprefix(b"\xef\xbb\xbf").splitlines()
    )


@pytest.mark.parametrize(
    ("entered", "shown"),
    [
        ("0671234567", "+380 67 123 45 67"),
        ("+380 (67) 123-45-67", "+380 67 123 45 67"),
        ("8 067 123 45 67", "+380 67 123 45 67"),
        ("380671234567", "+380 67 123 45 67"),
        ("044 236 61 21 дод. 12", "+380 44 236 61 21 дод. 12"),
        ("+48 22 123 45 67", "+48 22 123 45 67"),
        ("0048221234567", "+48 22 123 45 67"),
    ],
)
def test_a_phone_is_text_in_one_form_without_an_apostrophe(entered: str, shown: str) -> None:
    assert phones.shown(entered) == shown
    assert harmless(shown) == shown
    assert read_xlsx(written(Xlsx, shown))[1][0] == shown


def test_a_workbook_keeps_every_text_as_it_was() -> None:
    texts = [
        *("<&>\"'", "рядок\nдругий", "🙂", " пробіли ", "=1+1", "+380 67 123 45 67", "'=так", "\x01нуль", ""),
        *("_x0041_", "файл_x000D_", "_x005F_x0041_", "__x00ff_", "x0041"),
    ]
    got = [row[0] for row in read_xlsx(written(Xlsx, *texts))[1:]]
    assert [as_excel_reads(text) for text in got] == [
        "нуль" if text == "\x01нуль" else text or None for text in texts
    ]


def as_excel_reads(text: str | None) -> str | None:
    # ST_Xstring: _xHHHH_ stands for a character.
    return text and re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize("letter", ["я", "🙂"])
@pytest.mark.parametrize("kind", [Xlsx, Csv])
def test_a_cell_is_no_longer_than_a_cell_can_be_and_says_that_it_was_cut(kind: Any, letter: str) -> None:
    data = written(kind, letter * 40_000)
    if kind is Xlsx:
        text = read_xlsx(data)[1][0]
    else:
        csv.field_size_limit(1 << 20)
        text = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))[1][0]
    assert text.endswith(letter + "…")
    assert 32_760 <= len(text.encode("utf-16-le")) // 2 <= 32_767


def test_texts_of_a_workbook_stay_texts_when_edited_and_wrap() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Xlsx, "=1+1"))) as book:
        sheet, styles = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()
    assert '<c t="inlineStr" s="3">' in sheet
    style = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.partition("<cellXfs")[2])[3]
    assert 'quotePrefix="1"' in style
    assert 'numFmtId="49"' in style
    assert 'wrapText="1"' in style
