"""What a request says its body is written in. All text is UTF-8: a stranger chooses no other codec, and a document that
two programs would read in two ways is refused."""

import json
import re
from typing import Any

from ohmatdyt.core.errors import DomainError, Malformed

_CHARSET = re.compile(r";\s*charset\s*\*?\d*\*?\s*=\s*([^;]*)", re.IGNORECASE)
_OURS = frozenset({"utf-8", "utf8"})


class UnknownCharset(DomainError):
    """415: text in another encoding than UTF-8."""

    status = 415
    code = "unsupported_media_type"
    uk = "Текст приймаємо лише в кодуванні UTF-8."
    en = "Text is accepted in UTF-8 only."


def require_utf8(content_type: str) -> None:
    """Raise UnknownCharset when a content type, of a request or of a part, names another encoding."""
    for said in _CHARSET.findall(content_type):
        if said.strip().strip("\"'").lower() not in _OURS:
            raise UnknownCharset


def require_plain_json(body: bytes) -> None:
    """Raise Malformed for JSON that begins with a mark of byte order, is in UTF-16, or names a member twice.

    What is no JSON at all is left to whoever reads it.
    """
    if body[:3] == b"\xef\xbb\xbf" or b"\0" in body or body[:1] >= b"\xfe":
        raise Malformed
    try:
        json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        raise Malformed
