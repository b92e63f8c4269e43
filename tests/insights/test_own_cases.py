"""Whoever works here as a doctor finds no case about himself in any figure, as he finds none in the lists."""

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from tests.factories import Catalog, People, Person
from tests.insights import plain
from tests.insights.histories import World
from tests.insights.test_click_through import check_clicks
from tests.insights.test_figures import MOMENTS, check_all, made

PERIODS: list[dict[str, Any]] = [
    *({"period": p} for p in ("today", "week", "month", "quarter", "year")),
    {"date_from": "2026-02-20", "date_to": "2026-11-01"},
]


async def doctor_of(admin: Person, somebody: Person) -> str:
    """Enter this person into the directory of doctors."""
    body = {"full_name": somebody.full_name, "specialty": "Хірург", "department": "Хірургія"}
    answer = await admin.client.post("/api/doctors", json={**body, "user_id": str(somebody.id)})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def about(database: Database, world: World, doctor_id: str, every: int) -> World:
    """Make each so-manieth case one about the doctor; what is left for him to see."""
    his = {one.id for one in world.lives[::every]}
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text("UPDATE cases SET doctor_id = :doctor, version = version + 1 WHERE id = ANY (:his)"),
            {"doctor": doctor_id, "his": list(his)},
        )
    return replace(world, lives=[one for one in world.lives if one.id not in his])


async def test_an_administrators_figures_are_those_of_a_desk_without_cases_about_him(
    people: People, catalog: Catalog, database: Database
) -> None:
    world = await made(people, catalog, database, 7, MOMENTS[1])
    with clock.set_to(world.now):
        admin, doctor = await people.admin(), await people.admin()
        doctor_id = await doctor_of(admin, doctor)
        before = [await check_all(world, doctor.client, query) for query in PERIODS]
        seen = await about(database, world, doctor_id, every=3)
        for folding in ("SELECT 1", "SELECT case_flow_fold()", "SELECT case_flow_rebuild()"):
            async with database.unit_of_work() as session:
                await session.execute(sa.text(folding))
            for query, all_cases in zip(PERIODS, before, strict=True):
                assert await check_all(seen, doctor.client, query) != all_cases
                assert await check_all(world, admin.client, query) == all_cases
        await check_clicks(doctor.client, plain.local(world.now))


async def test_each_part_leaves_out_what_the_whole_page_does(
    people: People, catalog: Catalog, database: Database
) -> None:
    world = await made(people, catalog, database, 8, MOMENTS[3])
    with clock.set_to(world.now):
        admin, doctor = await people.admin(), await people.admin()
        await about(database, world, await doctor_of(admin, doctor), every=2)
        whole = (await doctor.client.get("/api/dashboard?period=year")).json()
        for path, name in (
            ("summary", "summary"),
            ("status-distribution", "status_distribution"),
            ("executors-efficiency", "executors"),
            ("categories-top", "categories"),
            ("channels", "channels"),
            ("timing", "timing"),
            ("load", "load"),
        ):
            part = await doctor.client.get(f"/api/dashboard/{path}?period=year")
            assert part.json() == whole[name], path
        part = await doctor.client.get("/api/dashboard/overdue-cases?page_size=10")
        assert part.json() == whole["overdue"]


async def test_an_executors_own_figures_leave_out_cases_about_him(
    people: People, catalog: Catalog, database: Database
) -> None:
    world = await made(people, catalog, database, 9, MOMENTS[3])
    with clock.set_to(world.now):
        admin, executor = await people.admin(), await people.executor(world.categories)
        doctor_id = await doctor_of(admin, executor)
        async with database.unit_of_work() as session:
            await session.execute(
                sa.text("UPDATE cases SET responsible_id = :his WHERE responsible_id = :theirs"),
                {"his": executor.id, "theirs": world.executors[0]},
            )
        for one in world.lives:
            if one.responsible == world.executors[0]:
                one.responsible = executor.id
        seen = await about(database, world, doctor_id, every=2)
        got = (await executor.client.get("/api/insights/mine?period=year")).json()
        days = (date.fromisoformat(got["period_start"]), date.fromisoformat(got["period_end"]))
        shown, left = got["executor"], plain.handling(seen, days, executor.id)
        expected = {**left, **plain.at_work(seen, executor.id), "overdue_now": len(plain.overdue(seen))}
        assert {name: shown[name] for name in expected} == expected
        assert left != plain.handling(world, days, executor.id)
