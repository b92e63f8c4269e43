"""Reading a form without files, which is most of them, without the machinery for streams of files."""

import multipart
from fastapi import Request

_SMALL = 100_000  # bytes
_FORM = "multipart/form-data"

Fields = list[tuple[str, str]]


def is_small(request: Request) -> bool:
    """Whether a request says that its body is no larger than a form without files may be."""
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= _SMALL


async def plain_fields(request: Request) -> Fields | None:
    """Names and values of a small multipart form, in their order; None when it is large, has files, or is not quite as
    browsers write it. Then `request.form()` reads it, and says what is wrong."""
    kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
    if kind != _FORM or not options.get("boundary") or not is_small(request):
        return None
    return _fields(await request.body(), options["boundary"])


def _fields(body: bytes, boundary: str) -> Fields | None:
    if not body.startswith(f"--{boundary}\r\n".encode()):
        return None  # a parser may take a first part whose boundary is broken for words before the form
    fields: Fields = []
    name, value = "", bytearray()
    try:
        with multipart.PushMultipartParser(boundary, content_length=len(body), strict=True) as parser:
            for told in parser.parse(body):
                if told is None:
                    fields.append((name, value.decode()))
                elif isinstance(told, multipart.MultipartSegment):
                    if (
                        told.disposition != "form-data"
                        or told.filename is not None
                        or len(told.headerlist) > 1
                    ):
                        return None
                    name, value = told.name or "", bytearray()
                else:
                    value += told
    except (multipart.MultipartError, UnicodeDecodeError):
        return None
    return fields
