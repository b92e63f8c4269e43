"""Real files for tests, and real files gone bad."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

WORD_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
EXCEL_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)


def pdf(text: str = "Dovidka", *, compressed: bool = True) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=int(compressed))
    canvas.drawString(72, 720, text)
    canvas.save()
    return out.getvalue()


def pdf_with(object_text: bytes) -> bytes:
    """A PDF to which somebody appended one more object."""
    return pdf().replace(b"xref\n", b"99 0 obj\n" + object_text + b"\nendobj\nxref\n", 1)


def image(kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    picture = Image.effect_noise(size, 80).convert("RGB")
    picture.save(out, kind, **options)
    return out.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1000)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def archive(parts: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def docx(extra: Mapping[str, bytes | str] | None = None, types: str = WORD_TYPES) -> bytes:
    return archive({"[Content_Types].xml": types, "word/document.xml": "<w:document/>"} | dict(extra or {}))


def xlsx(extra: Mapping[str, bytes | str] | None = None, types: str = EXCEL_TYPES) -> bytes:
    return archive({"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"} | dict(extra or {}))


def word_stream(*, encrypted: bool = False) -> bytes:
    flags = 0x0100 if encrypted else 0
    return struct.pack("<H8xH", 0xA5EC, flags).ljust(5000, b"\x00")


def excel_stream(*records: tuple[int, bytes]) -> bytes:
    stream = b""
    for number, body in [(0x0809, b"\x00\x06\x05\x00" + bytes(12)), *records, (0x000A, b"")]:
        stream += struct.pack("<HH", number, len(body)) + body
    return stream.ljust(5000, b"\x00")


def compound(streams: Mapping[str, bytes], storage: str | None = None) -> bytes:
    """A minimal compound file ([MS-CFB], version 3): every stream of at least 4096 bytes, in 512-byte sectors."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[i : i + 512].ljust(512, b"\x00") for i in range(0, len(data), 512)]
        sectors.extend(pieces)
        fat.extend(range(first + 1, first + len(pieces)))
        fat.append(0xFFFFFFFE)
        return first

    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    entries += [
        (name, 2, put(data.ljust(4096, b"\x00")), max(4096, len(data))) for name, data in streams.items()
    ]
    if storage:
        entries.append((storage, 1, 0xFFFFFFFE, 0))
    directory = b""
    for number, (name, kind, start, size) in enumerate(entries):
        right = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        child = 1 if number == 0 else 0xFFFFFFFF
        raw = name.encode("utf-16-le") + b"\x00\x00"
        directory += raw.ljust(64, b"\x00") + struct.pack(
            "<HBB3I", len(raw), kind, 1, 0xFFFFFFFF, right, child
        )
        directory += bytes(36) + struct.pack("<IQ", start, size)
    directory_at = put(directory)
    fat_at = len(sectors)
    fat.append(0xFFFFFFFD)
    sectors.append(struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", fat_at, *[0xFFFFFFFF] * 108)
    return header + b"".join(sectors)
