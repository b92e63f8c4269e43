"""Multipart forms with files: whole, lying, broken."""

from random import Random
from typing import Any, Final

from tests.core.files import image, pdf

_PDF, _PNG, _JPEG = pdf(), image("PNG"), image("JPEG")
_GOOD: Final = (("довідка.pdf", _PDF), ("фото.png", _PNG), ("photo.jpg", _JPEG), ("скан 100%.PDF", _PDF))
_CONTENTS: Final = (
    *(b"", b"\x00", b"MZ" + b"\x00" * 200, b"<script>alert(1)</script>", b"%PDF-1.4", _PDF[:40], _PNG[:60], _PNG),
    *(b"PK\x03\x04" + b"\x00" * 60, b"PK\x05\x06" + b"\x00" * 18, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    *(b"GIF89a" + b"\x00" * 30, _JPEG[:-2], _PDF + b"<script>", b"\xff" * 5000, b"#!/bin/sh\n", b"<?xml version=''?>"),
)  # fmt: skip
_NAMES: Final = (
    *("a.pdf", "a.png", "a.exe", "a", ".pdf", "a.pdf.exe", "../../a.pdf", "a/b.pdf", "C:\\a.pdf", "a\x00.pdf"),
    *("я" * 250 + ".pdf", "я" * 251 + ".pdf", "а\u202efdp.exe", "🧒.png", 'a"b.pdf', "a;b.pdf", " .pdf", ".."),
    *("CON.pdf", "%00.pdf", "a\u200b.pdf", "=1+1.xlsx", "a.docx", "a.xlsx", "a.doc", "a.jpeg", "і\u0308.pdf"),
)  # fmt: skip
_TYPES: Final = (
    "application/pdf",
    "image/png",
    "text/html",
    "",
    "a/b; charset=\xff",
    "multipart/mixed; boundary=x",
)


def parcel(random: Random, pairs: list[tuple[str, Any]], share: float) -> tuple[str, bytes]:
    """The content type and the body of a form with these fields, and files where it has a place for them."""
    boundary = f"b{random.getrandbits(64):x}"
    places = [name for name, _ in pairs if name in {"file", "files", "files[]"}]
    parts = [
        _part(name, str(value).encode("utf-8", "replace"))
        for name, value in pairs
        if name not in {"file", "files", "files[]"}
    ]
    for place in places[:1]:
        for _ in range(1 if place == "file" else random.choice((0, 1, 1, 2))):
            name, content = random.choice(_GOOD)
            if random.random() < share:
                name, content = random.choice(_NAMES), random.choice((content, random.choice(_CONTENTS)))
            parts.append(_part(place, content, name, random.choice(_TYPES)))
    if random.random() < share * 0.1:
        parts.append(_part(random.choice(("file", "files", "files[]", "x", "")), _PDF, random.choice(_NAMES)))
    if random.random() < share * 0.02:
        parts += [_part("files", _PNG, f"{n}.png") for n in range(random.choice((20, 21, 60)))]
    if random.random() < share * 0.02:
        parts += [_part(f"x{n}", b"") for n in range(random.choice((999, 1001, 1500)))]
    random.shuffle(parts)
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    if random.random() < share * 0.15:
        body, boundary = _broken(random, body, boundary)
    return f"multipart/form-data; boundary={boundary}", body


def _part(name: str, content: bytes, filename: str | None = None, kind: str = "") -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'
    if filename is not None:
        escaped = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head += f'; filename="{escaped}"'
    if kind:
        head += f"\r\nContent-Type: {kind}"
    return head.encode("utf-8", "replace") + b"\r\n\r\n" + content


def _broken(random: Random, body: bytes, boundary: str) -> tuple[bytes, str]:
    place = random.randrange(1, len(body))
    return random.choice(
        (
            (body[:place], boundary),
            (body[place:], boundary),
            (body, boundary + "x"),
            (body.replace(b"\r\n", b"\n"), boundary),
            (body.replace(b"form-data; ", b"", 1), boundary),
            (body.replace(b'name="', b'name*="', 1), boundary),
            (body.replace(b"Content-Disposition", b"X" * 9000, 1), boundary),
            (body.replace(b"Content-Disposition: ", b"Content-Disposition\x00: ", 1), boundary),
            (body.replace(b'name="', b'name="\xff\xfe', 1), boundary),
            (body[:place] + b"\x00\xff\r\n--" + body[place:], boundary),
            (body + body, boundary),
            (b"\r\n" * 50 + body, boundary),
            (body.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1), boundary),
        )
    )
