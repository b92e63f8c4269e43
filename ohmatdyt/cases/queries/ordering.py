"""The orders of the list and the cursor that continues them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ohmatdyt.cases.models import Status
from ohmatdyt.core.errors import FieldError, InvalidFields

# The order of the work, not of the alphabet.
STATUS_RANK: Final = {status.value: rank for rank, status in enumerate(Status)}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: `prefix` (status or category, which group the list), then `key`, then id."""

    name: str
    key: str
    type: str
    prefix: str | None = None


ORDERS: Final = {
    "created_at": Order("created_at", "c.created_at", "timestamptz"),
    "updated_at": Order("updated_at", "c.updated_at", "timestamptz"),
    "last_status_change_at": Order("last_status_change_at", "c.last_status_change_at", "timestamptz"),
    "public_id": Order("public_id", "c.public_id", "int"),
    "applicant_name": Order("applicant_name", "c.applicant_name_sort", "text"),
    "status": Order("status", "c.created_at", "timestamptz", prefix="status"),
    "category": Order("category", "c.created_at", "timestamptz", prefix="category"),
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the page before ended."""

    prefix: Any
    key: Any
    id: UUID


def cursor_sql(order: Order) -> str:
    """The cursor of a row of `page` (id, k1, k2) as text; safe in an address without escaping."""
    key = {
        "timestamptz": "(extract(epoch FROM p.k2) * 1000000)::bigint::text",
        "int": "p.k2::text",
        "text": "encode(convert_to(p.k2, 'UTF8'), 'hex')",
    }[order.type]
    prefix = {
        None: "''",
        "status": "p.k1::text || '.'",
        "category": "encode(convert_to(p.k1, 'UTF8'), 'hex') || '.'",
    }[order.prefix]
    return f"{prefix} || {key} || '.' || p.id"


def read_cursor(order: Order, text: str) -> Cursor:
    """The opposite of `cursor_sql`. Raises InvalidFields (422) for what is no cursor of this order."""
    try:
        return _read(order, text.split("."))
    except (ValueError, OverflowError):
        raise InvalidFields(
            [FieldError("after", "Це не вказівник цього переліку.", "This is not a cursor of this list.")]
        ) from None


def _read(order: Order, parts: list[str]) -> Cursor:
    *prefix, key, last = parts
    if len(prefix) != (order.prefix is not None) or not re.fullmatch("[0-9a-f-]{36}", last):
        raise ValueError(parts)
    return Cursor(_read_prefix(order, prefix), _read_key(order.type, key), UUID(last))


def _read_prefix(order: Order, prefix: list[str]) -> Any:
    if not prefix:
        return None
    return int(prefix[0]) if order.prefix == "status" else _text(prefix[0])


def _read_key(kind: str, key: str) -> Any:
    if kind == "text":
        return _text(key)
    if not re.fullmatch(r"-?\d{1,17}", key, re.ASCII):
        raise ValueError(key)
    if kind == "int":
        if not -(2**31) <= int(key) < 2**31:
            raise ValueError(key)
        return int(key)
    return _EPOCH + timedelta(microseconds=int(key))


def _text(hexadecimal: str) -> str:
    text = bytes.fromhex(hexadecimal).decode()
    if "\0" in text:
        raise ValueError(text)
    return text
