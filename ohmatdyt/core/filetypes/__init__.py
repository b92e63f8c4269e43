"""What a file really is: the content decides, not the name and not what the browser says.

`inspect` reads up to the whole file, so call it in a thread. Five signatures are few enough to be written down
here; what a library guesses from a long list would still need the look inside that follows.
"""

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from io import UnsupportedOperation
from typing import IO, Final

from ohmatdyt.core.filetypes import images, ole, ooxml, pdf
from ohmatdyt.core.filetypes.marks import Data
from ohmatdyt.core.filetypes.names import extension, original_name, storage_name
from ohmatdyt.core.filetypes.reasons import (
    ArchiveBomb,
    ContentMismatch,
    EmptyFile,
    EncryptedFile,
    FileRefused,
    FileTooLarge,
    InvalidName,
    TypeNotAllowed,
    Unfit,
    UnsafeContent,
)

__all__ = [
    "ALLOWED",
    "ArchiveBomb",
    "ContentMismatch",
    "EmptyFile",
    "EncryptedFile",
    "FileRefused",
    "FileTooLarge",
    "FileType",
    "InvalidName",
    "TypeNotAllowed",
    "UnsafeContent",
    "inspect",
    "original_name",
    "storage_name",
]


@dataclass(frozen=True, slots=True)
class FileType:
    """One accepted type: its usual extension, its MIME type, and whether a browser may show it."""

    extension: str
    mime: str
    also_declared: frozenset[str]
    previewable: bool = False


_OLE_NAMES = frozenset({"application/x-ole-storage", "application/vnd.ms-office"})
_ZIP_NAMES = frozenset({"application/zip", "application/x-zip-compressed"})
_OPEN_XML = "application/vnd.openxmlformats-officedocument."

_PDF = FileType(
    "pdf", "application/pdf", frozenset({"application/x-pdf", "application/acrobat"}), previewable=True
)
_JPEG = FileType("jpg", "image/jpeg", frozenset({"image/jpg", "image/pjpeg"}), previewable=True)
_PNG = FileType("png", "image/png", frozenset({"image/x-png"}), previewable=True)
_DOC = FileType("doc", "application/msword", _OLE_NAMES | {"application/x-msword"})
_XLS = FileType(
    "xls", "application/vnd.ms-excel", _OLE_NAMES | {"application/x-msexcel", "application/excel"}
)
_DOCX = FileType("docx", _OPEN_XML + "wordprocessingml.document", _ZIP_NAMES | {_DOC.mime})
_XLSX = FileType("xlsx", _OPEN_XML + "spreadsheetml.sheet", _ZIP_NAMES | {_XLS.mime})

ALLOWED: Final[dict[str, FileType]] = {
    "pdf": _PDF, "doc": _DOC, "docx": _DOCX, "xls": _XLS, "xlsx": _XLSX, "jpg": _JPEG, "jpeg": _JPEG, "png": _PNG,
}  # fmt: skip
"""Accepted types by extension in lower case."""

# What browsers send when the system knows no better name.
_UNDECLARED: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/binary"})
_WPS_OFFICE: Final = ("application/wps-office.", "application/kswps", "application/kset")


def inspect(
    file: IO[bytes], name: str, declared_mime: str | None = None, *, field: str | None = None
) -> FileType:
    """Return the true type of an open file, or raise the `FileRefused` that says why not.

    `name` is a name from `original_name`; `field` names the form field in the refusal. The position of the
    file afterwards is its start.
    """
    try:
        return _inspect(file, name, declared_mime)
    except Unfit as unfit:
        raise unfit.refusal(name=name, field=field) from None
    finally:
        file.seek(0)


def _inspect(file: IO[bytes], name: str, declared_mime: str | None) -> FileType:
    expected = ALLOWED.get(extension(name))
    if expected is None:
        raise Unfit(TypeNotAllowed)
    if file.seek(0, 2) == 0:
        raise Unfit(EmptyFile)
    file.seek(0)
    if not _may_be_declared(expected, declared_mime):
        raise Unfit(ContentMismatch)
    data = _map(file)
    try:
        if _look_inside(data, file) is not expected:
            raise Unfit(ContentMismatch)
    finally:
        if isinstance(data, mmap.mmap):
            data.close()
    return expected


def _may_be_declared(kind: FileType, declared_mime: str | None) -> bool:
    declared = (declared_mime or "").partition(";")[0].strip().lower()
    return (
        declared in _UNDECLARED
        or declared == kind.mime
        or declared in kind.also_declared
        or (not kind.previewable and declared.startswith(_WPS_OFFICE))
    )


def _map(file: IO[bytes]) -> Data:
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (UnsupportedOperation, AttributeError):
        data = file.read()
        file.seek(0)
        return data


def _only(kind: FileType, check: Callable[[Data], None]) -> Callable[[Data, IO[bytes]], FileType]:
    def look(data: Data, _file: IO[bytes]) -> FileType:
        check(data)
        return kind

    return look


_LOOKS: Final[dict[bytes, Callable[[Data, IO[bytes]], FileType]]] = {
    b"%PDF-": _only(_PDF, pdf.check),
    b"\xff\xd8\xff": _only(_JPEG, images.check_jpeg),
    b"\x89PNG\r\n\x1a\n": _only(_PNG, images.check_png),
    ole.SIGNATURE: lambda data, file: ALLOWED[ole.check(data, file)],
    b"PK\x03\x04": lambda data, file: ALLOWED[ooxml.check(data, file)],
}


def _look_inside(data: Data, file: IO[bytes]) -> FileType:
    head = bytes(data[:8])
    for signature, look in _LOOKS.items():
        if head.startswith(signature):
            return look(data, file)
    raise Unfit(ContentMismatch)
