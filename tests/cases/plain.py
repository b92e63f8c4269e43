"""The plainest possible list of cases: Python over all rows. The real one must agree with it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg

from ohmatdyt.cases.service.indexing import words_of
from ohmatdyt.core import ukrainian
from ohmatdyt.core.finding import asking, stems
from ohmatdyt.core.finding.texts import terms_of_text

ZONE = ZoneInfo("Europe/Kyiv")
RANK = {"NEW": 0, "IN_PROGRESS": 1, "NEEDS_INFO": 2, "REJECTED": 3, "DONE": 4}
NAMES = [
    "Ганна Ткаченко",
    "Єва Ґалаґан",
    "Іван Їжак",
    "Відмова назвати",
    "ганна ткаченко",
    "Smith 100%",
    "Ірина П_як",
]


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the model knows it."""

    id: UUID
    public_id: int
    category: UUID
    channel: UUID
    author: UUID
    responsible: UUID | None
    status: str
    created_at: datetime
    updated_at: datetime
    last_status_change_at: datetime
    subcategory: str | None
    applicant_name: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks."""

    id: UUID
    role: str
    categories: frozenset[UUID]


def make_row(random: Random, now: datetime, number: int, **choices: list[UUID]) -> Row:
    """A believable case; times often collide, so that ties are broken by id."""
    status = random.choice(list(RANK))
    created = now - timedelta(hours=random.randrange(0, 24 * 40), minutes=random.choice([0, 30]))
    changed = min(now, created + timedelta(hours=random.choice([0, 1, 30, 80, 200])))
    if random.random() < 0.1:  # exactly at the edge of being overdue
        created, changed = min(created, now - timedelta(days=3)), now - timedelta(days=3)
    return Row(
        id=uuid4(),
        public_id=100_000 + number * 7,
        category=random.choice(choices["categories"]),
        channel=random.choice(choices["channels"]),
        author=random.choice(choices["authors"]),
        responsible=None if status == "NEW" else random.choice(choices["responsible"]),
        status=status,
        created_at=created,
        updated_at=min(now, changed + timedelta(hours=random.choice([0, 2]))),
        last_status_change_at=changed,
        subcategory=random.choice([None, "Діагностика", "Лікування"]),
        applicant_name=random.choice(NAMES),
        phone=random.choice([None, "+380671234567", "+380501112233"]),
        email=random.choice([None, "Anna_B@example.org", "ivan@example.org"]),
    )


async def insert(connection: "asyncpg.Connection[asyncpg.Record]", rows: list[Row]) -> None:
    """Put rows into the table, as many transactions would."""
    await connection.executemany(
        "INSERT INTO cases (id, public_id, category_id, channel_id, author_id, responsible_id, status, created_at,"
        " updated_at, last_status_change_at, subcategory, applicant_name, applicant_name_sort, applicant_phone,"
        " applicant_phone_e164, applicant_email, summary)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, 'Текст')",
        [
            (
                *(r.id, r.public_id, r.category, r.channel, r.author, r.responsible, r.status, r.created_at),
                *(r.updated_at, r.last_status_change_at, r.subcategory, r.applicant_name),
                *(ukrainian.sort_key(r.applicant_name), r.phone, r.email),
            )
            for r in rows
        ],
    )
    await connection.executemany(
        "INSERT INTO case_search (case_id, analyser, words) VALUES ($1, $2, $3::text::tsvector)",
        [(row.id, stems.VERSION, _words(row)) for row in rows],
    )


def _words(row: Row) -> str:
    return words_of(
        public_id=row.public_id,
        name=row.applicant_name,
        phone=row.phone,
        email=row.email,
        subcategory=row.subcategory,
        summary="Текст",
    )


def visible(viewer: Viewer, row: Row) -> bool:
    """product.md §2, said once more in other words."""
    if viewer.role == "ADMIN":
        return True
    if viewer.role == "EXECUTOR":
        return row.category in viewer.categories
    return row.author == viewer.id


def in_scope(viewer: Viewer, scope: str | None, row: Row) -> bool:
    """The scopes of the contract."""
    scope = scope or {"OPERATOR": "mine", "EXECUTOR": "queue", "ADMIN": "all"}[viewer.role]
    if viewer.role == "OPERATOR" or scope in {"category", "all"}:
        return True
    mine = row.responsible == viewer.id
    return mine or (scope == "queue" and row.status == "NEW")


def _moment(text: str, *, end: bool) -> datetime:
    if len(text) > 10:
        return datetime.fromisoformat(text) + timedelta(microseconds=1 if end else 0)
    day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def matches(viewer: Viewer, row: Row, query: dict[str, Any], now: datetime) -> bool:
    """All filters joined by AND."""
    people = {"me": viewer.id, "none": None}
    old = row.last_status_change_at < now - timedelta(days=3)
    is_closed = row.status in {"DONE", "REJECTED"}
    tests: dict[str, Any] = {
        "status": lambda v: row.status in v,
        "category_id": lambda v: row.category == UUID(v),
        "channel_id": lambda v: row.channel == UUID(v),
        "author_id": lambda v: row.author == UUID(v),
        "responsible_id": lambda v: row.responsible in [people[x] if x in people else UUID(x) for x in v],
        "public_id": lambda v: row.public_id == v,
        "subcategory": lambda v: row.subcategory == v,
        "applicant_name": lambda v: v.casefold() in row.applicant_name.casefold(),
        "applicant_phone": lambda v: (
            row.phone is not None and "".join(filter(str.isdigit, v))[-9:] in row.phone
        ),
        "applicant_email": lambda v: row.email is not None and v.lower() in row.email.lower(),
        "date_from": lambda v: row.created_at >= _moment(v, end=False),
        "date_to": lambda v: row.created_at < _moment(v, end=True),
        "updated_from": lambda v: row.updated_at >= _moment(v, end=False),
        "updated_to": lambda v: row.updated_at < _moment(v, end=True),
        "closed_from": lambda v: is_closed and row.last_status_change_at >= _moment(v, end=False),
        "closed_to": lambda v: is_closed and row.last_status_change_at < _moment(v, end=True),
        "search": lambda v: asking.read(v).fits(terms_of_text(f"{row.public_id} {row.applicant_name} Текст")),
        "overdue": lambda v: (row.status == "NEW" and old) == v,
        "stale": lambda v: (row.status in {"NEW", "IN_PROGRESS", "NEEDS_INFO"} and old) == v,
        "scope": lambda _: True,
    }
    return (
        visible(viewer, row)
        and in_scope(viewer, query.get("scope"), row)
        and all(tests[name](value) for name, value in query.items() if name in tests)
    )


def ordered(rows: list[Row], order_by: str, category_sort: dict[UUID, str]) -> list[Row]:
    """The total order of the list."""
    keys: dict[str, Any] = {
        "status": lambda r: (RANK[r.status], r.created_at, r.id),
        "category": lambda r: (category_sort[r.category], r.created_at, r.id),
        "applicant_name": lambda r: (ukrainian.sort_key(r.applicant_name), r.id),
    }
    field = order_by.removeprefix("-")
    key = keys.get(field, lambda r: (getattr(r, field), r.id))
    return sorted(rows, key=key, reverse=order_by.startswith("-"))
