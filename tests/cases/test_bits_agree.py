"""Every filter and every pair of filters against the plain model, while cases change and bitmaps are folded."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from ohmatdyt.cases.queries import by_bits, by_time, counting, in_order, search
from ohmatdyt.cases.service.indexing import words_of
from ohmatdyt.core import clock, ukrainian
from tests.cases import plain
from tests.factories import Catalog, People, Person

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
Connection = Any


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """Words of three cases have bitmaps; the cases lie in two chunks of them."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    await connection.execute("UPDATE search_state SET frequent_from = 3, disorder = '0', latest_at = NULL")
    await connection.execute("ALTER TABLE case_search ALTER doc RESTART WITH 16300")
    yield connection
    await connection.execute(
        "UPDATE search_state SET frequent_from = DEFAULT, disorder = '0', latest_at = NULL"
    )
    await connection.close()


class World:
    """Cases registered one after the other, but neighbours out of order; some without bits, some changed since."""

    def __init__(self, seed: int, connection: Connection) -> None:
        self.random = Random(seed)
        self.connection = connection
        self.rows: list[plain.Row] = []
        self.viewers: list[tuple[Person, plain.Viewer]] = []

    async def build(self, people: People, catalog: Catalog) -> None:
        self.categories = [await catalog.category() for _ in range(3)]
        self.channels = [await catalog.channel() for _ in range(2)]
        operators = [await people.operator() for _ in range(2)]
        executors = [await people.executor(self.categories[n : n + 2]) for n in range(2)]
        admin = await people.admin()
        self.viewers = [
            (operators[0], plain.Viewer(operators[0].id, "OPERATOR", frozenset())),
            (executors[0], plain.Viewer(executors[0].id, "EXECUTOR", frozenset(self.categories[:2]))),
            (admin, plain.Viewer(admin.id, "ADMIN", frozenset())),
        ]
        choices = {
            "categories": self.categories,
            "channels": self.channels,
            "authors": [person.id for person in operators],
            "responsible": [person.id for person in (*executors, admin)],
        }
        named = await self.connection.fetch("SELECT id, name_sort FROM categories")
        self.sorts = {row["id"]: row["name_sort"] for row in named}
        rows = [plain.make_row(self.random, NOW, n, **choices) for n in range(240)]
        rows.sort(key=lambda row: row.created_at + timedelta(hours=self.random.randrange(20)))
        self.rows, self._waiting = rows[:160], rows[160:]
        await plain.insert(self.connection, self.rows)
        await self.fold(1000)

    async def fold(self, most: int) -> None:
        await self.connection.execute("SELECT case_search_fold($1)", most)

    async def change(self) -> None:
        """Some cases are registered, some change."""
        new, self._waiting = self._waiting[:3], self._waiting[3:]
        await plain.insert(self.connection, new)
        self.rows += new
        for place in self.random.sample(range(len(self.rows)), 4):
            self.rows[place] = await self._changed(self.rows[place])

    async def _changed(self, row: plain.Row) -> plain.Row:
        r = self.random
        moved = NOW - timedelta(hours=r.randrange(200))
        what = r.choice(["status", "subcategory", "name"])
        if what == "status":
            responsible = row.responsible or self.viewers[2][0].id
            row = replace(row, status="DONE", responsible=responsible, last_status_change_at=moved)
        elif what == "subcategory":
            row = replace(row, subcategory=r.choice([None, "Діагностика", "Лікування"]))
        else:
            row = replace(
                row, applicant_name=r.choice(plain.NAMES), email=r.choice(["new.one@example.net", None])
            )
        row = replace(row, updated_at=max(moved, row.updated_at))
        await self.connection.execute(
            "UPDATE cases SET status = $2, responsible_id = $3, last_status_change_at = $4, subcategory = $5,"
            " applicant_name = $6, applicant_name_sort = $7, applicant_email = $8, updated_at = $9 WHERE id = $1",
            *(row.id, row.status, row.responsible, row.last_status_change_at, row.subcategory),
            *(row.applicant_name, ukrainian.sort_key(row.applicant_name), row.email, row.updated_at),
        )
        words = words_of(
            public_id=row.public_id,
            name=row.applicant_name,
            phone=row.phone,
            email=row.email,
            subcategory=row.subcategory,
            summary="Текст",
        )
        await self.connection.execute(
            "UPDATE case_search SET words = $2::text::tsvector WHERE case_id = $1", row.id, words
        )
        return row

    def moment(self) -> str:
        """A day, or a time within one."""
        at = NOW - timedelta(days=self.random.randrange(45), minutes=self.random.randrange(1440))
        return at.isoformat() if self.random.random() < 0.5 else at.date().isoformat()

    def filters(self) -> dict[str, Any]:
        r = self.random
        addresses = ["IVAN", "anna_b@EX", "a_b", "@example.o", "e.o", "_", "n", "example", "one@e", "new.o"]
        return {
            "status": r.sample(list(plain.RANK), r.randint(1, 3)),
            "category_id": str(r.choice(self.categories)),
            "channel_id": str(r.choice(self.channels)),
            "author_id": str(r.choice(self.rows).author),
            "responsible_id": r.sample(
                ["me", "none", *{str(x.responsible) for x in self.rows if x.responsible}], r.randint(1, 2)
            ),
            "subcategory": r.choice(["Діагностика", "Лікування", "Інше"]),
            "applicant_name": r.choice(
                ["ганна", "анна тк", "ЄВА ґ", "0%", "п_", "а", "назва", "кач", "нема", "’"]
            ),
            "applicant_phone": r.choice(["067 123 45 67", "+380501112233", "11122"]),
            "applicant_email": r.choice(addresses),
            "public_id": r.choice(self.rows).public_id,
            "date_from": self.moment(),
            "date_to": self.moment(),
            "updated_from": self.moment(),
            "updated_to": self.moment(),
            "closed_from": self.moment(),
            "closed_to": self.moment(),
            "overdue": r.choice([True, False]),
            "stale": r.choice([True, False]),
            "search": r.choice(["текст", "ганна", "ган", "ткаченко ганна", "смітх"]),
        }


ORDERS = [
    *("-created_at", "-created_at", "created_at", "-updated_at", "updated_at"),
    *("-last_status_change_at", "applicant_name", "status", "-category"),
]


@pytest.mark.parametrize("seed", [1])
async def test_every_filter_and_pair_is_exact(
    people: People, catalog: Catalog, connection: Connection, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small limits, so that some hundred cases exercise what is meant for hundreds of thousands; and the bitmaps are
    # asked wherever they know the answer.
    monkeypatch.setattr(search, "_FEW", 0)
    monkeypatch.setattr(by_bits, "FEW", 15)
    monkeypatch.setattr(in_order, "_MARGINS", (0, 1, 8))
    monkeypatch.setattr(by_time, "FEW", 4)
    monkeypatch.setattr(by_time, "_FAR", 0)
    monkeypatch.setattr(
        counting, "is_known", lambda criteria: not (criteria.conditions or criteria.created_from)
    )
    monkeypatch.setattr(clock, "now", lambda: NOW)
    world = World(seed, connection)
    await world.build(people, catalog)
    names = list(world.filters())
    chosen = [()] * 9 + [(name,) for name in names] + list(itertools.combinations(names, 2))
    world.random.shuffle(chosen)
    for number, pair in enumerate(chosen):
        if number % 5 == 0:
            await world.change()
        if number % 11 == 0:
            await world.fold(world.random.choice([2, 1000]))
        for person, viewer in world.viewers:
            offers = world.filters()
            await _ask(world, person, viewer, {name: offers[name] for name in pair})
    assert await connection.fetchval("SELECT count(*) FROM search_bits") > 100
    assert await connection.fetchval("SELECT disorder BETWEEN '1 minute' AND '1 day' FROM search_state")


async def _ask(world: World, person: Person, viewer: plain.Viewer, filters: dict[str, Any]) -> None:
    r = world.random
    order, size = r.choice(ORDERS), r.choice([1, 7, 20, 100])
    scope = r.choice([None, "category"]) if viewer.role == "EXECUTOR" else None
    asked = {**filters, "order_by": order, "page_size": size, **({"scope": scope} if scope else {})}
    wanted = [row for row in world.rows if plain.matches(viewer, row, asked, NOW)]
    shown = plain.ordered(wanted, order, world.sorts)
    page = r.randint(1, len(wanted) // size + 1)
    answer = await person.client.get("/api/cases", params={**asked, "page": page})
    if answer.status_code == 422 and len(filters) == 2:  # a range that runs backwards
        assert {name.rpartition("_")[2] for name in filters} == {"from", "to"}, asked
        return
    assert answer.status_code == 200, (asked, answer.text)
    got = answer.json()
    assert got["total"] == len(wanted), (viewer.role, asked)
    expected = [str(row.id) for row in shown[(page - 1) * size : page * size]]
    assert [case["id"] for case in got["cases"]] == expected, (viewer.role, asked, page)
    if "search" in filters:
        await _ask_by_rank(
            person, filters | ({"scope": scope} if scope else {}), {str(row.id) for row in wanted}
        )
    assert (got["next_after"] is not None) == (page * size < len(wanted))
    if got["next_after"]:
        after = (await person.client.get("/api/cases", params={**asked, "after": got["next_after"]})).json()
        assert after["total"] == len(wanted)
        rest = [str(row.id) for row in shown[page * size : (page + 1) * size]]
        assert [case["id"] for case in after["cases"]] == rest, (viewer.role, asked, page, "after")


async def _ask_by_rank(person: Person, filters: dict[str, Any], wanted: set[str]) -> None:
    found: list[str] = []
    for page in range(1, len(wanted) // 100 + 2):
        asked = {**filters, "page": page, "page_size": 100}
        got = (await person.client.get("/api/cases", params=asked)).json()
        assert got["total"] == len(wanted), filters
        found += [case["id"] for case in got["cases"]]
    assert sorted(found) == sorted(wanted), filters
