"""Every object of a PDF that a reader could find, whatever the file's own table says."""

import re
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ohmatdyt.core.filetypes.pdf.encryption import Decrypt, unlocked
from ohmatdyt.core.filetypes.pdf.syntax import Budget, Name, Reader, Ref, plain
from ohmatdyt.core.filetypes.reasons import ArchiveBomb, EncryptedFile, Part, TooComplex, Unfit, UnsafeContent

_BEGIN: Final = re.compile(rb"(?<!end)obj(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])|trailer(?=[\x00\t\n\x0c\r <%])")
_NUMBER: Final = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+\Z")
_BLANK: Final = re.compile(rb"(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+)*+")
_STREAM: Final = re.compile(rb"stream(\r\n|\n|\r|)")
_BEFORE: Final = 64
_MAX_UNPACKED: Final = 50_000_000
_MOST_OBJECTS: Final = 250_000
_MOST_VERSIONS: Final = 200
"""Of one object: each time a file is saved on top of itself, another one may be added."""


@dataclass(slots=True)
class Stream:
    """A stream: what its dictionary says, and where its bytes are."""

    number: int
    generation: int
    dictionary: dict[str, Any]
    start: int
    end: int


class Document:
    """The objects of a file; those in compressed streams among them. Raises `Unfit` for what cannot be read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.names: set[str] = set()
        self.dictionaries: list[dict[str, Any]] = []
        self.streams: list[Stream] = []
        self._by_number: dict[int, list[Any]] = defaultdict(list)
        self._streams_by_number: dict[int, list[Stream]] = defaultdict(list)
        self._outer: list[dict[str, Any]] = []  # where a reader looks for the catalog and the password
        self._covered: list[tuple[int, int]] = []
        self._budget = Budget(3 * len(data) + 1_000_000)
        self._unpacked = 0
        self._ends = [found.start() for found in re.finditer(b"endstream", data)]
        self._read_all()
        self._decrypt = self._unlock()
        for stream in self.streams:
            if stream.dictionary.get("Type") == "ObjStm" or {"N", "First"} <= stream.dictionary.keys():
                self._read_compressed(stream)

    @property
    def last_stream(self) -> int:
        """Where the last stream ends."""
        return max((stream.end for stream in self.streams), default=-1)

    def between(self) -> bytes:
        """What stands in no object: comments, tables, and whatever somebody put there."""
        pieces, at = [], 0
        for start, end in sorted(self._covered):
            if start > at:
                pieces.append(self.data[at:start])
            at = max(at, end)
        return b"\n".join([*pieces, self.data[at:]])

    def resolved(self, value: Any) -> list[Any]:
        """What a value may be: itself, or every object with the number it points to."""
        return self._by_number.get(value.number, []) if isinstance(value, Ref) else [value]

    def streams_of(self, value: Any) -> Iterator[Stream]:
        """The streams that a pointer may mean."""
        if isinstance(value, Ref):
            yield from self._streams_by_number.get(value.number, [])

    def content(self, stream: Stream) -> bytes:
        """The bytes of a stream, decrypted and unpacked. Raises `Unfit` for filters hardly any program writes."""
        raw = self.data[stream.start : stream.end]
        self._budget.spend(len(raw))
        filters = self._one(stream.dictionary.get("Filter", stream.dictionary.get("F")))
        names = [self._one(name) for name in filters] if isinstance(filters, list) else [filters]
        names = [name for name in names if name is not None]
        if self._decrypt and stream.dictionary.get("Type") != "XRef":
            raw = self._decrypt(stream.number, stream.generation, raw)
        if not names:
            return raw
        settings = self._one(stream.dictionary.get("DecodeParms", stream.dictionary.get("DP")))
        settings = settings if isinstance(settings, list) else [settings]
        predicted = any(
            isinstance(one := self._one(each), dict) and one.get("Predictor", 1) != 1 for each in settings
        )
        if names not in (["FlateDecode"], ["Fl"]) or predicted:
            raise Unfit(UnsafeContent, Part.UNREADABLE)
        return self._inflated(raw)

    def _one(self, value: Any) -> Any:
        found = self.resolved(value)
        if len(found) > 1 and any(one != found[0] for one in found):
            raise Unfit(UnsafeContent, Part.UNREADABLE)
        return found[0] if found else None

    def _inflated(self, raw: bytes) -> bytes:
        unpack = zlib.decompressobj()
        content = bytearray()
        left = _MAX_UNPACKED - self._unpacked
        try:
            for at in range(0, len(raw), 1 << 12):
                content += unpack.decompress(raw[at : at + (1 << 12)], left + 1 - len(content))
                if len(content) > left:
                    raise Unfit(ArchiveBomb)
                if unpack.eof:
                    break
        except zlib.error:
            pass  # readers show what came before the damage, so that is what is judged
        self._unpacked += len(content)
        return bytes(content)

    def _read_all(self) -> None:
        reader = Reader(self.data, self._budget)
        for count, begin in enumerate(_BEGIN.finditer(self.data)):
            if count > _MOST_OBJECTS:
                raise Unfit(TooComplex)
            head_at = max(0, begin.start() - _BEFORE)
            before = self.data[head_at : begin.start()]
            head = _NUMBER.search(before)
            is_trailer = begin.group() == b"trailer"
            if not head and not is_trailer and _is_word_of_a_text(before):
                continue
            value, end = reader.value(begin.end())
            if is_trailer:
                self._note_outer(value)
                continue
            number, generation = (int(head[1]), int(head[2])) if head else (-1, 0)
            if isinstance(value, dict) and (start := self._begin_of_stream(end)):
                end = self._note_stream(number, generation, value, start)
            if head:
                self._keep(number, value)
                self._covered.append((head_at + head.start(), end))
        self.names |= reader.names
        self.dictionaries += reader.dictionaries

    def _keep(self, number: int, value: Any) -> None:
        versions = self._by_number[number]
        versions.append(value)
        if len(versions) > _MOST_VERSIONS:
            raise Unfit(TooComplex)

    def _begin_of_stream(self, at: int) -> int | None:
        blank = _BLANK.match(self.data, at)
        end = blank.end() if blank else at
        self._budget.spend(end - at)
        found = _STREAM.match(self.data, end)
        return found.end() if found else None

    def _note_outer(self, value: Any) -> None:
        if isinstance(value, dict):
            self._outer.append(value)

    def _note_stream(self, number: int, generation: int, value: dict[str, Any], start: int) -> int:
        length = value.get("Length")
        end = start + length if isinstance(length, int) and length >= 0 else -1
        if end < 0 or b"endstream" not in self.data[end : end + 16]:
            place = bisect_left(self._ends, start)
            end = self._ends[place] if place < len(self._ends) else len(self.data)
        stream = Stream(number, generation, value, start, end)
        self.streams.append(stream)
        self._streams_by_number[number].append(stream)
        if value.get("Type") == "XRef" or "Root" in value:
            self._outer.append(value)
        return end

    def _unlock(self) -> Decrypt | None:
        asked = [outer["Encrypt"] for outer in self._outer if outer.get("Encrypt") is not None]
        if not asked:
            return None
        ids = [self._one(outer.get("ID")) for outer in self._outer]
        first = next((plain(one[0]) for one in ids if isinstance(one, list) and one), b"")
        ways = [found for value in asked for found in self.resolved(value) if isinstance(found, dict)]
        if not ways or any(way != ways[0] for way in ways):
            raise Unfit(EncryptedFile)
        opened = {key: self._one(value) for key, value in ways[0].items()}
        decrypt = unlocked(opened, first)
        if decrypt is None:
            raise Unfit(EncryptedFile)
        return decrypt

    def _read_compressed(self, stream: Stream) -> None:
        content = self.content(stream)
        self._budget.left += 2 * len(content)
        first = self._one(stream.dictionary.get("First"))
        if not isinstance(first, int) or first < 0:
            raise Unfit(UnsafeContent, Part.UNREADABLE)
        reader = Reader(content, self._budget)
        head = [int(word) for word in content[:first].split() if word.isdigit() and len(word) < 12]
        for number, place in zip(head[::2], head[1::2], strict=False):
            value, _ = reader.value(first + place)
            self._keep(number, value)
        self.names |= reader.names
        self.dictionaries += reader.dictionaries


def _is_word_of_a_text(before: bytes) -> bool:
    """Whether neither a number nor the end of a line stands before `obj`: then no reader takes it for an object's
    beginning. Between its numbers there may be comments of any length, but they end with their line."""
    line = re.split(rb"[\r\n]", before)[-1].strip(b"\x00\t\x0c ")
    return bool(line) and not line[-1:].isdigit()


def is_catalog(dictionary: dict[str, Any]) -> bool:
    """Whether this is what a document begins with."""
    return dictionary.get("Type") == Name("Catalog") and "Pages" in dictionary
