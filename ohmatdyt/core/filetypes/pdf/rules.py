"""What no PDF may do here: run something, send something, fetch something, or carry something that runs."""

import io
from typing import Any, Final

from ohmatdyt.core.filetypes import ole, ooxml
from ohmatdyt.core.filetypes.marks import has_script, is_foreign
from ohmatdyt.core.filetypes.pdf.objects import Document, Stream
from ohmatdyt.core.filetypes.pdf.syntax import Ref, Text, plain
from ohmatdyt.core.filetypes.reasons import Part, Unfit, UnsafeContent

# Actions by their type (ISO 32000-2, 12.6.4), and what else only active content has. Names that mean this and nothing
# else, so each counts wherever it stands: the structure around it may be broken on purpose.
_ACTIVE: Final = {
    "JavaScript": Part.SCRIPT, "Launch": Part.LAUNCH, "SubmitForm": Part.SENDING, "ImportData": Part.SENDING,
    "GoToR": Part.OTHER_FILE, "GoToE": Part.OTHER_FILE, "RichMedia": Part.MEDIA, "RichMediaExecute": Part.MEDIA,
    "RichMediaContent": Part.MEDIA, "XFA": Part.XFA,
}  # fmt: skip
_DEEPEST: Final = 2
_HARMLESS_NAMES: Final = (
    *(".xml", ".txt", ".csv", ".json", ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp"),
    *(
        ".p7s",
        ".p7m",
        ".sig",
        ".asice",
        ".docx",
        ".xlsx",
        ".doc",
        ".xls",
        ".joboptions",
        ".xmp",
        ".rtf",
        ".odt",
    ),
)


def check_actions(document: Document) -> None:
    """Raise `Unfit` with the part that would act when the file is opened or clicked."""
    for name, part in _ACTIVE.items():
        if name in document.names:
            raise Unfit(UnsafeContent, part)
    for dictionary in document.dictionaries:
        kind = dictionary.get("S")
        if "JS" in dictionary and (kind == "Rendition" or isinstance(dictionary["JS"], Text)):
            raise Unfit(UnsafeContent, Part.SCRIPT)
        address = dictionary.get("URI")
        if kind == "URI" and isinstance(address, Text) and _runs(plain(address)):
            raise Unfit(UnsafeContent, Part.SCRIPT)


def _runs(address: bytes) -> bool:
    return address.strip().lower().startswith((b"javascript:", b"vbscript:", b"data:text/html"))


def check_embedded(document: Document, depth: int) -> None:
    """Judge the files within the file by what they are; raise `Unfit` for one that is not as harmless as its host."""
    wanted = [stream for stream in document.streams if stream.dictionary.get("Type") == "EmbeddedFile"]
    held_ones: list[Any] = []
    for dictionary in document.dictionaries:
        if "EF" not in dictionary:
            continue
        if any(_runs_by_name(dictionary[key]) for key in ("F", "UF") if key in dictionary):
            raise Unfit(UnsafeContent, Part.EMBEDDED)
        held_ones.append(dictionary["EF"])
    pointers = {one for one in held_ones if isinstance(one, Ref)}
    held_ones += [one for pointer in pointers for one in document.resolved(pointer)]
    numbers = {
        one for held in held_ones if isinstance(held, dict) for one in held.values() if isinstance(one, Ref)
    }
    wanted += [stream for number in numbers for stream in document.streams_of(number)]
    seen: set[int] = set()
    for stream in wanted:
        if stream.start not in seen:
            seen.add(stream.start)
            _check_one(document, stream, depth + 1)


def _runs_by_name(name: Any) -> bool:
    if not isinstance(name, Text):
        return False
    raw = plain(name)
    text = raw.decode("utf-16-be", "ignore")[1:] if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")
    last = text.strip().rpartition(".")[2].lower() if "." in text else ""
    # In an encrypted file names are not readable: then the content alone is judged.
    return last.isascii() and last.isalnum() and 1 < len(last) <= 11 and f".{last}" not in _HARMLESS_NAMES


def _check_one(document: Document, stream: Stream, depth: int) -> None:
    from ohmatdyt.core.filetypes import pdf

    content = document.content(stream)
    if depth > _DEEPEST:
        raise Unfit(UnsafeContent, Part.EMBEDDED)
    if pdf.is_pdf(content[:2048]):
        pdf.check(content, depth=depth)
    elif content.startswith(b"PK\x03\x04"):
        ooxml.check(content, io.BytesIO(content))
    elif content.startswith(ole.SIGNATURE):
        ole.check(content, io.BytesIO(content))
    elif is_foreign(content[:4096]) or has_script(content[:4096]):
        raise Unfit(UnsafeContent, Part.EMBEDDED)
