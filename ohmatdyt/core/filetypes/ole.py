"""Word and Excel files of 1997-2003: a compound file with the right stream, without macros or password."""

import struct
from typing import IO, Final

import olefile  # type: ignore[import-untyped]

from ohmatdyt.core.filetypes.marks import Data, is_zip_too
from ohmatdyt.core.filetypes.reasons import ContentMismatch, EncryptedFile, Part, Unfit, UnsafeContent

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MACRO_STORAGES: Final = {"macros", "_vba_project_cur", "vba", "_vba_project"}
_MAX_STREAMS: Final = 5000
_MAX_RECORDS: Final = 20_000
_MAX_GLOBALS: Final = 1 << 20
# Word 97-2003; Word 6 and 95, whose macros only a template can have.
_FIB_MAGICS, _FIB_ENCRYPTED = {0xA5EC, 0xA5DC}, 0x0100
_FIB_OLD, _FIB_TEMPLATE = 0xA5DC, 0x0001
_PACKAGES: Final = {"\x01ole10native", "package"}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_SUPBOOK: Final = 0x01AE
_MACRO_SHEETS: Final = {1, 6}  # Excel 4.0 macro sheet, Visual Basic module


def check(data: Data, file: IO[bytes]) -> str:
    """Return "doc" or "xls"; raise `Unfit` when the compound file is neither, or would run something."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            return _kind(compound, data)
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        struct.error,
        RecursionError,
        TypeError,
        AttributeError,
    ):
        # The library's own errors are OSErrors; damaged sectors give the others.
        raise Unfit(ContentMismatch) from None


def _kind(compound: olefile.OleFileIO, data: Data) -> str:
    entries: list[list[str]] = compound.listdir(streams=True, storages=True)
    if len(entries) > _MAX_STREAMS:
        raise Unfit(ContentMismatch)
    names = {path[0].casefold() for path in entries}
    if "encryptedpackage" in names:
        raise Unfit(EncryptedFile)  # a docx or xlsx behind a password
    if any(part.casefold() in _MACRO_STORAGES for path in entries for part in path):
        raise Unfit(UnsafeContent, Part.MACRO)
    if any(path[-1].casefold() in _PACKAGES for path in entries):
        raise Unfit(UnsafeContent, Part.OLE)  # any file, put into the document as an icon
    if is_zip_too(data, len(data)):
        raise Unfit(UnsafeContent)
    if "worddocument" in names:
        _check_word(compound.openstream("WordDocument").read(32))
        return "doc"
    for stream in ("workbook", "book"):
        if stream in names:
            _check_excel(compound.openstream(stream).read(_MAX_GLOBALS))
            return "xls"
    raise Unfit(ContentMismatch)


def _check_word(header: bytes) -> None:
    """Look at the file information block ([MS-DOC] 2.5.1)."""
    magic, flags = struct.unpack_from("<H8xH", header)
    if magic not in _FIB_MAGICS:
        raise Unfit(ContentMismatch)
    if magic == _FIB_OLD and flags & _FIB_TEMPLATE:
        raise Unfit(UnsafeContent, Part.MACRO)
    if flags & _FIB_ENCRYPTED:
        raise Unfit(EncryptedFile)


def _check_excel(stream: bytes) -> None:
    """Walk the workbook's global records ([MS-XLS] 2.1.7.20.3) for a password and for macro sheets."""
    at = 0
    for number in range(_MAX_RECORDS):
        if at + 4 > len(stream):
            if len(stream) == _MAX_GLOBALS:
                return  # a huge table of strings; sheets and passwords are announced before it
            break
        record, length = struct.unpack_from("<HH", stream, at)
        if number == 0 and record & 0xFF != _BOF & 0xFF:
            raise Unfit(ContentMismatch)
        if record == _FILEPASS:
            raise Unfit(EncryptedFile)
        if record == _BOUNDSHEET and length >= 6 and stream[at + 9] in _MACRO_SHEETS:
            raise Unfit(UnsafeContent, Part.MACRO)
        if record == _SUPBOOK and _is_dde(stream[at + 4 : at + 4 + length]):
            raise Unfit(UnsafeContent, Part.DDE)
        if record == _EOF:
            return
        at += 4 + length
    raise Unfit(ContentMismatch)


def _is_dde(body: bytes) -> bool:
    """Whether a link ([MS-XLS] 2.4.271, SupBook) leads to a program and a topic instead of a workbook."""
    sheets = int.from_bytes(body[:2], "little")
    return sheets == 0 and len(body) > 5 and b"\x03" in body[5:]
