"""JPEG and PNG read to their end by structure; pixels are never decoded on the server."""

import re
import zlib
from typing import Final

from ohmatdyt.core.filetypes.marks import Data, has_script, is_foreign, is_zip_too
from ohmatdyt.core.filetypes.reasons import ArchiveBomb, ContentMismatch, Unfit, UnsafeContent

# An A4 page at 1200 dpi has 140 million; what is larger only makes a browser run out of memory.
MAX_PIXELS: Final = 150_000_000
MAX_SIDE: Final = 65_500

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def check_jpeg(data: Data) -> None:
    """Raise `Unfit` unless `data` is a JPEG from its start to an end-of-image marker.

    Phones append a second picture or a short film; such a rest is allowed, another file or a script is not.
    """
    end, size = _walk_jpeg(data)
    if size is None:
        raise Unfit(ContentMismatch)
    _check_size(*size)
    if has_script(data) or is_zip_too(data, 0) or is_foreign(bytes(data[end:])):
        raise Unfit(UnsafeContent)


def _walk_jpeg(data: Data) -> tuple[int, tuple[int, int] | None]:
    """Return where the picture ends, and its width and height. ITU-T T.81, annex B."""
    size: tuple[int, int] | None = None
    at = 2
    scanned = False
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            return at, size if scanned else None
        if marker in _STANDALONE:
            continue
        body, at = _segment(data, at)
        if marker in _FRAME_HEADERS and len(body) >= 5:
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        if marker == _SOS:
            scanned = True
            found = _NEXT_MARKER.search(data, at)
            at = found.start() if found else len(data)


def _marker(data: Data, at: int) -> tuple[int, int]:
    """Return the marker at `at`, fill bytes skipped, and where it ends."""
    while bytes(data[at : at + 2]) == b"\xff\xff":
        at += 1
    if at + 2 > len(data) or data[at] != 0xFF:
        raise Unfit(ContentMismatch)
    return data[at + 1], at + 2


def _segment(data: Data, at: int) -> tuple[bytes, int]:
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2 or at + length > len(data):
        raise Unfit(ContentMismatch)
    return bytes(data[at + 2 : at + length]), at + length


def check_png(data: Data) -> None:
    """Raise `Unfit` unless `data` is a PNG whose chunks are whole, the last being IEND at the end of file."""
    if bytes(data[:8]) != _PNG_SIGNATURE or bytes(data[12:16]) != b"IHDR":
        raise Unfit(ContentMismatch)
    at = len(_PNG_SIGNATURE)
    kind, has_pixels = b"", False
    while kind != b"IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        kind = bytes(data[at + 4 : at + 8])
        body_end = at + 8 + length
        if len(kind) < 4 or body_end + 4 > len(data):
            raise Unfit(ContentMismatch)
        if zlib.crc32(data[at + 4 : body_end]) != int.from_bytes(data[body_end : body_end + 4], "big"):
            raise Unfit(ContentMismatch)
        has_pixels = has_pixels or kind == b"IDAT"
        at = body_end + 4
    if not has_pixels:
        raise Unfit(ContentMismatch)
    _check_size(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))
    if bytes(data[at:]).strip(b"\x00\r\n") or has_script(data) or is_zip_too(data, 0):
        raise Unfit(UnsafeContent)


def _check_size(width: int, height: int) -> None:
    if width == 0 or height == 0:
        raise Unfit(ContentMismatch)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unfit(ArchiveBomb)
