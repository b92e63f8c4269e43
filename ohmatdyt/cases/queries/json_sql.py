"""SQL expressions that yield JSON as text.

PostgreSQL builds the answers of the hot reads and the bytes are passed through untouched. Plain concatenation takes
a quarter less time than `json_build_object` for a page of 20 cases (bench/results), because it does not look up the
output function of every value of every row; these helpers keep it as readable. Few shapes are asked for, so the long
ones are put together once.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType


def string(expression: str) -> str:
    """Text, anything `to_json` quotes; never NULL."""
    return f"to_json({expression})::text"


def string_or_null(expression: str) -> str:
    """The same, where NULL becomes null."""
    return f"coalesce(to_json({expression})::text, 'null')"


def plain(expression: str) -> str:
    """Something whose text needs no escaping and is quoted: an id, a status; never NULL."""
    return f"""'"' || {expression} || '"'"""


def moment(expression: str) -> str:
    """A time in UTC, written as Pydantic writes it; never NULL."""
    return f"rtrim(to_json({expression} AT TIME ZONE 'UTC')::text, '\"') || 'Z\"'"


def bare(expression: str) -> str:
    """A number, or JSON already; never NULL."""
    return f"({expression})::text"


def truth(expression: str) -> str:
    """A condition as true or false; never NULL."""
    return f"CASE WHEN {expression} THEN 'true' ELSE 'false' END"


@lru_cache(maxsize=256)
def record(**members: str) -> str:
    """An object of these members, each made by a function of this module."""
    parts = (
        f"""'{"," if place else "{"}"{name}":' || {value}"""
        for place, (name, value) in enumerate(members.items())
    )
    return " || ".join(parts) + " || '}'"


def or_null(key: str, expression: str) -> str:
    """`expression`, or null when `key` is NULL."""
    return f"CASE WHEN {key} IS NULL THEN 'null' ELSE {expression} END"


def array(expression: str, order: str, *, where: str = "true") -> str:
    """An aggregate: the array of `expression` over the rows where `where` holds; [] when there are none."""
    return (
        f"'[' || coalesce(string_agg({expression}, ',' ORDER BY {order}) FILTER (WHERE {where}), '') || ']'"
    )


def person(alias: str) -> str:
    """A `UserRef` from a row of users."""
    return record(id=plain(f"{alias}.id"), full_name=string(f"{alias}.full_name"))


def person_or_null(alias: str) -> str:
    """A `UserRef` from an outer-joined row of users."""
    return or_null(f"{alias}.id", person(alias))


def entry(alias: str) -> str:
    """A `Ref` from a row of a directory."""
    return record(id=plain(f"{alias}.id"), name=string(f"{alias}.name"))


# Twenty rows of the longest summaries would be 400 kB; who wants to read on opens the case.
SUMMARY_IN_LISTS = 500
LISTED_SUMMARY = (
    f"CASE WHEN length(c.summary) > {SUMMARY_IN_LISTS} THEN left(c.summary, {SUMMARY_IN_LISTS}) || '…'"
    " ELSE c.summary END"
)


def listed_summary(text: str) -> str:
    """The same of a text that has been read whole."""
    return text if len(text) <= SUMMARY_IN_LISTS else text[:SUMMARY_IN_LISTS] + "…"


@lru_cache(maxsize=64)
def case_members(stale_before: str) -> Mapping[str, str]:
    """The members of a `CaseRow` in a list, its summary cut.

    Joins give c, k (category), h (channel), a (author), r (responsible).

    `stale_before` is the placeholder of the moment before which an unchanged status counts as overdue or stale.
    """
    members = {
        "id": plain("c.id"),
        "public_id": bare("c.public_id"),
        "category": entry("k"),
        "subcategory": string_or_null("c.subcategory"),
        "channel": entry("h"),
        "applicant_name": string("c.applicant_name"),
        "applicant_phone": string_or_null("c.applicant_phone"),
        "applicant_email": string_or_null("c.applicant_email"),
        "summary": string(LISTED_SUMMARY),
        "status": plain("c.status"),
        "author": person("a"),
        "responsible": person_or_null("r"),
        "created_at": moment("c.created_at"),
        "updated_at": moment("c.updated_at"),
        "last_status_change_at": moment("c.last_status_change_at"),
        "is_overdue": truth(f"c.status = 'NEW' AND c.last_status_change_at < {stale_before}"),
        "is_stale": truth(
            f"c.status IN ('NEW', 'IN_PROGRESS', 'NEEDS_INFO') AND c.last_status_change_at < {stale_before}"
        ),
        "version": bare("c.version"),
    }
    return MappingProxyType(members)


CASE_JOINS = """
JOIN categories k ON k.id = c.category_id
JOIN channels h ON h.id = c.channel_id
JOIN users a ON a.id = c.author_id
LEFT JOIN users r ON r.id = c.responsible_id
"""
