"""A place in an ordered list, as text a client keeps and gives back unread."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

import orjson

from ohmatdyt.core.errors import Malformed

_MOST = 2**63


def write(key: str | int, row_id: str) -> str:
    """The place just after the row with this sort key and id."""
    return base64.urlsafe_b64encode(orjson.dumps([key, row_id])).decode().rstrip("=")


def read(text: str) -> tuple[str, UUID]:
    """Key and id of a cursor made by `write`. Raises Malformed (422) for anything else."""
    try:
        key, row_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(key, str) or "\x00" in key:
            raise Malformed(field="after")
        return key, UUID(row_id)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise Malformed(field="after") from None


def read_moment(text: str) -> tuple[datetime, int]:
    """Moment and number of a cursor whose key is a time and whose row is numbered. Raises Malformed (422)."""
    try:
        key, number = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not 0 <= int(number) < _MOST:
            raise Malformed(field="after")
        return moment(key), int(number)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise Malformed(field="after") from None


def moment(key: str) -> datetime:
    """The time a cursor's key is, in UTC. Raises Malformed (422) for anything else."""
    try:
        read_key = datetime.fromisoformat(key)
        if read_key.tzinfo is None:
            raise Malformed(field="after")
        return read_key.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise Malformed(field="after") from None
