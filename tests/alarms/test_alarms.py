"""A failed job, a disk that fills up, letters that do not leave: every administrator hears of it, and sees it last."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ohmatdyt.alarms import policy, service
from ohmatdyt.alarms.models import Level
from ohmatdyt.core import clock
from ohmatdyt.core.db import Database
from ohmatdyt.core.disk import Room
from ohmatdyt.core.jobs import run_due
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications import alarm_words
from ohmatdyt.schedule import jobs
from tests.factories import Catalog, People
from tests.notifications.scene import Scene

GIB = 1024**3


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """An installation whose backups cannot be written: where the folder should be there is a file."""
    (tmp_path / "copies").write_text("не тека")
    return settings.model_copy(update={"backup_dir": tmp_path / "copies"})


async def _run(database: Database, settings: Settings, *names: str) -> None:
    chosen = [job for job in jobs(settings) if job.name in names]
    assert await run_due(database, chosen, settings.zone) == list(names)


async def _heard(scene: Scene) -> list[tuple[Any, ...]]:
    return [
        row for row in await scene.letters("type", "recipient_id", "payload->>'subject'") if row[0] == "ALARM"
    ]


async def test_a_failed_backup_reaches_every_administrator_and_stays_in_sight_until_it_is_mended(
    people: People, catalog: Catalog, database: Database, settings: Settings
) -> None:
    scene = await Scene.build(database, people, catalog)
    admins = {scene.chief.id, scene.deputy.id}
    await _run(database, settings, "back_up")
    for minutes in (2, 4):  # told once, however often it is looked at
        with clock.moved(timedelta(minutes=minutes)):
            await _run(database, settings, "watch_installation")
        assert {row[1] for row in await _heard(scene)} == admins
        assert [row[2] for row in await _heard(scene)].count("back_up") == len(admins)
    (bell,) = (await scene.chief.client.get("/api/notifications")).json()["notifications"]
    assert (bell["type"], bell["alarm"], bell["subject"]) == ("ALARM", "job_failed", "back_up")
    assert bell["title"] == "Увага: Не вдалося: «Резервна копія»"

    async def shown() -> list[tuple[str, str]]:
        found = (await scene.chief.client.get("/api/alarms")).json()["alarms"]
        return [(one["kind"], one["subject"]) for one in found if one["subject"] == "back_up"]

    alarm = (await scene.chief.client.get("/api/alarms")).json()["alarms"][0]
    assert (alarm["level"], bool(alarm["reason"])) == ("CRITICAL", True)
    assert await shown() == [("job_failed", "back_up")]

    with clock.moved(timedelta(hours=25)):  # it lasts: they hear of it again, a day later
        await _run(database, settings, "watch_installation")
    assert [row[2] for row in await _heard(scene)].count("back_up") == 2 * len(admins)

    assert settings.backup_dir is not None
    settings.backup_dir.unlink()
    with clock.moved(timedelta(hours=25, minutes=2)):
        await _run(database, settings, "back_up")
        await _run(database, settings, "watch_installation")
    assert await shown() == []


async def test_what_runs_often_may_fail_once_and_is_told_when_it_lasts(
    people: People, catalog: Catalog, database: Database
) -> None:
    scene = await Scene.build(database, people, catalog)
    often = policy.Found("job_failed", "seal_journal", Level.CRITICAL, {}, timedelta(minutes=10))
    told = []
    for minutes in (0, 5, 11):
        with clock.moved(timedelta(minutes=minutes)):
            async with database.unit_of_work() as session:
                told.append(len(await service.keep(session, [often])))
    assert told == [0, 0, 1]
    assert len(await _heard(scene)) == 2


async def test_worse_is_told_at_once(people: People, catalog: Catalog, database: Database) -> None:
    await Scene.build(database, people, catalog)
    told = []
    for level in (Level.WARNING, Level.WARNING, Level.CRITICAL, Level.CRITICAL):
        async with database.unit_of_work() as session:
            told.append(len(await service.keep(session, [policy.Found("disk_low", "files", level)])))
    assert told == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (30, 100, None),
        (19, 100, Level.WARNING),
        (9, 100, Level.CRITICAL),
        (60, 1000, None),  # a small share of a large disk is much
        (45, 1000, Level.WARNING),
        (15, 1000, Level.CRITICAL),
    ],
)
def test_a_disk_warns_at_a_fifth_and_at_a_tenth(free: int, total: int, level: Level | None) -> None:
    rooms = [("database", Room(free * GIB, total * GIB, 1)), ("files", Room(free * GIB, total * GIB, 1))]
    found = [(one.subject, one.level) for one in policy.of_disks(rooms)]
    assert found == ([("database", level)] if level else [])


def test_letters_that_do_not_leave_and_numbers_that_end_are_alarms() -> None:
    assert list(policy.of_letters(timedelta(minutes=59), 0)) == []
    assert [one.kind for one in policy.of_letters(timedelta(minutes=61), 3)] == [
        "letters_waiting",
        "letters_failed",
    ]
    assert [list(policy.of_numbers(used)) == [] for used in (0, 719_999, 720_000)] == [True, True, False]


def test_every_job_has_a_name_people_know(settings: Settings) -> None:
    assert {job.name for job in jobs(settings)} <= set(alarm_words.JOBS)
