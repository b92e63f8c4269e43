"""Every figure of the dashboard against a plain computation over made-up lives of cases."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People
from tests.insights import plain
from tests.insights.histories import World

# Around both changes of the clocks, a new year, and an ordinary day.
MOMENTS = [
    datetime(2026, 3, 30, 6, 30, tzinfo=UTC),
    datetime(2026, 10, 26, 21, 59, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
]


async def made(people: People, catalog: Catalog, database: Database, seed: int, now: datetime) -> World:
    rng = random.Random(seed)
    categories = [await catalog.category() for _ in range(4)]
    executors = [await people.executor(rng.sample(categories, 2)) for _ in range(3)]
    world = World(
        categories=categories,
        channels=[await catalog.channel() for _ in range(3)],
        executors=[one.id for one in executors],
        author=(await people.operator()).id,
        now=now,
        rng=rng,
    )
    for number in range(220):
        async with database.unit_of_work() as session:
            await world.live(session, number=number, span=timedelta(days=rng.choice((2, 9, 40, 400))))
            if number % 50 == 17:
                # Some of it is folded, some is not when somebody looks.
                await session.execute(sa.text("SELECT case_flow_fold()"))
    return world


def asked(period: dict[str, Any]) -> tuple[plain.Days, plain.Days]:
    named = [date.fromisoformat(period[name]) for name in ("period_start", "period_end")]
    before = [date.fromisoformat(period[name]) for name in ("previous_start", "previous_end")]
    return (named[0], named[1]), (before[0], before[1])


def check_summary(world: World, got: dict[str, Any]) -> None:
    days, before = asked(got)
    for name, value in plain.counts(world, days).items():
        assert got[name] == value, name
    assert got["previous"] == plain.counts(world, before)
    assert got["overdue_now"] == len(plain.overdue(world))
    for goal, limit in (("taken_within_24h", plain.DAY), ("never_overdue", plain.LIMIT)):
        shown = next(one for one in got["targets"] if one["code"] == goal)
        assert {k: shown[k] for k in ("met", "due", "share")} == plain.target(world, days, limit), goal
        assert shown["previous"] == plain.target(world, before, limit)
    assert got["trend"][0]["start"] == got["period_start"]
    assert got["trend"][-1]["end"] == got["period_end"]
    for point in got["trend"]:
        span = (date.fromisoformat(point["start"]), date.fromisoformat(point["end"]))
        assert point["registered"] == len(plain.registered(world, span)), point
        assert point["closed"] == len(plain.closed(world, span)), point


def check_shares(world: World, got: dict[str, Any], plural: str, one: str) -> None:
    days, before = asked(got)
    now, then = plain.by(world, days, one), plain.by(world, before, one)
    assert {entry[one]["id"]: entry["count"] for entry in got[plural]} == now
    for entry in got[plural]:
        assert entry["previous"] == then.get(entry[one]["id"], 0)
        assert entry["share"] == plain.share(entry["count"], sum(now.values()))
    found = [entry["count"] for entry in got[plural]]
    assert found == sorted(found, reverse=True)


def check_timing(world: World, got: dict[str, Any]) -> None:
    days, before = asked(got)
    for name, compute in (("take", plain.take), ("close", plain.close)):
        assert got[name] == {**compute(world, days), "previous": compute(world, before)}, name


def check_executors(world: World, got: dict[str, Any]) -> None:
    days, before = asked(got)
    late = plain.overdue(world)
    assert {row["user"]["id"] for row in got["executors"]} == {str(one) for one in world.executors}
    for row in got["executors"]:
        person = next(one for one in world.executors if str(one) == row["user"]["id"])
        expected = {**plain.handling(world, days, person), **plain.at_work(world, person)}
        assert {name: row[name] for name in expected} == expected
        assert row["previous"] == plain.handling(world, before, person)
        serves = {category["id"] for category in row["categories"]}
        assert row["overdue_now"] == sum(str(one.category) in serves for one in late)


async def check_all(world: World, admin: httpx.AsyncClient, query: dict[str, Any]) -> dict[str, Any]:
    answer = await admin.get("/api/dashboard", params=query)
    assert answer.status_code == 200, answer.text
    got: dict[str, Any] = answer.json()
    check_summary(world, got["summary"])
    days, before = asked(got["status_distribution"])
    for entry in got["status_distribution"]["statuses"]:
        name = f"{entry['status'].lower()}_cases"
        assert entry["count"] == plain.counts(world, days)[name]
        assert entry["previous"] == plain.counts(world, before)[name]
    check_shares(world, got["categories"], "categories", "category")
    check_shares(world, got["channels"], "channels", "channel")
    check_timing(world, got["timing"])
    check_executors(world, got["executors"])
    assert got["load"]["hours"] == plain.hours(world, days)
    late = plain.overdue(world)
    assert got["overdue"]["total"] == len(late)
    for case, one in zip(got["overdue"]["cases"], late[:10], strict=True):
        assert case["public_id"] == one.public_id
        assert case["days_waiting"] == (world.now - one.last_change) // plain.DAY
    return got


@pytest.mark.parametrize("seed", range(len(MOMENTS)))
async def test_every_figure_is_what_a_plain_count_says(
    people: People, catalog: Catalog, database: Database, seed: int
) -> None:
    world = await made(people, catalog, database, seed, MOMENTS[seed])
    today = plain.local(world.now)
    custom = [
        {
            "date_from": (today - timedelta(days=back)).isoformat(),
            "date_to": (today - timedelta(days=to)).isoformat(),
        }
        for back, to in ((6, 0), (35, 3), (100, 60), (420, 0), (30, 30))
    ]
    queries: list[dict[str, Any]] = [
        {"period": p} for p in ("today", "week", "month", "quarter", "year")
    ] + custom
    with clock.set_to(world.now):
        admin = await people.admin()
        # The clock runs on inside the block; the plain count looks a moment earlier, which no case is that close to.
        folded_differently = [await check_all(world, admin.client, query) for query in queries]
        for statement in ("SELECT case_flow_fold()", "SELECT case_flow_rebuild()"):
            async with database.unit_of_work() as session:
                await session.execute(sa.text(statement))
            assert [await check_all(world, admin.client, q) for q in queries] == folded_differently


async def test_each_part_says_what_the_whole_page_says(
    people: People, catalog: Catalog, database: Database
) -> None:
    world = await made(people, catalog, database, 11, MOMENTS[3])
    with clock.set_to(world.now):
        admin = await people.admin()
        whole = (await admin.client.get("/api/dashboard?period=quarter")).json()
        for path, name in (
            ("summary", "summary"),
            ("status-distribution", "status_distribution"),
            ("executors-efficiency", "executors"),
            ("categories-top", "categories"),
            ("channels", "channels"),
            ("timing", "timing"),
            ("load", "load"),
        ):
            part = await admin.client.get(f"/api/dashboard/{path}?period=quarter")
            assert part.json() == whole[name], path
        page = (await admin.client.get("/api/dashboard/overdue-cases?page_size=10")).json()
        assert page == whole["overdue"]
        two = await admin.client.get("/api/dashboard/categories-top?period=quarter&limit=2")
        assert two.json()["categories"] == whole["categories"]["categories"][:2]


async def test_another_time_zone_counts_all_days_anew(
    people: People, catalog: Catalog, database: Database
) -> None:
    world = await made(people, catalog, database, 5, MOMENTS[3])
    async with database.unit_of_work() as session:
        changed = await session.scalar(sa.text("SELECT case_flow_use_zone('Pacific/Kiritimati')"))
        assert changed
        shown = await session.execute(
            sa.text("SELECT day, n FROM case_flow WHERE facet = 'all' AND grain = 'd' AND n <> 0")
        )
        there = sorted((one.created + timedelta(hours=14)).date() for one in world.lives)
        assert {row.day: row.n for row in shown} == {day: there.count(day) for day in there}
        await session.execute(sa.text("SELECT case_flow_use_zone('Europe/Kyiv')"))
