"""Word and Excel files of the zip kind, unpacked in passing and counted by what really comes out."""

import io
import re
import zipfile
import zlib
from typing import IO, Final
from xml.parsers.expat import ExpatError

from ohmatdyt.core.filetypes.marks import Data
from ohmatdyt.core.filetypes.ooxml_parts import (
    ContentTypes,
    PartReader,
    Relations,
    check_relation,
    check_start,
)
from ohmatdyt.core.filetypes.reasons import ArchiveBomb, ContentMismatch, Part, Unfit, UnsafeContent

MAX_ENTRIES: Final = 10_000
MAX_UNPACKED: Final = 200_000_000

_MAIN_PARTS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_CONTENT_TYPES: Final = "[Content_Types].xml"
_MAX_CONTENT_TYPES: Final = 1_000_000
_MACRO_MAIN: Final = ".macroEnabled.main+xml"
_MACRO_TYPES: Final = ("vbaproject", "vbadata+xml", "macrosheet+xml")
_DEEPEST: Final = 2
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_MACROS: Final = re.compile(r"(?:^|/)(?:vbaProject[^/]*\.bin|vbaData\.xml|macrosheets/.*)$", re.IGNORECASE)
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError,
    OverflowError, NotImplementedError, ExpatError,
)  # fmt: skip


def check(data: Data, file: IO[bytes], *, depth: int = 0) -> str:
    """Return "docx" or "xlsx"; raise `Unfit` when the zip is neither, or would do something when opened.

    `depth` counts files within files.
    """
    # The directory's own figures may lie, so its entries are counted before a parser builds them all.
    if sum(1 for _ in re.finditer(b"PK\x01\x02", data)) > MAX_ENTRIES:
        raise Unfit(ArchiveBomb)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_layout(data, archive, entries)
            parts = {_part_name(entry): entry for entry in entries}
            types = ContentTypes(_small_part(archive, parts, _CONTENT_TYPES))
            kind = _main_part(archive, parts, types)
            _unpack(archive, parts, types, depth)
    except _BROKEN:
        raise Unfit(ContentMismatch) from None
    return kind


def _part_name(entry: zipfile.ZipInfo) -> str:
    """The name by which Office looks for a part: whatever the slashes and the case."""
    return entry.filename.replace("\\", "/").casefold()


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
    names = [_part_name(entry) for entry in entries]
    if len(set(names)) != len(names) or any(_leads_elsewhere(entry) for entry in entries):
        raise Unfit(UnsafeContent)
    if any(_MACROS.search(name) for name in names):
        raise Unfit(UnsafeContent, Part.MACRO)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit(ContentMismatch)
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise Unfit(ContentMismatch)


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    raw = entry.orig_filename.replace("\\", "/")  # some programs write names as Windows does
    is_link = (entry.external_attr >> 28) == 0xA
    return (
        is_link or "\x00" in raw or raw.startswith("/") or bool(_DRIVE.match(raw))
        or ".." in raw.split("/")
    )  # fmt: skip


def _small_part(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    entry = parts.get(name.casefold())
    if entry is None:
        raise Unfit(ContentMismatch)
    with archive.open(entry) as part:
        text = part.read(_MAX_CONTENT_TYPES + 1)
    if len(text) > _MAX_CONTENT_TYPES:
        raise Unfit(UnsafeContent)
    return text


def _main_part(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], types: ContentTypes) -> str:
    """The kind of document, by the type of the part with which it begins (ECMA-376, part 2).

    A type counts only for a part that is there: programs declare types of macros for files that have none.
    """
    there = {name: types.of(name) for name in parts if name != _CONTENT_TYPES.casefold()}
    if any(kind.lower().endswith(_MACRO_TYPES) for kind in there.values()):
        raise Unfit(UnsafeContent, Part.MACRO)
    if "_rels/.rels" in parts:
        starts = Relations(_small_part(archive, parts, "_rels/.rels")).documents()
        kinds = {there[start] for start in starts if start in there}
    else:
        kinds = {kind for kind in there.values() if kind in _MAIN_PARTS or kind.endswith(_MACRO_MAIN)}
    if any("macroenabled" in kind.lower() for kind in kinds):
        raise Unfit(UnsafeContent, Part.MACRO)
    if len(kinds) != 1 or not kinds <= _MAIN_PARTS.keys():
        raise Unfit(ContentMismatch)
    return _MAIN_PARTS[kinds.pop()]


def _unpack(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], types: ContentTypes, depth: int
) -> None:
    """Read every part to its end: sizes are counted, checksums compared, and what it is decides whether it may be."""
    unpacked = 0
    for name, entry in parts.items():
        is_xml = name.endswith((".xml", ".rels", ".vml")) or types.of(name).endswith("xml")
        reader = PartReader(name) if is_xml else None
        start = b""
        with archive.open(entry) as part:
            while chunk := part.read(1 << 18):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise Unfit(ArchiveBomb)
                start = start or chunk
                if reader:
                    reader.feed(chunk)
        if reader:
            for relation in reader.relations:
                check_relation(relation)
        elif check_start(name, start):
            _check_inner(archive, entry, depth + 1)


def _check_inner(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    """A chart brings its table along as a workbook; it is held to the same rules."""
    if depth > _DEEPEST:
        raise Unfit(UnsafeContent, Part.EMBEDDED)
    content = archive.read(entry)
    try:
        check(content, io.BytesIO(content), depth=depth)
    except Unfit as unfit:
        if unfit.refusal is ContentMismatch:
            raise Unfit(UnsafeContent, Part.EMBEDDED) from None
        raise
