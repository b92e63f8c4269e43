"""The content of a file decides what it is; whatever pretends is refused with a reason."""

import io
import tempfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmatdyt.core.filetypes import ALLOWED, FileRefused, InvalidName, inspect, original_name, storage_name
from ohmatdyt.core.filetypes.names import extension
from tests.core import files

DOC = files.compound({"WordDocument": files.word_stream(), "1Table": b"t" * 5000})
XLS = files.compound({"Workbook": files.excel_stream((0x0085, b"\x00\x00\x00\x00\x00\x00\x01\x00S"))})
GOOD = {
    "pdf": files.pdf(), "docx": files.docx(), "xlsx": files.xlsx(), "doc": DOC, "xls": XLS,
    "jpg": files.image("JPEG"), "jpeg": files.image("JPEG", progressive=True), "png": files.image("PNG"),
}  # fmt: skip
SCRIPT = b"<html><script>alert(1)</script></html>"
ZIP = files.archive({"a.txt": "hidden"})


def refusal(data: bytes, name: str, declared: str | None = None) -> str | None:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        try:
            inspect(file, name, declared)
        except FileRefused as error:
            refused = error
        else:
            return None
    assert name in refused.detail("uk")
    assert name in refused.detail("en")
    return refused.code


@pytest.mark.parametrize("kind", GOOD)
def test_real_files_are_what_they_are(kind: str) -> None:
    found = inspect(io.BytesIO(GOOD[kind]), f"Довідка «від лікаря» 😀.{kind.upper()}", ALLOWED[kind].mime)
    assert found is ALLOWED[kind]
    assert refusal(GOOD[kind], f"x.{kind}") is None
    assert refusal(GOOD[kind], f"x.{kind}", "application/octet-stream") is None


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("named", GOOD)
def test_no_type_passes_for_another(kind: str, named: str) -> None:
    expected = None if ALLOWED[kind] is ALLOWED[named] else "content_mismatch"
    assert refusal(GOOD[kind], f"x.{named}") == expected


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("declared", ["text/html", "image/gif", "application/x-msdownload", "image/svg+xml"])
def test_a_lying_declaration_is_refused(kind: str, declared: str) -> None:
    assert refusal(GOOD[kind], f"x.{kind}", declared) == "content_mismatch"


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    "declared",
    [
        *("application/x-download", "document/pdf", "application/force-download", "application/vnd.ms-word"),
        *(
            "image/jfif",
            "application/zip",
            "text/plain",
            "",
            None,
            "application/pdf; charset=binary",
            "nonsense",
        ),
    ],
)
def test_a_foreign_declaration_does_not_matter(kind: str, declared: str | None) -> None:
    assert refusal(GOOD[kind], f"x.{kind}", declared) is None


@pytest.mark.parametrize("kind", GOOD)
def test_empty_cut_and_foreign_content_is_refused(kind: str) -> None:
    name = f"x.{kind}"
    assert refusal(b"", name) == "file_empty"
    for data in (
        GOOD[kind][: len(GOOD[kind]) // 2],
        GOOD[kind][:12],
        SCRIPT,
        b"MZ" + bytes(500),
        b"\x00",
        ZIP,
    ):
        assert refusal(data, name) == "content_mismatch"


@pytest.mark.parametrize(
    "name", ["x.exe", "x.pdf.exe", "x", "x.", ".pdf.", "x.svg", "x.html", "x.docm", "x.pdf:x", "pdf"]
)
def test_only_the_last_extension_counts(name: str) -> None:
    assert refusal(GOOD["pdf"], name) == "type_not_allowed"


@pytest.mark.parametrize("kind", ["pdf", "jpg", "png", "docx", "xls"])
def test_nothing_stands_before_the_header(kind: str) -> None:
    for before in (SCRIPT, b"\n", ZIP, b"GIF89a"):
        if kind == "pdf" and before == b"\n":
            continue  # programs write empty lines before it, and every reader skips them
        assert refusal(before + GOOD[kind], f"x.{kind}") in {"content_mismatch", "unsafe_content"}


@pytest.mark.parametrize("kind", ["pdf", "jpg", "jpeg", "png"])
@pytest.mark.parametrize(
    "behind", [SCRIPT, ZIP, files.pdf(), b"<?php system('x');", b"MZ\x90\x00", b"#!/bin/sh\n"]
)
def test_no_second_file_hides_behind(kind: str, behind: bytes) -> None:
    if kind == "pdf" and behind.startswith(b"%PDF"):
        return  # two PDFs in a row are one PDF with two revisions
    assert refusal(GOOD[kind] + behind, f"x.{kind}") == "unsafe_content"


def test_a_zip_dressed_as_pdf_comment_is_found() -> None:
    out = io.BytesIO(GOOD["pdf"])
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("evil.txt", "x")
        archive.comment = b"startxref\n9\n%%EOF\n"
    assert refusal(out.getvalue(), "x.pdf") == "unsafe_content"


@pytest.mark.parametrize(
    "action",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<</S/JavaScript/JS(app.alert(1))>>",
        b"<< /S /J#61vaScript /JS (x) >>",
        b"<< /S %\n/JavaScript /JS (x) >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Names << /JavaScript 7 0 R >> >>",
    ],
)
def test_scripts_and_launching_in_a_pdf_are_refused(action: bytes) -> None:
    import zlib

    assert refusal(files.pdf_with(action), "x.pdf") == "unsafe_content"
    packed = zlib.compress(b"12 0 " + action)
    for kind in (b"/Type /ObjStm", b"/Type /O#62jStm", b""):
        head = b"<< " + kind + b" /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        assert refusal(files.pdf_with(head + packed + b"\nendstream"), "x.pdf") == "unsafe_content"
    hidden = (
        b"<< /Type /ObjStm /N 1 /First 5 /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n00>\nendstream"
    )
    assert refusal(files.pdf_with(hidden), "x.pdf") == "unsafe_content"


@pytest.mark.parametrize(
    "harmless",
    [
        b"<< /OpenAction [3 0 R /Fit] >>",
        b"<< /S /URI /URI (https://example.org/docs/JavaScript) >>",
        b"<< /Type /Outlines /First 5 0 R /Last 6 0 R >>",
        b"<< /Length 4 >>\nstream\nabcd\nendstream",
    ],
)
def test_ordinary_things_in_a_pdf_pass(harmless: bytes) -> None:
    assert refusal(files.pdf_with(harmless), "x.pdf") is None


def test_a_pdf_behind_a_password_is_refused() -> None:
    data = files.pdf().replace(b"trailer\n<<", b"trailer\n<< /Encrypt 9 0 R")
    assert refusal(data, "x.pdf") == "file_encrypted"


def test_object_streams_that_blow_up_are_refused() -> None:
    import zlib

    packed = zlib.compress(bytes(60_000_000), 9)
    head = b"<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode >>\nstream\n"
    assert refusal(files.pdf_with(head + packed + b"\nendstream"), "x.pdf") == "archive_bomb"


def test_pictures_with_scripts_or_impossible_sizes_are_refused() -> None:
    assert refusal(files.image("JPEG", comment=SCRIPT), "x.jpg") == "unsafe_content"
    png = files.image("PNG").replace(b"IEND", b"IEND")[:-12]
    png += files.png_chunk(b"tEXt", b"Comment\x00" + SCRIPT) + files.png_chunk(b"IEND", b"")
    assert refusal(png, "x.png") == "unsafe_content"
    assert refusal(files.png_claiming(60_000, 60_000), "x.png") == "archive_bomb"
    assert refusal(files.png_claiming(0, 5), "x.png") == "content_mismatch"
    assert refusal(files.png_claiming(12_000, 9_000), "x.png") is None
    damaged = bytearray(GOOD["png"])
    damaged[60] ^= 1
    assert refusal(bytes(damaged), "x.png") == "content_mismatch"


def test_what_phones_append_to_pictures_passes() -> None:
    jpeg = GOOD["jpg"]
    assert refusal(jpeg + files.image("JPEG"), "x.jpg") is None
    assert refusal(jpeg + b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40, "x.jpg") is None
    assert refusal(jpeg + bytes(16), "x.jpg") is None


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_files_never_make_an_error_of_our_own(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(GOOD)))
    raw = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, min(len(raw), 3000) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(raw)))
    refusal(bytes(raw[:cut]), f"x.{kind}")
    refusal(bytes(raw), f"x.{kind}")


@given(st.text(max_size=300))
def test_any_name_comes_back_whole_or_is_refused(raw: str) -> None:
    try:
        name = original_name(raw)
    except InvalidName:
        return
    assert 0 < len(name) <= 250
    assert original_name(name) == name
    assert not set(name) & set("/\\\n\r\t\x00")
    assert name not in {".", ".."}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Виписка «мами» 'Ґ' 😀.pdf", "Виписка «мами» 'Ґ' 😀.pdf"),
        ("C:\\Users\\Олена\\скан.pdf", "скан.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("ж" * 246 + ".pdf", "ж" * 246 + ".pdf"),
        ('a"b;c=d%20,.pdf', 'a"b;c=d%20,.pdf'),
        ("и\u0306.pdf", "й.pdf"),
    ],
)
def test_names_are_kept_and_paths_dropped(raw: str, name: str) -> None:
    assert original_name(raw) == name


@pytest.mark.parametrize(
    "raw", ["", " ", "..", "a/", "\u200b", "x\x00.pdf", "x\u202efdp.exe", "x\n.pdf", "ж" * 247 + ".pdf", None]
)
def test_deceiving_names_are_refused(raw: str | None) -> None:
    with pytest.raises(InvalidName):
        original_name(raw)


@given(st.text(max_size=250))
def test_names_on_disk_are_short_plain_and_safe(name: str) -> None:
    stored = storage_name(name, "pdf")
    assert len(stored) <= 64
    assert stored.isascii()
    assert stored.removesuffix(".pdf").replace("-", "x").isalnum()


def test_names_on_disk_can_be_read() -> None:
    assert storage_name("Виписка щодо їжі №5.PDF", "pdf") == "vypyska-shchodo-izhi-no5.pdf"
    assert storage_name("!!!.pdf", "pdf") == "file.pdf"
    assert extension("a.B.PDF") == "pdf"
