"""Office files: real ones pass; macros, passwords, bombs and stowaways do not."""

import io
import zipfile

import pytest

from tests.core import files
from tests.core.test_filetypes import DOC, XLS, ZIP, refusal

SHEET = (0x0085, b"\x00\x00\x00\x00\x00\x00\x01\x00S")


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"word/vbaProject.bin": b"x"}, "unsafe_content"),
        ({"word/media/image1.png": b"x"}, None),
        ({"word/embeddings/Sheet.xlsx": files.xlsx()}, None),
        ({"../../etc/cron.d/x": "x"}, "unsafe_content"),
        ({"/etc/passwd": "x"}, "unsafe_content"),
        ({"C:/x.txt": "x"}, "unsafe_content"),
        ({"word\\..\\x": "x"}, "unsafe_content"),
        ({"WORD/document.xml": "x"}, "unsafe_content"),
        ({"word/x.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}, "unsafe_content"),
        ({"word/x.xml": "<!DOCTYPE a>".encode("utf-16")}, "unsafe_content"),
    ],
)
def test_parts_of_a_document(extra: dict[str, bytes | str], code: str | None) -> None:
    assert refusal(files.docx(extra), "x.docx") == code


def test_macro_and_foreign_content_types_are_refused() -> None:
    macro = files.WORD_TYPES.replace("document.main", "document.macroEnabled.main")
    assert refusal(files.docx(types=macro), "x.docx") == "unsafe_content"
    template = files.WORD_TYPES.replace("document.main", "template.main")
    assert refusal(files.docx(types=template), "x.docx") == "content_mismatch"
    assert refusal(files.docx(types="<Types"), "x.docx") == "content_mismatch"
    assert refusal(files.docx(types="<!DOCTYPE x><Types/>"), "x.docx") == "unsafe_content"
    assert refusal(files.archive({"word/document.xml": "x"}), "x.docx") == "content_mismatch"
    assert refusal(files.archive({"[Content_Types].xml": files.WORD_TYPES}), "x.docx") == "content_mismatch"
    assert refusal(files.xlsx({"xl/macrosheets/sheet1.xml": "x"}), "x.xlsx") == "unsafe_content"


def test_archives_that_blow_up_are_refused() -> None:
    assert refusal(files.docx({"word/media/a.bin": bytes(201_000_000)}), "x.docx") == "archive_bomb"
    many = {f"word/media/{n}": b"" for n in range(10_001)}
    assert refusal(files.docx(many), "x.docx") == "archive_bomb"


def test_archives_that_lie_about_their_sizes_are_refused() -> None:
    data = bytearray(files.docx({"word/media/a.bin": bytes(5_000_000)}))
    size = (5_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    for small in (10, 4_999_999):
        lying = bytes(data).replace(size, small.to_bytes(4, "little"))
        assert refusal(lying, "x.docx") == "content_mismatch"


def test_nothing_stands_around_an_archive() -> None:
    assert refusal(files.docx() + b"<script>", "x.docx") in {"unsafe_content", "content_mismatch"}
    out = io.BytesIO(b"%PDF-1.7\n" + files.docx())
    assert refusal(out.getvalue(), "x.docx") == "content_mismatch"
    inside = files.archive(
        {"%PDF-1.7": "x", "[Content_Types].xml": files.WORD_TYPES, "word/document.xml": "x"}
    )
    assert refusal(inside, "x.docx") == "unsafe_content"
    with zipfile.ZipFile(out := io.BytesIO(files.docx()), "a") as archive:
        archive.comment = b"a comment is no second file"
    assert refusal(out.getvalue(), "x.docx") is None


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_compression_that_office_uses(method: int) -> None:
    parts = {"[Content_Types].xml": files.WORD_TYPES, "word/document.xml": "x"}
    assert refusal(files.archive(parts, compression=method), "x.docx") == "content_mismatch"
    assert refusal(files.archive(parts, compression=zipfile.ZIP_STORED), "x.docx") is None


@pytest.mark.parametrize("storage", ["Macros", "VBA", "_VBA_PROJECT_CUR"])
def test_old_files_with_macros_are_refused(storage: str) -> None:
    document = files.compound({"WordDocument": files.word_stream()}, storage)
    assert refusal(document, "x.doc") == "unsafe_content"
    workbook = files.compound({"Workbook": files.excel_stream(SHEET)}, storage)
    assert refusal(workbook, "x.xls") == "unsafe_content"


def test_old_files_with_passwords_or_macro_sheets_are_refused() -> None:
    locked = files.compound({"WordDocument": files.word_stream(encrypted=True)})
    assert refusal(locked, "x.doc") == "file_encrypted"
    locked = files.compound({"Workbook": files.excel_stream((0x002F, bytes(6)), SHEET)})
    assert refusal(locked, "x.xls") == "file_encrypted"
    macro_sheet = (0x0085, b"\x00\x00\x00\x00\x00\x01\x01\x00S")
    assert refusal(files.compound({"Workbook": files.excel_stream(macro_sheet)}), "x.xls") == "unsafe_content"
    locked = files.compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000})
    assert refusal(locked, "x.docx") == "file_encrypted"


def test_other_compound_files_and_stowaways_are_refused() -> None:
    assert refusal(files.compound({"__properties_version1.0": b"x" * 5000}), "x.doc") == "content_mismatch"
    assert refusal(files.compound({"WordDocument": b"x" * 5000}), "x.doc") == "content_mismatch"
    assert refusal(DOC + ZIP, "x.doc") == "unsafe_content"
    assert refusal(XLS, "x.doc") == "content_mismatch"
