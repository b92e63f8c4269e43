"""A PDF and nothing else, judged by its structure: no scripts, no starting of programs, nothing that leaves the file.

The table by which a reader finds objects is not believed: readers repair it, each in its own way. So every object
that any reader could find is read, wherever it stands, those in compressed streams too (ISO 32000-1, 7.5). What a
file means to a person, such as the text of its pages, is never looked at. docs/adr/0023 says why this is code of ours.
"""

import re
from typing import Final

from ohmatdyt.core.filetypes.marks import Data, has_script, is_foreign, is_zip_too
from ohmatdyt.core.filetypes.pdf.objects import Document, is_catalog
from ohmatdyt.core.filetypes.pdf.rules import check_actions, check_embedded
from ohmatdyt.core.filetypes.reasons import ContentMismatch, Unfit, UnsafeContent

_HEADER: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\x00\s]{0,1024}%PDF-\d\.\d")
_BLANK: Final = b"\x00\t\n\x0c\r\x1a "
_TAIL: Final = 2048
_HEAD: Final = 1024


def is_pdf(head: bytes) -> bool:
    """Whether a file begins as a PDF; a mark of its encoding, blanks and empty lines before it do no harm."""
    return _HEADER.match(head) is not None


def check(data: Data, *, depth: int = 0) -> None:
    """Raise `Unfit` unless `data` is a PDF that can be opened without fear. `depth` counts files within files."""
    whole = bytes(data)
    if not (header := _HEADER.match(whole)):
        raise Unfit(ContentMismatch)
    kept = whole.rstrip(_BLANK)  # some programs fill up the last block
    tail = kept[-_TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in tail[:end]:
        raise Unfit(ContentMismatch)
    document = Document(whole)
    if not any(map(is_catalog, document.dictionaries)):
        raise Unfit(ContentMismatch)
    between = document.between()
    if is_foreign(tail[end + 5 :].strip(_BLANK)) or is_foreign(
        whole[header.end() : _HEAD].partition(b"obj")[0]
    ):
        raise Unfit(UnsafeContent)
    if has_script(between) or has_script(whole[:_HEAD]) or is_zip_too(data, document.last_stream + 1):
        raise Unfit(UnsafeContent)
    check_actions(document)
    check_embedded(document, depth)
