"""Values of a PDF (ISO 32000-1, 7.2 and 7.3), read one after the other without recursion and within a budget."""

import re
from typing import Any, Final, NamedTuple

from ohmatdyt.core.filetypes.reasons import ContentMismatch, TooComplex, Unfit

_TOKEN: Final = re.compile(
    rb"(?P<blank>(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+)++)"
    rb"|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+)"
    rb"|(?P<mark><<|>>|\[|\])"
    rb"|(?P<text>\((?:[^()\\]++|\\.)*+\)|<[^>]*+>)"
    rb"|(?P<open>\()"
    rb"|(?P<word>[^\x00\t\n\x0c\r ()<>\[\]{}/%]++)"
    rb"|(?P<other>.)",
    re.DOTALL,
)
_PAREN: Final = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_DEEPEST: Final = 500
_BOOLEANS: Final = {b"true": True, b"false": False}
_NOTHING: Final = object()


class Name(str):
    """A name without its slash, with every #xx put back."""

    __slots__ = ()


class Text(bytes):
    """A string as it is written, with its brackets; `syntax.plain` reads it."""

    __slots__ = ()


class Ref(NamedTuple):
    """A pointer to an object by its number."""

    number: int


class Budget:
    """How many bytes may still be read: in an honest file each is read about once, a hostile one repeats itself."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Take away what was read. Raises `Unfit` when nothing is left."""
        self.left -= count
        if self.left < 0:
            raise Unfit(TooComplex)


class Reader:
    """Reads values from `data`; every name that was met is in `names`, also where the structure is broken."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self.data = data
        self.names: set[str] = set()
        self.dictionaries: list[dict[str, Any]] = []
        self._budget = budget

    def value(self, at: int) -> tuple[Any, int]:
        """The first whole value from `at` on, and where it ends; None when there is none."""
        begun = at
        kinds: list[bytes] = []
        stack: list[list[Any]] = [[]]
        token = _TOKEN.match
        while found := token(self.data, at):
            at = found.end()
            kind = found.lastgroup
            one: Any = _NOTHING
            if kind == "name":
                one = self._name(found["name"])
            elif kind == "mark":
                one = self._bracket(found.group(), kinds, stack)
            elif kind == "word":
                one = _word(found.group(), stack[-1])
            elif kind in ("text", "open"):
                at = at if kind == "text" else self._end_of_text(at)
                one = Text(self.data[found.start() : at])
            if one is not _NOTHING:
                stack[-1].append(one)
                if not kinds:
                    break
        self._budget.spend(at - begun)
        return (stack[0][-1] if stack[0] else None), at

    def _bracket(self, mark: bytes, kinds: list[bytes], stack: list[list[Any]]) -> Any:
        if mark in (b"<<", b"["):
            kinds.append(mark)
            stack.append([])
            if len(stack) > _DEEPEST:
                raise Unfit(TooComplex)
            return _NOTHING
        return self._closed(kinds.pop(), stack.pop()) if kinds else _NOTHING

    def _name(self, raw: bytes) -> Name:
        if b"#" in raw:
            raw = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), raw)
        name = Name(raw.decode("latin-1"))
        self.names.add(name)
        return name

    def _closed(self, kind: bytes, items: list[Any]) -> Any:
        if kind == b"[":
            return items
        made: dict[str, Any] = {}
        key: Name | None = None
        for item in items:
            if key is None:
                key = item if isinstance(item, Name) else None
            else:
                made[key] = item
                key = None
        self.dictionaries.append(made)
        return made

    def _end_of_text(self, at: int) -> int:
        open_ones = 1
        for found in _PAREN.finditer(self.data, at):
            open_ones += {b"(": 1, b")": -1}.get(found.group(), 0)
            if not open_ones:
                return found.end()
        return len(self.data)


def _word(raw: bytes, before: list[Any]) -> Any:
    if raw == b"R" and len(before) >= 2 and isinstance(before[-1], int) and isinstance(before[-2], int):
        before.pop()
        return Ref(before.pop())
    if raw in _BOOLEANS:
        return _BOOLEANS[raw]
    try:
        return int(raw) if len(raw) < 12 else None
    except ValueError:
        return None  # null, fractions and whatever else: nothing here depends on them


_ESCAPES: Final = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b"", b"\r": b"", b"\n": b"",
}  # fmt: skip
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)


def plain(text: Any) -> bytes:
    """The bytes that a string stands for (7.3.4). Raises `Unfit` for what is none."""
    if not isinstance(text, Text):
        raise Unfit(ContentMismatch)
    if text.startswith(b"<"):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", text)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())

    def unescaped(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8) & 255]) if what.isdigit() and what < b"8" else _ESCAPES.get(what, what)

    return _ESCAPE.sub(unescaped, text[1:-1])
