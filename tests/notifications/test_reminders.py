"""Reminders of waiting cases: once a local day, whoever's clock strikes, however the clocks are changed."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ohmatdyt.cases import notices
from ohmatdyt.core import clock
from ohmatdyt.core.jobs import DailyAt, Job, run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.schedule import jobs
from tests.notifications.scene import Scene, ago

KYIV = ZoneInfo("Europe/Kyiv")


async def _remind(scene: Scene, settings: Settings) -> int:
    async with scene.database.unit_of_work() as session:
        return await notices.remind(session, settings)


async def test_only_cases_new_for_too_long_and_to_executors_of_the_category_and_all_admins(
    scene: Scene, settings: Settings
) -> None:
    late = await scene.case(created_at=ago(days=3, minutes=1))
    await scene.case(created_at=ago(days=2, hours=23, minutes=59))
    await scene.case(created_at=ago(days=9), status="IN_PROGRESS", responsible_id=scene.executor.id)
    await scene.case(created_at=ago(days=9), last_status_change_at=ago(hours=1))
    assert await _remind(scene, settings) == 1
    assert await scene.recipients() == sorted(
        ("ESCALATION", person.full_name)
        for person in (scene.executor, scene.colleague, scene.chief, scene.deputy)
    )
    assert {case_id for (case_id,) in await scene.letters("case_id")} == {late.id}


async def test_inactive_people_are_not_reminded(scene: Scene, settings: Settings) -> None:
    await scene.case(created_at=ago(days=4))
    await scene.execute(
        "UPDATE users SET is_active = false WHERE id IN (:a, :b)", a=scene.executor.id, b=scene.chief.id
    )
    await _remind(scene, settings)
    assert [name for _, name in await scene.recipients()] == ["Дмитро Заступник", "Марія Колега"]


async def test_once_a_day_however_often_and_on_however_many_nodes_it_strikes(
    scene: Scene, settings: Settings
) -> None:
    for _ in range(3):
        await scene.case(created_at=ago(days=4))
    counts = await asyncio.gather(*(_remind(scene, settings) for _ in range(6)))
    assert sum(counts) == 3
    assert len(await scene.recipients()) == 12
    with clock.moved(timedelta(days=1)):
        assert await _remind(scene, settings) == 3
        assert await _remind(scene, settings) == 0
    assert len(await scene.recipients()) == 24


async def test_many_waiting_cases_are_all_reminded_of(scene: Scene, settings: Settings) -> None:
    await scene.execute(
        "INSERT INTO cases (id, public_id, category_id, channel_id, author_id, status, created_at, updated_at, "
        "last_status_change_at, applicant_name, applicant_name_sort, summary) "
        "SELECT gen_random_uuid(), 500000 + i, :category, :channel, :author, 'NEW', :at, :at, :at, 'x', 'x', 'x' "
        "FROM generate_series(1, 1203) AS i",
        category=scene.category,
        channel=scene.channel,
        author=scene.author.id,
        at=ago(days=4),
    )
    assert await _remind(scene, settings) == 1203
    assert len(await scene.recipients()) == 1203 * 4


@pytest.mark.parametrize(
    ("first_day", "at"),
    [
        (datetime(2026, 3, 27, tzinfo=KYIV), time(9, 0)),  # clocks go forward on the 29th at 03:00
        (datetime(2026, 3, 27, tzinfo=KYIV), time(3, 30)),  # a time that does not exist that night
        (datetime(2026, 10, 23, tzinfo=KYIV), time(9, 0)),  # and back on the 25th at 04:00
        (datetime(2026, 10, 23, tzinfo=KYIV), time(3, 30)),  # a time that comes twice that night
    ],
)
async def test_once_each_local_day_over_both_changes_of_the_clocks(
    scene: Scene, settings: Settings, first_day: datetime, at: time
) -> None:
    """Two nodes look every 20 minutes for five days."""
    settings = settings.model_copy(update={"escalation_at": at})
    start = first_day.astimezone(UTC)
    with clock.set_to(start):
        await scene.case(created_at=start - timedelta(days=10))
        async with scene.database.unit_of_work() as session:  # as if yesterday's run had been
            await notices.remind(session, settings)
    await scene.execute("DELETE FROM notifications")
    await scene.execute("DELETE FROM case_reminders")
    await scene.execute(
        "INSERT INTO job_runs (name, last_started_at, last_finished_at, last_outcome) "
        "VALUES ('remind_of_waiting_cases', :at, :at, 'done')",
        at=start - timedelta(hours=2),
    )
    [job] = [one for one in jobs(settings) if one.name == "remind_of_waiting_cases"]
    assert job.when == DailyAt(at)
    moment = start
    while moment < start + timedelta(days=5):
        with clock.set_to(moment):
            await _both_nodes_look(scene, job)
        moment += timedelta(minutes=20)
    sent = [created.astimezone(KYIV) for (created,) in await scene.letters("created_at") if created >= start]
    days = Counter(moment.date() for moment in sent)
    assert set(days.values()) == {4}, days
    assert len(days) == 5
    for moment in sent:
        late = datetime.combine(moment.date(), moment.time()) - datetime.combine(moment.date(), at)
        assert timedelta(minutes=-61) <= late <= timedelta(minutes=81)


async def _both_nodes_look(scene: Scene, job: Job) -> None:
    await asyncio.gather(*(run_due(scene.database, [job], KYIV) for _ in range(2)))


async def test_a_day_whose_hour_passed_while_everything_was_off_is_caught_up(
    scene: Scene, settings: Settings
) -> None:
    [job] = [one for one in jobs(settings) if one.name == "remind_of_waiting_cases"]
    noon = datetime(2026, 5, 20, 12, 0, tzinfo=KYIV).astimezone(UTC)
    await scene.execute(
        "INSERT INTO job_runs (name, last_started_at, last_finished_at, last_outcome) "
        "VALUES (:name, :at, :at, 'done')",
        name=job.name,
        at=noon - timedelta(hours=27),
    )
    with clock.set_to(noon):
        await scene.case(created_at=noon - timedelta(days=8))
        assert await run_due(scene.database, [job], KYIV) == [job.name]
        assert await run_due(scene.database, [job], KYIV) == []
    assert len(await scene.recipients()) == 4
