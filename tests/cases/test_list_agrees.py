"""The list against the plain model: every total and every page, for random filters, orders and viewers."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ohmatdyt.cases.queries import far_pages, listing
from ohmatdyt.core import clock
from tests.cases import plain
from tests.factories import Catalog, People, Person

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
ORDERS = [
    sign + name
    for name in (
        *("created_at", "updated_at", "last_status_change_at", "public_id"),
        *("status", "applicant_name", "category"),
    )
    for sign in ("", "-")
]


class World:
    """Random cases, their model, and three viewers."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: list[plain.Row] = []
        self.viewers: list[tuple[Person, plain.Viewer]] = []
        self.categories: list[UUID] = []
        self.category_sort: dict[UUID, str] = {}
        self.channels: list[UUID] = []

    async def build(self, people: People, catalog: Catalog, url: str) -> None:
        self.categories = [await catalog.category() for _ in range(4)]
        self.channels = [await catalog.channel() for _ in range(2)]
        operators = [await people.operator() for _ in range(2)]
        executors = [await people.executor(self.categories[n : n + 2]) for n in range(3)]
        admin = await people.admin()
        self.viewers = [
            (operators[0], plain.Viewer(operators[0].id, "OPERATOR", frozenset())),
            (executors[0], plain.Viewer(executors[0].id, "EXECUTOR", frozenset(self.categories[:2]))),
            (admin, plain.Viewer(admin.id, "ADMIN", frozenset())),
        ]
        choices = {
            "categories": self.categories,
            "channels": self.channels,
            "authors": [p.id for p in operators] + [executors[1].id],
            "responsible": [p.id for p in executors] + [admin.id],
        }
        self.rows = [plain.make_row(self.random, NOW, n, **choices) for n in range(300)]
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
        try:
            names = await connection.fetch("SELECT id, name_sort FROM categories")
            self.category_sort = {row["id"]: row["name_sort"] for row in names}
            await plain.insert(connection, self.rows[:200])
            await connection.execute("SELECT case_tally_fold()")
            await plain.insert(connection, self.rows[200:])
            await self._change(connection)
        finally:
            await connection.close()

    async def _change(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Some cases move on after they have been counted."""
        for place in self.random.sample(range(300), 30):
            row = self.rows[place]
            fields = {name: getattr(row, name) for name in plain.Row.__dataclass_fields__}
            fields |= {"status": "DONE", "responsible": row.responsible or self.viewers[2][0].id}
            self.rows[place] = plain.Row(**fields)
            await connection.execute(
                "UPDATE cases SET status = 'DONE', responsible_id = $2 WHERE id = $1",
                row.id,
                fields["responsible"],
            )

    def query(self, viewer: plain.Viewer) -> dict[str, Any]:
        r = self.random
        first, last = sorted((NOW - timedelta(days=r.randrange(45))).date().isoformat() for _ in range(2))
        moment = (NOW - timedelta(hours=r.randrange(900), minutes=30)).isoformat()
        offers: dict[str, Any] = {
            "status": r.sample(list(plain.RANK), r.randint(1, 4)),
            "category_id": str(r.choice(self.categories)),
            "channel_id": str(r.choice(self.channels)),
            "author_id": str(r.choice(self.rows).author),
            "responsible_id": r.sample(
                ["me", "none", *{str(x.responsible) for x in self.rows if x.responsible}], r.randint(1, 2)
            ),
            "subcategory": r.choice(["Діагностика", "Лікування", "Інше"]),
            "applicant_name": r.choice(["ганна", "ЄВА ґ", "0%", "п_", "назвати", "нема"]),
            "applicant_phone": r.choice(["067 123 45 67", "+380501112233", "11122"]),
            "applicant_email": r.choice(["anna_b@example.org", "IVAN", "_", "%"]),
            "public_id": r.choice(self.rows).public_id,
            "date_from": r.choice([first, moment]),
            "updated_from": r.choice([first, moment]),
            "overdue": r.choice([True, False]),
            "stale": r.choice([True, False]),
            "scope": r.choice(
                {"OPERATOR": ["mine"], "EXECUTOR": ["mine", "queue", "category"]}.get(
                    viewer.role, ["mine", "queue", "category", "all"]
                )
            ),
        }
        chosen = {name: offers[name] for name in r.sample(list(offers), r.choice([0, 1, 1, 2, 2, 3, 4]))}
        if r.random() < 0.3:
            chosen |= {"date_from": first, "date_to": last}
        if r.random() < 0.15:
            chosen |= {"updated_from": first, "updated_to": last}
        return chosen


@pytest.mark.parametrize("seed", range(4))
async def test_totals_and_pages_are_exact(
    people: People, catalog: Catalog, database_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small thresholds, so that a few hundred cases exercise what is meant for hundreds of thousands.
    monkeypatch.setattr(listing, "_JUMP_FROM", 12)
    monkeypatch.setattr(far_pages, "_FAR_FROM", 20)
    world = World(seed)
    # Before anybody signs in: what was issued later than now opens nothing.
    monkeypatch.setattr(clock, "now", lambda: NOW)
    await world.build(people, catalog, database_url)
    for _ in range(120):
        person, viewer = world.random.choice(world.viewers)
        filters = world.query(viewer)
        order = world.random.choice(ORDERS)
        size = world.random.choice([1, 7, 20, 100])
        wanted = plain.ordered(
            [row for row in world.rows if plain.matches(viewer, row, filters, NOW)],
            order,
            world.category_sort,
        )
        page = world.random.randint(1, len(wanted) // size + 2)
        asked = {**filters, "order_by": order, "page": page, "page_size": size}
        answer = await person.client.get("/api/cases", params=asked)
        assert answer.status_code == 200, (asked, answer.text)
        got = answer.json()
        assert got["total"] == len(wanted), (viewer.role, asked)
        expected = [str(row.id) for row in wanted[(page - 1) * size : page * size]]
        assert [case["id"] for case in got["cases"]] == expected, (viewer.role, asked)
        for case in got["cases"]:
            row = next(row for row in wanted if str(row.id) == case["id"])
            assert (
                case["is_overdue"] == plain.matches(viewer, row, {"overdue": True}, NOW)
                or viewer.role != "ADMIN"
            )
            assert case["applicant_name"] == row.applicant_name
        assert (got["next_after"] is not None) == (page * size < len(wanted))
        if got["next_after"]:
            following = {**asked, "page": 1, "after": got["next_after"]}
            after = (await person.client.get("/api/cases", params=following)).json()
            assert after.get("total") == len(wanted), (viewer.role, following, after)
            rest = [str(row.id) for row in wanted[page * size : (page + 1) * size]]
            assert [case["id"] for case in after["cases"]] == rest, (viewer.role, following)
            assert (after["next_after"] is not None) == ((page + 1) * size < len(wanted))
