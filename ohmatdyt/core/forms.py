"""Reading forms, piece by piece: text into memory, within a limit, and files straight to where uploads are received
(`MEDIA_ROOT/.incoming`), never into the system's temporary folder. Everything is UTF-8."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import multipart
from fastapi import Request, UploadFile
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from ohmatdyt.core.content_types import require_utf8
from ohmatdyt.core.errors import Malformed
from ohmatdyt.core.storage import Incoming

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"

_SMALL = 100_000  # bytes
_MOST_TEXT = 1024 * 1024  # bytes of all fields that are no files
_MOST_PARTS = 200
# What browsers write (HTML, «multipart/form-data encoding algorithm»), or RFC 2183. The parser picks out of anything
# else what looks like a parameter, and another reader may pick something else.
_WORD = r"[\w!#$%&'*+.^`|~-]+"
_DISPOSITION = re.compile(
    r'form-data; name="[^"\r\n]*"(?:; filename="[^"\r\n]*")?'
    rf'|form-data(?: *; *{_WORD} *= *(?:{_WORD}|"(?:\\[^\r\n]|[^\\"\r\n])*"))*[; ]*',
    re.ASCII | re.IGNORECASE,
)

Fields = list[tuple[str, str | UploadFile]]
Event = Any  # a segment, bytes or None
Receiver = Callable[["Part"], Awaitable[Incoming]]


class ReceivedFile(UploadFile):
    """A file of a form, already received."""

    def __init__(self, incoming: Incoming, part: "Part") -> None:
        headers = Headers({"content-type": part.content_type} if part.content_type else {})
        super().__init__(incoming.file, size=incoming.size, filename=part.filename, headers=headers)  # type: ignore[arg-type]
        self.incoming = incoming


def is_small(request: Request) -> bool:
    """Whether a request says that its body is no larger than a form without files may be."""
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= _SMALL


@asynccontextmanager
async def opened(request: Request, receive: Receiver | None = None) -> AsyncIterator[Fields]:
    """Names and values of a form, in their order; its files are received by `receive` and discarded after the block.

    Raises Malformed (422), UnknownCharset (415), and what `receive` raises. Without `receive` files are malformed.
    """
    fields: Fields = []
    try:
        kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
        require_utf8(request.headers.get("content-type", ""))
        if kind == MULTIPART:
            await _read_multipart(request, options.get("boundary", ""), fields, receive)
        elif kind == URLENCODED:
            fields += _urlencoded(await request.body())
        else:
            raise HTTPException(415) if kind else Malformed
        yield fields
    finally:
        for _, value in fields:
            if isinstance(value, ReceivedFile):
                value.incoming.discard()


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_PARTS, errors="strict")
    except ValueError:
        raise Malformed from None
    return pairs


async def _read_multipart(request: Request, boundary: str, fields: Fields, receive: Receiver | None) -> None:
    text = 0
    try:
        async with aclosing(_events(request.stream(), boundary)) as events:
            async for event in events:
                assert isinstance(event, multipart.MultipartSegment)  # noqa: S101 — a part has been read to its end
                part = Part(event, events)
                if part.filename is None:
                    value = await part.whole(_MOST_TEXT - text)
                    text += len(value)
                    fields.append((part.name, value.decode()))
                elif receive is None:
                    raise Malformed
                else:
                    fields.append((part.name, ReceivedFile(await receive(part), part)))
    except (multipart.MultipartError, UnicodeDecodeError):
        raise Malformed from None


async def _events(stream: AsyncIterator[bytes], boundary: str) -> AsyncGenerator[Event, None]:
    """A segment for the head of each part, its bytes, and None at its end."""
    first, begun = f"--{boundary}\r\n".encode(), b""
    with multipart.PushMultipartParser(boundary, max_segment_count=_MOST_PARTS) as parser:
        async for piece in stream:
            if len(begun) < len(first):
                # A parser may take a first part whose boundary is broken for words before the form.
                begun += piece[: len(first)]
                if not begun.startswith(first[: len(begun)]) and not first.startswith(begun):
                    raise Malformed
            if piece:
                for event in parser.parse(piece):
                    yield event


class Part:
    """One part of a form; a file is read from it as from any source."""

    def __init__(self, segment: multipart.MultipartSegment, events: AsyncIterator[Event]) -> None:
        said = [value for name, value in segment.headerlist if name == "Content-Disposition"]
        if not segment.name or len(said) != 1 or not _DISPOSITION.fullmatch(said[0]):
            raise Malformed
        self.name: str = segment.name
        self.filename: str | None = segment.filename
        self.content_type: str | None = segment.header("Content-Type", None)
        require_utf8(self.content_type or "")
        self._events = events
        self._ended = False

    async def read(self, size: int = -1, /) -> bytes:
        """At least `size` bytes, as the pieces come; less, and then nothing, at the end."""
        pieces = bytearray()
        while not self._ended and (size < 0 or len(pieces) < size):
            piece = await anext(self._events)
            if piece is None:
                self._ended = True
            else:
                pieces += piece
        return bytes(pieces)

    async def whole(self, most: int) -> bytes:
        """All of it. Raises Malformed beyond so many bytes."""
        pieces = bytearray()
        while piece := await self.read(1):
            pieces += piece
            if len(pieces) > most:
                raise Malformed
        return bytes(pieces)
