"""Word and Excel files of the zip kind, unpacked in passing and counted by what really comes out."""

import re
import zipfile
import zlib
from typing import IO, Final
from xml.etree import ElementTree as ET

from ohmatdyt.core.filetypes.marks import Data
from ohmatdyt.core.filetypes.reasons import ArchiveBomb, ContentMismatch, Unfit, UnsafeContent

MAX_ENTRIES: Final = 10_000
MAX_UNPACKED: Final = 200_000_000

_MAIN_PARTS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_CONTENT_TYPES: Final = "[Content_Types].xml"
_MAX_CONTENT_TYPES: Final = 1_000_000
_DTD: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_MACROS: Final = re.compile(r"(?:^|/)(?:vbaProject[^/]*\.bin|vbaData\.xml|macrosheets/.*)$", re.IGNORECASE)
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError,
    OverflowError, NotImplementedError, ET.ParseError,
)  # fmt: skip


def check(data: Data, file: IO[bytes]) -> str:
    """Return "docx" or "xlsx"; raise `Unfit` when the zip is neither, or is unsafe to open."""
    # The directory's own figures may lie, so its entries are counted before a parser builds them all.
    if sum(1 for _ in re.finditer(b"PK\x01\x02", data)) > MAX_ENTRIES:
        raise Unfit(ArchiveBomb)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_layout(data, archive, entries)
            kind = _main_part(archive, {entry.filename for entry in entries})
            _unpack(archive, entries)
    except _BROKEN:
        raise Unfit(ContentMismatch) from None
    return kind


def _check_layout(data: Data, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip with something before, behind or between, and names that lead elsewhere."""
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unfit(ArchiveBomb)
    starts = [entry.header_offset for entry in entries]
    if not starts or min(starts) != 0 or len(set(starts)) != len(starts):
        raise Unfit(UnsafeContent)
    comment = archive.comment
    if bytes(data[len(data) - len(comment) - 22 :][:4]) != b"PK\x05\x06" or b"%PDF-" in bytes(data[:1024]):
        raise Unfit(UnsafeContent)
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names) or any(_leads_elsewhere(entry) for entry in entries):
        raise Unfit(UnsafeContent)
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise Unfit(UnsafeContent)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit(ContentMismatch)
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise Unfit(ContentMismatch)


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    raw = entry.orig_filename
    is_link = (entry.external_attr >> 28) == 0xA
    return (
        is_link or "\\" in raw or "\x00" in raw or raw.startswith("/") or bool(_DRIVE.match(raw))
        or ".." in raw.split("/")
    )  # fmt: skip


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Return the kind of document according to its list of content types (ECMA-376, part 2)."""
    with archive.open(_CONTENT_TYPES) as part:
        text = part.read(_MAX_CONTENT_TYPES + 1)
    if len(text) > _MAX_CONTENT_TYPES or any(mark in text for mark in _DTD):
        raise Unfit(UnsafeContent)
    kinds = set()
    for element in ET.fromstring(text).iter():  # noqa: S314 — a document type was refused above
        content_type = element.get("ContentType", "").strip()
        if "macroenabled" in content_type.lower():
            raise Unfit(UnsafeContent)
        if content_type in _MAIN_PARTS and element.get("PartName", "").lstrip("/") in names:
            kinds.add(_MAIN_PARTS[content_type])
    if len(kinds) != 1:
        raise Unfit(ContentMismatch)
    return kinds.pop()


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every entry to its end: sizes are counted, checksums compared, document types found."""
    unpacked = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        with archive.open(entry) as part:
            first = True
            while chunk := part.read(1 << 18):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise Unfit(ArchiveBomb)
                if first and is_xml and any(mark in chunk[:4096] for mark in _DTD):
                    raise Unfit(UnsafeContent)  # Office writes none; entities would grow without end
                first = False
