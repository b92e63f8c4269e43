"""Bulk data for measurements: up to 900 000 cases with history and comments, in minutes.

Rows go in by COPY with triggers and foreign keys asleep where the database's role may do that (the embedded one
may); they fit by construction. The exact counts behind the lists are then made anew.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID, uuid4

import asyncpg

from ohmatdyt.cases.queries import numbers
from ohmatdyt.core import clock, driver, public_ids
from ohmatdyt.core.db import Database
from ohmatdyt.core.errors import Conflict
from ohmatdyt.core.ukrainian import sort_key
from ohmatdyt.data import directories, ensure_directories
from ohmatdyt.seed import search, story
from ohmatdyt.seed.people import SURNAMES, applicant
from ohmatdyt.seed.story import DONE, IN_PROGRESS, NEEDS_INFO, NEW, REJECTED, Plan, Rows, Teller
from ohmatdyt.seed.texts import texts, vary

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

AUTHORS, EXECUTORS, ADMINS = 20, 30, 2
YEARS: Final = 3
_BATCH: Final = 20_000
_CHANCE: Final = 20260322
# Uneven, as requests are; in the order of the real directories, anything beyond shares the last weight.
_CATEGORY_WEIGHTS: Final = (31, 20, 11, 16, 8, 2, 9, 3)
_CHANNEL_WEIGHTS: Final = (46, 14, 17, 4, 9, 3, 5, 2)
_WRITTEN: Final = {"Онлайн", "QR", "Email", "Скринька", "МОЗ"}
_OFFICE: Final = "МОЗ"
_TABLES: Final = (
    "cases",
    "case_search",
    "search_words",
    "search_bits",
    "search_folded",
    "case_comments",
    "case_events",
    "users",
    "category_access",
    "categories",
    "channels",
    # Counting everything anew has gone through the deltas: left as large as that, they would be read by every list.
    "case_tally",
    "case_tally_daily",
    "case_tally_delta",
    "case_flow",
    "case_flow_delta",
)


class OutOfPublicIds(Conflict):
    """The range of six-digit numbers has no room for so many cases."""

    code = "public_ids_used_up"
    uk = "Шестизначних номерів лишилося {left}: стільки звернень не поміститься."
    en = "Only {left} six-digit numbers are left: so many cases do not fit."


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: directories with weights, and people."""

    categories: list[tuple[UUID, str]]
    category_weights: list[int]
    channels: list[tuple[UUID, str]]
    channel_weights: list[int]
    authors: list[UUID]
    executors: dict[UUID, list[UUID]]
    admins: list[UUID]
    names: dict[UUID, str]


async def run(database: Database, *, cases: int, say: Callable[[str], None]) -> int:
    """Add cases until the database holds `cases` of them, over the past three years; returns how many it added.

    Nothing that is there is changed. People it needs are added without passwords: nobody can sign in as them.
    Raises `OutOfPublicIds` when the numbers do not suffice. The same database may be served meanwhile.
    """
    connection = await driver.connect(database.url, timeout=10, command_timeout=None)
    try:
        return await _run(connection, cases, say)
    finally:
        await connection.close()


async def _run(connection: Connection, cases: int, say: Callable[[str], None]) -> int:
    await connection.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = off")
    there = int(await connection.fetchval("SELECT count(*) FROM cases"))
    wanted = cases - there
    if wanted <= 0:
        say(f"У базі вже {there} звернень.")
        return 0
    used = await connection.fetchval(numbers.USED)
    if used + wanted > public_ids.CAPACITY:
        raise OutOfPublicIds(left=public_ids.CAPACITY - used)
    now = clock.now()
    cast = await _cast(connection, now)
    asleep = await _sleep_triggers(connection, say)
    # One sort at the end takes a fraction of the time that millions of insertions into the index take.
    await connection.execute("DROP INDEX case_search_words_idx")
    done = 0
    for rows in _generate(cast, now, wanted, await _numbers(connection, wanted)):
        await _copy(connection, rows)
        done += len(rows.cases)
        say(f"Звернень: {there + done} із {cases}")
    if asleep:
        await connection.execute("SET session_replication_role = DEFAULT")
    say("Готую пошук…")
    await connection.execute(
        "SET maintenance_work_mem = '256MB';"
        "CREATE INDEX case_search_words_idx ON case_search USING gin (words) WITH (fastupdate = off)"
    )
    await search.rebuild(connection)
    say("Рахую підсумки та статистику…")
    async with connection.transaction():
        await connection.fetchval("SELECT case_tally_rebuild()")
        await connection.fetchval("SELECT case_flow_rebuild()")
    for table in _TABLES:
        await connection.execute(f"VACUUM (ANALYZE) {table}")
    return wanted


async def _sleep_triggers(connection: Connection, say: Callable[[str], None]) -> bool:
    try:
        await connection.execute("SET session_replication_role = replica")
    except asyncpg.InsufficientPrivilegeError:
        say("Роль бази не може вимкнути тригери: наповнення триватиме довше.")
        return False
    return True


async def _numbers(connection: Connection, count: int) -> list[int]:
    """Draw public ids as a registration does, so that cases registered meanwhile get others."""
    key = await connection.fetchval("SELECT public_id_key FROM installation")
    rows = await connection.fetch(
        "SELECT nextval('case_number') AS n FROM generate_series(1, $1::int)", count
    )
    return [public_ids.permute(row["n"], key) for row in rows]


async def _copy(connection: Connection, rows: Rows) -> None:
    async with connection.transaction():
        for table, columns, records in (
            ("cases", story.CASE_COLUMNS, rows.cases),
            ("case_comments", story.COMMENT_COLUMNS, rows.comments),
            ("case_events", story.EVENT_COLUMNS, rows.events),
        ):
            await connection.copy_records_to_table(table, records=records, columns=columns)
        await search.index(connection, rows)


def _generate(cast: Cast, now: datetime, count: int, numbers: Sequence[int]) -> Iterator[Rows]:
    """Yield rows in batches, oldest cases first."""
    chance = random.Random(_CHANCE + count)  # noqa: S311 — demonstration data, repeatable on purpose
    said = texts()
    departments = directories()["departments"]
    subjects = [said.subjects.get(name, said.subjects["Інше"]) for _, name in cast.categories]
    teller = Teller(chance, names=cast.names, admins=cast.admins, now=now, talkative=1.6)
    period = timedelta(days=365 * YEARS)
    start = now - period
    places = range(len(cast.categories))
    for number, public_id in enumerate(numbers):
        created_at = start + period * ((number + chance.random()) / count)
        place = chance.choices(places, cast.category_weights)[0]
        category_id, _ = cast.categories[place]
        channel_id, channel = chance.choices(cast.channels, cast.channel_weights)[0]
        subject = chance.choice(subjects[place])
        teller.tell(
            Plan(
                public_id=public_id,
                category_id=category_id,
                channel_id=channel_id,
                author_id=chance.choice(cast.authors),
                responsible_id=chance.choice(cast.executors[category_id]),
                status=_status(chance, now - created_at),
                created_at=created_at,
                subject=subject,
                summary=vary(chance, subject, departments),
                applicant=applicant(chance, written=channel in _WRITTEN, office=channel == _OFFICE),
            )
        )
        if len(teller.rows.cases) == _BATCH or number == count - 1:
            yield teller.rows
            teller.rows = Rows()


def _status(chance: random.Random, age: timedelta) -> str:
    """Most requests are closed within days; one or two of a hundred stand open, some too long."""
    days = age / timedelta(days=1)
    still_open = 0.95 * 0.9**days + 0.008 * 0.998**days
    if chance.random() >= still_open:
        return DONE if chance.random() < 0.88 else REJECTED
    still_new = 0.6 * 0.7**days + 0.05
    if chance.random() < still_new:
        return NEW
    return IN_PROGRESS if chance.random() < 0.72 else NEEDS_INFO


async def _cast(connection: Connection, now: datetime) -> Cast:
    await ensure_directories(connection, now)
    categories = [tuple(row) for row in await connection.fetch("SELECT id, name FROM categories ORDER BY id")]
    channels = [tuple(row) for row in await connection.fetch("SELECT id, name FROM channels ORDER BY id")]
    content = directories()
    authors = await _people(connection, "OPERATOR", AUTHORS, now)
    executors = await _people(connection, "EXECUTOR", EXECUTORS, now)
    return Cast(
        categories=categories,
        category_weights=_weights(
            categories, [one["name"] for one in content["categories"]], _CATEGORY_WEIGHTS
        ),
        channels=channels,
        channel_weights=_weights(channels, content["channels"], _CHANNEL_WEIGHTS),
        authors=authors,
        executors=await _access(connection, categories, executors, now),
        admins=await _people(connection, "ADMIN", ADMINS, now),
        names={
            row["id"]: row["full_name"] for row in await connection.fetch("SELECT id, full_name FROM users")
        },
    )


def _weights(entries: Sequence[tuple[UUID, str]], known: list[str], weights: Sequence[int]) -> list[int]:
    by_name = dict(zip(known, weights, strict=False))
    return [by_name.get(name, weights[-1]) for _, name in entries]


async def _people(connection: Connection, role: str, count: int, now: datetime) -> list[UUID]:
    """Return `count` active people of a role, adding those that are missing."""
    query = "SELECT id FROM users WHERE role = $1 AND is_active ORDER BY created_at, id LIMIT $2"
    found = [row["id"] for row in await connection.fetch(query, role, count)]
    added = []
    for number in range(len(found), count):
        username = f"seed_{role.lower()}_{number + 1:02}"
        full_name = f"{SURNAMES[(number * 7 + len(role)) % len(SURNAMES)]} Мар'яна Тестова"
        added.append(
            (
                uuid4(),
                username,
                f"{username}@example.org",
                full_name,
                sort_key(full_name),
                role,
                True,
                now,
                now,
            )
        )
    columns = (
        "id", "username", "email", "full_name", "full_name_sort", "role", "is_active", "created_at", "updated_at",
    )  # fmt: skip
    await connection.copy_records_to_table("users", records=added, columns=columns)
    return found + [row[0] for row in added]


async def _access(
    connection: Connection, categories: Sequence[tuple[UUID, str]], executors: list[UUID], now: datetime
) -> dict[UUID, list[UUID]]:
    """Return who serves which category; executors without any get three neighbouring ones."""
    served: dict[UUID, list[UUID]] = {category_id: [] for category_id, _ in categories}
    rows = await connection.fetch(
        "SELECT user_id, category_id FROM category_access WHERE user_id = ANY($1)", executors
    )
    for row in rows:
        served[row["category_id"]].append(row["user_id"])
    busy = {row["user_id"] for row in rows}
    added = []
    for number, executor in enumerate(executors):
        if executor in busy:
            continue
        for step in range(3):
            category_id = categories[(number + step) % len(categories)][0]
            served[category_id].append(executor)
            added.append((executor, category_id, now))
    columns = ("user_id", "category_id", "granted_at")
    await connection.copy_records_to_table("category_access", records=added, columns=columns)
    return {category_id: several or executors for category_id, several in served.items()}
