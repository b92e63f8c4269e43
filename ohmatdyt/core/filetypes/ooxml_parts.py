"""Parts of Word and Excel files and how they point to one another: what they are decides, not what words they hold."""

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from ohmatdyt.core.filetypes.marks import is_foreign
from ohmatdyt.core.filetypes.reasons import Part, Unfit, UnsafeContent

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_DEEPEST: Final = 2000
# Encodings that Office may know and this parser does not.
_UNREADABLE: Final = frozenset({18, 19})

# Relations by the end of their type (ECMA-376, part 1, 9.2; [MS-OFFMACRO], [MS-OI29500]).
_NEVER: Final = {
    "vbaproject": Part.MACRO, "wordvbadata": Part.MACRO, "xlmacrosheet": Part.MACRO, "xlintlmacrosheet": Part.MACRO,
    "oleobject": Part.OLE, "control": Part.OLE, "activexcontrolbinary": Part.OLE,
    "afchunk": Part.EMBEDDED, "subdocument": Part.LINKED, "frame": Part.LINKED,
}  # fmt: skip
# Where a person clicks first, or is asked: a link may lead anywhere, and a table may name another one it reads.
_ASKED: Final = frozenset(
    {"hyperlink", "externallinkpath", "externallink", "xlexternallinkpath", "xlpathmissing"}
)
_FETCHED: Final = frozenset({"image", "video", "audio", "media"})
# A file of the same machine or folder; what begins with two slashes of either kind is a server's.
_LOCAL: Final = re.compile(
    r"(?:file:/{0,3})?[A-Za-z]:(?:[/\\]|$)|file:///(?![/\\])|/(?![/\\])|[^/\\:?#]+(?:[/\\]|$)", re.IGNORECASE
)
_DDE: Final = re.compile(r"^\s*\"?DDE(?:AUTO)?\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Relation:
    """A pointer from one part to another, or to something outside (`is_external`)."""

    kind: str
    target: str
    is_external: bool


def check_relation(relation: Relation) -> None:
    """Raise `Unfit` for one that runs something, or fetches something by itself when the file is opened."""
    part = _NEVER.get(relation.kind)
    if part and (relation.is_external or part is not Part.LINKED):
        raise Unfit(UnsafeContent, part)
    if not relation.is_external or relation.kind in _ASKED:
        return
    target = relation.target.strip()
    if relation.kind in _FETCHED and target.lower().startswith(("http://", "https://")):
        return  # a picture on a page from which somebody copied
    if not _LOCAL.match(target):
        raise Unfit(UnsafeContent, Part.TEMPLATE if relation.kind == "attachedtemplate" else Part.LINKED)


def check_start(name: str, start: bytes) -> bool:
    """Judge a part that is no XML by how it begins; True when it is a document to be judged in its turn."""
    if start.startswith(_ZIP):
        return True
    if start.startswith(_COMPOUND) and not name.rpartition("/")[2].startswith("thumbs"):
        raise Unfit(UnsafeContent, Part.OLE)
    if name.endswith(".svg"):
        return False  # Office draws it and runs nothing
    if is_foreign(start[:4096]) or start.startswith(b"{\\rtf"):
        raise Unfit(UnsafeContent, Part.EMBEDDED)
    return False


class PartReader:
    """Reads one part piece by piece. Raises `Unfit` for a document type and for commands of DDE.

    A part that is no XML is none of our business: Office does not open it either.
    """

    def __init__(self, name: str) -> None:
        self.relations: list[Relation] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._keeps = name == "[content_types].xml"
        self._is_list = name.endswith(".rels")
        self._is_broken = False
        self._open = 0
        self._text: list[str] | None = None
        self._fields: list[list[str]] = []
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        if self._is_list or self._keeps:
            self._parser.StartElementHandler = self._relation
        elif not name.startswith(("customxml/", "docprops/")):
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = self._characters

    def feed(self, chunk: bytes) -> None:
        """The next piece."""
        if self._is_broken:
            return
        try:
            self._parser.Parse(chunk)
        except ExpatError as error:
            if error.code in _UNREADABLE or self._is_list:
                raise Unfit(UnsafeContent, Part.UNREADABLE) from None
            self._is_broken = True

    def _doctype(self, *_: object) -> None:
        raise Unfit(UnsafeContent, Part.DOCTYPE)  # Office writes none; entities would grow without end

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        if self._keeps:
            self.elements.append((tag.rpartition(":")[2], attributes))
        elif tag.rpartition(":")[2] == "Relationship":
            kind = attributes.get("Type", "").rstrip("/").rpartition("/")[2].casefold()
            is_external = attributes.get("TargetMode", "").casefold() == "external"
            self.relations.append(Relation(kind, attributes.get("Target", ""), is_external))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("ddeLink", "oleLink"):
            raise Unfit(UnsafeContent, Part.DDE if name == "ddeLink" else Part.OLE)
        if name == "fldChar":
            self._field(_named(attributes, "fldCharType"))
        elif name == "fldSimple":
            _check_instruction(_named(attributes, "instr"))
        elif name in ("instrText", "delInstrText", "f", "definedName"):
            self._text = []

    def _field(self, kind: str) -> None:
        if kind == "begin":
            if len(self._fields) > _DEEPEST:
                raise Unfit(UnsafeContent)
            if self._fields and not "".join(self._fields[-1]).strip():
                # The name of a command put together by another one: nobody does this who has nothing to hide.
                raise Unfit(UnsafeContent, Part.DDE)
            self._fields.append([])
        elif self._fields:
            _check_instruction("".join(self._fields.pop()) if kind == "end" else "".join(self._fields[-1]))
            if kind == "separate":
                self._fields[-1] = ["shown"]

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if self._text is None:
            return
        name = tag.rpartition(":")[2]
        if name in ("instrText", "delInstrText"):
            if self._fields:
                self._fields[-1] += self._text
            else:
                _check_instruction("".join(self._text))
        elif name in ("f", "definedName") and "|" in _QUOTED.sub("", "".join(self._text)):
            raise Unfit(UnsafeContent, Part.DDE)  # outside quotes a bar stands only in program|topic!item
        self._text = None


def _named(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _check_instruction(text: str) -> None:
    if _DDE.match(text):
        raise Unfit(UnsafeContent, Part.DDE)


class ContentTypes:
    """What each part is (ECMA-376, part 2, 10.1.2)."""

    def __init__(self, text: bytes) -> None:
        reader = PartReader("[content_types].xml")
        reader._parser.Parse(text, True)  # noqa: SLF001, FBT003 — a broken list is no list
        self._by_name: dict[str, str] = {}
        self._by_extension: dict[str, str] = {}
        for tag, attributes in reader.elements:
            kind = attributes.get("ContentType", "").strip()
            if tag == "Override":
                name = attributes.get("PartName", "").replace("\\", "/").lstrip("/").casefold()
                self._by_name[name] = kind
            elif tag == "Default":
                self._by_extension[attributes.get("Extension", "").casefold()] = kind

    def of(self, name: str) -> str:
        """The type of a part; empty when none is declared."""
        return self._by_name.get(name) or self._by_extension.get(name.rpartition(".")[2], "")


class Relations:
    """Where a package begins."""

    def __init__(self, text: bytes) -> None:
        reader = PartReader("_rels/.rels")
        reader._parser.Parse(text, True)  # noqa: SLF001, FBT003 — nothing begins in a broken list
        self._relations = reader.relations

    def documents(self) -> set[str]:
        """The names of the parts that are the document."""
        return {
            one.target.replace("\\", "/").removeprefix("./").lstrip("/").casefold()
            for one in self._relations
            if one.kind == "officedocument" and not one.is_external
        }
