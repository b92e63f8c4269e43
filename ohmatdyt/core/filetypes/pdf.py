"""A PDF and nothing else: header at the very start, an end, no script, no launching of programs.

JavaScript and Launch actions are refused wherever they stand: opening a letter from a stranger must not run his
code. An /OpenAction that goes to a page is common and harmless and stays allowed, as do embedded files.
An encrypted PDF is refused: what is in it can be checked neither here nor, without the password, by a colleague.
"""

import re
import zlib
from typing import Final

from ohmatdyt.core.filetypes.marks import Data, has_script, is_foreign, is_zip_too
from ohmatdyt.core.filetypes.reasons import ArchiveBomb, ContentMismatch, EncryptedFile, Unfit, UnsafeContent

_HEADER: Final = re.compile(rb"%PDF-[12]\.\d")
_TAIL: Final = 2048
_MAX_UNPACKED: Final = 50_000_000
_MAX_DICTIONARY: Final = 4000
_PIECE: Final = 1 << 16


def _name(name: str) -> bytes:
    """Return a pattern for a PDF name after its slash: each character may be written as #xx (ISO 32000-1, 7.3.5)."""
    either = (rf"(?:{c}|#(?i:{ord(c):02x}))" for c in name)
    return "".join(either).encode() + rb"(?![^\x00\t\n\f\r ()<>\[\]{}/%])"


# A name that is a value or a key, not the end of an address such as https://example.org/JavaScript. The slash
# comes first for speed: the search then jumps from slash to slash.
_AS_TOKEN: Final = rb"(?:(?<=[\x00\t\n\f\r >\])]/)|(?<=#53/)|(?<=/S/)|(?<=obj/))"
_ACTIVE: Final = re.compile(b"/" + _AS_TOKEN + b"(?:" + _name("JavaScript") + b"|" + _name("Launch") + b")")
_ENCRYPT: Final = re.compile(b"/" + _name("Encrypt") + rb"\s*(?:\d+\s+\d+\s+R|<<)")
# Readers find object streams by the cross-reference table, so one without its /Type counts: /First marks it too.
_OBJECT_STREAM: Final = re.compile(b"/(?:" + _name("ObjStm") + b"|" + _name("First") + b")")
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_FILTER: Final = re.compile(b"/" + _name("Filter") + rb"\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
_PREDICTOR: Final = re.compile(b"/" + _name("Predictor") + rb"\s*1\d")


def check(data: Data) -> None:
    """Raise `Unfit` unless `data` is a PDF that can be opened without fear."""
    if not _HEADER.match(data):
        raise Unfit(ContentMismatch)
    tail_at = max(0, len(data) - _TAIL)
    tail = bytes(data[tail_at:])
    end = tail.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in tail[:end]:
        raise Unfit(ContentMismatch)
    last_stream = data.rfind(b"endstream", 0, tail_at + end)
    before_objects = bytes(data[5:1024]).partition(b"obj")[0]
    if is_foreign(before_objects) or is_foreign(tail[end + 5 :]):
        raise Unfit(UnsafeContent)
    if has_script(data) or is_zip_too(data, last_stream + 1):
        raise Unfit(UnsafeContent)
    if _ENCRYPT.search(data):
        raise Unfit(EncryptedFile)
    if _ACTIVE.search(data):
        raise Unfit(UnsafeContent)
    _look_into_object_streams(data)


def _look_into_object_streams(data: Data) -> None:
    """Search the compressed objects too (ISO 32000-1, 7.5.7); streams of content and pictures hold none."""
    left = _MAX_UNPACKED
    looked_at = set()
    for match in _OBJECT_STREAM.finditer(data):
        start = max(0, match.start() - _MAX_DICTIONARY)
        dictionary_at = max(start, data.rfind(b"obj", start, match.start()))
        stream = _STREAM.search(data, match.end(), match.end() + _MAX_DICTIONARY)
        if stream is None or data.find(b"endobj", match.end(), stream.start()) >= 0:
            continue  # an outline, not a stream
        if stream.end() in looked_at:
            continue
        looked_at.add(stream.end())
        dictionary = bytes(data[dictionary_at : stream.end()])
        filters = _FILTER.search(dictionary)
        if filters is None:
            continue  # uncompressed: already searched as it stands
        is_deflate = filters.group(1).strip(b"[] \t\r\n") in {b"/FlateDecode", b"/Fl"}
        if not is_deflate or _PREDICTOR.search(dictionary):
            raise Unfit(UnsafeContent)  # no program writes this; somebody does not want to be read
        content = _inflate(data, stream.end(), left)
        left -= len(content)
        if _ACTIVE.search(content):
            raise Unfit(UnsafeContent)


def _inflate(data: Data, at: int, limit: int) -> bytes:
    unpack = zlib.decompressobj()
    content = bytearray()
    while not unpack.eof and at < len(data):
        try:
            content += unpack.decompress(data[at : at + _PIECE], limit + 1 - len(content))
        except zlib.error:
            raise Unfit(ContentMismatch) from None
        if len(content) > limit:
            raise Unfit(ArchiveBomb)
        at += _PIECE
    return bytes(content)
