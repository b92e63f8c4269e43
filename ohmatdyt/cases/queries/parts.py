"""Filters by what an applicant said, and by times no tally knows: conditions that only the rows can answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from ohmatdyt.cases.schemas import CaseFilters
from ohmatdyt.core import phones
from ohmatdyt.core.errors import FieldError, InvalidFields
from ohmatdyt.core.finding import asking
from ohmatdyt.core.finding.asking import Asked
from ohmatdyt.core.finding.parts import Pieces, name_weights, part_of_address, part_of_name

Range = tuple[datetime | None, datetime | None]

_WHOLE_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition on `c` with `{}` where its value goes."""

    sql: str
    value: Any


@dataclass(frozen=True, slots=True)
class Span:
    """Cases whose time of this kind (registered, last changed, status last changed) is within a half-open range."""

    kind: Literal["day", "upd", "chg"]
    since: datetime | None
    before: datetime | None


Mask = (
    str | Span | Pieces
)  # a facet by its name among the words, a span of time, parts of a name or an address


def search_weights(*, with_internal: bool) -> str:
    """The weights the viewer may search in."""
    return "ABCD" if with_internal else "ABC"


# How PostgreSQL is to find the cases that have the words: it decides; it asks each case in turn; it looks the words up.
Way = Literal["any", "walk", "gather"]
_WAYS: Final[Mapping[Way, str]] = {
    "any": "c.id IN (SELECT s.case_id FROM case_search s WHERE s.words @@ {}::text::tsquery)",
    # OFFSET keeps it from being joined.
    "walk": "EXISTS (SELECT FROM case_search s WHERE s.case_id = c.id"
    " AND s.words @@ (SELECT {}::text::tsquery) OFFSET 0)",
    "gather": "c.id = ANY (ARRAY(SELECT s.case_id FROM case_search s WHERE s.words @@ {}::text::tsquery))",
}


def search_condition(asked: Asked, *, with_internal: bool, way: Way = "any") -> Condition:
    """The search as a condition on a case `c`, like any other filter."""
    if not asked.words:
        return Condition("{}::text IS NULL", "nothing is asked for")
    return Condition(_WAYS[way], asked.tsquery(search_weights(with_internal=with_internal)))


def part_conditions(
    filters: CaseFilters, updated: Range, closed: Range, *, with_internal: bool
) -> Iterator[Condition]:
    """One condition for each such filter that is set; `closed` is for cases that are closed."""
    for column, wanted in (("patient_id", filters.patient_id), ("doctor_id", filters.doctor_id)):
        if wanted is not None:
            yield Condition(f"c.{column} = {{}}::uuid", wanted)
    if filters.search is not None:
        yield search_condition(asking.read(filters.search), with_internal=with_internal)
    if filters.public_id is not None:
        yield Condition("c.public_id = {}::int", filters.public_id)
    if filters.subcategory is not None:
        yield Condition("c.subcategory = {}::text", filters.subcategory)
    if filters.applicant_name is not None:
        yield _name(filters.applicant_name)
    if filters.applicant_phone is not None:
        yield _phone(filters.applicant_phone)
    if filters.applicant_email is not None:
        address = filters.applicant_email.lower()
        whole = _WHOLE_ADDRESS.fullmatch(address)
        comparison = (
            "lower(c.applicant_email) = {}::text"
            if whole
            else "strpos(lower(c.applicant_email), {}::text) > 0"
        )
        yield Condition(comparison, address)
    yield from _within("c.updated_at", *updated)
    yield from _within("c.last_status_change_at", *closed)


def part_masks(filters: CaseFilters, updated: Range, closed: Range) -> tuple[Mask, ...] | None:
    """The same conditions, but the search, as bitmaps know them; None when they do not, or an index knows better."""
    alone = (filters.patient_id, filters.doctor_id, filters.public_id, filters.applicant_phone)
    if any(one is not None for one in alone):
        return None
    masks: list[Mask | None] = []
    if filters.subcategory is not None:
        masks.append(f"!sub:{filters.subcategory}")
    if filters.applicant_name is not None:
        masks.append(part_of_name(name_weights(filters.applicant_name)))
    if filters.applicant_email is not None:
        masks.append(_address_mask(filters.applicant_email.lower()))
    if any(updated):
        masks.append(Span("upd", *updated))
    if any(closed):
        masks.append(Span("chg", *closed))
    known = tuple(mask for mask in masks if mask is not None)
    return known if len(known) == len(masks) else None


def _address_mask(address: str) -> Pieces | None:
    # PostgreSQL may make other small letters than Python, but of plain ones.
    if not address.isascii() or _WHOLE_ADDRESS.fullmatch(address):
        return None
    return part_of_address(address)


def _within(column: str, since: datetime | None, before: datetime | None) -> Iterator[Condition]:
    if since is not None:
        yield Condition(f"{column} >= {{}}::timestamptz", since)
    if before is not None:
        yield Condition(f"{column} < {{}}::timestamptz", before)


def _name(text: str) -> Condition:
    weights = name_weights(text)
    if not weights:  # nothing but apostrophes: weightless, so they would be found in every name
        return Condition("strpos(c.applicant_name, {}::text) > 0", text)
    return Condition("strpos(split_part(c.applicant_name_sort, ' ', 1), {}::text) > 0", weights)


def _phone(text: str) -> Condition:
    try:
        number = phones.normalise(text)
    except phones.PhoneError as error:
        digits = "".join(c for c in text if c.isdecimal())
        if error.code == "phone_too_short" and digits:
            return Condition("strpos(c.applicant_phone_e164, {}::text) > 0", digits)
        raise InvalidFields([FieldError("applicant_phone", *phones.MESSAGES[error.code])]) from None
    return Condition("c.applicant_phone_e164 = {}::text", number or "")
