"""Traces of a second file, or of a script, in data that should be something else."""

import re
import struct
from mmap import mmap
from typing import Final

Data = bytes | mmap
"""A whole file, in memory or mapped."""

# Long enough not to occur by chance in ten megabytes of compressed data (well under 1 in 100 000 files).
_SCRIPT: Final = re.compile(rb"<script[\s>/]|<\?php\s|<html[\s>]|<!doctype\s+html", re.IGNORECASE)
# Shorter marks are evidence only where little stands: in megabytes of film they occur by chance.
_SHORT: Final = re.compile(
    rb"<script|<\?php|<html|<!doctype|<svg|<iframe|<body|<head|javascript:|PK\x03\x04", re.IGNORECASE
)
_NEAR: Final = 4096
_STARTS: Final = (b"MZ", b"\x7fELF", b"#!", b"\x1f\x8b\x08", b"BZh", b"\xca\xfe\xba\xbe")
_FOREIGN: Final = (
    b"%PDF-", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"This program cannot be run in DOS mode",
)  # fmt: skip
_END_OF_DIRECTORY: Final = struct.Struct("<4s4H2LH")
_MAX_COMMENT: Final = 0xFFFF


def has_script(data: Data) -> bool:
    """Tell whether HTML or PHP that something might execute stands anywhere in the file."""
    return _SCRIPT.search(data) is not None


def is_foreign(rest: bytes) -> bool:
    """Tell whether bytes outside the format's own structure are another file or a script."""
    return (
        rest.lstrip(b"\x00\r\n\t ").startswith(_STARTS)
        or any(mark in rest for mark in _FOREIGN)
        or _SHORT.search(rest, 0, _NEAR) is not None
    )


def zip_directory_ends(data: Data) -> list[int]:
    """Return the offsets at which an unpacker would accept the end of a zip directory."""
    size = len(data)
    tail_at = max(0, size - _MAX_COMMENT - _END_OF_DIRECTORY.size)
    tail = bytes(data[tail_at:])
    found = []
    at = tail.find(b"PK\x05\x06")
    while at >= 0:
        if at + _END_OF_DIRECTORY.size <= len(tail):
            _, _, _, _, entries, length, _, _ = _END_OF_DIRECTORY.unpack_from(tail, at)
            if entries and length <= tail_at + at:
                found.append(tail_at + at)
        at = tail.find(b"PK\x05\x06", at + 1)
    return found


def is_zip_too(data: Data, own_end: int) -> bool:
    """Tell whether the file opens as a zip as well.

    A whole archive inside the format's structure (a document embedded in another) is none: its directory
    ends before `own_end`, and not, with its comment, exactly at the end of the file.
    """
    for at in zip_directory_ends(data):
        comment = int.from_bytes(data[at + 20 : at + 22], "little")
        if at >= own_end or at + _END_OF_DIRECTORY.size + comment == len(data):
            return True
    return False
