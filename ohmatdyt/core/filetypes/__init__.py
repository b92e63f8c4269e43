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
    "examine",
    "inspect",
    "original_name",
    "storage_name",
]


@dataclass(frozen=True, slots=True)
class FileType:
    """One accepted type: its usual extension, its MIME type, and whether a browser may show it."""

    extension: str
    mime: str
    previewable: bool = False


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

_PDF = FileType("pdf", "application/pdf", previewable=True)
_JPEG = FileType("jpg", "image/jpeg", previewable=True)
_PNG = FileType("png", "image/png", previewable=True)
_DOC = FileType("doc", "application/msword")
_XLS = FileType("xls", "application/vnd.ms-excel")
_DOCX = FileType("docx", _OPEN_XML + "wordprocessingml.document")
_XLSX = FileType("xlsx", _OPEN_XML + "spreadsheetml.sheet")

ALLOWED: Final[dict[str, FileType]] = {
    "pdf": _PDF, "doc": _DOC, "docx": _DOCX, "xls": _XLS, "xlsx": _XLSX, "jpg": _JPEG, "jpeg": _JPEG, "png": _PNG,
}  # fmt: skip
"""Accepted types by extension in lower case."""

# Systems name a good file in the strangest ways («application/force-download», «document/pdf»), so the content
# decides. What declares itself to be one of these contradicts itself: somebody wants it to be opened as that.
_NEVER_OURS: Final = frozenset({
    "text/html", "application/xhtml+xml", "image/svg+xml", "image/gif", "text/javascript", "application/javascript",
    "application/x-msdownload", "application/x-msdos-program", "application/x-sh", "application/java-archive",
    "application/hta", "application/x-httpd-php",
})  # fmt: skip


def inspect(
    file: IO[bytes], name: str, declared_mime: str | None = None, *, field: str | None = None
) -> FileType:
    """Return the true type of an open file, or raise the `FileRefused` that says why not.

    `name` is a name from `original_name`; `field` names the form field in the refusal. The position of the file
    afterwards is its start.
    """
    try:
        return examine(file, name, declared_mime)
    except Unfit as unfit:
        raise unfit.as_refusal(name=name, field=field) from None


def examine(file: IO[bytes], name: str, declared_mime: str | None = None) -> FileType:
    """The same, whose refusal has no words yet: raises `Unfit`."""
    try:
        return _examine(file, name, declared_mime or "")
    finally:
        file.seek(0)


def _examine(file: IO[bytes], name: str, declared: str) -> FileType:
    expected = ALLOWED.get(extension(name))
    if expected is None:
        raise Unfit(TypeNotAllowed)
    if file.seek(0, 2) == 0:
        raise Unfit(EmptyFile)
    file.seek(0)
    if declared.partition(";")[0].strip().lower() in _NEVER_OURS:
        raise Unfit(ContentMismatch)
    data = _map(file)
    try:
        if _look_inside(data, file) is not expected:
            raise Unfit(ContentMismatch)
    finally:
        if isinstance(data, mmap.mmap):
            data.close()
    return expected


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
    b"\xff\xd8\xff": _only(_JPEG, images.check_jpeg),
    b"\x89PNG\r\n\x1a\n": _only(_PNG, images.check_png),
    ole.SIGNATURE: lambda data, file: ALLOWED[ole.check(data, file)],
    b"PK\x03\x04": lambda data, file: ALLOWED[ooxml.check(data, file)],
}


def _look_inside(data: Data, file: IO[bytes]) -> FileType:
    head = bytes(data[:2048])
    if pdf.is_pdf(head):
        pdf.check(data)
        return _PDF
    for signature, look in _LOOKS.items():
        if head.startswith(signature):
            return look(data, file)
    raise Unfit(ContentMismatch)
